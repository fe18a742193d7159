# SPDX-License-Identifier: Apache-2.0
"""When an account tells of harm to civilians, and when it tells of more than was known."""

from __future__ import annotations

import pytest
from tests.facts.made import claim, code, count, record

from hamsaya.accounts.harm import HARMS, harm_in, may_tell, told_anew
from hamsaya.seal.canonical import canonical


def told(*claims):
    return [each.why for each in harm_in(record(*(claim(*each[:2], number=number, **dict(each[2:])) for number, each in enumerate(claims, 1))))]


SHEPHERD = ("killed", count(1, 1), ("about", code("civilian", "shepherd", "PK")))
RAID = ("action", code("raid"))


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ([SHEPHERD], ["people"]),
        ([("wounded", count(0, 3), ("about", code("fisher", "", "IR")))], ["people"]),  # perhaps nobody, perhaps three: somebody must look
        ([("killed", count(0, 0), ("about", code("civilian")))], []),
        ([("killed", count(3, None, "several"), ("about", code("border_guard", "", "IR")))], []),
        ([("killed", count(2, 2), ("about", code("unknown_group")))], []),  # nobody says who they were: nothing is guessed
        ([("killed", count(2, 2))], []),
        ([("held", count(4, 4), ("about", code("vessel_crew")))], ["people"]),
        ([("strength", count(30, 30), ("about", code("civilian")))], []),  # how many they were, not what befell them
        ([RAID], ["deed"]),
        ([RAID, ("site", code("house"))], ["deed", "home"]),
        ([RAID, ("site", code("post"))], []),
        ([RAID, ("site", code("post")), ("site", code("house"))], ["deed", "home"]),
        ([("action", code("hostage_taking"))], ["deed"]),
        ([("action", code("killing"))], ["deed"]),
        ([("action", code("killing")), ("killed", count(1, 1), ("about", code("police")))], []),
        ([("action", code("cross_border_fire"))], []),
        ([("action", code("shelling")), ("site", code("village"))], ["home"]),
        ([("action", code("meeting")), ("site", code("village"))], []),
        ([("property", code("livestock"))], ["property"]),
        ([("property", code("livestock")), ("damage", code("given_back"), ("about", code("livestock")))], []),
        ([("property", code("vehicle")), ("damage", code("destroyed"), ("about", code("vehicle")))], []),  # a patrol has vehicles, too
        ([("property", code("post"))], []),
        ([("treatment", code("ill_treatment"), ("about", code("civilian")))], ["treatment"]),
        ([("treatment", code("ill_treatment"), ("about", code("border_guard")))], []),
        ([("treatment", code("medical_help"), ("about", code("civilian")))], []),
    ],
)  # fmt: skip
def test_what_is_harm_to_civilians_and_why(claims, why):
    assert told(*claims) == why
    assert all(str(HARMS[each]) for each in why)
    signed = canonical(record(*(claim(*each[:2], **dict(each[2:])) for each in claims)))
    assert may_tell(signed) or not why, "the quick look must let nothing pass that tells"


def test_quick_look_spares_what_tells_of_nothing():
    assert not may_tell(
        canonical(record(claim("action", code("cross_border_fire")), claim("killed", count(1, 1), about=code("border_guard"), number=2)))
    )


def harm(*claims):
    return harm_in(record(*(claim(*each[:2], number=number, **dict(each[2:])) for number, each in enumerate(claims, 1))))


def test_more_is_another_group_or_at_least_more_people():
    three = ("killed", count(3, None, "several"), ("about", code("civilian", "villagers", "PK")))
    wider = ("killed", count(1, 5), ("about", code("civilian", "", "PK")))
    others = ("killed", count(1, 1), ("about", code("civilian", "", "IR")))
    assert not told_anew(harm(SHEPHERD), harm(SHEPHERD))
    assert not told_anew(harm(wider), harm(SHEPHERD)), "a vaguer number is no news"
    assert [each.claim.value.low for each in told_anew(harm(three), harm(SHEPHERD))] == [3]
    assert told_anew(harm(others), harm(SHEPHERD)), "people of the other side are others"
    assert [each.why for each in told_anew(harm(SHEPHERD, RAID), harm(SHEPHERD))] == ["deed"]
    assert told_anew(harm(SHEPHERD), [])
