# SPDX-License-Identifier: Apache-2.0
"""The tear-line: what a clause keeps at home stands nowhere in the bytes that leave, and the receiver learns only how much was kept (F12)."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CLAUSES, EXACT, NOW, QUOTES, WEST_TO_EAST, agreement, standing_at
from tests.facts.made import claim, code, count, day, point, record, text

from hamsaya.agreement.asked import ask
from hamsaya.agreement.clauses import Exactness, HandlingCeiling, TearLine
from hamsaya.agreement.coarsen import coarsen_count
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide
from hamsaya.facts.claims import PREDICATES, Span, Speaker
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Words
from hamsaya.seal.canonical import canonical

SALT = b"s" * 32
NECESSITY = "Both commands must see this account."
SENTENCE = "Thirty-seven riders of the Falcon troop crossed at Old Well."
SPAN = Span(document="ab" * 32, start=0, end=12, sentence_start=0, sentence_end=60)
ELSEWHERE = Span(document="ab" * 32, start=100, end=112, sentence_start=100, sentence_end=160)


def torn(*fields, also=()):
    return agreement([*CLAUSES, TearLine(number="8", fields=list(fields)), *also])


def asked(version, made):
    return decide(version, NECESSITY, ask(version, "east", "settlement", NECESSITY, NOW), made, standing_at(made))


def test_field_above_the_tear_line_leaves_with_its_sentence_and_its_words_left_out():
    version = record(
        claim("action", code("crossing", words="riders of the Falcon troop crossed"), span=SPAN),
        claim("strength", count(37, 37, words="thirty-seven"), number=2, span=SPAN, about=code("unknown_group", words="the Falcon troop")),
        claim("killed", count(2, 2), number=3, span=ELSEWHERE),
    )
    prepared = prepare(version, torn("strength"), {"c1": SENTENCE, "c2": SENTENCE, "c3": "Two guards were killed."}, SALT)
    sent = canonical(prepared.record).decode()
    assert [each.predicate for each in prepared.record.claims] == ["action", "killed"]
    assert prepared.record.claims[0].quote == prepared.record.claims[0].value.words == ""
    assert prepared.record.claims[1].quote == "Two guards were killed."
    assert not any(word in sent.casefold() for word in ("37", "thirty-seven", "falcon"))
    assert prepared.withheld == prepared.record.withheld == 2  # the field, and the sentence of another


def test_statement_that_repeats_a_withheld_value_is_withheld_with_it():
    version = record(
        claim("place", point(61, 29, 5000, words="Old Well")),
        claim("statement", text("They met at old well before dawn"), number=2),
        claim("statement", text("Nobody was hurt"), number=3),
        claim(
            "action",
            code("meeting"),
            number=4,
            speaker=Speaker(kind="office", office="Post of Old Well"),
            hedge="reported",
            hedge_words="as Old Well says",
        ),
    )
    prepared = prepare(version, torn("place"), {}, SALT)
    assert [each.id for each in prepared.record.claims] == ["c3", "c4"]
    assert b"old well" not in canonical(prepared.record).lower()
    assert prepared.withheld == 2


@pytest.mark.parametrize(
    ("kept", "field", "says"),
    [
        (code("army", words="علي آباد"), "means", "نزدیک علی‌آباد دیده شد"),
        (code("army", words="کمین"), "means", "در كَمين بودند"),
        (msgspec.structs.replace(point(61, 29, 5000), name="Old Well"), "place", "They met at Old  Well before dawn"),
        (count(37, 37), "strength", "37 riders crossed"),
        (count(37, 37), "strength", "۳۷ سوار گذشتند"),
        (count(30, 45), "strength", "Between 30 and 45 crossed"),
    ],
    ids=["joined and Arabic letters", "with vowel signs", "the place's name", "the number", "the number in other digits", "an end of the range"],
)
def test_withheld_value_is_found_in_other_spelling_and_not_only_by_its_words(kept, field, says):
    version = record(claim(field, kept), claim("statement", text(says), number=2), claim("statement", text("Nobody was hurt"), number=3))
    assert [each.id for each in prepare(version, torn(field), {}, SALT).record.claims] == ["c3"]


def test_whom_a_withheld_number_is_of_is_withheld_with_it():
    version = record(
        claim("strength", count(4, 4), about=code("unknown_group", words="the Falcon troop")), claim("statement", text("The falcon troop fled"), number=2),
        claim("action", code("raid"), number=3),
    )  # fmt: skip
    assert [each.id for each in prepare(version, torn("strength"), {}, SALT).record.claims] == ["c3"]


def test_record_of_which_nothing_is_left_is_refused_by_the_clause_or_as_empty():
    only = record(claim("killed", count(1, 1)))
    assert (asked(only, torn("killed")).allowed, asked(only, torn("killed")).clause) == (False, "8")
    both = record(claim("killed", count(1, 1, words="one of them")), claim("statement", text("one of them died"), number=2))
    assert (asked(both, torn("killed")).allowed, asked(both, torn("killed")).rule) == (False, "empty")
    assert asked(record(claim("killed", count(1, 1)), claim("action", code("raid"), number=2)), torn("killed")).allowed


WORD = st.from_regex(r"zq[a-z]{3,8}", fullmatch=True)
VALUES = {
    Moment: lambda word: day("2014-10-22", words=word), Place: lambda word: point(61, 29, 5000, words=word), Count: lambda word: count(7, 9, words=word),
    Coded: lambda word: code("other", words=word), Words: text, Depth: lambda word: Depth(low_m=5, high_m=9, territory="PK", words=word),
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(sorted(PREDICATES)), WORD, st.booleans(), st.integers(0, 2)), min_size=1, max_size=8),
       st.sets(st.sampled_from(sorted(PREDICATES)), min_size=1, max_size=6))  # fmt: skip
def test_no_withheld_value_stands_anywhere_in_what_leaves(said, fields):
    """Each claim has its own word; some repeat another claim's word in their own, and share a sentence with it."""
    claims, quotes = [], {}
    for number, (predicate, word, repeats, sentence) in enumerate(said):
        told = f"{word} {said[number - 1][1]}" if repeats else word
        span = Span(document="ab" * 32, start=sentence * 100, end=sentence * 100 + 5, sentence_start=sentence * 100, sentence_end=sentence * 100 + 60)
        claims.append(claim(predicate, VALUES[PREDICATES[predicate].value](told), number=number, span=span))
        quotes[f"c{number}"] = " ".join(each[1] for each in said if each[3] == sentence)
    prepared = prepare(record(*claims), torn(*sorted(fields)), quotes, SALT)
    sent = canonical(prepared.record).decode()
    kept = {each.predicate for each in prepared.record.claims}
    assert not kept & fields
    for each in claims:
        words = each.value.text if isinstance(each.value, Words) else each.value.words
        if each.predicate in fields:
            assert words not in sent
    assert prepared.withheld >= sum(each.predicate in fields for each in claims)


@given(st.integers(0, 5000), st.integers(0, 500) | st.none(), st.integers(1, 60))
def test_number_is_widened_to_whole_steps_once_and_for_all(low, more, step):
    before = count(low, None if more is None else low + more, words="a few")
    after = coarsen_count(before, step)
    assert after.low <= before.low
    assert after.low % step == 0
    assert (after.high is None) == (before.high is None)
    assert after.high is None or (after.high >= before.high and after.high % step == 0)
    assert coarsen_count(after, step) == after
    assert after == before or not after.words


def test_coarsest_step_of_two_clauses_holds():
    made = agreement(
        [*CLAUSES, Exactness(number="8", place_m=1, time_min=1, number_step=5), Exactness(number="9", place_m=1, time_min=1, number_step=10)]
    )
    (sent,) = prepare(record(claim("strength", count(12, 12, words="a dozen"))), made, {}, SALT).record.claims
    assert sent.value == count(10, 20)


SCALED = HandlingCeiling(number="3", ceiling="amber", scales={"west": {"M1": "clear", "M3": "red"}, "east": {"M1": "red"}})


@pytest.mark.parametrize(
    ("marking", "handling", "made", "clause", "rule"),
    [
        ("M1", "amber", agreement([WEST_TO_EAST, SCALED]), "1", ""),
        ("M3", "amber", agreement([WEST_TO_EAST, SCALED]), "3", ""),
        ("M1", "red", agreement([WEST_TO_EAST, SCALED]), "3", ""),
        ("M9", "clear", agreement([WEST_TO_EAST, SCALED]), "3", ""),
        ("M1", "clear", agreement([WEST_TO_EAST, EXACT, QUOTES]), "", "marking"),
    ],
    ids=["mapped low", "mapped above", "TLP is stricter", "in no scale", "no clause maps it"],
)
def test_own_marking_counts_as_the_agreement_maps_it_and_never_below_tlp(marking, handling, made, clause, rule):
    decision = asked(record(handling=handling, marking=marking), made)
    assert (decision.clause, decision.rule, decision.allowed) == (clause, rule, clause == "1")


def test_copy_carries_the_level_that_the_marking_means_and_not_the_marking():
    sent = prepare(record(handling="clear", marking="M3"), agreement([WEST_TO_EAST, SCALED]), {}, SALT).record
    assert (sent.handling, sent.marking) == ("red", "")


@settings(max_examples=200, deadline=None)
@given(st.sets(st.sampled_from(sorted(PREDICATES)), min_size=1), st.lists(st.sampled_from(sorted(PREDICATES)), min_size=1, max_size=6))
def test_a_second_tear_line_never_lets_more_leave(fields, predicates):
    version = record(*(claim(each, VALUES[PREDICATES[each].value]("zqword"), number=number) for number, each in enumerate(predicates)))
    one, two = torn(predicates[0]), torn(predicates[0], also=[TearLine(number="9", fields=sorted(fields))])
    before, after = (prepare(version, made, {}, SALT).record for made in (one, two))
    assert {each.id for each in after.claims} <= {each.id for each in before.claims}
    assert not asked(version, two).allowed or asked(version, one).allowed
    assert msgspec.structs.replace(after, claims=[], withheld=0) == msgspec.structs.replace(before, claims=[], withheld=0)
