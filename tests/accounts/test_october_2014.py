# SPDX-License-Identifier: Apache-2.0
"""October 2014: every fact of the texts fits the structured account, and the comparison shows what the golden file expects of each field."""

from __future__ import annotations

import json

import msgspec
import pytest
from tests.accounts.october import HOLDER, accounts_of_event, claims_of, golden
from tests.facts.made import FILED_AT

from hamsaya.accounts.compare import accounts_of, compare
from hamsaya.accounts.rules import RULES
from hamsaya.facts.claims import CODES, NATURES, PREDICATES
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import what_is_unsound
from hamsaya.facts.values import DERIVATIONS, Coded, Moment
from hamsaya.seal.canonical import canonical, parse

GOLDEN = golden()
SIDES = ["IR", "PK"]
BOOKKEEPING = {"event", "id", "source", "sources", "note"}


@pytest.mark.parametrize("event", GOLDEN["event"], ids=[event["id"] for event in GOLDEN["event"]])
def test_comparison_is_what_the_golden_file_expects(event):
    records = accounts_of_event(event, GOLDEN["places"])
    accounts = accounts_of(records, {HOLDER: "AF"})
    assert not any(each.signed or each.gives_way or each.repeats for each in accounts)
    found = {
        field.key: {"sides": field.state, "accounts": field.among, "rules": field.rules, "words_differ": field.words_differ,
                    "unspoken": [name.rpartition("-")[2] for name in field.unspoken]}
        for field in compare(accounts, SIDES)
    }  # fmt: skip
    expected = {
        row["key"]: {"sides": row["sides"], "accounts": row["accounts"], "rules": row["rules"], "words_differ": row.get("words_differ", False),
                     "unspoken": row.get("unspoken", [])}
        for row in event["field"]
    }  # fmt: skip
    assert found == expected
    assert all(row["reason"].strip() for row in event["field"])
    assert {rule for row in event["field"] for rule in row["rules"]} <= set(RULES)


def test_the_contradictions_that_everybody_knows_are_shown():
    shown = {(event["id"], row["key"]): row for event in GOLDEN["event"] for row in event["field"]}
    for where in (("E1", "occurred"), ("E3", "occurred"), ("E2", "action"), ("E2", "place")):
        assert shown[where]["accounts"] == "differ"
    assert shown["E3", "actor"]["words_differ"]
    assert {row["accounts"] for row in shown.values()} == {"agree", "differ", "silent"}


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_verdicts_do_not_depend_on_which_source_was_entered_first(order):
    for event in GOLDEN["event"][:3]:
        records = accounts_of_event(event, GOLDEN["places"])
        fields = compare(accounts_of([records[each] for each in order], {HOLDER: "AF"}), SIDES)
        assert {field.key: (field.state, field.among, set(field.rules)) for field in fields} == {
            row["key"]: (row["sides"], row["accounts"], set(row["rules"])) for row in event["field"]
        }


def entries():
    for event in GOLDEN["event"]:
        for entry in event["account"]:
            yield f"{event['id']}-{entry['source']}", entry
    for entry in GOLDEN["other"]:
        yield entry["id"], entry


@pytest.mark.parametrize("entry", [entry for _, entry in entries()], ids=[name for name, _ in entries()])
def test_every_claim_is_sound_known_in_three_languages_and_survives_its_bytes(entry):
    claims = claims_of(entry, GOLDEN["places"])
    record = Record(
        id="LONE-R-1", version=1, kind=entry.get("kind", "incident_account"), party=HOLDER, office="desk", side=entry["side"], basis="attributed",
        handling="clear", incident="", claims=claims, filed_at=FILED_AT,
    )  # fmt: skip
    assert what_is_unsound(record) is None
    assert msgspec.convert(parse(canonical(record)), Record) == record
    for claim in claims:
        assert claim.predicate in PREDICATES
        assert claim.nature in NATURES
        for value in (claim.value, claim.about):
            assert not isinstance(value, Coded) or value.code in CODES
        assert not isinstance(claim.value, Moment) or not claim.value.derivation or claim.value.derivation in DERIVATIONS


@pytest.mark.shared
def test_every_fact_of_the_reference_has_a_claim_and_nothing_is_left_over(shared):
    reference = json.loads((shared / "data/accounts/oct2014_accounts.json").read_text("utf-8"))
    by_place = {(event["id"], entry["source"]): entry for event in GOLDEN["event"] for entry in event["account"]}
    others = {entry["id"]: entry for entry in GOLDEN["other"]}
    rows = [(by_place[row["event"], row["source"]], row) for row in reference["claims"]]
    rows += [(others[row["id"]], row) for row in [*reference["complaints"], *reference["meetings"]]]
    assert len(rows) == 15
    left_over = [
        (row.get("event") or row["id"], row.get("source"), key)
        for entry, row in rows
        for key in sorted({name for name, value in row.items() if value is not None} - BOOKKEEPING)
        if key not in {name for claim in entry["says"] for name in claim.get("from", "").split()}
    ]
    assert left_over == []


@pytest.mark.shared
def test_the_numbers_and_days_entered_are_those_of_the_reference(shared):
    reference = json.loads((shared / "data/accounts/oct2014_accounts.json").read_text("utf-8"))
    by_place = {(event["id"], entry["source"]): entry for event in GOLDEN["event"] for entry in event["account"]}
    for row in reference["claims"]:
        says = by_place[row["event"], row["source"]]["says"]
        days = [claim["day"] for claim in says if claim["p"] in ("occurred", "reported")]
        assert (row["date"] or row["reported"])[:10] in days
        for name, predicate in (("killed", "killed"), ("wounded", "wounded"), ("personnel", "strength")):
            told = [claim["n"] for claim in says if claim["p"] == predicate]
            match row.get(name):
                case int(number):
                    assert [number, number] in told
                case "several":
                    assert [3, "more"] in told
                case str():
                    assert any(low <= 30 <= high for low, high in told)
