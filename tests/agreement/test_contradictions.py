# SPDX-License-Identifier: Apache-2.0
"""What a party signed twice in one place: both are kept and named, and of the two what stops counts."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest
from tests.agreement.made import KEYS, NOW, signatures
from tests.agreement.test_lifecycle import COUNTER, FIRST, HOUR, PAIR, act, history

from hamsaya.agreement.contradictions import contradictions
from hamsaya.agreement.lifecycle import counted, life_of

SIGNED = [(FIRST, PAIR)]
SUSPEND, RESUME, WITHDRAW = (act(FIRST, "east", verb, 2) for verb in ("suspend", "resume", "withdraw"))
BEFORE = act(FIRST, "east", "suspend", 1)


@pytest.mark.parametrize(
    ("acts", "state"),
    [
        ([SUSPEND, RESUME], "suspended"),
        ([BEFORE, SUSPEND, RESUME], "suspended"),
        ([BEFORE, RESUME], "in force"),
        ([BEFORE, RESUME, act(FIRST, "east", "resume", 2, reason="Other words.")], "in force"),
        ([BEFORE, RESUME, act(COUNTER, "east", "decline", 2)], "suspended"),
        ([BEFORE, SUSPEND, RESUME, act(FIRST, "east", "resume", 3)], "in force"),
        ([RESUME, WITHDRAW], "withdrawn"),
        ([SUSPEND, act(FIRST, "east", "suspend", 2, reason="Other words.")], "suspended"),
    ],
    ids=["stop beats go", "go is doubted", "plain", "two goes", "go beside another act", "a later go", "end beats all", "two stops"],
)
def test_of_acts_under_one_number_what_stops_counts_in_any_order(acts, state):
    found = [history(FIRST, COUNTER, signed=SIGNED, acts=order) for order in permutations(acts)]
    assert {life_of(each, NOW).standing.state for each in found} == {state}
    assert len({str(contradictions(each)) for each in found}) == 1
    assert len({str(life_of(each, NOW)) for each in found}) == 1


def test_two_acts_under_one_number_are_named_with_what_proves_them():
    found = contradictions(history(FIRST, signed=SIGNED, acts=[SUSPEND, BEFORE, RESUME, SUSPEND]))
    assert [(each.party, each.number, each.text, each.signed) for each in found] == [("east", 2, "", sorted([SUSPEND, RESUME]))]


def test_what_does_not_verify_contradicts_nothing():
    forged = act(FIRST, "east", "withdraw", 2, key=KEYS["stranger"])
    assert contradictions(history(FIRST, signed=SIGNED, acts=[SUSPEND, forged])) == []


def test_same_number_of_two_parties_is_no_contradiction():
    assert contradictions(history(FIRST, signed=SIGNED, acts=[SUSPEND, act(FIRST, "west", "resume", 2)])) == []


def test_text_signed_twice_is_named_and_the_earlier_signature_counts():
    early, late = signatures(FIRST)["east"], signatures(FIRST, at=NOW + HOUR)["east"]
    assert counted([late, early]) == counted([early, late]) == early
    whole = msgspec.structs.replace(history(FIRST, signed=SIGNED), others={FIRST.hash(): {"east": [late]}})
    assert [(each.party, each.number, each.text, each.signed) for each in contradictions(whole)] == [("east", 0, FIRST.hash(), sorted([early, late]))]
    assert life_of(whole, NOW).texts[0].signed["east"].at == NOW
