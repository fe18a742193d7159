# SPDX-License-Identifier: Apache-2.0
"""A text of an agreement as a file to edit: what is read back is what was written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.agreement.made import table
from tests.agreement.test_clauses import CALLED, EVERY

from hamsaya.agreement.clauses import Area, HandlingCeiling, Polygon
from hamsaya.desk.terms import Terms, read_terms
from hamsaya.desk.terms_file import terms_of, write_terms
from hamsaya.seal.canonical import canonical

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
spots = st.tuples(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
clauses = st.one_of(
    st.sampled_from(sorted(EVERY)).map(EVERY.__getitem__),
    st.builds(Area, number=texts, kinds=st.lists(texts, max_size=3),
              zones=st.lists(st.builds(Polygon, called=st.just(CALLED), points=st.lists(spots, max_size=5)), max_size=2)),
    st.builds(HandlingCeiling, number=texts, ceiling=texts, scales=st.dictionaries(texts, st.dictionaries(texts, texts, max_size=2), max_size=2)),
)  # fmt: skip
times = st.integers(0, 7_000_000_000_000_000).map(lambda microseconds: datetime.fromtimestamp(0, UTC) + timedelta(microseconds=microseconds))
terms = st.builds(
    Terms, id=texts, title=texts, place=texts, drafted_on=texts, valid_from=times, valid_until=times, clauses=st.lists(clauses, max_size=4)
)


@given(terms)
def test_terms_are_read_back_as_they_were_written(made):
    again = read_terms(write_terms(made))
    assert again == made
    assert canonical(again) == canonical(made)


def test_table_becomes_terms_and_terms_the_same_table():
    made = table(list(EVERY.values()))
    again = read_terms(write_terms(terms_of(made)))
    assert (again.clauses, again.valid_until) == (made.clauses, made.valid_until)


def test_file_is_one_that_people_can_edit():
    written = write_terms(terms_of(table()))
    assert '[[clauses]]\nnumber = "3"\ntype = "handling"\n' in written
    assert read_terms(written.replace('ceiling = "amber"', 'ceiling = "green"')) == msgspec.structs.replace(
        terms_of(table()), clauses=[msgspec.structs.replace(each, ceiling="green") if each.number == "3" else each for each in table().clauses]
    )
    assert read_terms(written).valid_until - read_terms(written).valid_from > timedelta(days=300)
