# SPDX-License-Identifier: Apache-2.0
"""Terms as a form and back: a round trip for every clause type; what is hostile is a fault of its clause, never an error."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import table
from tests.agreement.test_cedar import clause_by
from tests.agreement.test_clauses import EVERY

from hamsaya.agreement.clauses import Clause
from hamsaya.desk.terms import CLAUSE_TYPES, lint_terms, read_terms
from hamsaya.desk.terms_form import (
    CLAUSE_FORMS,
    MOST_CLAUSES,
    add_clause,
    drop_clause,
    move_clause,
    read_form,
    told_of,
    write_form,
    write_terms,
)

HEAD = {"id": ["a-b"], "title": ["t"], "place": [""], "drafted_on": ["2026-01-01"], "valid_from": ["2026-01-01T00:00:00Z"],
        "valid_until": ["2027-01-01T00:00:00Z"]}  # fmt: skip


def again(whole):
    """Take a table through form, terms and file, and back."""
    typed = read_form(write_form(told_of(whole)))
    assert not any(typed.faults.values())
    return read_terms(write_terms(typed.told))


def test_every_type_of_clause_has_a_form_with_each_of_its_fields():
    assert set(CLAUSE_FORMS) == set(CLAUSE_TYPES)
    for kind in Clause.__args__:
        names = {each for each in kind.__struct_fields__ if each not in ("number", "version")}
        assert {each.name for each in CLAUSE_FORMS[kind.__struct_config__.tag].fields} == names


@pytest.mark.parametrize("clause", EVERY.values(), ids=EVERY.keys())
def test_clause_comes_back_from_its_form_as_it_was(clause):
    assert again(table([clause])).clauses == [clause]


@settings(max_examples=150, deadline=None)
@given(st.data(), st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40).map(str.strip))
def test_any_agreement_comes_back_from_its_form_whatever_its_title(data, title):
    choose = lambda of: data.draw(st.sampled_from(list(of)))  # noqa: E731
    some = lambda of, low, high: data.draw(st.lists(st.sampled_from(of), min_size=low, max_size=high, unique=True))  # noqa: E731
    clauses = [clause_by(choose, some, str(number)) for number in range(1, choose([2, 3, 6]))]
    whole = msgspec.structs.replace(table(clauses), title=title, place="میرجاوه")
    found = again(whole)
    assert (found.clauses, found.title, found.place, found.valid_until) == (clauses, title, whole.place, whole.valid_until)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(
    st.one_of(st.sampled_from(list(HEAD)), st.builds("c{}.{}{}".format, st.integers(0, 3), st.sampled_from(
        ["type", "number", "kinds", "zones", "zones.0.points", "levels.1.called.en", "place_m", "scales.0.party", "offices.x", ""]), st.sampled_from(["", ".0"]))),
    st.lists(st.one_of(st.text(max_size=30), st.sampled_from([*CLAUSE_TYPES, "NaN", "1e999", "\u202e", "-1", "strike", "۱۲", "9" * 50])), max_size=4),
    max_size=12,
))  # fmt: skip
def test_no_form_is_an_error(form):
    typed = read_form(form)
    text = write_terms(typed.told)
    lint_terms(text, [], exercise=False)


@pytest.mark.parametrize("came", ["NaN", "1e3", "-5", "9" * 30, "\u202e12"])
def test_what_is_no_number_is_a_fault_of_its_clause(came):
    typed = read_form({**HEAD, "c0.type": ["exactness"], "c0.number": ["1"], "c0.place_m": [came], "c0.time_min": ["1"]})
    assert [str(each) for each in typed.faults[0]] == [f"place_m: expected a whole number; this came: {came[:20]}"]


def test_digits_and_points_are_read_in_the_readers_script():
    typed = read_form({**HEAD, "c0.type": ["area"], "c0.number": ["1"], "c0.zones.0.shape": ["buffer"], "c0.zones.0.points": ["۶۱٫۵ ۲۸\n62,29\nhere"],
                       "c0.zones.0.within_m": ["۵۰۰"]})  # fmt: skip
    (zone,) = typed.told["clauses"][0]["zones"]
    assert (zone["points"], zone["within_m"]) == ([[61.5, 28.0], [62.0, 29.0]], 500)
    assert "line 3 of the points" in str(typed.faults[0][0])


@pytest.mark.parametrize(
    ("came", "read"), [("2026-11-22", "2026-11-22T00:00:00Z"), ("۱۴۰۵/۹/۱", "2026-11-22T00:00:00Z"), ("2026-13-40", "2026-13-40")]
)
def test_validity_is_a_day_of_either_calendar(came, read):
    assert read_form({**HEAD, "valid_from": [came]}).told["valid_from"] == read


def test_too_many_clauses_are_said_to_be_too_many():
    typed = read_form({**HEAD, **{f"c{at}.type": ["quotes"] for at in range(MOST_CLAUSES + 5)}})
    assert len(typed.told["clauses"]) == MOST_CLAUSES
    assert "at most 60 clauses" in str(typed.faults[MOST_CLAUSES - 1][0])


def test_clauses_are_added_moved_and_removed_with_their_numbers():
    told = {"clauses": [{"number": "1", "type": "kinds"}, {"number": "7", "type": "quotes"}]}
    assert [each["number"] for each in add_clause(told, "area")["clauses"]] == ["1", "7", "8"]
    assert [each["number"] for each in move_clause(told, 1, -1)["clauses"]] == ["7", "1"]
    assert move_clause(told, 0, -1) == told
    assert [each["number"] for each in drop_clause(told, 0)["clauses"]] == ["7"]
