"""The staff's rail: places a viewer may go, with how much waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel.speaklater import LazyString

from hiring.kernel.gather import Question, gather
from hiring.kernel.guards import viewer


@dataclass(frozen=True)
class Waiting(Question[dict[str, int]]):
    """How many things wait for this account, by the endpoint of the place where they wait."""

    account_id: UUID


@dataclass(frozen=True)
class Place:
    """A link of the rail; `roles` empty means all staff. `also`: rooms above whose pages lie there."""

    label: LazyString
    endpoint: str
    roles: frozenset[str] = frozenset()
    foot: bool = False
    also: tuple[str, ...] = ()


class Link(NamedTuple):
    """A place as this viewer sees it now."""

    label: str
    url: str
    waits: int
    current: bool


def links(places: tuple[Place, ...]) -> list[list[Link]]:
    """Two lists for the viewer: the rooms of the day, and the rooms behind them."""
    account_id = viewer().account_id
    if account_id is None:
        return []
    counts = {k: n for part in gather(Waiting(account_id)) for k, n in part.items()}
    built = current_app.view_functions
    seen = [p for p in places if p.endpoint in built and (not p.roles or viewer().is_any(*p.roles))]
    return [[_link(p, counts) for p in seen if p.foot is foot] for foot in (False, True)]


def _link(place: Place, counts: dict[str, int]) -> Link:
    room = place.endpoint.partition(".")[0]
    return Link(
        label=str(place.label),
        url=url_for(place.endpoint),
        waits=counts.get(place.endpoint, 0),
        current=request.blueprint in {room, *place.also},
    )
