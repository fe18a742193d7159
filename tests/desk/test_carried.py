# SPDX-License-Identifier: Apache-2.0
"""What an officer reads when a stick brings too little, too much or nothing: what was expected, what came, what to do; in three languages."""

from __future__ import annotations

import pytest
from tests.conftest import REPORT, release
from tests.desk.test_epochs import begin
from tests.desk.test_refilling import evidence, set_back

from hamsaya.desk import offering
from hamsaya.desk.carried import MORE_WAITS, holds_more, take_carried
from hamsaya.desk.offering import write_for
from hamsaya.facts.errors import NeighbourError
from hamsaya.facts.words import LANGUAGES
from hamsaya.ledger.verify import verify_store
from hamsaya.tongues import translate


def send(west, *days):
    return [release(west, west.file(REPORT.replace("12 November", f"{day} November")).record.id) for day in days]


def stick(desk, to="east"):
    with desk.store.reading() as book:
        return write_for(desk.node, book, to)


def came(carried, log):
    return next(each for each in carried.logs if each.log == log)


def read(carried):
    return " ".join(str(each) for each in carried.words)


def in_three(carried):
    for language in LANGUAGES:
        told = [translate(each, language) for each in carried.words]
        assert all(told)
        assert language == "en" or not any(str(each) in told for each in carried.words)


@pytest.fixture
def log(agreed):
    with agreed.west.store.reading() as book:
        return f"release/{book.agreements()[0].agreement.table.id}/west/east"


def test_second_stick_before_the_first_says_which_entries_are_missing_and_what_to_do(agreed, tmp_path, log):
    west, east = agreed.west, agreed.east
    kept = evidence(east)
    send(west, 11, 12)
    first = stick(west)
    agreed.sync()
    send(west, 13, 14, 15)
    second = stick(west)
    set_back(east, kept, tmp_path, note=False)  # a node that never saw the first one
    carried = take_carried(east.node, second)
    assert came(carried, log).came == "missing"
    assert str(carried.words[0]) == f"Log {log}: expected entry 0; entries 2–4 came, 0–1 are missing."
    assert "Read the other stick first, then this one again; or ask for a new one." in read(carried)
    in_three(carried)
    with east.store.reading() as book:
        assert log not in book.logs()  # nothing half applied
    assert came(take_carried(east.node, first), log).after == 2
    last = take_carried(east.node, second)
    assert (came(last, log).came, came(last, log).after, last.words) == ("taken", 5, [])
    assert verify_store(east.store).faults == []


def test_same_stick_twice_says_that_all_of_it_was_taken_and_when(agreed, log):
    west, east = agreed.west, agreed.east
    send(west, 11)
    data = stick(west)
    assert take_carried(east.node, data).words == []
    with east.store.reading() as book:
        at = book.receipt_over(log, 0, "east").at
    again = take_carried(east.node, data)
    assert again.received.applied == again.received.receipts == 0
    assert str(again.words[0]).startswith(f"Nothing new: all of it was taken before, the last of it on {at:%Y-%m-%d %H:%M} UTC.")
    in_three(again)


def test_older_stick_after_the_newer_one_says_so_and_a_newer_one_what_is_new(agreed, log):
    west, east = agreed.west, agreed.east
    send(west, 11)
    older = stick(west)
    send(west, 12, 13)
    newer = stick(west)
    assert take_carried(east.node, newer).received.applied == 3
    assert "Nothing new" in read(take_carried(east.node, older))
    send(west, 14)
    told = take_carried(east.node, stick(west))
    assert [str(each) for each in told.words] == [f"Log {log}: entries 0–2 were here already, 3 are new."]
    in_three(told)


def test_stick_to_a_node_that_was_set_back_says_that_its_own_entries_come_first(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(east)
    release(east, east.file().record.id)
    agreed.sync()
    send(west, 12)
    set_back(east, kept, tmp_path)
    told = take_carried(east.node, stick(west))
    assert told.received.applied == 0
    assert "This node was set back: its own entries must be back before those of west are taken." in read(told)
    in_three(told)
    asked = take_carried(west.node, stick(east, "west"))
    assert "east was set back and asks for its own entries" in read(asked)
    assert "can be written over" not in read(asked)
    in_three(asked)


def test_stick_of_a_log_that_was_closed_since_is_said_to_count_no_more(agreed, tmp_path, log):
    west, east = agreed.west, agreed.east
    kept = evidence(west), evidence(east)
    send(west, 14)
    late = stick(west)
    set_back(west, kept[0], tmp_path)
    set_back(east, kept[1], tmp_path)
    begin(west)
    agreed.sync()
    told = take_carried(east.node, late)
    assert (told.received.applied, came(told, log).came) == (0, "closed")
    assert f"Log {log} was begun anew since" in read(told)
    assert "set back" not in read(told)
    in_three(told)


def test_stick_that_breaks_the_rules_applies_nothing_and_tells_nothing(agreed):
    west, east = agreed.west, agreed.east
    send(west, 12)
    data = bytearray(stick(west))
    data[len(data) // 2] ^= 1
    with east.store.reading() as book:
        before = book.logs()
    with pytest.raises(NeighbourError):
        take_carried(east.node, bytes(data))
    with east.store.reading() as book:
        assert book.logs() == before


def test_writer_of_a_stick_is_told_when_more_waits_than_it_holds(agreed, monkeypatch):
    send(agreed.west, 11, 12, 13)
    assert not holds_more(stick(agreed.west))
    monkeypatch.setattr(offering, "MAX_ENTRIES", 2)
    assert holds_more(stick(agreed.west))
    assert all(translate(MORE_WAITS, language) for language in LANGUAGES)
