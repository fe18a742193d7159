# SPDX-License-Identifier: Apache-2.0
"""What this node knows to be planned, and what a plan meets (F41): exercises, patrols, notices, buffers that agreements declare, lanes given.

1. A record of an exercise, a patrol or a notice is a plan, if it tells an area and a time. A phase that has an area of its own is a plan besides.
2. An exercise or a patrol that was postponed has its latest time. One that every neighbour knows to be cancelled or held meets nothing any more.
3. An area that left under a clause on exactness is the circle that holds it: wider, which is the safe side.
4. The contact is the one that the record names, else the office that filed it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from hamsaya.agreement.area import Area, Buffer
from hamsaya.boundary.overlap import Outline
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.filling import read_form
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.matters import matters_of
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.claims import Claim
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.values import Moment, Place, Words
from hamsaya.facts.words import say
from hamsaya.settlement.conflicts import Conflict, Plan, PlanKind, Window, checked_plan, conflicts
from hamsaya.settlement.exercise import EXERCISE, OVER
from hamsaya.settlement.form import Form

KINDS: Final = ("exercise", "patrol", "notice")
TOLD: Final[dict[str, PlanKind]] = {"exercise": "exercise", "patrol": "patrol"}
"""Kinds that are told to each neighbour, and can get another time or be over."""
_VAGUE: Final = frozenset({"province", "country", "unknown"})
_TYPED: Final = ("area", "window", "phases", "phase_areas")
"""Fields of the form that say where and when."""


class Stock(NamedTuple):
    """All that is known to be planned, read once; and which of it got which other time."""

    plans: Sequence[Plan]
    postponed: Mapping[str, Moment]


def window_of(record: Record, stock: Stock) -> Moment | None:
    """Return the time of a plan as it is now: the latest one that it got."""
    told = next((claim.value for claim in record.claims if claim.predicate == "window" and isinstance(claim.value, Moment)), None)
    return stock.postponed.get(record.id, told)


def stock_of(node: Node, book: Book, lanes: Sequence[Plan] = ()) -> Stock:
    """Return what this node knows to be planned."""
    held = book.records_of_kinds(KINDS)
    moved = _postponed(book, held)
    plans = [*(plan for each in held if not each.record.answers for plan in plans_of(each.record, moved)), *_buffers(node, book), *lanes]
    return Stock([plan for plan in plans if plan.outlines and (plan.windows or plan.kind in ("buffer", "lane"))], moved)


def check_record(node: Node, book: Book, record: str, stock: Stock | None = None) -> list[Conflict]:
    """Return what a recorded plan meets. Raises `NotFound` for what is none, `InputError` for one that has no area, or is over."""
    versions = [held for held in book.versions(record) if held.record.kind in KINDS]
    if not versions:
        raise NotFound(say("There is no exercise, patrol or notice {came}.", came=record[:40] or "—"), say("`hamsaya exercise list` shows them."))
    stock = stock or stock_of(node, book)
    found = [plan for plan in plans_of(versions[-1].record, stock.postponed) if plan.outlines and plan.windows]
    if not found:
        raise NotFound(say("{came} tells no area, or no time.", came=record[:40]))
    return _check(node, book, [checked_plan(plan, node.now()) for plan in found], stock)


def check_typed(node: Node, book: Book, typed: Mapping[str, str], stock: Stock | None = None) -> list[Conflict]:
    """Return what a plan would meet that is typed as in the form of an exercise. Raises `InputError` for the first thing that cannot be read."""
    asked = Form(tuple(field for field in (EXERCISE.form or Form(())).fields if field.name in _TYPED))
    filled = read_form(node, book, asked, {name: text for name, text in typed.items() if name in _TYPED})
    if filled.problems:
        raise next(iter(filled.problems.values()))
    plans = [checked_plan(plan, node.now()) for plan in _plans("", "exercise", node.party, "", filled.claims, None)]
    return _check(node, book, plans, stock or stock_of(node, book))


def plans_of(record: Record, postponed: Mapping[str, Moment] | None = None) -> list[Plan]:
    """Return what a record plans: the whole, and each phase that has an area of its own."""
    named = next((claim.value.text for claim in record.claims if claim.predicate == "contact" and isinstance(claim.value, Words)), "")
    kind = TOLD.get(record.kind, "notice")
    return _plans(record.id, kind, record.party, named or record.office, record.claims, (postponed or {}).get(record.id))


def _check(node: Node, book: Book, plans: Sequence[Plan], stock: Stock) -> list[Conflict]:
    over: dict[str, bool] = {}
    found: list[Conflict] = []
    for plan in plans:
        for each in conflicts(plan, stock.plans):
            if each.other.kind in TOLD and each.other.ref not in over:
                over[each.other.ref] = _is_over(node, book, each.other.ref)
            if not over.get(each.other.ref):
                found.append(each)
    return found


def _is_over(node: Node, book: Book, record: str) -> bool:
    states = [matter.standing.state for matter in matters_of(node, book, record)]
    return bool(states) and all(state in OVER for state in states)


def _postponed(book: Book, held: Sequence[RecordHeld]) -> dict[str, Moment]:
    """Return the latest time that each exercise or patrol got from whoever told of it, in a record that left; by its own record."""
    of = {each.record.id: each.record.party for each in held if each.record.kind in TOLD}
    found: dict[str, Moment] = {}
    for each in sorted(held, key=lambda one: one.record.filed_at):
        if (
            each.record.step == "postpone"
            and of.get(each.record.answers) == each.record.party
            and (each.received_from or any(release.log for release in book.releases_of(each.record.id)))
        ):
            moment = next((claim.value for claim in each.record.claims if claim.predicate == "window" and isinstance(claim.value, Moment)), None)
            if moment is not None:
                found[each.record.answers] = moment
    return found


def _plans(ref: str, kind: PlanKind, party: str, contact: str, claims: Sequence[Claim], moved: Moment | None) -> list[Plan]:
    name = next((claim.value.text for claim in claims if claim.predicate == "concerns" and isinstance(claim.value, Words)), ref)
    windows = [moved] if moved else [claim.value for claim in claims if claim.predicate == "window" and isinstance(claim.value, Moment)]
    phases = [claim.value for claim in claims if claim.predicate == "phase" and isinstance(claim.value, Moment)]
    areas = [claim.value for claim in claims if claim.predicate == "phase_area" and isinstance(claim.value, Place)]
    whole = [claim.value for claim in claims if claim.predicate == "place" and isinstance(claim.value, Place)]
    found = [Plan(ref, kind, name, party, contact, list(_outlines(whole)), list(_windows(windows)))]
    for area in areas:
        times = [phase for phase in phases if phase.words == area.words]
        held = list(_windows(times if times and not moved else windows))
        found.append(Plan(ref, kind, f"{name}: {area.words}", party, contact, list(_outlines([area])), held))
    return found


def _outlines(places: Iterable[Place]) -> Iterator[Outline]:
    for place in places:
        if place.around or place.along:
            yield Outline(place.around or place.along, closed=bool(place.around))
        elif place.lon_udeg is not None and place.lat_udeg is not None and place.precision not in _VAGUE:
            yield Outline([(place.lon_udeg, place.lat_udeg)], reach_m=place.radius_m or 0)


def _windows(moments: Iterable[Moment]) -> Iterator[Window]:
    return ((moment.start, moment.end) for moment in moments if moment.start is not None)


def _buffers(node: Node, book: Book) -> Iterator[Plan]:
    """Give the buffers along lines that agreements in force declare in their clauses on areas."""
    now: datetime = node.now()
    for held in book.agreements():
        table = held.agreement.table
        if not standing_of(held, now).in_force:
            continue
        for clause in held.agreement.table.clauses:
            if isinstance(clause, Area):
                for zone in clause.zones:
                    if isinstance(zone, Buffer):
                        contact = ", ".join(party.party for party in table.parties)
                        outline = Outline(zone.points, reach_m=zone.within_m)
                        yield Plan(f"{table.id} {clause.number}", "buffer", zone.called["en"], "", contact, [outline])
