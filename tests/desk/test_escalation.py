# SPDX-License-Identifier: Apache-2.0
"""The escalation ladder over two nodes: both tell the same level at the same second, whatever the link did; it stops when met (F27)."""

from __future__ import annotations

from datetime import timedelta

from tests.conftest import START, release
from tests.desk.test_lifecycle import propose, sign
from tests.desk.walk import make, officer

from hamsaya.desk.health_matters import matters
from hamsaya.desk.matters import matter_with
from hamsaya.desk.opening import Sheet, open_matter
from hamsaya.desk.terms import sample_terms
from hamsaya.settlement.courses import COURSES

SECOND = timedelta(seconds=1)
LEVELS = (
    '[[clauses]]\nnumber = "20"\ntype = "levels"\nlevels = [\n'
    '{ called = { en = "post", fa = "پاسگاه", ur = "چوکی" }, offices = { west = "Post 7", east = "Wing 9" } },\n'
    '{ called = { en = "capital", fa = "پایتخت", ur = "دارالحکومت" }, offices = { west = "Ministry", east = "Division" } },\n]\n'
)


def matter_of(desk, record):
    with desk.store.reading() as book:
        return matter_with(desk.node, book, record)


def told(pair, record, now):
    """The name of the level on both desks, which must be one, with the same times."""
    one, other = (matter_of(desk, record).level(now) for desk in (pair.west, pair.east))
    assert one == other
    return one and str(one.rung.name)


def warned(desk):
    with desk.store.reading() as book:
        return {(each.code, each.severity): str(each.what) for each in matters(desk.node, book, desk.node.now())}


def lodged(desk, incident):
    with desk.store.reading() as book:
        about = {"subjects": book.incident_name(incident), "degree": "complaint", "demand": "explanation", "says": "Shots fell here."}
    record = open_matter(desk.node, officer(desk, "propose"), "complaint", Sheet(typed=about)).held.record.id
    release(desk, record)
    return record


def test_both_desks_tell_one_level_to_the_second_and_it_stops_when_met(agreed):
    pair = agreed  # acknowledged within 60 minutes, then a level every 240: the sample terms
    record = pair.west.file().record
    release(pair.west, record.id)
    complaint = lodged(pair.west, record.incident)
    pair.sync()
    due, every = matter_of(pair.west, complaint).clock("acknowledge").due_at, timedelta(minutes=240)
    for late, name in [
        (0 * SECOND, None), (SECOND, "post"), (every - SECOND, "post"), (every, "sector"), (2 * every, "commander"), (9 * every, "commission"),
    ]:  # fmt: skip
        assert told(pair, complaint, due + late) == name
    for desk in (pair.west, pair.east):
        desk.clock.at = due + 9 * every
    assert "commission" in warned(pair.east)["matter-overdue", "warning"]
    assert "commission" in warned(pair.west)["matter-awaited", "note"]
    # an amendment that takes the ladder away, or makes it slower, changes nothing of what runs
    text = sample_terms("west", "east", START - timedelta(days=1)).replace("escalate_min = 240", "escalate_min = 9999") + LEVELS
    propose(pair.west, text)
    pair.sync()
    for desk in (pair.west, pair.east):
        sign(desk)
    pair.sync()
    assert told(pair, complaint, due + 9 * every) == "commission"
    # met: it comes down on the desk that met it at once, and on the other after the next exchange
    make(pair.east, COURSES["complaint"], complaint, "acknowledge", "")
    make(pair.east, COURSES["complaint"], complaint, "reply", "")
    pair.sync()
    assert told(pair, complaint, due + 10 * every) is None
    matter = matter_of(pair.west, complaint)
    assert str(matter.ladder.level(matter.clock("acknowledge"), pair.west.node.now()).rung.name) == "commission"
    assert warned(pair.west) == warned(pair.east) == {}
