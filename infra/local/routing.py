"""Which route an address belongs to, as API Gateway finds it: what is written out wins over `{parameters}`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from infra.local.definitions import Route


@dataclass(frozen=True)
class Match:
    """A known path.

    Shape: `resource` is the path with its braces; `parameters` are percent-decoded; `routes` are by method.
    """

    resource: str
    parameters: Mapping[str, str]
    routes: Mapping[str, Route]


@dataclass
class _Node:
    literal: dict[str, _Node] = field(default_factory=dict)
    parameter: tuple[str, _Node] | None = None
    resource: str = ""
    routes: dict[str, Route] = field(default_factory=dict)


class Router:
    """The paths of all routes as a tree."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        for route in routes:
            node = self._node(route.path)
            node.resource = route.path
            node.routes[route.method] = route

    def match(self, raw_path: str) -> Match | None:
        """The path's routes; None where there are none. A slash at the end is nothing."""
        return _find(self._root, _segments(raw_path), {})

    def _node(self, path: str) -> _Node:
        node = self._root
        for segment in _segments(path):
            if segment.startswith("{"):
                node.parameter = node.parameter or (segment[1:-1], _Node())
                node = node.parameter[1]
            else:
                node = node.literal.setdefault(segment, _Node())
        return node


def _segments(path: str) -> list[str]:
    trimmed = path.removesuffix("/")
    return trimmed.split("/")[1:] if trimmed else []


def _find(node: _Node, segments: list[str], parameters: dict[str, str]) -> Match | None:
    if not segments:
        return Match(node.resource, parameters, node.routes) if node.routes else None
    segment, rest = unquote(segments[0]), segments[1:]
    if segment in node.literal and (found := _find(node.literal[segment], rest, parameters)):
        return found
    if node.parameter is None or not segment:
        return None
    name, below = node.parameter
    return _find(below, rest, {**parameters, name: segment})
