# SPDX-License-Identifier: Apache-2.0
"""May this version go to that party, for this purpose? Allowed or refused, by which clause or rule (laws 1, 11, 12, 15)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CEILING, EAST_TO_WEST, FOR, FROM, NOW, UNTIL, WEST_TO_EAST, agreement, standing_at
from tests.facts.made import claim, code, count, record

from hamsaya.agreement.asked import ask
from hamsaya.agreement.charter import Standing
from hamsaya.agreement.clauses import HandlingCeiling, Kinds, Purposes
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.agreement.release import decide
from hamsaya.facts.grades import HANDLING, is_within
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import say

MADE = agreement()
EXERCISE = agreement(exercise=True)
THREE = agreement([WEST_TO_EAST, EAST_TO_WEST, CEILING, FOR], parties=("west", "east", "north"))
IN_FORCE = standing_at(MADE)
NECESSITY = "Both commands must see this account."


def asked(version=None, *, made=MADE, now=None, receiver="east", purpose="settlement", necessity=NECESSITY, **options):
    now = now or (standing_at(made) if made else IN_FORCE)
    version = version or record()
    return decide(version, necessity, ask(version, receiver, purpose, necessity, NOW, **options), made, now)


def test_refusal_by_default_names_the_clause_that_was_searched_where_there_is_one():
    assert asked(record(kind="warning")).clause == "1"
    assert asked(record(kind="incident_account", party="east"), receiver="west").clause == "2"
    assert asked(made=THREE, receiver="north").clause == ""


def test_reason_does_not_repeat_what_the_screen_found():
    decision = asked(necessity="Colonel Ahmadi asked for it.")
    assert "Ahmadi" not in str(decision.reason)


def test_ungraded_claims_are_named():
    decision = asked(record(claim("action", code("raid")), claim("killed", count(1, 1), number=2, grade=None)))
    assert "c2" in str(decision.reason)
    assert "c1" not in str(decision.reason)


PARTIES = st.sampled_from(["west", "east", "north", "stranger", ""])
WORDS = st.sampled_from(["", "needed", "Both commands must see this.", "Colonel Ahmadi asked for it.", "یہ دونوں کے لیے ضروری ہے"])
CLAUSE_LISTS = st.lists(
    st.one_of(
        st.builds(Kinds, number=st.just("?"), sender=st.sampled_from(["west", "east", "north"]), receiver=st.sampled_from(["west", "east", "north"]),
                  kinds=st.lists(st.sampled_from(list(RECORD_KINDS)), min_size=1, max_size=3)),
        st.builds(HandlingCeiling, number=st.just("?"), ceiling=st.sampled_from(HANDLING)),
        st.builds(Purposes, number=st.just("?"), purposes=st.lists(st.sampled_from(list(PURPOSES)), min_size=1, max_size=3)),
    ),
    min_size=1, max_size=5,
).map(lambda clauses: [msgspec.structs.replace(clause, number=str(number)) for number, clause in enumerate(clauses, 1)])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    CLAUSE_LISTS, st.booleans(), st.booleans(), st.sampled_from([(), ("west",), ("west", "east"), None]),
    st.sampled_from([FROM - timedelta(days=1), NOW, UNTIL]), PARTIES, PARTIES, st.sampled_from([*RECORD_KINDS, "incident_account"]),
    st.sampled_from([*HANDLING, "secret"]), st.sampled_from([*PURPOSES, "targeting", ""]), WORDS, st.sampled_from(["B2", "F6", "", None]),
)  # fmt: skip
def test_nothing_is_allowed_without_a_clause_in_force_for_exactly_this_kind_and_pair(
    clauses, exercise, drill, signed, at, sender, receiver, kind, handling, purpose, necessity, grade
):
    made = agreement(clauses, exercise=exercise, parties=("west", "east", "north"))
    now = standing_at(made, at, signed)
    version = record(claim("action", code("raid"), grade=grade), party=sender, kind=kind, handling=handling, exercise=drill)
    decision = decide(version, necessity, ask(version, receiver, purpose, necessity, at), made, now)
    assert bool(decision.clause or decision.rule)
    if not decision.allowed:
        return
    assert now.in_force
    assert signed is None
    assert at == NOW
    clause = next(each for each in clauses if each.number == decision.clause)
    assert isinstance(clause, Kinds)
    assert (clause.sender, clause.receiver) == (sender, receiver)
    assert kind in clause.kinds
    assert all(is_within(handling, each.ceiling) for each in clauses if isinstance(each, HandlingCeiling))
    assert all(purpose in each.purposes for each in clauses if isinstance(each, Purposes))
    assert purpose in PURPOSES
    assert grade in ("B2", "F6")
    assert exercise == drill
    assert len(necessity.split()) >= 3
    assert "Ahmadi" not in necessity


@pytest.mark.parametrize("state", ["draft", "signed by some", "not yet valid", "expired"])
def test_no_state_but_in_force_allows_anything(state):
    assert asked(now=Standing(state, say("…"), ["west", "east"])).rule == "in-force"
