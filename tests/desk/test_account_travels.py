# SPDX-License-Identifier: Apache-2.0
"""A structured account between two nodes: every claim arrives, both compare alike, and what a newer version adds is kept in its bytes."""

from __future__ import annotations

import json

import msgspec
from tests.accounts.october import told
from tests.conftest import release
from tests.desk.forged import copy_of, forge
from tests.desk.test_structured_reports import TYPED

from hamsaya.desk.comparing import as_data, comparison_of
from hamsaya.desk.correcting import correct_record
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.reports import file_report
from hamsaya.facts.claims import Claim
from hamsaya.facts.values import Count
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical


def compared(desk, incident):
    with desk.store.reading() as book:
        return as_data(comparison_of(view_incident(book, incident)))


def last(desk, record):
    with desk.store.reading() as book:
        return book.versions(record)[-1].record


def as_told(claim: Claim) -> tuple[object, ...]:
    """Return what a claim says, without what stays at home: the salted sentence, and words of a value that was made coarser."""
    value = claim.value if not isinstance(claim.value, Count) else (claim.value.low, claim.value.high)
    return claim.id, claim.predicate, value, claim.about, claim.nature, claim.grade, claim.speaker.kind


def test_every_claim_of_a_structured_account_arrives_and_both_nodes_compare_alike(agreed):
    west, east = agreed.west, agreed.east
    filed = file_report(west.node, west.officers["duty"], msgspec.structs.replace(TYPED, location="", time="")).held.record
    known = [msgspec.structs.replace(claim, nature="estimated") if claim.predicate == "strength" else claim for claim in filed.claims]
    correct_record(west.node, west.officers["duty"], filed.id, known)
    release(west, filed.id)
    agreed.sync()
    assert list(map(as_told, last(east, filed.id).claims)) == list(map(as_told, last(west, filed.id).claims))
    assert {claim.predicate: claim.nature for claim in last(east, filed.id).claims}["strength"] == "estimated"
    theirs = file_report(
        east.node, east.officers["duty"], msgspec.structs.replace(TYPED, killed="3 Pakistani border guards", missing="", location=""),
        incident=filed.incident,
    ).held.record  # fmt: skip
    release(east, theirs.id)
    agreed.sync()
    mine, other = (compared(desk, filed.incident) for desk in (west, east))
    assert told(mine) == told(other)
    assert mine["casualties"] == other["casualties"]
    assert told(mine)["killed:border_guard@PK"] == ("differ", "differ", ["ranges-apart"])
    assert told(mine)["wounded:border_guard@PK"][0] == "agree"
    assert told(mine)["missing:civilian@PK"][:2] == ("silent", "silent")
    assert [verify_store(desk.store).faults for desk in (west, east)] == [[], []]


def test_what_a_newer_version_says_is_kept_in_its_bytes_shown_and_compared_as_it_came(agreed):
    west, east = agreed.west, agreed.east
    held = release(west, west.file().record.id)
    content = json.loads(_with_incident(west, held))
    first = content["record"]["claims"][0]
    first["weather_of_2040"] = {"fog": [1, 2]}
    content["record"]["of_2040"] = "kept"
    content["record"]["claims"].append({**first, "id": "c99", "predicate": "mood_of_2040", "value": {"type": "coded", "code": "calm_of_2040"}})
    raw = canonical(content)
    forge(west, held, raw)
    agreed.sync()
    with east.store.reading() as book:
        entry = next(each for each in book.entries(held.log, 0, 100) if each.header().about.get("record") == "WEST-R-NEWER1")
        assert entry.content == raw
        assert book.versions("WEST-R-NEWER1")
    found = compared(east, "WEST-I-NEWER1")
    assert told(found)["mood_of_2040"] == ("silent", "silent", [])
    assert verify_store(east.store).faults == []


def _with_incident(west, held):
    sent = copy_of(west, held)
    return canonical(msgspec.structs.replace(sent, record=msgspec.structs.replace(sent.record, id="WEST-R-NEWER1", incident="WEST-I-NEWER1")))
