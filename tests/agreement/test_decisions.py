# SPDX-License-Identifier: Apache-2.0
"""The decision table, `decisions.toml`: every case has the outcome that it names."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from tests.agreement.made import CLAUSES, NOW, agreement, standing_at
from tests.facts.made import record

from hamsaya.agreement.charter import Standing
from hamsaya.agreement.clauses import Clause
from hamsaya.agreement.decision import RULES
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.agreement.standing_approval import standing_approval
from hamsaya.facts.claims import Span
from hamsaya.facts.records import Derived, Record
from hamsaya.facts.values import Count, Moment, Place
from hamsaya.facts.words import say

TABLE = tomllib.loads((Path(__file__).parent / "decisions.toml").read_text("utf-8"))["case"]
USUAL = record()
KEYS = {
    "name",
    "record",
    "claims",
    "agreement",
    "clauses",
    "also",
    "signed",
    "at",
    "receiver",
    "purpose",
    "necessity",
    "repeat",
    "grounds",
    "danger",
    "consented",
    "outcome",
    "alone",
    "sentence",
    "copy",
}
NECESSITY = "Both commands must see this account."
OUTSIDE = {"two-officers", "amended", "unknown-clause"}  # decided by the desk, and when the agreement is read
NONE = Standing("draft", say("none"), [])


def version_of(case):
    made = msgspec.to_builtins(USUAL) | case.get("record", {})
    for number, told in enumerate(case.get("claims", []), 1):
        made["claims"] = made["claims"] if number > 1 else []
        grade = None if told.get("ungraded") else told.get("grade", "B2")
        made["claims"].append({"id": f"c{number}", "speaker": {"kind": "own"}, **told, "grade": grade})
    if case.get("claims") == []:
        made["claims"] = []
    handling = made["handling"]  # also one that is no level: the table asks what happens then
    return msgspec.structs.replace(msgspec.convert(made | {"handling": "red"}, Record), handling=handling)


def agreement_of(case):
    match case.get("agreement", "usual"):
        case "none":
            return None
        case "exercise":
            return agreement(exercise=True)
        case "of three":
            return agreement(CLAUSES[:4], parties=("west", "east", "north"))
    told = msgspec.convert([*case.get("clauses", []), *case.get("also", [])], list[Clause])
    return agreement(told if "clauses" in case else [*CLAUSES, *told])


def outcome_of(case):
    made, version, at = agreement_of(case), version_of(case), case.get("at", NOW)
    necessity = case.get("necessity", NECESSITY) * case.get("repeat", 1)
    signed = tuple(case["signed"]) if "signed" in case else None
    asked = question(version, case.get("receiver", "east"), case.get("purpose", "settlement"), necessity, at, made,
                     grounds=case.get("grounds", []), danger=case.get("danger", False),
                     consented=msgspec.convert(case.get("consented", []), list[Derived]))  # fmt: skip
    return decide(version, necessity, asked, made, standing_at(made, at, signed) if made else NONE)


@pytest.mark.parametrize("case", TABLE, ids=[case["name"] for case in TABLE])
def test_case_of_the_table(case):
    assert set(case) <= KEYS
    decision = outcome_of(case)
    if decision.allowed:
        assert case["outcome"] == f"allowed by clause {decision.clause}"
        assert not decision.rule
    else:
        assert case["outcome"] == (f"refused by rule {decision.rule}" if decision.rule else f"refused by clause {decision.clause}")
    assert str(decision.reason)
    if "alone" in case:
        made = agreement_of(case)
        alone = standing_approval(prepare(version_of(case), made).record, decision, made, danger=case.get("danger", False))
        assert case["alone"] == (f"{alone.clause}, {alone.review_h}" if alone else "")


@pytest.mark.parametrize("case", [case for case in TABLE if "copy" in case], ids=lambda case: case["name"])
def test_copy_of_the_case_is_as_exact_as_the_table_says(case):
    version = version_of(case)
    quoted = msgspec.structs.replace(version.claims[0], span=Span(document="ab" * 32, start=0, end=4, sentence_start=0, sentence_end=30))
    version = msgspec.structs.replace(version, claims=[quoted, *version.claims[1:]])
    copy = prepare(version, agreement_of(case), {quoted.id: case["sentence"]} if "sentence" in case else None).record
    found = {}
    for value in (claim.value for claim in copy.claims):
        match value:
            case Place():
                found["radius_m"] = value.radius_m
            case Moment():
                found["minutes"] = (value.end - value.start).total_seconds() / 60
            case Count():
                found["number"] = [value.low, value.high]
    found |= {"sentence": bool(copy.claims[0].quote)} if "sentence" in case else {}
    assert case["copy"] == found


def test_table_shows_every_type_of_clause():
    shown = {clause["type"] for case in TABLE for clause in [*case.get("clauses", []), *case.get("also", [])]}
    assert shown == {each.__struct_config__.tag for each in get_args(Clause)}


def test_table_has_its_sixty_cases_and_more_each_of_its_own_name():
    assert len(TABLE) >= 60
    assert not [name for name, times in Counter(case["name"] for case in TABLE).items() if times > 1]


def test_table_shows_every_rule_and_every_ground_refusing():
    refusing = {case["outcome"].removeprefix("refused by rule ") for case in TABLE if case["outcome"].startswith("refused by rule ")}
    assert refusing == set(RULES) - OUTSIDE
    assert {ground for case in TABLE for ground in case.get("grounds", [])} >= set(GROUNDS)
