# SPDX-License-Identifier: Apache-2.0
"""Grades and handling levels: whole, known, and never guessed."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.facts.errors import InputError
from hamsaya.facts.grades import CANNOT_BE_JUDGED, CREDIBILITY, HANDLING, RELIABILITY, europol, is_graded, is_within, parse_grade


def test_there_are_thirty_six_grades_and_each_is_read_in_either_case():
    grades = [letter + digit for letter, digit in itertools.product("ABCDEF", "123456")]
    assert [parse_grade(f" {grade.lower()} ") for grade in grades] == grades
    assert all(map(is_graded, grades))
    assert (len(RELIABILITY), len(CREDIBILITY), CANNOT_BE_JUDGED) == (6, 6, "F6")


@pytest.mark.parametrize("came", ["", " ", "B", "2", "2B", "B0", "B7", "G2", "B22", "BB", "B 2", "B-2", "B\u0662", "\u0412\u0032", "ß2", "b2\x00"])
def test_what_is_no_grade_is_refused(came):
    with pytest.raises(InputError):
        parse_grade(came)
    assert not is_graded(came)


@given(st.text(max_size=4))
def test_any_text_is_a_whole_grade_or_an_input_error(came):
    try:
        assert is_graded(parse_grade(came))
    except InputError:
        return


@pytest.mark.parametrize("grade", [None, "", "b2", "B2\n"])
def test_claim_counts_as_graded_only_with_the_grade_as_it_is_written(grade):
    assert not is_graded(grade)


def test_levels_are_ordered_as_in_the_protocol():
    assert HANDLING == ("clear", "green", "amber", "amber+strict", "red")
    for low, high in itertools.combinations(HANDLING, 2):
        assert is_within(low, high)
        assert not is_within(high, low)
    assert all(is_within(level, level) for level in HANDLING)


@pytest.mark.parametrize("unknown", ["", "AMBER", "white", "amber ", "secret", None])
def test_unknown_level_or_ceiling_is_never_within(unknown):
    assert not any(is_within(unknown, ceiling) or is_within(ceiling, unknown) for ceiling in (*HANDLING, unknown))


@pytest.mark.parametrize(
    ("grade", "code"), [("A1", "A1"), ("B2", "B2"), ("C3", "B3"), ("D4", "C4"), ("E5", "C4"), ("F6", "X4"), (None, ""), ("B", ""), ("G9", "")]
)
def test_grade_beside_the_four_by_four_code(grade, code):
    assert europol(grade) == code


def test_worse_grade_never_reads_as_a_better_code():
    sources, order = [europol(f"{letter}1")[0] for letter in RELIABILITY], "ABCX"
    assert sources == sorted(sources, key=order.index)
    assert [europol(f"A{digit}")[1] for digit in CREDIBILITY] == sorted(europol(f"A{digit}")[1] for digit in CREDIBILITY)
