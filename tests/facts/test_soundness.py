# SPDX-License-Identifier: Apache-2.0
"""What a neighbour wrote must be fit to keep and to show; what this house writes itself always is."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facts.made import claim, code, count, day, depth, minute, named, open_day, point, record, span_of, text

from hamsaya.desk.names import new_name
from hamsaya.desk.parties import PARTY_ID
from hamsaya.facts.claims import CODES, PREDICATES, Speaker
from hamsaya.facts.records import Derived
from hamsaya.facts.shapes import shaped
from hamsaya.facts.soundness import as_plain, is_name, is_plain, what_is_unsound
from hamsaya.facts.values import Moment, Place

ROAD = shaped("the road", ((61_100_000, 29_200_000), (61_300_000, 29_200_000)), closed=False)
SOUND = {
    "every value": record(
        claim("occurred", day("2014-10-22")), claim("place", point(62.03, 26.12, 6000), number=2), claim("depth", depth(2000, None), number=3),
        claim("action", code("raid", country="PK"), number=4), claim("killed", count(0, None), number=5), claim("statement", text("a\nb\tc"), number=6),
    ),
    "no claims": record(claim("action", code("raid"))),
    "a line, and an area in a district": record(
        claim("place", ROAD), claim("place", shaped("", (*ROAD.along, (61_200_000, 29_300_000)), closed=True), number=2),
        claim("place", Place(words="Sui", precision="site", district="Dera Bugti"), number=3),
    ),
    "open times and unnamed places": record(claim("occurred", open_day("10-22")), claim("place", named(""), number=2)),
    "Persian with its joiner": record(claim("statement", text("حل\u200cوفصل"))),
    "code and predicate of a later version": record(claim("later_predicate", code("later_code"))),
    "a century": record(claim("occurred", span_of("1900-01-01", "2000-01-01", "year"))),
    "no incident": record(incident=""),
    "attributed to no side": record(side=""),
}  # fmt: skip


@pytest.mark.parametrize("sound", SOUND.values(), ids=SOUND)
def test_sound(sound):
    assert what_is_unsound(sound) is None


LETTERS = st.sampled_from('aآ\u06f1\u200c\u200e\n\t"\\é🙂') | st.sampled_from("\x00\x1b\x7f\x85\u00ad\u202e\u2066\ufeff\ue000")


@settings(max_examples=150, deadline=None)
@given(st.text(LETTERS, max_size=6), st.sampled_from(["", "a" * 3990, "a" * 3999, "a" * 4000]))
def test_statement_is_sound_where_each_of_its_letters_can_be_shown_and_it_is_not_too_long(letters, more):
    assert (what_is_unsound(record(claim("statement", text(letters + more)))) is None) == is_plain(letters + more)


def moment(start, end):
    return Moment(start=start, end=end, precision="day")


AT = datetime(2014, 10, 22, tzinfo=UTC)
UNSOUND = {
    "rests on a record whose name is a path": msgspec.structs.replace(record(), derived=[Derived(record="../x", version=1, party="west")]),
    "rests on version 0": msgspec.structs.replace(record(), derived=[Derived(record="WEST-R-1", version=0, party="west")]),
    "rests on what no party said": msgspec.structs.replace(record(), derived=[Derived(record="WEST-R-1", version=1, party="we/st")]),
    "rests on too much": msgspec.structs.replace(record(), derived=[Derived(record="WEST-R-1", version=1, party="west")] * 101),
    "name with a slash": record(number="EAST/R/1"),
    "name in small letters": record(number="east-r-1"),
    "empty name": record(number=""),
    "name that is too long": record(number="E" * 65),
    "name with a line break": record(number="EAST-R-1\n"),
    "incident that is a path": record(incident="../../x"),
    "version 0": record(version=0),
    "version beyond count": record(version=2**53 - 1),
    "negative number withheld": record(withheld=-1),
    "side that is no country": record(side="Pakistan"),
    "filed before anybody": msgspec.structs.replace(record(), filed_at=datetime(1, 1, 1, tzinfo=UTC)),
    "501 claims": record(*(claim("action", code("raid"), number=number) for number in range(501))),
    "text that is too long": record(claim("statement", text("x" * 4001))),
    "text that turns the line around": record(claim("statement", text("abc\u202edef"))),
    "office with a control character": record(office="duty\x1b[2Joffice"),
    "words with a bell": record(claim("action", code("raid", words="\x07"))),
    "predicate with a space": record(claim("no such", code("raid"))),
    "number where a time belongs": record(claim("occurred", count(1, 1))),
    "words where a number belongs": record(claim("killed", text("one"))),
    "grade that is none": record(claim("action", code("raid"), grade="Z9")),
    "time that ends before it begins": record(claim("occurred", moment(datetime(2014, 10, 23, tzinfo=UTC), AT))),
    "time before 1900": record(claim("occurred", moment(datetime(1899, 1, 1, tzinfo=UTC), AT))),
    "time at the end of time": record(claim("occurred", moment(AT, datetime(9999, 12, 31, tzinfo=UTC)))),
    "longitude beyond the globe": record(claim("place", point(180.1, 0))),
    "latitude beyond the pole": record(claim("place", point(0, -90.1))),
    "a line of one point": record(claim("place", msgspec.structs.replace(ROAD, along=ROAD.along[:1]))),
    "an area of two corners": record(claim("place", msgspec.structs.replace(ROAD, along=(), around=ROAD.along))),
    "a line and an area at once": record(claim("place", msgspec.structs.replace(ROAD, around=(*ROAD.along, (61_200_000, 29_300_000))))),
    "a line that its circle does not hold": record(claim("place", msgspec.structs.replace(ROAD, radius_m=5_000))),
    "a line without a circle": record(claim("place", msgspec.structs.replace(ROAD, lon_udeg=None, lat_udeg=None))),
    "a line of too many points": record(claim("place", shaped("", tuple((61_000_000 + n, 29_000_000) for n in range(101)), closed=False))),
    "a line over the pole": record(claim("place", msgspec.structs.replace(ROAD, radius_m=20_000_000, along=((0, 91_000_000), (0, 0))))),
    "negative radius": record(claim("place", point(0, 0, -1))),
    "fewer than none": record(claim("killed", count(-1, 1))),
    "more at least than at most": record(claim("killed", count(3, 2))),
    "uncountable": record(claim("killed", count(0, 2**53 - 1))),
    "negative depth": record(claim("depth", depth(-1, 1))),
    "code in capitals": record(claim("action", code("RAID"))),
    "country in small letters": record(claim("action", code("raid", country="pk"))),
    "about what is no code": record(claim("killed", count(1, 1), about=code("<script>"))),
}


@pytest.mark.parametrize("unsound", UNSOUND.values(), ids=UNSOUND)
def test_unsound_with_a_reason_that_does_not_repeat_it(unsound):
    reason = what_is_unsound(unsound)
    assert reason is not None
    assert "\u202e" not in str(reason)
    assert "<script>" not in str(reason)


@settings(max_examples=100, deadline=None)
@given(st.from_regex(PARTY_ID, fullmatch=True), st.sampled_from("IRS"), st.binary(min_size=4, max_size=4))
def test_every_name_that_a_node_gives_is_one_that_its_neighbour_takes(party, kind, random):
    node = SimpleNamespace(party=party, random=lambda _: random)
    assert is_name(new_name(node, kind))


def test_every_code_and_predicate_of_the_house_is_sound():
    assert [name for name in CODES if what_is_unsound(record(claim("action", code(name))))] == []
    values = {
        "Moment": day("2014-10-22"),
        "Place": point(0, 0),
        "Depth": depth(1, 2),
        "Coded": code("raid"),
        "Count": count(1, 1),
        "Words": text("x"),
    }
    assert [name for name, each in PREDICATES.items() if what_is_unsound(record(claim(name, values[each.value.__name__])))] == []


@pytest.mark.parametrize("letter", ["\u202e", "\u2066", "\ufeff", "\x00", "\x1b", "\x7f", "\x85", "\ue000", "\u200b", "\r"])
def test_letter_that_could_repaint_or_hide_is_not_plain(letter):
    assert not is_plain(f"a{letter}b")


@pytest.mark.parametrize("words", ["", "a b", "مرز\u200cبانی", "\u200fمیرجاوه\u200e", "\u061cماند", "سرحد\nپار", "🚤", "x" * 4000])
def test_plain_text(words):
    assert is_plain(words)


def test_minute_and_speaker_are_sound():
    spoken = Speaker(kind="office", office="Inspector General Frontier Corps", side="PK")
    assert what_is_unsound(record(claim("occurred", minute("2014-10-22T09:30"), speaker=spoken))) is None


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_text_without_its_control_characters_is_plain_and_loses_nothing_else(words):
    plain = as_plain(words)
    assert is_plain(plain)
    assert [letter for letter in words if is_plain(letter)] == list(plain)
    assert as_plain(plain) == plain
