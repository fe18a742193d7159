# SPDX-License-Identifier: Apache-2.0
"""Importing a file of records: checked whole first, filed in whole batches, the same line once only."""

from __future__ import annotations

import json

import pytest

from hamsaya.desk import importing
from hamsaya.desk.filters import read_filter
from hamsaya.desk.importing import import_records, read_csv, read_json_lines
from hamsaya.desk.release import propose_release
from hamsaya.facts.errors import InputError, Refused
from hamsaya.ledger.verify import verify_store

SPEAKER = {"kind": "press"}


def line(number: int = 0, **fields: object) -> bytes:
    claims = [{"id": "c1", "predicate": "wounded", "value": {"type": "count", "low": number, "high": number}, "speaker": SPEAKER, "grade": "C3"}]
    return json.dumps({"kind": "incident_account", "side": "PK", "claims": claims} | fields).encode() + b"\n"


def run(desk, lines, *, login="duty", **options):
    return import_records(desk.node, desk.officers[login], lambda: read_json_lines(lines), **options)


def records(desk, **asked):
    with desk.store.reading() as book:
        return book.records_page(read_filter(asked, "UTC"), limit=500).rows


def test_lines_become_records_signed_and_in_lists_and_search(desk):
    done = run(desk, [line(number) for number in range(5)])
    assert (done.filed, done.repeated, done.refused) == (5, 0, 0)
    held = records(desk)
    assert len({each.record.incident for each in held}) == 5
    assert {(each.record.party, each.record.office, each.record.basis) for each in held} == {("west", "duty office", "attributed")}
    assert verify_store(desk.store).faults == []


def test_the_same_line_is_filed_once_within_a_file_and_over_calls(desk, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    done = run(desk, [line(1), line(2), line(1), line(3)])
    assert (done.filed, done.repeated) == (3, 1)
    done = run(desk, [line(1), line(4)])
    assert (done.filed, done.repeated) == (1, 1)
    assert len(records(desk)) == 4


def test_one_refused_line_keeps_the_whole_file_out_unless_it_is_left_out_on_purpose(desk):
    lines = [line(1), b"{not json\n", line(2, side="Pakistan"), b"\n", line(3, kind="person"), line(4)]
    done = run(desk, lines)
    assert (done.filed, done.refused) == (0, 3)
    assert [each.line for each in done.told] == [2, 3, 5]
    assert records(desk) == []
    done = run(desk, lines, skip_refused=True)
    assert (done.filed, done.refused) == (2, 3)


def test_a_failure_leaves_whole_batches_and_the_next_call_files_the_rest(desk, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    lines = [line(number) for number in range(5)]
    real, calls = importing.seal, []

    def failing(*args):
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError("killed")
        return real(*args)

    monkeypatch.setattr(importing, "seal", failing)
    with pytest.raises(RuntimeError):
        run(desk, lines)
    assert len(records(desk)) == 2
    monkeypatch.setattr(importing, "seal", real)
    done = run(desk, lines)
    assert (done.filed, done.repeated) == (3, 2)


@pytest.mark.parametrize(
    "bad",
    [
        b"[]\n", b"null\n", b'"x"\n', b"\xff\xfe\n", b'{"a": 1.5}\n', b"{" * 200 + b"\n", line(claims=[]), line(basis="own"), line(unknown=1), line(handling="secret"),
        line(incident="../../x"), line(incident="A\u202eB"),
        line(claims=[{"id": "c1", "predicate": "wounded", "value": {"type": "count", "low": -1, "high": 1}, "speaker": SPEAKER}]),
        line(claims=[{"id": "c1", "predicate": "place", "value": {"type": "place", "words": "x", "precision": "exact", "lon_udeg": 10**9, "lat_udeg": 0}, "speaker": SPEAKER}]),
        line(claims=[{"id": "c1", "predicate": "statement", "value": {"type": "words", "text": "x"}, "speaker": SPEAKER, "quote": "q"}]),
        line(claims=[{"id": "c", "predicate": "statement", "value": {"type": "words", "text": "x"}, "speaker": SPEAKER}] * 2),
        line(claims=[{"id": "c1", "predicate": "statement", "value": {"type": "words", "text": "x" * 5000}, "speaker": SPEAKER}]),
        b'{"kind": "warning", "side": "PK", "claims": "' + b"x" * (2 << 20) + b'"}\n',
    ],
)  # fmt: skip
def test_hostile_lines_are_refused_and_nothing_is_filed(desk, bad):
    done = run(desk, [line(1), bad])
    assert (done.filed, done.refused) == (0, 1)
    assert done.told[0].line == 2


def test_an_incident_that_is_not_here_is_refused_and_one_that_is_is_joined(desk):
    known = desk.file().record.incident
    assert run(desk, [line(1, incident=known)]).filed == 1
    with pytest.raises(InputError, match="no incident"):
        run(desk, [line(2, incident="EAST-I-NONE")])
    assert len(records(desk)) == 2


def test_who_may_not_file_may_not_import_and_an_import_is_released_like_any_record(desk):
    with pytest.raises(Refused):
        run(desk, [line(1)], login="auditor")
    assert run(desk, [line(1)]).filed == 1
    with pytest.raises(InputError):
        propose_release(desk.node, desk.officers["duty"], records(desk)[0].record.id, purpose="settlement", necessity="Needed to settle it.")


CSV = """kind,side,basis,occurred,place,country,lon,lat,radius_m,action,killed,wounded,statement,grade
incident_account,PK,attributed,1405-08-21,"near Mirjaveh, post 155",IR,61.45,29.02,500,crossing,,2-4,They crossed.,C3
warning,IR,own,2026-11-12T09:30+03:30,,,,,,drone,0,,,B2
"""


def test_csv_rows_become_records_with_days_of_either_calendar(desk):
    done = import_records(desk.node, desk.officers["duty"], lambda: read_csv(CSV.splitlines(keepends=True), "Asia/Tehran"))
    assert (done.filed, done.told) == (2, [])
    found = records(desk, bbox="61,29,62,30", since="2026-11-11", until="2026-11-12")
    assert [claim.predicate for claim in found[0].record.claims] == ["occurred", "action", "wounded", "place", "statement"]
    assert found[0].record.claims[0].value.start.isoformat() == "2026-11-11T20:30:00+00:00"
    assert (found[0].record.claims[2].value.low, found[0].record.claims[2].value.high) == (2, 4)


@pytest.mark.parametrize(
    "row",
    ["incident_account,PK,attributed,soon,,,,,,,,,,", "incident_account,PK,,,,,x,1,,,,,,", "incident_account,PK,,,,,1,,,,,,,", "incident_account,PK,,,,,,,,flight,,,,",
     "incident_account,PK,,,,,,,,,many,,,", "incident_account,PK,,2026-11-12T09:30,,,,,,,,,,", "incident_account,PK", "incident_account,PK,,,,,nan,1,,,,,,",
     "incident_account,PK,,,,,,,,crossing,,,,Z9", ",,,,,,,,,,,,,"],
)  # fmt: skip
def test_csv_rows_that_cannot_be_read_are_refused_by_number(desk, row):
    text = [*CSV.splitlines(keepends=True), f"{row}\n"]
    done = import_records(desk.node, desk.officers["duty"], lambda: read_csv(text, "UTC"))
    assert (done.filed, done.refused, done.told[0].line) == (0, 1, 4)


@pytest.mark.parametrize("first", ["", "a,b\n", "kind,side,name\n", "side\n"])
def test_a_csv_file_without_its_columns_is_refused(desk, first):
    with pytest.raises(InputError, match="columns"):
        import_records(desk.node, desk.officers["duty"], lambda: read_csv([first, "x,y,z\n"], "UTC"))
