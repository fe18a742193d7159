# SPDX-License-Identifier: Apache-2.0
"""The receiver's question: does a copy tell no more than the text lets leave?"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CEILING, EAST_TO_WEST, FOR, WEST_TO_EAST, agreement
from tests.agreement.test_any_agreement import SALT, drawing, records
from tests.agreement.test_cedar import PARTIES, agreement_by
from tests.facts.made import claim, code, count, minute, point, record

from hamsaya.agreement.clauses import Exactness, HandlingCeiling, Quotes, TearLine
from hamsaya.agreement.fits import misfit, still_fits
from hamsaya.agreement.prepare import prepare
from hamsaya.facts.claims import Span, Speaker
from hamsaya.facts.values import Depth

BASE = [WEST_TO_EAST, EAST_TO_WEST, CEILING, FOR]
COARSE = Exactness(number="7", place_m=5_000, time_min=60, number_step=10)
SPAN = Span(document="ab" * 32, start=0, end=5, sentence_start=0, sentence_end=60)
FINE = {
    "place": claim("place", point(61.01234, 29.04567, 40, precision="site")),
    "time": claim("occurred", minute("2014-10-22T09:37")),
    "number": claim("wounded", count(7, 9)),
    "depth": claim("depth", Depth(low_m=501, high_m=907, territory="PK")),
}


@pytest.mark.parametrize("fine", FINE)
def test_copy_that_is_more_exact_than_the_clause_is_refused_by_its_number(fine):
    made = agreement([*BASE, COARSE])
    copy = prepare(record(FINE[fine]), made).record
    assert still_fits(copy, made)
    found = misfit(record(FINE[fine]), made)
    assert (found.allowed, found.clause) == (False, "7")
    assert "clause 7" in str(found.reason)


def test_coarser_of_two_clauses_is_the_one_that_is_named():
    made = agreement([*BASE, Exactness(number="5", place_m=100, time_min=1), COARSE])
    copy = prepare(record(FINE["number"]), agreement([*BASE, Exactness(number="5", place_m=100, time_min=1)])).record
    assert misfit(copy, made).clause == "7"


def test_place_of_a_group_that_is_finer_than_the_floor_is_refused_though_the_clause_allows_it():
    made = agreement([*BASE, Exactness(number="7", place_m=1_000, time_min=1)])
    told = record(FINE["place"], claim("actor", code("smugglers"), number=2))
    alone = prepare(record(FINE["place"]), made).record
    copy = msgspec.structs.replace(told, claims=[alone.claims[0], told.claims[1]])
    assert "law 11" in str(misfit(copy, made).reason)
    assert still_fits(prepare(told, made).record, made)


def test_place_that_was_rounded_to_the_floor_fits_where_its_actor_stayed_above_the_tear_line():
    made = agreement([*BASE, Exactness(number="7", place_m=1_000, time_min=1), TearLine(number="8", fields=["actor"])])
    copy = prepare(record(FINE["place"], claim("actor", code("smugglers"), number=2)), made).record
    assert [each.predicate for each in copy.claims] == ["place"]
    assert still_fits(copy, made)


def test_what_stands_above_the_tear_line_and_what_would_tell_it_are_refused_by_that_clause():
    made = agreement([*BASE, TearLine(number="8", fields=["wounded"])])
    assert misfit(record(FINE["number"]), made).clause == "8"


@pytest.mark.parametrize(("clauses", "number"), [([], ""), ([Quotes(number="9", allowed=False)], "9")])
def test_sentence_that_nothing_lets_go_is_refused(clauses, number):
    made = agreement([*BASE, *clauses])
    quoted = claim("wounded", count(7, 9), span=SPAN, quote="Seven to nine were wounded.")
    found = misfit(record(quoted), made)
    assert (found.clause, found.rule) == (number, "" if number else "amended")
    assert still_fits(record(quoted), agreement([*BASE, Quotes(number="9", allowed=True)]))


def test_sentence_with_data_on_a_person_is_refused_though_sentences_may_go():
    made = agreement([*BASE, Quotes(number="9", allowed=True)])
    quoted = claim("wounded", count(1, 1), span=SPAN, quote="Mr. Karim Ahmadi, 0300-1234567, was wounded.")
    assert "screen" in str(misfit(record(quoted), made).reason)


def test_name_of_a_source_is_refused():
    named = claim("wounded", count(1, 1), speaker=Speaker(kind="source", handle="KESTREL"))
    assert "source" in str(misfit(record(named), agreement(BASE)).reason)


def test_copy_that_keeps_a_marking_below_what_the_text_reads_it_as_is_refused():
    scale = HandlingCeiling(number="3", ceiling="amber", scales={"west": {"MAHRAMANEH": "amber"}})
    marked = record(FINE["number"], handling="green", marking="MAHRAMANEH")
    made = agreement([WEST_TO_EAST, EAST_TO_WEST, FOR, scale])
    assert misfit(marked, made).clause == "3"
    assert still_fits(prepare(marked, made).record, made)


@settings(max_examples=250, deadline=None)
@given(st.data(), records(), st.integers(1, 60_000), st.integers(1, 2_000), st.integers(1, 30))
def test_copy_that_was_made_under_a_text_fits_it_whatever_the_text_and_the_record(data, told, place_m, time_min, step):
    version, quotes = told
    exact = Exactness(number="98", place_m=place_m, time_min=time_min, number_step=step)
    made = agreement([*agreement_by(*drawing(data)).table.clauses, exact], parties=PARTIES)
    assert misfit(prepare(version, made, quotes, SALT).record, made) is None
