# SPDX-License-Identifier: Apache-2.0
"""What is erased is gone from every cell of both stores, both desks say so, and every proof still holds (law 14)."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, text
from tests.desk.test_refilling import logs
from tests.desk.three import inbox, quarantine, send

from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.desk.erasing import confirm_erasure, decide_erasure, order_erasure
from hamsaya.desk.filters import Filter
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.reports import file_report
from hamsaya.desk.review import edit_claim
from hamsaya.desk.typed_report import TypedReport
from hamsaya.ledger.verify import verify_store

MARKS = ("Zzyzxville", "ژغژغستان", "ٹھڑڈںپور")
"""Words of three scripts that stand nowhere else."""
REPORT = """Report of the duty office.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. One civilian was wounded. The men came from Zzyzxville, ژغژغستان and ٹھڑڈںپور.
"""


def file(desk, report=REPORT):
    """File a record that says the marks: in its document, its draft and its claims."""
    _, drafts = add_document(desk.node, desk.officers["duty"], report.encode(), name=f"{MARKS[0]}.txt", basis="own")
    for claim in drafts[0].body.claims:
        if claim.predicate == "place":
            value = type(claim.value)(words=" ".join(MARKS), precision="settlement")
            edit_claim(desk.node, desk.officers["duty"], drafts[0].draft, type(claim)(**{**_fields(claim), "value": value}))
            break
    return accept_draft(desk.node, desk.officers["duty"], drafts[0].draft, grade="B2")


def warn(desk):
    """Release a warning whose words are the marks."""
    typed = TypedReport(remarks=f"The pillar at {' '.join(MARKS)} will be painted.", grade="B2")
    record = file_report(desk.node, desk.officers["duty"], typed, kind="warning", handling="green").held.record.id
    return send(desk, record, "", purpose="prevention")


def _fields(claim):
    return {name: getattr(claim, name) for name in claim.__struct_fields__}


def cells(desk):
    """Give every value of every table that the store holds, whatever made it, with the name of its table."""
    with desk.store.engine.connect() as db:
        names = inspect(db).get_table_names()
        for name in names:
            for row in db.execute(text(f'SELECT * FROM "{name}"')):  # noqa: S608  (a table's own name)
                for value in row:
                    if isinstance(value, memoryview):
                        yield name, bytes(value)
                    elif isinstance(value, bytes):
                        yield name, value
                    elif isinstance(value, str):
                        yield name, value.encode()


def found(desk, marks=MARKS):
    """Return the tables in which a mark stands, as it is or in the base64 of an envelope."""
    import re
    from base64 import b64decode

    hits = set()
    for table, value in cells(desk):
        plain = [value, *(b64decode(part + b"=" * (-len(part) % 4)) for part in re.findall(rb"[A-Za-z0-9+/]{40,}", value))]
        if any(mark.encode() in each or mark.lower().encode() in each.lower() for mark in marks for each in plain):
            hits.add(table)
    return hits


def erase(desk, record, reason="retention", *, by="approver"):
    order_erasure(desk.node, desk.officers["commander"], record, reason)
    return decide_erasure(desk.node, desk.officers[by], record, erase=True)


def sound(*desks):
    for desk in desks:
        assert verify_store(desk.store).faults == []


def condition(desk, held):
    with desk.store.reading() as book:
        return book.release(held.release).condition


@pytest.fixture
def sent(agreed):
    """West's release, which east has and has opened."""
    held = warn(agreed.west)
    agreed.sync()
    acknowledge(agreed.east.node, agreed.east.officers["duty"], held.log, held.seq)
    agreed.sync()
    return held


def test_record_that_never_left_is_gone_from_every_cell(desk):
    record = file(desk).record.id
    assert {"entry", "blob", "draft", "record", "wording", "document"} <= found(desk)
    done = erase(desk, record)
    assert (done.state, done.reason, done.ordered_office, done.decided_office) == ("erased", "retention", "commander office", "approver office")
    assert found(desk) == set()
    sound(desk)
    with desk.store.reading() as book:
        (held,) = book.versions(record)
        assert (held.record.claims, held.record.sources) == ([], [])
        assert book.search_page(Filter(text=MARKS[0])).rows == []
        assert [each.record.id for each in book.records()] == [record]  # that it was there is still said
    desk.file(REPORT.replace("12 November", "14 November").split("The men")[0])  # the numbers of what comes after still fit
    sound(desk)


def test_both_sides_are_empty_of_it_and_both_say_the_same(agreed, sent):
    west, east = agreed.west, agreed.east
    before = logs(west)
    assert found(west)
    assert found(east)
    erase(west, sent.record)
    assert condition(west, sent) == "erasure asked"
    assert found(west) == set()
    agreed.sync()
    (item,) = inbox(east, "erasure.asked")
    assert item.state == "new"
    assert found(east)  # a person erases
    held = confirm_erasure(east.node, east.officers["approver"], sent.log, sent.seq)
    assert (held.reason, held.confirmed.office, held.confirmed.onward) == ("retention", "approver office", [])
    assert found(east) == set()
    assert inbox(east, "erasure.asked")[0].state == "acknowledged"
    agreed.sync()
    assert condition(west, sent) == "erasure confirmed"
    with west.store.reading() as one, east.store.reading() as other:
        assert one.erasures() == other.erasures() == [held]
    assert {log: entries for log, entries in logs(west).items() if log in before and log.startswith("release/")} == {
        log: entries for log, entries in before.items() if log.startswith("release/")
    }
    assert logs(west) == logs(east)
    assert quarantine(west) == quarantine(east) == []
    sound(west, east)
