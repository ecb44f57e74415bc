"""Catalogues by file: what is uploaded as `catalogues/<organisation>/<name>.json` becomes a master's catalogue.

The operator gets a letter either way: what was taken, or which values were wrong.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_plus

from pydantic import ValidationError

from functions.booking.models import Catalogue
from functions.booking.tables import CodeItem, MasterItem, master_key
from shared import audit, log, mail, storage
from shared.audit import Actor
from shared.errors import Conflict, InvalidPayload, NotFound, SvyazError
from shared.ids import new_id
from shared.settings import settings
from shared.tables import Transaction, find

BUCKET = "imports"
KEY = re.compile(r"catalogues/(?P<org_id>org_[a-z0-9]{1,40})/[A-Za-z0-9_.-]{1,80}\.json")
MAX_BYTES = 1_000_000
SEQUENCER_LENGTH = 40
MAX_ERRORS = 20


class Outdated(Conflict):
    """A later upload of the same catalogue was taken already."""


def take(record: dict[str, Any]) -> None:
    """Takes one uploaded file, as S3's event names it."""
    key = unquote_plus(record["object"]["key"])
    sequencer = str(record["object"].get("sequencer", "")).rjust(SEQUENCER_LENGTH, "0")
    with audit.acting(Actor("system", "booking_import", "link", _owner(key))):
        _take(key, sequencer)


def _owner(key: str) -> str:
    named = KEY.fullmatch(key)
    return named["org_id"] if named else audit.NOBODY


def _take(key: str, sequencer: str) -> None:
    try:
        catalogue = _taken(key, sequencer)
    except Outdated:
        log.info("import.outdated")
        return
    except (InvalidPayload, Conflict, NotFound) as error:
        log.warning("import.refused", reason=error.kind)
        audit.write("booking.catalogue.imported", key, result="refused", reason=error.kind)
        mail.send(settings().operator_mail, f"Svyaz: {key}: refused", _complaint(error))
        return
    services, places = len(catalogue.services), len(catalogue.places)
    log.info("import.taken", services=services, places=places)
    letter = f"The catalogue of {catalogue.code} was taken: {services} services at {places} places.\n"
    mail.send(settings().operator_mail, f"Svyaz: {key}: taken", letter)


def store(org_id: str, catalogue: Catalogue, sequencer: str) -> str:
    """The id of the master who now has this catalogue.

    Raises: Outdated where a later one is stored, Conflict where the code is another organisation's.
    """
    owner = find(CodeItem, f"code#{catalogue.code}", "code")
    if owner is not None and owner.org_id != org_id:
        raise Conflict("This code belongs to another organisation.")
    master_id = str(owner.master_id) if owner is not None else new_id("mst")
    transaction = Transaction()
    if owner is None:
        code = CodeItem(f"code#{catalogue.code}", "code", org_id=org_id, master_id=master_id)
        transaction.create(code, otherwise=Conflict("This code was taken at this moment."))
    item = MasterItem(
        master_key(org_id, master_id),
        "master",
        content=catalogue.model_dump_json(exclude_none=True),
        sequencer=sequencer,
    )
    newer = MasterItem.pk.does_not_exist() | (MasterItem.sequencer < sequencer)
    transaction.put(item, condition=newer, otherwise=Outdated("A later catalogue is stored."))
    audit.add(transaction, "booking.catalogue.imported", master_id, org_id=org_id)
    transaction.commit()
    return master_id


def _taken(key: str, sequencer: str) -> Catalogue:
    named = KEY.fullmatch(key)
    if named is None:
        raise InvalidPayload("Name the file catalogues/<organisation>/<name>.json.")
    raw = storage.read(BUCKET, key, MAX_BYTES)
    try:
        catalogue = Catalogue.model_validate_json(raw)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)[:MAX_ERRORS]
        wrong = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in found]
        raise InvalidPayload("Some values are wrong.", errors=wrong) from None
    store(named["org_id"], catalogue, sequencer)
    return catalogue


def _complaint(error: SvyazError) -> str:
    lines = [str(error), *error.extra.get("errors", []), "", "What was stored before stays as it is."]
    return "\n".join(lines) + "\n"
