# SPDX-License-Identifier: Apache-2.0
"""Matters between two nodes, on requests: crafted moves, clocks, third parties, restores. Each table is walked in `test_matter_kinds.py`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import release
from tests.desk.made import file, journal_size
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_requests import WHAT, answer, ask, shared, stands
from tests.desk.three import send
from tests.facts.made import claim

from hamsaya.desk.converse import receive
from hamsaya.desk.matters import matters_of, move_matter
from hamsaya.desk.offering import write_for
from hamsaya.desk.recalls import recall_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.matters import MATTER_MOVED, MatterMoved
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.values import Words
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.settlement.course import OPENED


def move(desk, matter, name, login="duty", party=""):
    return move_matter(desk.node, desk.officers[login], matter, name, party)


def state(desk, matter):
    return stands(desk, matter).condition


def test_bad_names_are_refused_and_nothing_is_written(agreed):
    west, east = agreed.west, agreed.east
    request, own = ask(east), file(west).record.id
    agreed.sync()
    before = journal_size(west), journal_size(east)
    for desk, matter, name, party, error in (
        (east, request, "burn", "", InputError), (east, request, "", "", InputError), (east, request, "answer", "", InputError),
        (east, request, "close", "north", NotFound), (west, own, "close", "", NotFound), (west, "EAST-R-NONE", "close", "", NotFound),
        (east, "", "close", "", NotFound),
    ):  # fmt: skip
        with pytest.raises(error):
            move(desk, matter, name, party=party)
    assert (journal_size(west), journal_size(east)) == before


def test_an_explanation_is_due_in_48_hours_on_both_desks_and_stays_late(agreed):
    west, east = agreed.west, agreed.east
    request = ask(east, "Why did three boats pass the buoy on 15 November?", kind="explanation_request")
    agreed.sync()
    here, there = stands(west, request), stands(east, request)
    assert here.answer.due_at - here.asked_at == timedelta(hours=48)
    assert shared(here) == shared(there)
    assert there.late(here.answer.due_at + timedelta(seconds=1)) == (True, True)
    west.clock.at += timedelta(hours=50)
    answer(west, request)
    agreed.sync()
    for desk in (west, east):
        held = stands(desk, request)
        assert held.late(desk.clock()) == (False, False)
        assert held.answer.late_s(desk.clock()) > 3600
    assert shared(stands(west, request)) == shared(stands(east, request))


def test_recalling_what_opened_it_takes_it_back(agreed):
    west, east = agreed.west, agreed.east
    filed = file_report(east.node, east.officers["duty"], TypedReport(remarks=WHAT, grade="A1"), kind="request").held.record.id
    held = release(east, filed)
    agreed.sync()
    recall_release(east.node, east.officers["duty"], held.release, "It went to the wrong desk.")
    agreed.sync()
    with west.store.reading() as there, east.store.reading() as here:
        (one,), (other,) = matters_of(west.node, there, filed), matters_of(east.node, here, filed)
    assert one.standing.state == other.standing.state == "withdrawn"


def crafted(desk, other, act, about=None, content=None):
    with desk.node.ledger.writing() as pen:
        pen.extend(link_log(desk.node.party, other), MATTER_MOVED, content or canonical(act), desk.officers["duty"], about)


def test_clocks_are_alike_where_an_answer_was_lost_and_more_came_before_the_next(agreed):
    """Of what a lost answer had receipted the sender only ever gets a later receipt, over more: its times would differ."""
    west, east = agreed.west, agreed.east
    request = ask(east)
    with east.store.reading() as book:
        bundle = write_for(east.node, book, "west")
    receive(west.node, bundle)  # and the answer is lost
    west.clock.at += timedelta(hours=3)
    file_and_ask = ask(east, "Which post was it?")
    agreed.sync()
    for name in (request, file_and_ask):
        here, there = stands(west, name), stands(east, name)
        assert (here.acknowledge, here.answer) == (there.acknowledge, there.answer)
        assert here.answer.due_at == here.asked_at + timedelta(days=1)


def test_an_answer_that_was_taken_back_counts_on_neither_node(agreed):
    west, east = agreed.west, agreed.east
    request = ask(east)
    agreed.sync()
    held = answer(west, request)
    agreed.sync()
    assert state(west, request) == state(east, request) == "answered"
    recall_release(west.node, west.officers["duty"], held.release, "It is about another boat.")
    agreed.sync()
    assert state(west, request) == state(east, request) == "asked"
    assert shared(stands(west, request)) == shared(stands(east, request))


def act(matter, name, desk, **change):
    return MatterMoved(**({"matter": matter, "move": name, "seen": OPENED, "on": "", "office": "watch", "at": desk.clock()} | change))


@pytest.mark.parametrize("case", [
    "of the other side", "no move", "no request", "unreleased", "unknown of ours", "third party's", "more bytes", "header", "long", "year 9",
])  # fmt: skip
def test_crafted_move_stands_in_quarantine_and_changes_nothing(agreed, case):
    """West, which was asked, sends moves that are not its own to make."""
    west, east = agreed.west, agreed.east
    request = ask(east)
    agreed.sync()
    moved, about, content = act(request, "withdraw", west), None, None
    match case:
        case "no move":
            moved = act(request, "burn", west)
        case "no request":
            moved = act(release(east, file(east).record.id).record, "withdraw", west)
        case "unreleased":
            typed = TypedReport(remarks=WHAT, grade="A1")
            moved = act(file_report(east.node, east.officers["duty"], typed, kind="request").held.record.id, "close", west)
        case "unknown of ours":
            moved = act("EAST-R-NONE", "withdraw", west)
        case "third party's":
            moved = act("NORTH-R-7F3KQ2", "withdraw", west)
        case "more bytes":
            own = ask(west)
            agreed.sync()
            content = canonical(act(own, "withdraw", west))[:-1] + b',"why":"asylum"}'
        case "header":
            own = ask(west)
            agreed.sync()
            moved, about = act(own, "withdraw", west), {"why": "asylum"}
        case "long":
            own = ask(west)
            agreed.sync()
            moved = act(own, "withdraw", west, seen="x" * 61)
        case "year 9":
            own = ask(west)
            agreed.sync()
            moved = act(own, "withdraw", west, at=west.clock().replace(year=9))
    crafted(west, "east", moved, about, content)
    agreed.sync()
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == MATTER_MOVED]
        assert item.state == "quarantined"
        assert book.moves_on([moved.matter]) == {}
    assert state(east, request) == "asked"
    assert verify_store(east.store).faults == []


def test_move_that_comes_before_what_it_moves_waits_for_it(agreed):
    """A stick may bring the link log first; the matter is then found taken back when it comes."""
    west, east = agreed.west, agreed.east
    request = file_report(east.node, east.officers["duty"], TypedReport(remarks=WHAT, grade="A1"), kind="request").held.record.id
    crafted(east, "west", act(request, "withdraw", east))
    agreed.sync()
    with west.store.reading() as book:
        assert [each.state for each in book.inbox() if each.kind == MATTER_MOVED] == ["noted"]
        assert matters_of(west.node, book, request) == []
    release(east, request)
    agreed.sync()
    assert state(west, request) == "withdrawn"


def test_matter_with_two_neighbours_stands_with_each_by_itself(three):
    east = three.east
    request = file_report(east.node, east.officers["duty"], TypedReport(remarks=WHAT, grade="A1"), kind="request").held.record.id
    for receiver in ("west", "north"):
        assert send(east, request, receiver).condition == "logged"
    three.sync()
    with pytest.raises(InputError, match="north"):
        move(east, request, "withdraw")
    move(east, request, "withdraw", party="north")
    three.sync()
    with east.store.reading() as book:
        told = {each.party: each.standing.state for each in matters_of(east.node, book, request)}
    assert told == {"west": "asked", "north": "withdrawn"}
    assert (state(three.west, request), state(three.north, request)) == ("asked", "withdrawn")


def test_neighbour_with_which_it_is_not_open_moves_nothing(three):
    """East put a finding forward to west; north, a neighbour of east as well, declines it."""
    east, north = three.east, three.north
    finding = file(east, claim("open_point", Words(text="From where the shot came."), grade=None), shape={"kind": "finding"}).record.id
    assert send(east, finding, "west").condition == "logged"
    three.sync()
    crafted(north, "east", act(finding, "decline", north))
    three.sync()
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == MATTER_MOVED]
        assert (item.sender, item.state, book.moves_on([finding])) == ("north", "quarantined", {})


def test_both_desks_show_the_same_after_either_was_set_back(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept_west, kept_east = evidence(west), evidence(east)
    request, other = ask(east), ask(east, "Which post was it?", kind="explanation_request")
    agreed.sync()
    answer(west, request)
    move(east, other, "withdraw")
    agreed.sync()
    move(east, request, "close")
    agreed.sync()
    for desk, kept in ((east, kept_east), (west, kept_west)):
        set_back(desk, kept, tmp_path)
        agreed.sync()
        agreed.sync()
        assert [state(each, name) for each in (west, east) for name in (request, other)] == ["closed", "withdrawn"] * 2
        assert verify_store(west.store).faults == verify_store(east.store).faults == []
