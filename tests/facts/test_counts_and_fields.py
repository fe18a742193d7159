# SPDX-License-Identifier: Apache-2.0
"""A range stays a range in a sum, and a claim is compared under the field that it belongs to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.facts.made import claim, code, count, day

from hamsaya.facts.claims import CODES, PREDICATES, field_of
from hamsaya.facts.values import SEVERAL, Count, add_counts

NUMBERS = st.integers(0, 500)
COUNTS = st.tuples(NUMBERS, st.none() | NUMBERS).map(lambda pair: Count(low=pair[0], high=None if pair[1] is None else pair[0] + pair[1]))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ([], 0, 0),
        ([(1, 1)], 1, 1),
        ([(1, 1), (2, 4)], 3, 5),
        ([SEVERAL, (2, 2)], 5, None),
        ([SEVERAL, SEVERAL], 6, None),
        ([(0, None)], 0, None),
        ([(0, 0), (0, 0)], 0, 0),
    ],
)
def test_sum_of_counts(counts, low, high):
    assert add_counts([count(*each) for each in counts]) == count(low, high)


@given(st.lists(COUNTS, max_size=6), st.lists(COUNTS, max_size=6))
def test_sum_holds_every_total_that_the_parts_allow_and_does_not_depend_on_order(some, more):
    total = add_counts([*some, *more])
    assert total == add_counts([*more, *some]) == add_counts([add_counts(some), add_counts(more)])
    assert total.low == sum(each.low for each in [*some, *more])
    assert (total.high is None) == any(each.high is None for each in [*some, *more])


@pytest.mark.parametrize(
    ("predicate", "about", "field"),
    [
        ("killed", code("border_guard", country="PK"), "killed:border_guard@PK"),
        ("killed", code("border_guard"), "killed:border_guard"),
        ("killed", None, "killed"),
        ("strength", code("smuggler"), "strength:smuggler"),
        ("occurred", code("smuggler"), "occurred"),
        ("no such predicate", code("smuggler"), "no such predicate"),
    ],
)
def test_field_splits_by_group_only_where_the_predicate_counts_one(predicate, about, field):
    value = day("2014-10-22") if predicate == "occurred" else count(1, 1)
    assert field_of(claim(predicate, value, about=about)) == field


def test_the_dead_of_two_sides_are_never_one_field():
    fields = {field_of(claim("killed", count(1, 1), about=code("border_guard", country=side))) for side in ("IR", "PK", "")}
    assert len(fields) == 3


def test_no_predicate_and_no_code_is_of_a_person():
    forbidden = {
        "name",
        "person",
        "identity",
        "face",
        "ethnicity",
        "religion",
        "opinion",
        "father",
        "phone",
        "suspect",
        "hostile",
        "target",
        "strike",
    }
    assert not forbidden & set(PREDICATES) and not forbidden & set(CODES)  # noqa: PT018  (one law)
