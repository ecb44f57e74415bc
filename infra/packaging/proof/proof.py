"""The whole proof of one package."""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

from infra.packaging.build import Package
from infra.packaging.errors import PackagingError
from infra.packaging.proof import policy, samples
from infra.packaging.proof.actions import Deed, deeds
from infra.packaging.proof.replay import Played, play, unzip
from infra.packaging.proof.samples import Sample
from infra.packaging.proof.world import World, world
from infra.triggers import functions

LAMBDAS = ("Linux", "x86_64")
HERE = (platform.system(), platform.machine())


def prove(package: Package, stage: str) -> list[str]:
    """What there is to say of a package that works: its functions' figures, and rights that no sample uses.

    Raises: PackagingError with everything that does not.
    """
    if HERE != LAMBDAS:
        raise PackagingError(
            f"a package is proved on {' '.join(LAMBDAS)}, for which its binaries are; this is {' '.join(HERE)}"
        )
    found = samples.read()
    samples.check_known(found, {function.name for function in functions()})
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        root = unzip(package.zip_path, folder / "task")
        with world(package.template(), stage, folder) as where:
            played = [play(root, each, _of(each.name, found), where, folder) for each in functions()]
            complaints = [line for each in played for line in (*_wrong(each), *_forbidden(each, where, stage))]
            unused = [line for each in played for line in _unused(each, where, stage)]
    if complaints:
        raise PackagingError("the package does not work:\n" + "\n".join(complaints))
    return [*map(_figures, played), *unused, f"{len(found)} samples answered"]


def _of(function: str, found: list[Sample]) -> list[Sample]:
    return [sample for sample in found if sample.function == function]


def _wrong(played: Played) -> Iterator[str]:
    complaints = [(each, samples.complaint(each.sample, each.answer, each.error)) for each in played.outcomes]
    wrong = [f"events/{outcome.sample.name}: {told}" for outcome, told in complaints if told]
    yield from wrong
    if wrong and played.log:
        yield played.log


def _done(played: Played, where: World, stage: str) -> set[Deed]:
    lambdas = policy.deeds_of_lambda(where.template, where.resolver, stage, played.function)
    return {*lambdas, *(deed for outcome in played.outcomes for call in outcome.calls for deed in deeds(call))}


def _forbidden(played: Played, where: World, stage: str) -> Iterator[str]:
    held = policy.rights(where.template, where.resolver, played.function)
    for deed in sorted(_done(played, where, stage), key=str):
        if not any(right.allows(deed) for right in held):
            yield f"{played.function} may not {deed}"


def _unused(played: Played, where: World, stage: str) -> Iterator[str]:
    done = _done(played, where, stage)
    for right in policy.rights(where.template, where.resolver, played.function):
        if not any(right.allows(deed) for deed in done):
            yield f"no sample uses: {played.function}: {right.action} on {right.resource.rpartition(':')[2]}"


def _figures(played: Played) -> str:
    return f"{played.function}: {len(played.outcomes)} samples, imported in {played.import_ms:.0f} ms"
