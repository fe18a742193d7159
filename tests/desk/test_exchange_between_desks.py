# SPDX-License-Identifier: Apache-2.0
"""Two nodes, from filing to both desks showing the same incident."""

from __future__ import annotations

import os

import msgspec
import pytest
from tests.conftest import release

from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.facts.soundness import is_plain
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical, read

NECESSITY = "Both commands must see this account."


def released(desk, record, purpose="settlement"):
    proposed = propose_release(desk.node, desk.officers["duty"], record, purpose=purpose, necessity=NECESSITY)
    return approve_release(desk.node, desk.officers["approver"], proposed.release)


def test_release_travels_is_receipted_and_opened(agreed):
    west, east = agreed.west, agreed.east
    held = west.file()
    done = released(west, held.record.id)
    assert (done.condition, done.clause) == ("logged", "1")
    agreed.sync()
    with west.store.reading() as book:
        assert book.release(done.release).condition == "receipted"
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == "release"]
        assert (item.state, item.subject, item.purpose, item.necessity) == ("new", held.record.id, "settlement", NECESSITY)
    acknowledge(east.node, east.officers["duty"], item.log, item.seq)
    agreed.sync()
    with west.store.reading() as book:
        assert book.release(done.release).condition == "opened"
    for side in (west, east):
        assert verify_store(side.store).faults == []


def test_both_sides_show_the_same_fields(agreed):
    west, east = agreed.west, agreed.east
    first = west.file()
    released(west, first.record.id)
    agreed.sync()
    second = east.file(
        "Report.\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. "
        "Two civilians were wounded. Three smugglers were killed.\n",
        incident=first.record.incident,
    )
    released(east, second.record.id)
    agreed.sync()
    shown = []
    for side in (west, east):
        with side.store.reading() as book:
            view = view_incident(book, first.record.incident)
        assert [account.signed for account in view.accounts] == [True, True]
        shown.append({field.key: field.state for field in view.fields})
    assert shown[0] == shown[1]
    assert shown[0]["occurred"] == "agree"
    assert shown[0]["wounded:civilian"] == "differ"
    assert {"silent", "agree", "differ"} == set(shown[0].values())


def forge(desk, held, **about):
    """Send a release as a program would that does not check: another record, under a header of its own making."""
    with desk.store.reading() as book:
        entry = book.entries(held.log, held.seq, 1)[0]
    made = read(entry.content, ReleasedRecord)
    content = canonical(msgspec.structs.replace(made, record=msgspec.structs.replace(made.record, id="EAST-R-OTHER", incident="")))
    with desk.store.writing() as pen:
        pen.extend(held.log, "release", content, desk.officers["duty"], {**entry.header().about, **about})


@pytest.mark.parametrize("name", ["nul\x00", os.urandom(6000).hex()], ids=["nul", "long"])
def test_release_under_a_name_that_is_none_is_shown_in_quarantine_on_every_store(agreed, name):
    east, west = agreed.east, agreed.west
    held = release(east, east.file().record.id)
    forge(east, held, release=name, necessity="no")
    agreed.sync()
    with west.store.reading() as book:
        assert sorted(each.state for each in book.inbox() if each.log == held.log) == ["new", "quarantined"]
        assert book.release_acts(name) == []
    assert verify_store(west.store).faults == []


def test_what_the_inbox_shows_of_a_header_that_is_not_in_form_is_plain_and_short(agreed):
    east, west = agreed.east, agreed.west
    held = release(east, east.file().record.id)
    forge(east, held, necessity="a\u202eb" * 100_000, purpose="x\n" * 9000)
    agreed.sync()
    with west.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.state == "quarantined"]
    assert all(is_plain(text, 500) for text in (item.kind, item.necessity, item.purpose, item.clause))
    assert item.necessity.startswith("abab")
