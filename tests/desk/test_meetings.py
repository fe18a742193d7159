# SPDX-License-Identifier: Apache-2.0
"""Meetings: invited, answered with another time, and an agenda that gathers what is overdue, open, and happened since the last (F32, F35)."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from tests.conftest import release
from tests.desk.made import journal_size
from tests.desk.walk import officer

from hamsaya.desk.docket import time_of
from hamsaya.desk.matters import matter_with, move_matter
from hamsaya.desk.meetings import MOST, agenda_for
from hamsaya.desk.opening import Sheet, answer_matter, open_matter
from hamsaya.desk.release import propose_release
from hamsaya.facts.errors import HamsayaError, NotFound
from hamsaya.ledger.verify import verify_store
from hamsaya.tongues.agendas import draft_agenda

INVITED = {"level": "sector", "time": "+7d", "agenda": "Boats that drift over the line", "offices": "Sector Commander"}


def opened(desk, kind, typed):
    record = open_matter(desk.node, officer(desk, "file", "propose"), kind, Sheet(typed=typed)).held.record.id
    release(desk, record)
    return record


def answered(desk, record, step, typed):
    release(desk, answer_matter(desk.node, officer(desk, "file", "propose"), record, step, Sheet(typed=typed)).held.record.id)


def stands(desk, record):
    with desk.store.reading() as book:
        matter = matter_with(desk.node, book, record)
        return matter.standing.state, time_of(matter), [(each.step.move, each.counted) for each in matter.standing.steps]


def agenda(desk, party):
    with desk.store.reading() as book:
        return agenda_for(desk.node, book, party)


def test_both_name_another_time_at_once_and_both_desks_hold_to_the_same_one(agreed):
    west, east = agreed.west, agreed.east
    meeting = opened(west, "meeting", INVITED)
    agreed.sync()
    first = stands(west, meeting)[1]
    answered(east, meeting, "counter", {"time": "+9d"})  # neither has seen the other's
    answered(west, meeting, "change", {"time": "+11d"})
    agreed.sync()
    agreed.sync()
    assert stands(west, meeting) == stands(east, meeting)
    state, time, _ = stands(west, meeting)
    assert (state, time > first + timedelta(days=3)) == ("invited", True)
    move_matter(east.node, officer(east, "propose"), meeting, "accept")
    agreed.sync()
    assert stands(west, meeting)[:2] == stands(east, meeting)[:2] == ("accepted", time)
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


def test_agenda_opens_with_what_is_overdue_and_names_incidents_since_the_last_meeting(agreed):
    west, east = agreed.west, agreed.east
    before = west.file()
    release(west, before.record.id)
    agreed.sync()
    assert [(each.part, each.name) for each in agenda(west, "east").items] == [("incident", before.record.incident)]
    meeting = opened(west, "meeting", INVITED)
    about = {"subjects": before.record.incident, "degree": "complaint", "demand": "explanation", "says": "Shots fell here.", "due": "+20d"}
    complaint = opened(west, "complaint", about)
    patrol = opened(west, "commitment", {"what": "A joint patrol", "status": "invited", "due": "+5d"})
    agreed.sync()
    for each in (meeting, patrol):
        move_matter(east.node, officer(east, "propose"), each, "accept")
    agreed.sync()
    west.clock.at += timedelta(days=8)
    move_matter(west.node, officer(west, "propose"), meeting, "hold")
    agreed.sync()
    for desk, other in ((west, "east"), (east, "west")):
        found = agenda(desk, other)
        assert [(each.part, each.name, each.owed_by) for each in found.items[:2]] == [("overdue", patrol, "west"), ("overdue", complaint, "east")]
        assert found.since is not None
        assert before.record.incident not in [each.name for each in found.items]  # it was before the last meeting
        assert meeting not in [each.name for each in found.items]
        for language in ("en", "fa", "ur"):
            text = draft_agenda(found, language, {"west": "West", "east": "East"})
            assert patrol in text
            assert complaint in text
    move_matter(west.node, officer(west, "propose"), complaint, "withdraw")
    assert complaint not in [each.name for each in agenda(west, "east").items]


def test_long_agenda_is_cut_at_whole_lines_and_the_rest_is_counted(agreed):
    west = agreed.west
    for number in range(MOST + 3):
        opened(west, "commitment", {"what": f"Patrol {number}", "status": "readiness"})
    found = agenda(west, "east")
    assert (len(found.items), found.more) == (MOST, 3)
    text = draft_agenda(found, "en", {})
    assert len(text) <= 2_000
    shown = text.count("–")
    assert text.endswith(f"and {MOST + 3 - shown} more")


def test_there_is_no_meeting_without_a_partner(desk):
    before = journal_size(desk)
    for party in ("east", "", "west", "'; --"):
        with pytest.raises(NotFound):
            agenda(desk, party)
    assert journal_size(desk) == before


def test_nobody_is_invited_outside_the_agreement(pair):
    west = pair.west  # the neighbour is known, and nothing is agreed
    record = open_matter(west.node, officer(west, "file", "propose"), "meeting", Sheet(typed=INVITED)).held.record.id
    for party in ("east", "north"):
        with suppress(HamsayaError):
            held = propose_release(west.node, west.officers["duty"], record, receiver=party, purpose="settlement", necessity="We invite them to it.")
            assert held.condition == "refused"
    with west.store.reading() as book, pytest.raises(NotFound):
        matter_with(west.node, book, record)
