# SPDX-License-Identifier: Apache-2.0
"""What arrived is acknowledged once; two incidents become one by a person's word, and never a circle."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.conftest import START, release
from tests.desk.made import file, journal_size
from tests.desk.test_escalation import lodged
from tests.desk.test_lifecycle import propose, sign
from tests.facts.made import claim, code, count

from hamsaya.desk.inbox import acknowledge, count_waiting, due_at, item_of
from hamsaya.desk.incidents import link_incident, view_incident
from hamsaya.desk.matters import matter_with
from hamsaya.desk.terms import sample_terms
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store


def arrived(pair):
    done = release(pair.west, file(pair.west).record.id)
    pair.sync()
    return done


def test_acknowledging_twice_is_refused_and_tells_the_neighbour_once(agreed):
    done, east = arrived(agreed), agreed.east
    item = acknowledge(east.node, east.officers["duty"], done.log, done.seq)
    assert (item.state, item.opened_by) == ("acknowledged", "duty office")
    with east.store.reading() as book:
        logs = book.logs()
    with pytest.raises(Refused) as refused:
        acknowledge(east.node, east.officers["approver"], done.log, done.seq)
    assert refused.value.rule == "decided"
    with east.store.reading() as book:
        assert book.logs() == logs
        assert item_of(book, done.log, done.seq).opened_by == "duty office"


@pytest.mark.parametrize(("log", "seq"), [("release/x/west/east", 0), ("", 0), ("link/west/east", 99), (None, 1), (None, -1)])
def test_what_did_not_arrive_cannot_be_acknowledged(agreed, log, seq):
    done = arrived(agreed)
    before = journal_size(agreed.east)
    with pytest.raises(NotFound):
        acknowledge(agreed.east.node, agreed.east.officers["duty"], done.log if log is None else log, seq)
    assert journal_size(agreed.east) == before


def test_protocol_act_is_noted_and_needs_no_acknowledgement(agreed):
    with pytest.raises(Refused):
        acknowledge(agreed.east.node, agreed.east.officers["duty"], "link/west/east", 0)


def test_deadline_runs_from_receipt_by_the_agreements_clause(agreed):
    done = arrived(agreed)
    with agreed.east.store.reading() as book:
        item, agreements = item_of(book, done.log, done.seq), book.agreements()
        noted = item_of(book, "link/west/east", 0)
    assert due_at(item, agreements) == item.received_at + timedelta(minutes=60)
    assert due_at(noted, agreements) is None
    assert due_at(item, []) is None


def test_inbox_tells_the_due_time_of_the_matters_page_also_after_an_amendment(agreed):
    """What had begun keeps the time of the text that was in force then; the counts of overdue things follow that, too."""
    west, east = agreed.west, agreed.east
    incident = west.file().record.incident
    before = lodged(west, incident)
    agreed.sync()
    amended = propose(west, sample_terms("west", "east", START - timedelta(days=1)).replace("acknowledge_min = 60", "acknowledge_min = 5")).hash
    agreed.sync()
    for desk in (west, east):
        sign(desk, amended)
    agreed.sync()
    after = lodged(west, incident)
    agreed.sync()
    due = {}
    with east.store.reading() as book:
        for record in (before, after):
            matter = matter_with(east.node, book, record)
            due[record] = due_at(item_of(book, matter.log, matter.seq), book.agreements())
            assert due[record] == matter.clock("acknowledge").due_at
        assert due[before] - due[after] > timedelta(minutes=50)
        for moment, late in ((due[after], 0), (due[after] + timedelta(seconds=1), 1), (due[before], 1), (due[before] + timedelta(seconds=1), 2)):
            assert count_waiting(book, moment) == (2, late)


def incidents(desk):
    with desk.store.reading() as book:
        return set(book.incidents())


def name_of(desk, incident):
    with desk.store.reading() as book:
        return book.incident_name(incident)


def link(desk, one, other):
    return link_incident(desk.node, desk.officers["duty"], one, other)


def test_linked_incident_goes_on_under_the_other_name_with_all_its_accounts(desk):
    one, two = file(desk).record, file(desk).record
    assert link(desk, one.incident, two.incident) == two.incident
    assert incidents(desk) == {two.incident}
    for name in (one.incident, two.incident):
        with desk.store.reading() as book:
            view = view_incident(book, name)
        assert (view.incident, {each.record.id for each in view.accounts}) == (two.incident, {one.id, two.id})
    joined = file(desk, incident=one.incident).record
    with desk.store.reading() as book:
        assert len(view_incident(book, two.incident).accounts) == 3
    assert joined.incident in (one.incident, two.incident)


def test_links_never_make_a_circle(desk):
    a, b, c, d = (file(desk).record.incident for _ in range(4))
    link(desk, a, b)
    for one, other in ((b, a), (a, b), (a, a), (b, b)):
        with pytest.raises(InputError):
            link(desk, one, other)
    link(desk, c, d)
    link(desk, a, c)  # both names have gone on: b goes into d
    assert [name_of(desk, each) for each in (a, b, c, d)] == [d] * 4
    for one in (a, b, c, d):
        for other in (a, b, c, d):
            with pytest.raises(InputError):
                link(desk, one, other)
    assert incidents(desk) == {d}
    assert verify_store(desk.store).faults == []


def test_unknown_incident_cannot_be_linked(desk):
    known = file(desk).record.incident
    before = journal_size(desk)
    for one, other in ((known, "EAST-I-NONE"), ("EAST-I-NONE", known), ("", known)):
        with pytest.raises(NotFound):
            link(desk, one, other)
    assert journal_size(desk) == before


def test_unknown_incident_cannot_be_shown(desk):
    file(desk)
    for name in ("EAST-I-NONE", ""):
        with desk.store.reading() as book, pytest.raises(NotFound):
            view_incident(book, name)


def test_record_released_after_its_incident_was_linked_leaves_under_the_name_that_goes_on(agreed):
    west, east = agreed.west, agreed.east
    shared = file(west).record
    release(west, shared.id)
    agreed.sync()
    own = file(west).record
    link(west, own.incident, shared.incident)
    release(west, own.id)
    agreed.sync()
    assert incidents(east) == incidents(west) == {shared.incident}


def test_two_sides_show_both_accounts_signed_and_an_attributed_one_that_gave_way(agreed):
    west, east = agreed.west, agreed.east
    ours = file(west, claim("killed", count(1, 1), grade=None)).record
    file(west, claim("killed", count(5, 5), grade=None), basis="attributed", origin="PK", incident=ours.incident)
    with west.store.reading() as book:
        before = view_incident(book, ours.incident)
    assert before.keys("differ") == ["killed"]
    release(west, ours.id)
    agreed.sync()
    theirs = file(east, claim("killed", count(1, 1), grade=None), claim("action", code("raid"), grade=None), incident=ours.incident).record
    release(east, theirs.id)
    agreed.sync()
    with west.store.reading() as book:
        after = view_incident(book, ours.incident)
    assert [(each.record.side, each.signed, each.gives_way) for each in after.accounts] == [
        ("IR", True, False),
        ("PK", False, True),
        ("PK", True, False),
    ]
    assert (after.keys("agree"), after.keys("differ"), after.keys("silent")) == (["killed"], [], ["action"])
    assert after.sides == ["IR", "PK"]
    assert after.held[theirs.id].received_from == "east"
