# SPDX-License-Identifier: Apache-2.0
"""A sender is told which of its entries stands in quarantine, since when and by which rule: in words, signed, and never with content."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.conftest import REPORT, START, release
from tests.desk.test_refilling import evidence, set_back

from hamsaya.agreement.decision import Decision
from hamsaya.desk import judging
from hamsaya.desk.health import check_book
from hamsaya.desk.inbox import acknowledge
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.quarantine import CODES, NOTICE, EntryQuarantined, why_quarantined
from hamsaya.facts.words import say
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical


def release_at(desk, held):
    with desk.store.reading() as book:
        return book.release(held.release)


def inbox_at(desk, held):
    with desk.store.reading() as book:
        return book.inbox_item(held.log, held.seq)


def notices(desk):
    with desk.store.reading() as book:
        return book.notices()


def tell(desk, to, notice):
    with desk.store.writing() as pen:
        pen.extend(link_log(desk.node.party, to), NOTICE, canonical(notice), desk.officers["duty"])


@pytest.fixture
def there(agreed, monkeypatch):
    """West has released a record, which east's program finds that the agreement does not let come."""
    held = release(agreed.west, agreed.west.file(REPORT).record.id)
    refused = Decision(allowed=False, clause="", rule="area", reason=say("It is out of the area."))
    monkeypatch.setattr(judging, "weigh", lambda *_: (refused, None))
    agreed.sync()
    monkeypatch.undo()
    return agreed, held


def test_release_in_quarantine_has_one_condition_time_and_reason_on_both_nodes_after_the_exchange(there):
    (west, east), held = (there[0].west, there[0].east), there[1]
    told, kept = release_at(west, held), inbox_at(east, held)
    assert (told.condition, kept.state) == ("quarantined", "quarantined")
    assert told.condition_at == kept.received_at
    assert str(told.reason) == f"Quarantined by east: clause {held.clause}: the agreement there does not let it come"
    assert (
        notices(west) == notices(east) == [EntryQuarantined(log=held.log, seq=held.seq, code="not-allowed", clause=held.clause, at=kept.received_at)]
    )
    with west.store.reading() as book:
        assert "quarantined-there" in {each.code for each in check_book(west.node, book)}
        sent = [entry for entry in book.entries(link_log("east", "west"), 0, 99) if entry.header().kind == NOTICE]
    assert len(sent) == 1
    assert b"area" not in sent[0].content  # east's own reason stays with east
    there[0].sync()
    assert len(notices(west)) == 1  # told once
    verify_store(west.store)
    verify_store(east.store)


def test_either_side_that_is_set_back_says_the_same_again(there, tmp_path):
    pair, held = there
    before = release_at(pair.west, held), notices(pair.west)
    for desk in (pair.west, pair.east):
        set_back(desk, evidence(desk), tmp_path)
        pair.sync()
        pair.sync()
        assert release_at(pair.west, held).condition == "quarantined"
        assert notices(pair.west) == notices(pair.east) == before[1]


def test_sender_that_lost_the_notice_and_the_release_gets_both_back(agreed, tmp_path, monkeypatch):
    kept = evidence(agreed.west)
    held = release(agreed.west, agreed.west.file(REPORT).record.id)
    refused = Decision(allowed=False, clause="", rule="area", reason=say("It is out of the area."))
    monkeypatch.setattr(judging, "weigh", lambda *_: (refused, None))
    agreed.sync()
    monkeypatch.undo()
    told = release_at(agreed.west, held)
    set_back(agreed.west, kept, tmp_path)
    agreed.sync()
    again = release_at(agreed.west, held)
    assert (again.condition, again.condition_at, again.reason) == (told.condition, told.condition_at, told.reason)


def test_an_act_in_quarantine_is_told_of_too_but_never_a_notice(agreed):
    west, east = agreed.west, agreed.east
    with west.store.writing() as pen:
        seq = pen.extend(link_log("west", "east"), "release.opened", b'{"log":"release/x/east/west","seq":0,"office":"x","at":"2026-11-22T09:00:00Z"}',
                         west.officers["duty"])  # fmt: skip
    tell(west, "east", EntryQuarantined(log="release/x/east/west", seq=0, code="unsound", at=west.clock()))  # of an entry that east never sent
    agreed.sync()
    agreed.sync()
    assert [(each.log, each.seq, each.code) for each in notices(west)] == [(link_log("west", "east"), seq, "unsound")]
    with east.store.reading() as book:
        assert {item.seq for item in book.inbox() if item.state == "quarantined"} == {seq, seq + 1}


@pytest.mark.parametrize("fault", ["another's log", "beyond the end", "below zero", "hostile code", "other reason", "was acknowledged"])
def test_notice_that_cannot_be_true_changes_nothing(agreed, fault):
    west, east = agreed.west, agreed.east
    held = release(west, west.file(REPORT).record.id)
    agreed.sync()
    good = EntryQuarantined(log=held.log, seq=held.seq, code="unsound", at=east.clock())
    made = {
        "another's log": {"log": link_log("east", "west")}, "beyond the end": {"seq": 9}, "below zero": {"seq": -1},
        "hostile code": {"code": "x\u202e"}, "other reason": {}, "was acknowledged": {},
    }[fault]  # fmt: skip
    if fault == "was acknowledged":
        acknowledge(east.node, east.officers["duty"], held.log, held.seq)
    if fault == "other reason":
        tell(east, "west", good)
        made = {"code": "erased"}
    tell(east, "west", msgspec.structs.replace(good, **made))
    agreed.sync()
    told = release_at(west, held)
    assert told.condition == {"was acknowledged": "opened", "other reason": "quarantined"}.get(fault, "receipted")
    if fault == "other reason":
        assert "rules of its kind" in str(told.reason)
    with west.store.reading() as book:
        assert next(item.state for item in book.inbox()) == "quarantined"


def test_what_is_not_yet_in_force_there_is_told_with_the_day_from_which_it_is(agreed):
    west = agreed.west
    held = release(west, west.file(REPORT).record.id)
    with west.store.reading() as book:
        header = book.entries(held.log, held.seq, 1)[0].header()
        agreement = book.agreements()[0]
    begins = agreement.agreement.table.valid_from
    early = msgspec.structs.replace(header, at=begins - timedelta(hours=1))
    error = judging._not_let(agreement, Decision(allowed=False, clause="", rule="in-force", reason=say("x")), early)
    notice = EntryQuarantined(log=held.log, seq=0, code=error.reason_code, clause=error.clause, until=error.until, at=begins)
    assert str(why_quarantined(notice)) == f"clause {held.clause} is not in force there until {begins:%Y-%m-%d %H:%M} UTC"


def test_every_code_is_said_in_words_and_a_newer_one_too():
    said = {str(why_quarantined(EntryQuarantined(log="x", seq=0, code=code, at=START))) for code in [*CODES, "of-2030"]}
    assert len(said) == len(CODES) + 1
