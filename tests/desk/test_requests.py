# SPDX-License-Identifier: Apache-2.0
"""Requests: asked, acknowledged, answered, or refused on a ground that no byte that leaves tells (laws 1, 12; F10, F66)."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.conftest import START, Clock, release
from tests.desk.made import file, journal_size
from tests.desk.test_refilling import evidence, set_back
from tests.desk.test_releases import everything, propose
from tests.desk.three import send
from tests.facts.made import claim

from hamsaya.agreement.grounds import GROUNDS
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.inbox import acknowledge, count_waiting, due_at
from hamsaya.desk.matters import move_matter
from hamsaya.desk.offering import write_for
from hamsaya.desk.reports import file_report
from hamsaya.desk.requests import refuse_request, request_of, requests_held, requests_of
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.requests import RequestRefused
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.values import Words
from hamsaya.ledger.evidence import fill
from hamsaya.ledger.store import Store
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical

WHAT = "Who saw the boat near Gwatar on 15 November?"
REASON = "They seek protection, and would be tried for leaving."


def ask(desk, text=WHAT, kind="request"):
    """Ask the neighbour; returns the name of the request."""
    filed = file_report(desk.node, desk.officers["duty"], TypedReport(remarks=text, grade="A1"), kind=kind)
    release(desk, filed.held.record.id)
    return filed.held.record.id


def answer(desk, request, text="A patrol saw it at noon."):
    filed = file_report(desk.node, desk.officers["duty"], TypedReport(remarks=text, grade="B2"), kind="notice", answers=request)
    return release(desk, filed.held.record.id)


def stands(desk, request):
    with desk.store.reading() as book:
        (held,) = requests_of(desk.node, book, request)
    return held


def shared(held):
    """What both desks must show alike."""
    told = held.refusal and (held.refusal.office, held.refusal.at)
    return (
        held.condition,
        held.asked_at,
        held.received_at,
        held.acknowledge,
        held.answer,
        held.acknowledged_at,
        held.acknowledged_by,
        held.answers,
        told,
    )


@pytest.fixture
def asked(agreed):
    """East has asked west."""
    request = ask(agreed.east)
    agreed.sync()
    return agreed, request


def test_request_goes_from_asked_to_acknowledged_to_answered_with_the_same_clock_on_both_desks(asked):
    pair, request = asked
    west, east = pair.west, pair.east
    here, there = stands(west, request), stands(east, request)
    assert (here.condition, here.ours, there.ours, here.party, there.party) == ("asked", False, True, "east", "west")
    assert shared(here) == shared(there)
    assert here.acknowledge.due_at - here.asked_at == timedelta(minutes=60)
    assert here.answer.due_at - here.asked_at == timedelta(minutes=1440)
    acknowledge(west.node, west.officers["duty"], here.log, here.seq)
    pair.sync()
    assert stands(west, request).condition == "acknowledged"
    assert shared(stands(west, request)) == shared(stands(east, request))
    done = answer(west, request)
    pair.sync()
    here, there = stands(west, request), stands(east, request)
    assert (here.condition, [each.record for each in here.answers]) == ("answered", [done.record])
    assert shared(here) == shared(there)
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


def test_inbox_counts_the_time_to_acknowledge_a_request_as_its_own_page_does(agreed):
    """It was long on its way: what opens a matter counts from when that was signed, everything else from when it came."""
    west, east = agreed.west, agreed.east
    request = ask(east)
    account = east.file().record.id
    release(east, account)
    west.clock.at += timedelta(minutes=50)
    agreed.sync()
    here = stands(west, request)
    with west.store.reading() as book:
        agreements = book.agreements()
        asked, told = (next(item for item in book.inbox() if item.subject == about and item.state == "new") for about in (request, account))
        assert due_at(asked, agreements) == here.acknowledge.due_at == stands(east, request).acknowledge.due_at
        assert due_at(told, agreements) == told.received_at + timedelta(minutes=60)
        assert due_at(asked, agreements) < asked.received_at + timedelta(minutes=20)
        for late, count in ((timedelta(), 0), (timedelta(minutes=1), 1), (timedelta(hours=1), 2)):
            waiting = count_waiting(book, here.acknowledge.due_at + late)
            assert waiting == (len([item for item in book.inbox() if item.state == "new"]), count)
    assert verify_store(west.store).faults == []


def test_late_is_late_on_both_desks_at_the_same_moment(asked):
    pair, request = asked
    here, there = stands(pair.west, request), stands(pair.east, request)
    for held in (here, there):
        assert held.late(held.acknowledge.due_at) == (False, False)
        assert held.late(held.acknowledge.due_at + timedelta(microseconds=1)) == (True, False)
        assert held.late(held.answer.due_at + timedelta(microseconds=1)) == (True, True)
    refuse_request(pair.west.node, pair.west.officers["duty"], request, ["asylum"], REASON)
    assert stands(pair.west, request).late(here.answer.due_at + timedelta(days=1)) == (False, False)


def test_refusal_shows_time_and_office_to_the_neighbour_and_the_ground_to_nobody_there(asked):
    pair, request = asked
    west, east = pair.west, pair.east
    done = refuse_request(west.node, west.officers["duty"], request, ["asylum", "torture"], REASON)
    assert (done.condition, done.refusal.grounds, done.refusal.reason) == ("refused", ["asylum", "torture"], REASON)
    pair.sync()
    there = stands(east, request)
    assert (there.condition, there.refusal.office, there.refusal.grounds, there.refusal.reason) == ("refused", "duty office", [], "")
    assert shared(stands(west, request)) == shared(there)
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == "request.refused"]
    assert (item.state, item.subject) == ("noted", request)
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


class Fixed(Clock):
    """A clock that stands, so that nothing but the choice of ground could make two runs differ."""

    def __call__(self) -> datetime:
        return self.at


def test_refusal_on_any_ground_leaves_the_very_same_bytes(asked, tmp_path):
    """Set the node back to the same moment for each ground, with the same clock and the same salts: what leaves is compared whole."""
    pair, request = asked
    west = pair.west
    kept = evidence(west)
    seen = set()
    extra = [["political", "asylum"], sorted(GROUNDS)]
    for number, grounds in enumerate([*([ground] for ground in GROUNDS), *extra]):
        reason = REASON * (1 + 5 * (number % 3))
        sown = random.Random(7)  # noqa: S311  (as above)
        clock = Fixed(START + timedelta(hours=1))
        folder = tmp_path / str(number)
        folder.mkdir()
        store = Store(folder / "west.db", bytes(32), party="west", key=west.node.key, now=clock, random=sown.randbytes)
        store.create()
        fill(store, iter(kept))
        node = replace(west.node, ledger=store, now=clock, random=sown.randbytes)
        refuse_request(node, west.officers["duty"], request, grounds, reason)
        with store.reading() as book:
            log = link_log("west", "east")
            entry = book.entries(log, book.logs()[log] - 1, 1)[0]
            assert entry.content == canonical(RequestRefused(request))
            assert (entry.header().kind, entry.header().about) == ("request.refused", {})
            bundle = write_for(node, book, "east")
        seen.add((entry.envelope, entry.salt, entry.content, bundle))
        whole = b"\n".join(everything(bundle))
        for secret in (*grounds, reason[:20]):
            assert secret.encode() not in whole, secret
        store.close()
    assert len(seen) == 1


def test_release_refused_on_a_ground_leaves_nothing_at_all(agreed):
    west = agreed.west
    record = file(west).record.id
    agreed.sync()
    west.clock.tick = timedelta(0)
    with west.store.reading() as book:
        before, logs = write_for(west.node, book, "east"), {log: size for log, size in book.logs().items() if not log.startswith("journal/")}
    held = propose(west, record, grounds=["asylum", "torture"])
    assert (held.condition, held.rule) == ("refused", "ground")
    with west.store.reading() as book:
        assert write_for(west.node, book, "east") == before
        assert {log: size for log, size in book.logs().items() if not log.startswith("journal/")} == logs


def test_refusal_needs_a_known_ground_and_a_reason(asked):
    pair, request = asked
    west = pair.west
    before = journal_size(west)
    for grounds, reason in (([], REASON), (["unknown"], REASON), (["asylum"], " \n"), (["asylum"], "x" * 2001)):
        with pytest.raises(InputError):
            refuse_request(west.node, west.officers["duty"], request, grounds, reason)
    for login in ("approver", "auditor", "admin", "commander"):
        with pytest.raises(Refused):
            refuse_request(west.node, west.officers[login], request, ["asylum"], REASON)
    assert journal_size(west) == before


def test_refused_or_answered_once_until_it_is_asked_again(asked):
    pair, request = asked
    west, officer = pair.west, pair.west.officers["duty"]
    refuse_request(west.node, officer, request, ["asylum"], REASON)
    with pytest.raises(Refused) as refused:
        refuse_request(west.node, officer, request, ["racial"], REASON)
    assert refused.value.rule == "decided"
    answer(west, request)
    assert stands(west, request).condition == "answered"
    other = ask(pair.east, "Which post was it?")
    pair.sync()
    answer(west, other)
    with pytest.raises(Refused):
        refuse_request(west.node, officer, other, ["asylum"], REASON)
    pair.sync()
    for each in (request, other):
        move_matter(pair.east.node, pair.east.officers["duty"], each, "reopen")
    pair.sync()
    with pytest.raises(Refused, match="refused before"):
        refuse_request(west.node, officer, request, ["asylum"], REASON)
    assert refuse_request(west.node, officer, other, ["asylum"], REASON).condition == "refused"
    pair.sync()
    assert shared(stands(west, other)) == shared(stands(pair.east, other))


def test_only_a_neighbours_request_can_be_refused_or_answered(asked):
    pair, request = asked
    west, east = pair.west, pair.east
    own = file(west).record.id
    with west.store.reading() as book, pytest.raises(NotFound):
        request_of(west.node, book, own)
    for desk, record in ((west, own), (east, request), (west, "EAST-R-NONE"), (west, "")):
        with pytest.raises(NotFound):
            refuse_request(desk.node, desk.officers["duty"], record, ["asylum"], REASON)
    for desk, record in ((west, own), (east, request), (west, "EAST-R-NONE")):
        with pytest.raises(NotFound):
            answer(desk, record)


def extend(desk, content, about=None, kind="request.refused"):
    other = "east" if desk.node.party == "west" else "west"
    with desk.node.ledger.writing() as pen:
        pen.extend(link_log(desk.node.party, other), kind, content, OPERATOR, about)


@pytest.mark.parametrize("case", ["unknown", "of the refuser", "no request", "more bytes", "ground in the header", "unreleased"])
def test_crafted_refusal_stands_in_quarantine_and_changes_nothing(asked, case):
    pair, request = asked
    west, east = pair.west, pair.east
    content, about = canonical(RequestRefused(request)), None
    match case:
        case "unknown":
            content = canonical(RequestRefused("EAST-R-NONE"))
        case "of the refuser":
            content = canonical(RequestRefused(ask(west)))
        case "no request":
            content = canonical(RequestRefused(release(east, file(east).record.id).record))
        case "more bytes":
            content = b'{"ground":"asylum","request":"' + request.encode() + b'"}'
        case "ground in the header":
            about = {"ground": "asylum"}
        case "unreleased":
            typed = TypedReport(remarks=WHAT, grade="A1")
            content = canonical(RequestRefused(file_report(east.node, east.officers["duty"], typed, kind="request").held.record.id))
    extend(west, content, about)
    pair.sync()
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == "request.refused"]
        assert item.state == "quarantined"
        assert book.refusals() == []
    assert stands(east, request).condition == "asked"


def test_neighbour_that_was_not_asked_cannot_refuse(three):
    """East asks west; north, a neighbour of east as well, says that it refuses that request."""
    east, north = three.east, three.north
    typed = TypedReport(remarks=WHAT, grade="A1")
    request = file_report(east.node, east.officers["duty"], typed, kind="request").held.record.id
    assert send(east, request, "west").condition == "logged"
    three.sync()
    with north.store.writing() as pen:
        pen.extend(link_log("north", "east"), "request.refused", canonical(RequestRefused(request)), OPERATOR)
    three.sync()
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == "request.refused"]
        assert (item.sender, item.state, book.refusals()) == ("north", "quarantined", [])
    assert stands(east, request).condition == "asked"


def test_refusal_sent_twice_counts_once(asked):
    pair, request = asked
    refuse_request(pair.west.node, pair.west.officers["duty"], request, ["asylum"], REASON)
    extend(pair.west, canonical(RequestRefused(request)))
    pair.sync()
    pair.sync()
    with pair.east.store.reading() as book:
        assert len(book.refusals()) == 1
    assert verify_store(pair.east.store).faults == []


def test_both_desks_show_the_same_after_either_was_set_back(asked, tmp_path):
    pair, request = asked
    west, east = pair.west, pair.east
    kept_west, kept_east = evidence(west), evidence(east)
    other = ask(east, "Which post was it?")
    pair.sync()
    refuse_request(west.node, west.officers["duty"], request, ["asylum"], REASON)
    answer(west, other)
    pair.sync()
    before = [shared(stands(desk, each)) for desk in (west, east) for each in (request, other)]
    set_back(west, kept_west, tmp_path)
    pair.sync()
    pair.sync()
    assert [each[0] for each in before] == ["refused", "answered"] * 2
    told = [shared(stands(desk, each)) for desk in (west, east) for each in (request, other)]
    assert [each[:2] + each[5:] for each in told] == [each[:2] + each[5:] for each in before]  # the receipt is signed anew
    assert stands(west, request).refusal.grounds == []
    set_back(east, kept_east, tmp_path)
    pair.sync()
    pair.sync()
    assert [stands(east, each).condition for each in (request, other)] == ["refused", "answered"]
    assert verify_store(west.store).faults == verify_store(east.store).faults == []


def test_record_that_answers_nothing_keeps_the_bytes_that_it_had(agreed):
    record = file(agreed.west, claim("statement", Words(text="It is known."), grade=None), shape={"kind": "notice"}).record
    assert record.answers == ""
    assert b"answers" not in canonical(record)  # what was signed before keeps its bytes


def test_requests_are_listed_newest_first_on_both_sides(asked):
    pair, first = asked
    second = ask(pair.west)
    pair.sync()
    for desk in (pair.west, pair.east):
        with desk.store.reading() as book:
            assert [each.record.id for each in requests_held(desk.node, book)] == [second, first]
