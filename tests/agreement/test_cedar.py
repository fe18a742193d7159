# SPDX-License-Identifier: Apache-2.0
"""Two ways to one decision: `permit`, and Cedar policies written from the agreement file's bytes alone. They agree, and name the same clause.

HAMSAYA_CEDAR_CASES sets how many seeded cases run beside the shrinkable ones: 97,000 here, 1,000,000 by `make cedar`.
"""

from __future__ import annotations

import ast
import os
import random
from datetime import timedelta
from pathlib import Path

import cedarpy
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement import cedar
from tests.agreement.made import FROM, NOW, UNTIL, agreement, signatures

from hamsaya.agreement.asked import Asked
from hamsaya.agreement.charter import standing
from hamsaya.agreement.clauses import (
    Area,
    Deadlines,
    Exactness,
    Ground,
    HandlingCeiling,
    Kinds,
    OriginatorControl,
    Polygon,
    Purposes,
    Quotes,
    RefusalGrounds,
    TearLine,
)
from hamsaya.agreement.decision import RULES
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.permit import permit, read_terms
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import say

CASES = int(os.environ.get("HAMSAYA_CEDAR_CASES", "97000"))
PER_AGREEMENT = 500
ZONE = Polygon(called={"en": "a", "fa": "b", "ur": "c"}, points=[(0, 0), (1_000_000, 0), (0, 1_000_000)])
PARTIES = ("west", "east", "north")
KIND_NAMES, FIELDS = list(RECORD_KINDS), sorted(PREDICATES)
MARKINGS = ["", "", "", "M1", "M2"]
GROUND_NAMES = [*GROUNDS, "press"]


def clause_by(choose, some, number):
    """Make a clause; `choose` picks one of a list, `some` a few of a list."""
    sender = choose(PARTIES)
    receiver = choose([party for party in PARTIES if party != sender])
    match choose(
        [
            "kinds",
            "kinds",
            "kinds",
            "handling",
            "scales",
            "purposes",
            "tear-line",
            "area",
            "exactness",
            "quotes",
            "grounds",
            "deadlines",
            "originator",
        ]
    ):
        case "kinds":
            return Kinds(number=number, sender=sender, receiver=receiver, kinds=some(KIND_NAMES, 1, 4))
        case "handling":
            return HandlingCeiling(number=number, ceiling=choose(HANDLING))
        case "scales":
            return HandlingCeiling(number=number, ceiling=choose(HANDLING), scales={sender: {"M1": choose(HANDLING), "M2": choose(HANDLING)}})
        case "purposes":
            return Purposes(number=number, purposes=some(list(PURPOSES), 1, 4))
        case "tear-line":
            return TearLine(number=number, fields=some(FIELDS, 1, 5))
        case "area":
            return Area(number=number, kinds=some(KIND_NAMES, 1, 6), zones=[ZONE])
        case "exactness":
            return Exactness(number=number, place_m=1000, time_min=10, number_step=5)
        case "quotes":
            return Quotes(number=number, allowed=choose([True, False]))
        case "grounds":
            return RefusalGrounds(number=number, also=[Ground("press", {"en": "a", "fa": "b", "ur": "c"})])
        case "deadlines":
            return Deadlines(number=number, acknowledge_min=1, answer_min=2)
    return OriginatorControl(number=number, answer_min=1, consent_for=[sender])


def agreement_by(choose, some):
    clauses = [clause_by(choose, some, str(number)) for number in range(1, choose([2, 3, 4, 6, 9]))]
    return agreement(
        [Kinds(number="0", sender="west", receiver="east", kinds=KIND_NAMES), *clauses], parties=PARTIES, exercise=choose([False] * 4 + [True])
    )


def asked_by(choose, some, exercise):
    """Make a question that mostly has nothing against it, so that each single reason decides often."""
    rare = choose(range(12))
    at = choose([FROM, UNTIL - timedelta(microseconds=1), UNTIL, FROM - timedelta(days=1)]) if rare == 0 else NOW
    return Asked(
        sender=choose([*PARTIES, "stranger"]) if rare == 1 else choose(["west", "west", "east", "north"]),
        receiver=choose([*PARTIES, "stranger", ""]) if rare == 2 else choose(["east", "east", "west", "north"]),
        kind=choose([*KIND_NAMES, "strike"]), handling=choose([*HANDLING, "secret", ""]) if rare == 3 else choose(HANDLING[:3]), marking=choose(MARKINGS),
        exercise=choose([True, False]) if rare == 4 else exercise, fields=frozenset() if rare == 5 else frozenset(some(FIELDS, 1, 3)),
        ungraded=("c1",) if rare == 6 else (), unsound=say("unsound") if rare == 7 else None,
        purpose=choose(["", "targeting", *PURPOSES]) if rare == 8 else choose(list(PURPOSES)),
        necessity_words=choose([0, 2, 3, 4]) if rare == 9 else 7, necessity_plain=choose([True, False]) if rare == 9 else True, at=at,
        leaves_from=choose([None, NOW, NOW + timedelta(microseconds=1), NOW + timedelta(hours=3), NOW - timedelta(hours=3)]),
        grounds=frozenset(some(GROUND_NAMES, 1, 2)) if rare == 10 else frozenset(), danger=choose([False, False, True]),
        outside=frozenset(some([str(number) for number in range(1, 9)], 1, 8)) if rare == 11 else frozenset(),
        unconsented=tuple(some(PARTIES, 1, 2)) if choose(range(12)) == 0 else (),
    )  # fmt: skip


def context_of(asked, signed):
    told = {
        "sender": asked.sender, "receiver": asked.receiver, "kind": asked.kind, "handling": asked.handling, "marking": asked.marking,
        "exercise": asked.exercise, "fields": sorted(asked.fields), "ungraded": len(asked.ungraded), "sound": asked.unsound is None,
        "purpose": asked.purpose, "words": asked.necessity_words, "plain": asked.necessity_plain, "grounds": sorted(asked.grounds),
        "danger": asked.danger, "at": cedar.micros(asked.at.isoformat()), "signed": sorted(signed),
        "outside": sorted(asked.outside), "unconsented": sorted(asked.unconsented),
    }  # fmt: skip
    return told if asked.leaves_from is None else {**told, "leaves_from": cedar.micros(asked.leaves_from.isoformat())}


class TwoWays:
    """One agreement, ready to be asked both ways."""

    def __init__(self, made):
        self.made, self.terms, self.all_signed = made, read_terms(made), signatures(made)
        named = cedar.policies_of(made.body())
        self.names, self.policies = [name for name, _ in named], "\n".join(policy for _, policy in named)

    def ours(self, asked, signed):
        return permit(asked, self.terms, standing(self.made, {party: self.all_signed[party] for party in signed}, asked.at))

    def theirs(self, results):
        for result in results:
            assert not result.diagnostics.errors
            yield result.decision is cedarpy.Decision.Allow, {self.names[int(reason.removeprefix("policy"))] for reason in result.diagnostics.reasons}


def check_same(ours, allowed, named):
    """Both say the same; who decided here is among those who decided there. Where nothing allows, Cedar names nobody."""
    assert ours.allowed == allowed
    if ours.rule == "deny-by-default":
        return
    assert (ours.rule or ours.clause) in named


@settings(max_examples=3000, deadline=None)
@given(st.data())
def test_both_ways_agree_on_any_agreement_and_any_question(data):
    choose = lambda of: data.draw(st.sampled_from(list(of)))  # noqa: E731
    some = lambda of, low, high: data.draw(st.lists(st.sampled_from(of), min_size=low, max_size=high, unique=True))  # noqa: E731
    two = TwoWays(agreement_by(choose, some))
    asked, signed = asked_by(choose, some, two.made.table.exercise), choose([PARTIES] * 5 + [("west", "east"), ()])
    (theirs,) = two.theirs([cedarpy.is_authorized(cedar.request_of(context_of(asked, signed)), two.policies, [])])
    check_same(two.ours(asked, signed), *theirs)


def test_both_ways_agree_on_many_seeded_cases():
    rng = random.Random(20261122)  # noqa: S311  (cases, not secrets)
    some = lambda of, low, high: rng.sample(of, rng.randint(low, min(high, len(of))))  # noqa: E731
    outcomes = dict.fromkeys(("allowed", "clause", *RULES), 0)
    for start in range(0, CASES, PER_AGREEMENT):
        two = TwoWays(agreement_by(rng.choice, some))
        now = {signed: {} for signed in (PARTIES, ("west", "east"))}
        asked = [(asked_by(rng.choice, some, two.made.table.exercise), rng.choice([PARTIES] * 9 + [("west", "east")]))
                 for _ in range(min(PER_AGREEMENT, CASES - start))]  # fmt: skip
        results = cedarpy.is_authorized_batch([cedar.request_of(context_of(*each)) for each in asked], two.policies, [])
        for (question, signed), theirs in zip(asked, two.theirs(results), strict=True):
            if question.at not in now[signed]:
                now[signed][question.at] = standing(two.made, {party: two.all_signed[party] for party in signed}, question.at)
            ours = permit(question, two.terms, now[signed][question.at])
            check_same(ours, *theirs)
            outcomes["allowed" if ours.allowed else ours.rule or "clause"] += 1
    seldom = {name: times for name, times in outcomes.items() if times < CASES // 1000 and name not in OUTSIDE}
    assert not seldom  # each outcome is met often, or the comparison says nothing about it


OUTSIDE = {"two-officers", "amended", "screen", "unknown-clause"}
"""Decided by the desk, by what `prepare` makes, and when the agreement is read."""


def test_second_way_imports_nothing_of_the_project():
    tree = ast.parse(Path(cedar.__file__).read_text("utf-8"))
    named = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    named |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not [name for name in named if name.startswith(("hamsaya", "tests"))]


@pytest.mark.parametrize("wrong", [
    lambda asked: msgspec.structs.replace(asked, grounds=frozenset(["asylum"])),
    lambda asked: msgspec.structs.replace(asked, handling="red"),
    lambda asked: msgspec.structs.replace(asked, leaves_from=NOW + timedelta(hours=1)),
])  # fmt: skip
def test_a_difference_between_the_two_ways_would_be_seen(wrong):
    made = agreement(
        [Kinds(number="0", sender="west", receiver="east", kinds=KIND_NAMES), HandlingCeiling(number="1", ceiling="amber")], parties=PARTIES
    )
    two = TwoWays(made)
    right = Asked(sender="west", receiver="east", kind="meeting", handling="green", marking="", exercise=False, fields=frozenset(["action"]), ungraded=(),
                  unsound=None, purpose="rescue", necessity_words=5, necessity_plain=True, at=NOW, leaves_from=None)  # fmt: skip
    (theirs,) = two.theirs([cedarpy.is_authorized(cedar.request_of(context_of(wrong(right), PARTIES)), two.policies, [])])
    with pytest.raises(AssertionError):
        check_same(two.ours(right, PARTIES), *theirs)
