# SPDX-License-Identifier: Apache-2.0
"""The days of a section follow from the words alone, in whatever order they came (F73)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hamsaya.exchange.sections import SAID, SectionDay
from hamsaya.seal.canonical import canonical, read
from hamsaya.settlement.daily import Word, days

FIRST = date(2026, 11, 1)
AT = datetime(2026, 11, 1, 6, tzinfo=UTC)
words = st.builds(
    lambda day, said, later: Word(
        day=FIRST + timedelta(days=day), said=said, on=FIRST + timedelta(days=day + later), at=AT + timedelta(days=day + later), office="duty"
    ),
    st.integers(0, 9), st.sampled_from(SAID), st.integers(0, 7),
)  # fmt: skip


@given(st.lists(words, max_size=12, unique_by=lambda each: (each.day, each.said)), st.randoms())
def test_order_and_repeats_change_nothing_and_no_day_becomes_quieter(said, chance):
    mixed = [*said, *said[:3]]
    chance.shuffle(mixed)
    told = days(said, FIRST, FIRST + timedelta(days=12), FIRST + timedelta(days=10))
    assert days(mixed, FIRST, FIRST + timedelta(days=12), FIRST + timedelta(days=10)) == told
    for day in told:
        spoken = {word.said for word in said if word.day == day.day} & {"nothing", "reports"}
        assert day.state == ("reports" if "reports" in spoken else "nothing") if spoken else day.state in ("silent", "open", "uncounted")
        assert day.state != "silent" or day.day < FIRST + timedelta(days=10)


def test_silence_counts_from_the_word_that_begins_to_the_one_that_ends():
    def word(day, said):
        return Word(day=FIRST + timedelta(days=day), said=said, on=FIRST, at=AT, office="duty")

    told = days(
        [word(1, "begins"), word(2, "nothing"), word(4, "ends"), word(6, "begins")], FIRST, FIRST + timedelta(days=7), FIRST + timedelta(days=7)
    )
    assert [day.state for day in told] == ["uncounted", "silent", "nothing", "silent", "uncounted", "uncounted", "silent", "open"]


@given(st.sampled_from(SAID), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_word_reads_back_as_it_was_written(said, day):
    word = SectionDay(section="taftan-2", day=day.isoformat(), said=said, office="دفتر", at=AT)
    assert read(canonical(word), SectionDay) == word
    assert canonical(read(canonical(word), SectionDay)) == canonical(word)
