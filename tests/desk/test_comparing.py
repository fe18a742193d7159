# SPDX-License-Identifier: Apache-2.0
"""The six texts of October 2014 at a lone node: filed as attributed accounts, compared as the golden file expects, nothing lost on the way."""

from __future__ import annotations

import msgspec
import pytest
from tests.accounts.october import claims_of, expected, golden, line, told

from hamsaya.accounts.casualties import casualties
from hamsaya.desk.comparing import as_data, comparison_of
from hamsaya.desk.importing import import_records, read_json_lines
from hamsaya.desk.incidents import view_incident
from hamsaya.facts.records import Record
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical, parse

GOLDEN = golden()


def enter(desk, event):
    """File each account of an event, the first as a new incident; returns the incident."""
    incident = ""
    for entry in event["account"]:
        done = import_records(desk.node, desk.officers["duty"], lambda: read_json_lines([line(entry, GOLDEN["places"], incident)]))  # noqa: B023
        assert (done.filed, done.refused) == (1, 0), done.told
        with desk.store.reading() as book:
            incident = incident or book.incidents()[0]
    return incident


def compared(desk, incident):
    with desk.store.reading() as book:
        return comparison_of(view_incident(book, incident))


@pytest.mark.parametrize("event", GOLDEN["event"], ids=[event["id"] for event in GOLDEN["event"]])
def test_a_lone_node_compares_what_it_filed_as_the_golden_file_expects(desk, event):
    found = compared(desk, enter(desk, event))
    data = as_data(found)
    assert told(data) == expected(event)
    assert [(each["basis"], each["signed"], each["gives_way"]) for each in data["accounts"]] == [("attributed", False, False)] * len(event["account"])
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize("event", GOLDEN["event"], ids=[event["id"] for event in GOLDEN["event"]])
def test_no_claim_is_lost_between_entry_store_and_comparison(desk, event):
    found = compared(desk, enter(desk, event))
    entered = sorted(repr(msgspec.to_builtins(claim)) for entry in event["account"] for claim in claims_of(entry, GOLDEN["places"]))
    assert sorted(repr(claim) for row in as_data(found)["fields"] for claims in row["said"].values() for claim in claims) == entered
    for held in found.view.held.values():
        assert msgspec.convert(parse(canonical(held.record)), Record) == held.record


def test_sums_are_of_one_account_each_and_several_stays_open(desk):
    found = as_data(compared(desk, enter(desk, GOLDEN["event"][2])))
    s1, s5, s6 = (each["record"] for each in found["accounts"])
    assert found["casualties"][s1]["IR"]["killed"] == {"type": "count", "low": 2, "high": 2}
    assert found["casualties"][s1][""]["killed"] == {"type": "count", "low": 3, "high": None}
    assert found["casualties"][s5]["IR"]["wounded"] == found["casualties"][s6]["IR"]["wounded"] == {"type": "count", "low": 3, "high": None}


def test_two_numbers_of_one_group_in_one_account_are_not_added_but_two_groups_are():
    claims = [
        {"id": f"c{number}", "predicate": "killed", "value": {"type": "count", "low": low, "high": high}, "speaker": {"kind": "press"},
         "about": {"type": "coded", "code": code, "country": "PK"}}
        for number, (code, low, high) in enumerate([("civilian", 1, 1), ("civilian", 2, 4), ("police", 5, 5), ("border_guard", 1, None)])
    ]  # fmt: skip
    told_by = msgspec.convert(
        {"id": "R-1", "version": 1, "kind": "incident_account", "party": "west", "office": "x", "side": "IR", "basis": "own", "handling": "green",
         "incident": "", "claims": claims[:3], "filed_at": "2026-11-12T00:00:00Z"}, Record,
    )  # fmt: skip
    assert {status: (count.low, count.high) for status, count in casualties(told_by)["PK"].items()} == {"killed": (6, 9)}
    more = msgspec.structs.replace(told_by, claims=msgspec.convert(claims, list[type(told_by.claims[0])]))
    assert (casualties(more)["PK"]["killed"].low, casualties(more)["PK"]["killed"].high) == (7, None)
