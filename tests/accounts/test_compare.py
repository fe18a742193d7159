# SPDX-License-Identifier: Apache-2.0
"""Two accounts stay two accounts: agree, differ, silent, per field; no winner, no merged number (law 6, law 7)."""

from __future__ import annotations

import itertools
from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts.made import claim, code, count, day, depth, minute, named, open_day, point, record, span_of, text

from hamsaya.accounts import compare as comparing
from hamsaya.accounts.compare import accounts_of, compare
from hamsaya.accounts.rules import RULES, agrees, distance_m, judge, judge_all, judge_codes

SIDES = ["IR", "PK"]
PARTIES = {"west": "IR", "east": "PK", "north": "AF"}
MAND, MIRJAVEH, QUETTA = (
    point(62.03, 26.12, 6000, words="Mand"),
    point(61.45, 29.01, 6000, words="Mirjaveh"),
    point(67.0, 30.2, 15_000, words="Quetta"),
)
SEVERAL = count(3, None, words="several")

# two values, and whether both can be true at once as they were said
PAIRS = [
    ("same number", count(2, 2), count(2, 2), True),
    ("other number", count(2, 2), count(3, 3), False),
    ("several and four", SEVERAL, count(4, 4), True),
    ("several and three", SEVERAL, count(3, 3), True),
    ("several and two", SEVERAL, count(2, 2), False),
    ("several and a dozen to twenty", SEVERAL, count(12, 20), True),
    ("several and at least one", SEVERAL, count(1, None), True),
    ("range within a range", count(2, 6), count(3, 4), True),
    ("ranges that only overlap", count(2, 4), count(3, 5), True),
    ("ranges apart", count(1, 2), count(3, 4), False),
    ("none and one", count(0, 0), count(1, 1), False),
    ("none and none", count(0, 0), count(0, 0), True),
    ("number in other words", count(4, 4, words="four"), count(4, 4, words="۴ نفر"), True),
    ("same day", day("2014-10-22"), day("2014-10-22"), True),
    ("next day", day("2014-10-22"), day("2014-10-23"), False),
    ("minute of the day", day("2014-10-22"), minute("2014-10-22T09:30"), True),
    ("last minute of the day", day("2014-10-22"), minute("2014-10-22T23:59"), True),
    ("first minute of the next day", day("2014-10-22"), minute("2014-10-23T00:00"), False),
    ("minute before the day", day("2014-10-22"), minute("2014-10-21T23:59"), False),
    ("same minute", minute("2014-10-22T09:30"), minute("2014-10-22T09:30"), True),
    ("next minute", minute("2014-10-22T09:30"), minute("2014-10-22T09:31"), False),
    ("same day in zones an hour and a half apart", day("2014-10-22", zone_h=3.5), day("2014-10-22", zone_h=5), True),
    ("minute that is another local day", day("2014-10-22", zone_h=5), minute("2014-10-22T20:00"), False),
    ("minute of the local day before it in UTC", day("2014-10-22", zone_h=5), minute("2014-10-21T20:00"), True),
    ("day within a month", day("2014-10-22"), span_of("2014-10-01", "2014-11-01"), True),
    ("day outside a month", day("2014-11-01"), span_of("2014-10-01", "2014-11-01"), False),
    ("day without a year, both", open_day("10-22"), open_day("10-22"), True),
    ("other days without a year", open_day("10-22"), open_day("10-23"), False),
    ("day without a year and that date", open_day("10-22"), day("2014-10-22"), True),
    ("day without a year and that date, east of Greenwich", open_day("10-22"), day("2014-10-22", zone_h=5), True),
    ("day without a year and that date, west of Greenwich", open_day("10-22"), day("2014-10-22", zone_h=-8), True),
    ("day without a year and the next date", open_day("10-22"), day("2014-10-23", zone_h=5), False),
    ("day without a year and the date before", open_day("10-22"), day("2014-10-21", zone_h=-8), False),
    ("day without a year and a minute of it", open_day("10-22"), minute("2014-10-22T09:30"), True),
    ("day without a year and a minute a week off", open_day("10-22"), minute("2014-10-29T09:30"), False),
    ("day without a year and its month", open_day("10-22"), span_of("2014-10-01", "2014-11-01"), True),
    ("day without a year and another month", open_day("10-22"), span_of("2014-11-01", "2014-12-01"), False),
    ("day without a year and a whole year", open_day("10-22"), span_of("2014-01-01", "2015-01-01"), True),
    ("leap day and a year that has none", open_day("02-29"), span_of("2014-01-01", "2015-01-01"), False),
    ("open days in the same words", open_day(words="on Wednesday"), open_day(words="on  Wednesday"), True),
    ("open days in other words", open_day(words="on Wednesday"), open_day(words="on Monday"), False),
    ("open day and a date", open_day(words="on Wednesday"), day("2014-10-22", words="on 22 October 2014"), False),
    ("same point", MAND, MAND, True),
    ("points within their radii", MAND, point(62.1, 26.12, 6000), True),
    ("points just beyond their radii", point(62.0, 26.0, 1000), point(62.03, 26.0, 1000), False),
    ("points without a radius, a kilometre apart", point(62.0, 26.0), point(62.01, 26.0), True),
    ("points without a radius, five kilometres apart", point(62.0, 26.0), point(62.05, 26.0), False),
    ("towns far apart", MAND, MIRJAVEH, False),
    ("town and the province around it", MAND, point(65.5, 28.3, 500_000, precision="province"), True),
    ("same reference, points apart", point(62, 26, 100, ref="PK.mand"), point(63, 27, 100, ref="PK.mand"), True),
    ("other references, points near", point(62, 26, 6000, ref="PK.mand"), point(62.01, 26, 6000, ref="PK.x"), True),
    ("across the date line", point(179.999, 0, 1000), point(-179.999, 0, 1000), True),
    ("words alike without a point", named("near  the line"), named("near the line"), True),
    ("other words without a point", named("near the line"), named("at the post"), False),
    ("place with and without a point, other words", named("near Mand"), MAND, False),
    ("place with and without a point, same words", named("Mand"), MAND, True),
    ("same code, own words", code("border_guard", words="مرزبان"), code("border_guard", words="soldier"), True),
    ("other code", code("raid"), code("killing"), False),
    ("same code of another country", code("border_guard", country="IR"), code("border_guard", country="PK"), False),
    ("same depth", depth(2000, 2000), depth(2000, 2000), True),
    ("depth within a range", depth(1000, 3000), depth(2000, 2000), True),
    ("other depth", depth(2000, 2000), depth(5000, 5000), False),
    ("depth into another territory", depth(2000, 2000, "PK"), depth(2000, 2000, "IR"), False),
    ("at least so deep", depth(1000, None), depth(5000, 5000), True),
    ("same words but for space", text("a  clash\nat dawn"), text("a clash at dawn"), True),
    ("other words", text("a clash"), text("an attack"), False),
    ("number and words", count(2, 2), text("2"), False),
    ("code and words", code("raid"), text("raid"), False),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "both"), [each[1:] for each in PAIRS], ids=[each[0] for each in PAIRS])
def test_both_can_be_true_at_once(one, other, both):
    assert agrees(one, other) is both
    assert agrees(other, one) is both
    assert agrees(one, one)
    assert agrees(other, other)


@pytest.mark.parametrize(("one", "other", "both"), [each[1:] for each in PAIRS], ids=[each[0] for each in PAIRS])
def test_field_of_two_sides_agrees_or_differs_and_keeps_both_words(one, other, both):
    (field,) = fields_of(record(claim("action", one)), record(claim("action", other), party="east", side="PK", number="EAST-R-1"))
    assert field.state == ("agree" if both else "differ")
    assert {side: [each.claim.value for each in said] for side, said in field.said.items()} == {"IR": [one], "PK": [other]}
    assert field.silent == []


def fields_of(*records, sides=SIDES):
    return compare(accounts_of(records, PARTIES), sides)


def east(*claims, **options):
    return record(*claims, party="east", side="PK", number=options.pop("number", "EAST-R-1"), **options)


def state_of(*records, sides=SIDES):
    return {field.key: field.state for field in fields_of(*records, sides=sides)}


WHAT = [code("armed_attack"), code("killing"), code("raid")]


@pytest.mark.parametrize(
    ("ours", "theirs", "state"),
    [
        ([0], [0], "agree"),
        ([0, 1], [0], "agree"),
        ([0], [0, 1], "agree"),
        ([0, 1], [1, 0], "agree"),
        ([0, 1, 2], [2], "agree"),
        ([0, 1], [1, 2], "differ"),
        ([0], [1], "differ"),
        ([0, 1], [2], "differ"),
        ([0], [], "silent"),
        ([0, 1], [], "silent"),
    ],
)
def test_codes_agree_as_sets_when_one_side_only_tells_more(ours, theirs, state):
    whole = [claim("occurred", day("2014-10-22"))]
    one = record(*whole, *(claim("action", WHAT[each], number=each + 2) for each in ours))
    other = east(*whole, *(claim("action", WHAT[each], number=each + 2) for each in theirs))
    assert state_of(one, other)["action"] == state


def test_side_that_says_nothing_is_silent_and_named():
    (field,) = fields_of(record(claim("killed", count(1, 1))))
    assert (field.state, field.silent) == ("silent", ["PK"])


def test_side_that_contradicts_itself_differs_even_when_the_other_is_silent():
    (field,) = fields_of(record(claim("killed", count(1, 1)), claim("killed", count(2, 2), number=2)))
    assert (field.state, field.silent) == ("differ", ["PK"])


def test_the_dead_of_each_group_are_a_field_of_their_own():
    fields = fields_of(
        record(
            claim("killed", count(1, 1), about=code("border_guard", country="PK")), claim("killed", count(2, 2), number=2, about=code("smuggler"))
        ),
        east(claim("killed", count(1, 1), about=code("border_guard", country="PK"))),
    )
    assert {field.key: field.state for field in fields} == {"killed:border_guard@PK": "agree", "killed:smuggler": "silent"}


def test_fields_come_in_the_order_of_the_form():
    fields = fields_of(record(claim("means", code("mortar")), claim("killed", count(1, 1), number=2), claim("occurred", day("2014-10-22"), number=3)))
    assert [field.key for field in fields] == ["occurred", "killed", "means"]


def attributed(*claims, party="west", side="PK", number="WEST-R-9", version=1):
    return record(*claims, party=party, side=side, basis="attributed", number=number, version=version)


def test_attributed_account_speaks_for_a_side_that_has_not_signed():
    ours, said = record(claim("killed", count(1, 1))), attributed(claim("killed", count(3, 3)))
    accounts = accounts_of([ours, said], PARTIES)
    assert [(each.signed, each.gives_way) for each in accounts] == [(True, False), (False, False)]
    assert state_of(ours, said) == {"killed": "differ"}


def test_attributed_account_gives_way_when_its_side_signs_and_is_still_shown():
    records = [
        record(claim("killed", count(1, 1))),
        attributed(claim("killed", count(3, 3)), claim("wounded", count(1, 1), number=2)),
        east(claim("killed", count(1, 1))),
    ]
    accounts = accounts_of(records, PARTIES)
    assert [(each.signed, each.gives_way) for each in accounts] == [(True, False), (False, True), (True, False)]
    assert [each.record for each in accounts] == records
    assert state_of(*records) == {"killed": "agree"}


def test_attributed_account_does_not_give_way_to_another_side():
    records = [attributed(claim("killed", count(3, 3)), side="AF"), east(claim("killed", count(1, 1)))]
    assert [each.gives_way for each in accounts_of(records, PARTIES)] == [False, False]


@pytest.mark.parametrize(
    ("party", "side", "basis"),
    [("west", "PK", "own"), ("unknown", "IR", "own"), ("west", "IR", "attributed"), ("west", "", "own"), ("north", "IR", "own")],
)
def test_no_account_counts_as_signed_but_a_sides_own(party, side, basis):
    (account,) = accounts_of([record(party=party, side=side, basis=basis)], PARTIES)
    assert not account.signed


def test_two_parties_of_one_side_both_sign_for_it():
    accounts = accounts_of([record(), record(party="west-navy", number="NAVY-R-1")], PARTIES | {"west-navy": "IR"})
    assert [each.signed for each in accounts] == [True, True]


NORTH = record(claim("killed", count(1, 1)), party="north", side="AF", number="NORTH-R-1")


@pytest.mark.parametrize(
    ("records", "state", "silent"),
    [
        ([record(claim("killed", count(1, 1))), east(claim("killed", count(1, 1))), NORTH], "agree", []),
        ([record(claim("killed", count(1, 1))), east(claim("killed", count(2, 2))), NORTH], "differ", []),
        ([record(claim("killed", count(1, 1))), NORTH], "agree", ["PK"]),
        ([record(claim("killed", SEVERAL)), NORTH], "differ", ["PK"]),
        ([record(claim("killed", count(1, None))), east(claim("killed", count(1, 3))), NORTH], "agree", []),
        ([record(claim("killed", count(1, 3))), east(claim("killed", count(3, None))), NORTH], "differ", []),
        ([NORTH], "silent", ["IR", "PK"]),
    ],
)
def test_three_sides(records, state, silent):
    (field,) = fields_of(*records, sides=["IR", "PK", "AF"])
    assert (field.state, field.silent) == (state, silent)


def test_side_that_nobody_listed_is_still_a_side():
    (field,) = fields_of(record(claim("killed", count(1, 1))), NORTH, sides=["IR"])
    assert (field.state, set(field.said)) == ("agree", {"IR", "AF"})


def test_no_accounts_have_no_fields():
    assert fields_of() == []


NUMBERS = st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)).map(lambda pair: count(pair[0], None if pair[1] is None else pair[0] + pair[1]))
MOMENTS = st.sampled_from([day("2014-10-22", zone_h=5), day("2014-10-23"), minute("2014-10-22T09:30"), open_day("10-22"), open_day(words="on Wednesday"),
                           span_of("2014-10-01", "2014-11-01")])  # fmt: skip
PLACES = st.sampled_from([MAND, MIRJAVEH, QUETTA, named("near Mand"), named("", ref="PK.mand"), point(62, 26, 100, ref="PK.mand")])
CODES = st.sampled_from(WHAT)
CLAIMS = st.lists(
    st.one_of(
        st.builds(claim, st.just("killed"), NUMBERS, about=st.none() | st.just(code("smuggler"))),
        st.builds(claim, st.just("occurred"), MOMENTS),
        st.builds(claim, st.just("place"), PLACES),
        st.builds(claim, st.just("action"), CODES | st.just(text("unclear"))),
    ),
    min_size=1, max_size=5,
)  # fmt: skip
RECORDS = st.lists(
    st.builds(lambda claims, who, basis, side: record(*claims, party=who, side=side or PARTIES[who], basis=basis, number=f"{who}-{basis}-{side}"),
              CLAIMS, st.sampled_from(list(PARTIES)), st.sampled_from(["own", "attributed"]), st.sampled_from(["", "IR", "PK"])),
    max_size=4, unique_by=lambda each: each.id,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_order_of_accounts_and_of_claims_changes_no_state(records, random):
    before = state_of(*records)
    shuffled = [msgspec.structs.replace(each, claims=random.sample(each.claims, len(each.claims))) for each in random.sample(records, len(records))]
    assert state_of(*shuffled) == before


@settings(max_examples=150, deadline=None)
@given(CLAIMS)
def test_same_account_on_both_sides_differs_only_where_it_contradicts_itself(claims):
    alone = state_of(record(*claims), sides=["IR"])
    both = state_of(record(*claims), east(*claims))
    assert {key for key, state in both.items() if state == "differ"} == {key for key, state in alone.items() if state == "differ"}
    assert set(both.values()) <= {"agree", "differ"}
    assert set(alone.values()) <= {"silent", "differ"}


@settings(max_examples=150, deadline=None)
@given(RECORDS)
def test_no_value_is_merged_lost_or_invented(records):
    said = [each.claim for field in fields_of(*records) for side in field.said.values() for each in side]
    spoken = [each for account in accounts_of(records, PARTIES) if not account.gives_way for each in account.record.claims]
    assert sorted(map(repr, said)) == sorted(map(repr, spoken))


@settings(max_examples=150, deadline=None)
@given(CLAIMS, CLAIMS)
def test_field_is_silent_only_where_a_side_is_and_agrees_only_where_all_spoke(ours, theirs):
    for field in fields_of(record(*ours), east(*theirs)):
        assert field.silent == [side for side in SIDES if side not in field.said]
        assert not (field.state == "agree" and field.silent)
        assert not (field.state == "silent" and not field.silent)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.tuples(NUMBERS, NUMBERS), st.tuples(MOMENTS, MOMENTS), st.tuples(PLACES, PLACES)))
def test_agreement_of_two_values_does_not_depend_on_who_speaks_first(pair):
    assert agrees(*pair) == agrees(*reversed(pair))
    assert all(agrees(each, each) for each in pair)


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        (point(0, 0), point(0, 0), 0),
        (point(0, 0), point(1, 0), 111_195),
        (point(0, 0), point(0, 1), 111_195),
        (point(61.45, 29.01), point(60.86, 29.50), 79_000),
        (point(0, 90), point(180, -90), 20_015_115),
        (point(180, 10), point(-180, 10), 0),
    ],
)
def test_distance_on_the_sphere(one, other, metres):
    assert distance_m(one, other) == pytest.approx(metres, rel=0.01, abs=1)
    assert distance_m(one, other) == distance_m(other, one)


def test_place_without_a_point_is_at_no_distance():
    assert distance_m(named("x"), MAND) is None


def test_pairs_of_this_table_cover_every_type_of_value():
    kinds = {type(each[1]).__name__ for each in PAIRS}
    assert kinds == {"Count", "Moment", "Place", "Coded", "Depth", "Words"}
    assert any(a != b for a, b in itertools.pairwise(each[3] for each in PAIRS))


def test_one_side_alone_agrees_with_nobody():
    alone = record(claim("action", code("raid")))
    (field,) = compare(accounts_of([alone], {"west": "IR"}), ["IR"])
    assert (field.state, field.silent) == ("silent", [])


# two values and the rule that decides, by name
DECIDED = [
    (count(2, 2), count(2, 2), "same-number"),
    (SEVERAL, count(3, 3), "ranges-overlap"),
    (SEVERAL, count(2, 2), "ranges-apart"),
    (day("2014-10-17"), day("2014-10-17"), "same-day"),
    (day("2014-10-17"), minute("2014-10-17T09:30"), "times-overlap"),
    (day("2014-10-17"), day("2014-10-18"), "times-apart"),
    (open_day("10-22"), day("2014-10-22"), "day-of-year"),
    (open_day("10-22"), day("2014-10-23"), "day-of-year-apart"),
    (open_day(words="on Wednesday"), open_day(words="on Wednesday"), "time-in-same-words"),
    (open_day(words="on Wednesday"), day("2014-10-22"), "time-in-other-words"),
    (point(62, 26, 100, ref="PK.mand"), named("", ref="PK.mand"), "same-place"),
    (MAND, point(62.1, 26.12, 6000), "places-within"),
    (MAND, MIRJAVEH, "places-apart"),
    (named("near the line"), named("near the line"), "place-in-same-words"),
    (named("near the line"), MAND, "place-in-other-words"),
    (depth(1, 2, "PK"), depth(1, 2, "IR"), "territory-differs"),
    (code("raid"), code("raid", words="raided"), "same-code"),
    (code("armed_group_member", words="militants"), code("armed_group_member", words="bandits"), "own-words-differ"),
    (code("armed_trespass"), code("crossing"), "more-detail"),
    (code("raid"), code("hostage_taking"), "codes-differ"),
    (text("a clash"), text("a  clash"), "same-words"),
    (text("a clash"), text("an attack"), "words-differ"),
    (count(2, 2), text("2"), "kinds-of-value"),
]


@pytest.mark.parametrize(("one", "other", "rule"), DECIDED, ids=[each[2] for each in DECIDED])
def test_rule_that_decided_has_a_name_and_says_so_in_either_order(one, other, rule):
    assert judge(one, other) == judge(other, one) == rule
    assert str(RULES[rule].words)


def test_every_rule_decides_something_in_this_table():
    assert {rule for *_, rule in DECIDED} == set(RULES)


def test_older_and_broader_kind_does_not_contradict_the_narrower_one_but_its_sibling_does():
    assert RULES[judge_codes([code("crossing")], [code("armed_trespass")])].verdict == "agree"
    assert RULES[judge_codes([code("armed_trespass")], [code("civilian_trespass")])].verdict == "differ"
    assert RULES[judge_codes([code("a_kind_of_2040")], [code("a_kind_of_2040")])].verdict == "agree"
    assert RULES[judge_codes([code("a_kind_of_2040")], [code("crossing")])].verdict == "differ"


def test_accounts_of_one_side_are_compared_with_each_other_while_the_other_side_is_silent():
    said = [attributed(claim("killed", each), number=f"WEST-R-{number}") for number, each in enumerate([count(3, 3), SEVERAL, count(2, 2)])]
    (field,) = fields_of(*said[:2])
    assert (field.state, field.among, field.rules, field.silent) == ("silent", "agree", ["ranges-overlap"], ["IR"])
    (field,) = fields_of(said[0], said[2])
    assert (field.state, field.among, field.rules) == ("differ", "differ", ["ranges-apart"])


def test_the_same_account_twice_counts_once():
    once = attributed(claim("killed", count(1, 1)), number="WEST-R-1")
    again = attributed(claim("killed", count(1, 1)), number="WEST-R-2")
    other = attributed(claim("killed", count(1, 1), hedge="reported"), number="WEST-R-3")
    accounts = accounts_of([once, again, once, other], PARTIES)
    assert [(each.record.id, each.repeats) for each in accounts] == [("WEST-R-1", ""), ("WEST-R-2", "WEST-R-1"), ("WEST-R-3", "")]
    (field,) = compare(accounts[:2], SIDES)
    assert (field.among, field.pairs) == ("silent", [])
    assert len(field.said["PK"]) == 2  # shown, all the same
    (field,) = compare(accounts, SIDES)
    assert (field.among, [(pair.one, pair.other) for pair in field.pairs]) == ("agree", [("WEST-R-1", "WEST-R-3")])


def test_later_version_of_a_record_stands_for_it_whatever_the_order():
    first, second = attributed(claim("killed", count(1, 1))), attributed(claim("killed", count(2, 2)), version=2)
    for records in ([first, second], [second, first]):
        assert [each.record.version for each in accounts_of(records, PARTIES)] == [2]


@pytest.mark.parametrize("accounts", [3, 4])
def test_every_pair_of_accounts_is_told_with_its_rule(accounts):
    said = [attributed(claim("killed", count(each, each)), number=f"WEST-R-{each}") for each in range(accounts)]
    (field,) = fields_of(*said)
    assert [(pair.one, pair.other) for pair in field.pairs] == list(itertools.combinations([f"WEST-R-{each}" for each in range(accounts)], 2))
    assert {pair.rule for pair in field.pairs} == {"ranges-apart"}


VERDICTS = settings(max_examples=150, deadline=None)


def verdicts(records):
    return {field.key: (field.state, field.among) for field in fields_of(*records)}


@settings(max_examples=300, deadline=None)
@given(st.one_of(*[st.tuples(st.lists(each, min_size=1, max_size=4), st.lists(each, min_size=1, max_size=4)) for each in (NUMBERS, MOMENTS, PLACES)]))
def test_one_look_at_all_values_decides_as_every_pair_does(pair):
    whole = judge_all(*pair)
    each = {judge(one, other) for one in pair[0] for other in pair[1]}
    assert whole is None or whole == next(rule for rule in RULES if rule in each)
    assert whole is None or {RULES[rule].verdict for rule in each} == {"agree"}


@pytest.mark.parametrize("value", [lambda each: count(each, None), lambda each: count(each, each)], ids=["open", "exact"])
def test_ten_accounts_of_five_hundred_numbers_are_compared_without_judging_every_pair(value, monkeypatch):
    asked = []
    monkeypatch.setattr(comparing, "judge", lambda one, other: asked.append(1) or judge(one, other))
    said = [
        attributed(*(claim("killed", value(each + 500 * name), number=each) for each in range(500)), number=f"WEST-R-{name}") for name in range(10)
    ]
    (field,) = fields_of(*said)
    assert len(field.pairs) >= 45
    assert len(asked) < 1_000


@VERDICTS
@given(RECORDS, st.sampled_from(["IR", "PK", "AF", "CN"]))
def test_silent_account_changes_no_verdict(records, side):
    silent = msgspec.structs.replace(record(party="elsewhere", side=side, basis="attributed", number="ELSE-R-1"), claims=[])
    assert verdicts([*records, silent]) == verdicts(records)
    assert verdicts([silent, *records]) == verdicts(records)


def wider_count(value, below, above):
    return count(max(0, value.low - below), None if value.high is None or above > 8 else value.high + above)


def wider_moment(value, below, above):
    return msgspec.structs.replace(value, start=value.start - timedelta(hours=below), end=value.end + timedelta(hours=above))


def wider_place(value, below, above):
    return msgspec.structs.replace(value, radius_m=(value.radius_m or 1000) + 1000 * (below + above), ref=value.ref)


def wider_depth(value, below, above):
    return depth(max(0, value.low_m - below), None if value.high_m is None or above > 8 else value.high_m + above)


DATED = st.sampled_from([day("2014-10-22", zone_h=5), day("2014-10-23"), minute("2014-10-22T09:30"), span_of("2014-10-01", "2014-11-01")])
POINTS = st.sampled_from([MAND, MIRJAVEH, QUETTA, point(62, 26), point(62.03, 26, 1000)])
DEPTHS = st.tuples(st.integers(0, 5), st.none() | st.integers(0, 5)).map(lambda pair: depth(pair[0], None if pair[1] is None else sum(pair)))
WIDER = st.one_of(
    *[st.tuples(values, values, st.just(widen)) for values, widen in ((NUMBERS, wider_count), (DATED, wider_moment), (POINTS, wider_place),
                                                                     (DEPTHS, wider_depth))]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(WIDER, st.integers(0, 10), st.integers(0, 10))
def test_widening_an_interval_never_turns_agree_into_differ(case, below, above):
    one, other, widen = case
    if agrees(one, other):
        assert agrees(widen(one, below, above), other)
        assert agrees(one, widen(other, below, above))
        assert agrees(widen(one, below, above), widen(other, above, below))
