# SPDX-License-Identifier: Apache-2.0
"""The copy that leaves: no source, no sentence without leave, and nothing more exact than the parties agreed."""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CLAUSES, EXACT, QUOTES, WEST_TO_EAST, agreement
from tests.facts.made import claim, code, count, day, depth, minute, named, open_day, point, record

from hamsaya.accounts.rules import distance_m
from hamsaya.agreement.clauses import Exactness, Quotes
from hamsaya.agreement.coarsen import coarsen_depth, coarsen_place, coarsen_time
from hamsaya.agreement.prepare import prepare, screen
from hamsaya.facts.claims import Span, Speaker
from hamsaya.facts.shapes import shaped
from hamsaya.facts.values import Moment, Place
from hamsaya.seal.canonical import canonical

MADE = agreement()
WITHOUT_QUOTES = agreement([each for each in CLAUSES if each is not QUOTES])
SALT = b"s" * 32
SENTENCE = "Armed smugglers fired at a patrol."
SOURCE = Speaker(kind="source", side="IR", handle="KESTREL-44")
SPAN = Span(document="ab" * 32, start=0, end=5, sentence_start=0, sentence_end=34)


def leaving(version, made=MADE, quotes=None):
    return prepare(version, made, quotes, SALT)


def test_handle_of_a_source_is_in_no_byte_that_leaves():
    version = record(claim("action", code("raid"), speaker=SOURCE), claim("killed", count(1, 1), number=2, speaker=SOURCE))
    assert b"KESTREL-44" in canonical(version)
    for quotes in (None, {"c1": SENTENCE}):
        prepared = leaving(version, quotes=quotes)
        assert b"KESTREL" not in canonical(prepared.record)
        assert [each.speaker.kind for each in prepared.record.claims] == ["source", "source"]
    assert leaving(version).withheld == 2


def test_sentence_leaves_where_a_quotes_clause_allows_it():
    (sent,) = leaving(record(claim("action", code("raid"), span=SPAN)), quotes={"c1": SENTENCE}).record.claims
    assert sent.quote == SENTENCE
    assert msgspec.structs.replace(sent.span, document=SPAN.document) == SPAN
    assert SPAN.document not in canonical(sent).decode()  # its plain hash could be guessed


@pytest.mark.parametrize(
    "made",
    [
        WITHOUT_QUOTES,
        agreement([WEST_TO_EAST, Quotes(number="6", allowed=False)]),
        agreement([*CLAUSES, Quotes(number="9", allowed=False)]),
        agreement([Quotes(number="9", allowed=False), *CLAUSES]),
    ],
    ids=["no clause", "clause that keeps them", "allowed, then kept", "kept, then allowed"],
)
def test_sentence_stays_and_a_commitment_leaves_unless_every_quotes_clause_allows_it(made):
    prepared = leaving(record(claim("action", code("raid"))), made, {"c1": SENTENCE})
    (sent,) = prepared.record.claims
    assert sent.quote == ""
    assert SENTENCE.encode() not in canonical(prepared.record)
    assert sent.quote_commitment == hashlib.sha256(b"hamsaya-quote-v1\x00" + SALT + SENTENCE.encode()).hexdigest()
    assert prepared.withheld == prepared.record.withheld == 1


@pytest.mark.parametrize("sentence", ["Colonel Ahmadi led the raid.", "آقای محمدی گفت", "فون نمبر ۰۳۰۰ ۱۲۳۴۵۶۷۸"])
def test_sentence_in_which_the_screen_finds_a_person_stays_though_quotes_are_allowed(sentence):
    prepared = leaving(record(claim("action", code("raid")), claim("killed", count(1, 1), number=2)), quotes={"c1": sentence, "c2": SENTENCE})
    assert [each.quote for each in prepared.record.claims] == ["", SENTENCE]
    assert sentence.encode() not in canonical(prepared.record)
    assert all(each.quote_commitment for each in prepared.record.claims)
    assert prepared.withheld == 1


def test_commitment_of_the_same_sentence_differs_with_the_salt():
    version = record(claim("action", code("raid")))
    first, second = (prepare(version, WITHOUT_QUOTES, {"c1": SENTENCE}, salt).record.claims[0].quote_commitment for salt in (b"a" * 32, b"b" * 32))
    assert first != second


def test_withheld_counts_sentences_and_sources_and_nothing_else():
    version = record(
        claim("action", code("raid"), speaker=SOURCE), claim("killed", count(1, 1), number=2), claim("wounded", count(1, 1), number=3, speaker=SOURCE)
    )
    assert leaving(version, WITHOUT_QUOTES, {"c1": SENTENCE, "c2": SENTENCE}).withheld == 4
    assert leaving(version, MADE, {"c1": SENTENCE, "c2": SENTENCE}).withheld == 2
    assert leaving(record()).withheld == 0


def test_everything_else_leaves_as_it_was_filed():
    version = record(
        claim("action", code("raid", words="حمله"), hedge="reported", hedge_words="reportedly"),
        claim("killed", count(3, None, words="several"), number=2, about=code("civilian", country="PK"), grade="F6"),
        claim("occurred", open_day("10-22", words="on 22 October"), number=3),
        claim("place", named("somewhere near the line"), number=4),
    )
    assert leaving(version).record == version


def test_attempt_to_hand_in_a_quote_with_the_record_does_not_pass_the_screen_by():
    version = record(claim("action", code("raid"), quote="Colonel Ahmadi led the raid."))
    assert leaving(version).record.claims[0].quote == ""


DEGREES = st.integers(-60_000_000, 60_000_000)
LONGITUDES, LATITUDES = st.integers(-180_000_000, 180_000_000), st.integers(-89_900_000, 89_900_000)
BEARINGS = st.floats(0, 2 * math.pi)


def moved(place, bearing, distance):
    """The point at `distance` metres from a place, on the sphere that the house measures on."""
    lat, lon, angle = math.radians(place.lat_udeg / 1e6), math.radians(place.lon_udeg / 1e6), distance / 6_371_008.8
    lat_2 = math.asin(math.sin(lat) * math.cos(angle) + math.cos(lat) * math.sin(angle) * math.cos(bearing))
    lon_2 = lon + math.atan2(math.sin(bearing) * math.sin(angle) * math.cos(lat), math.cos(angle) - math.sin(lat) * math.sin(lat_2))
    return Place(words="", precision="exact", lon_udeg=round(math.degrees(lon_2) * 1e6), lat_udeg=round(math.degrees(lat_2) * 1e6))


@settings(max_examples=300, deadline=None)
@given(LONGITUDES, LATITUDES, st.none() | st.integers(0, 200_000), st.integers(1, 1_000_000), BEARINGS, st.floats(0, 1))
def test_true_point_stays_within_the_radius_that_is_told(lon, lat, radius, place_m, bearing, share):
    place = Place(words="", precision="site", lon_udeg=lon, lat_udeg=lat, radius_m=radius)
    true = moved(place, bearing, share * (radius or 0))
    told = coarsen_place(place, place_m)
    assert distance_m(told, true) <= told.radius_m + 1
    assert told.radius_m >= max(radius or 0, place_m)
    assert abs(told.lon_udeg) <= 180_000_000
    assert abs(told.lat_udeg) <= 90_000_000


@settings(max_examples=200, deadline=None)
@given(DEGREES, DEGREES, st.integers(100, 50_000))
def test_points_of_one_cell_leave_as_one_point(lon, lat, place_m):
    step = round(place_m * 1e6 / 111_320)
    centre = Place(words="", precision="exact", lon_udeg=lon // step * step, lat_udeg=lat // step * step)
    told = coarsen_place(centre, place_m)
    across = round(step / max(math.cos(math.radians(told.lat_udeg / 1e6)), 0.01))
    beside = msgspec.structs.replace(told, lon_udeg=told.lon_udeg + across // 2 - 1, lat_udeg=told.lat_udeg - step // 2 + 1, radius_m=None)
    assert coarsen_place(beside, place_m) == told


@pytest.mark.parametrize(("radius", "kept"), [(None, False), (0, False), (999, False), (1000, True), (6000, True)])
def test_words_that_would_tell_an_exact_place_stay_at_home(radius, kept):
    place = msgspec.structs.replace(point(61.234567, 29.1, radius, words="at 29.1 N 61.234567 E", ref="PK.x"), name="Post 12")
    told = coarsen_place(place, 1000)
    assert (told.words, told.name, told.ref) == ((place.words, place.name, place.ref) if kept else ("", "", ""))


def test_points_of_a_line_or_an_area_stay_at_home_where_places_leave_coarser():
    corners = ((61_100_000, 29_200_000), (61_300_000, 29_200_000), (61_200_000, 29_300_000))
    for shape in (shaped("the road", corners, closed=False), shaped("the field", corners, closed=True)):
        place = msgspec.structs.replace(shape, district="Dera Bugti")
        for place_m in (1_000, 10_000, 50_000):
            once = coarsen_place(place, place_m)
            assert (once.along, once.around) == ((), ())
            assert coarsen_place(once, place_m) == once
            assert once.district == ("" if place.radius_m < place_m else "Dera Bugti")
            assert all(distance_m(point(lon / 1e6, lat / 1e6), once) <= once.radius_m for lon, lat in corners)
        sent = leaving(record(claim("place", place)), made=agreement([WEST_TO_EAST, EXACT])).record.claims[0].value
        assert not sent.along
        assert not sent.around


def test_district_that_tells_a_person_is_screened():
    version = record(claim("place", Place(words="", precision="site", district="Mr Ahmad Rezai 0912 345 6789")))
    assert screen(leaving(version).record, "to settle it")


def test_place_without_a_point_is_left_as_it_is():
    assert coarsen_place(named("near the line"), 1000) == named("near the line")


TIMES = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  (the zone is drawn apart)


@settings(max_examples=300, deadline=None)
@given(TIMES, st.integers(0, 100_000), st.integers(1, 44_640))
def test_true_interval_stays_within_the_one_that_is_told_and_both_ends_are_whole_steps(start, seconds, time_min):
    moment = Moment(start=start, end=start + timedelta(seconds=seconds), precision="minute", words="at 09:31")
    told, step = coarsen_time(moment, time_min), timedelta(minutes=time_min)
    assert told.start <= moment.start
    assert told.end >= moment.end
    assert moment.start - told.start < step
    assert told.end - moment.end < step
    for end in (told.start, told.end):
        assert (end - datetime(1, 1, 1, tzinfo=UTC)) % step == timedelta(0)
    assert coarsen_time(told, time_min) == told


def test_words_that_would_tell_an_exact_time_stay_at_home():
    assert coarsen_time(minute("2026-11-12T09:31", words="at 09:31"), 60).words == ""
    assert coarsen_time(minute("2026-11-12T09:31", words="at 09:31"), 1).words == "at 09:31"
    assert coarsen_time(day("2026-11-12", words="on Thursday"), 60).words == "on Thursday"


def test_words_of_an_open_year_stay_at_home_and_its_day_does_where_it_is_too_exact():
    moment = open_day("10-22", words="on 22 October at 09:37")
    assert coarsen_time(moment, 1) == moment
    assert coarsen_time(moment, 60) == open_day("10-22", words="")
    assert coarsen_time(moment, 10_000) == open_day("", words="")


def test_sentence_that_tells_what_was_coarsened_stays_at_home_for_every_claim_on_it():
    made = agreement([WEST_TO_EAST, Exactness(number="8", place_m=50_000, time_min=1_440), Quotes(number="6", allowed=True)])
    other = msgspec.structs.replace(SPAN, sentence_start=100, sentence_end=134, start=100, end=105)
    version = record(
        claim("occurred", minute("2026-11-12T09:37", words="at 09:37"), span=SPAN),
        claim("killed", count(1, 1), number=2, span=SPAN),
        claim("action", code("raid"), number=3, span=other),
    )
    sent = leaving(version, made, dict.fromkeys(("c1", "c2", "c3"), SENTENCE)).record
    assert [each.quote for each in sent.claims] == ["", "", SENTENCE]
    assert sent.withheld == 3


def test_derivation_and_anchor_of_a_coarsened_day_stay_at_home():
    moment = msgspec.structs.replace(day("2014-10-22"), derivation="weekday-before-publication", anchor="2014-10-23")
    told = coarsen_time(moment, 44_640)
    assert (told.derivation, told.anchor) == ("", "")


@pytest.mark.parametrize(("place_m", "told"), [(100, (300, 300, "300 m")), (1000, (0, 1000, "")), (250, (250, 500, ""))])
def test_depth_is_widened_to_whole_steps(place_m, told):
    sent = coarsen_depth(msgspec.structs.replace(depth(300, 300), words="300 m"), place_m)
    assert (sent.low_m, sent.high_m, sent.words) == told


def test_two_exactness_clauses_bind_by_the_coarser_of_each_measure():
    made = agreement([WEST_TO_EAST, Exactness(number="8", place_m=5000, time_min=1), Exactness(number="9", place_m=100, time_min=60)])
    version = record(claim("place", point(61.2345, 29.1234)), claim("occurred", minute("2026-11-12T09:31"), number=2))
    place, moment = (each.value for each in leaving(version, made).record.claims)
    assert place == coarsen_place(version.claims[0].value, 5000)
    assert moment == coarsen_time(version.claims[1].value, 60)


def test_exactness_clause_reaches_every_place_and_time_of_the_record():
    version = record(
        claim("place", point(61.2345, 29.1234)), claim("place", point(61.9, 29.9), number=2), claim("occurred", minute("2026-11-12T09:31"), number=3)
    )
    sent = leaving(version, agreement([WEST_TO_EAST, msgspec.structs.replace(EXACT, place_m=10_000, time_min=60)])).record
    assert {each.value.lat_udeg % 89_831 for each in sent.claims[:2]} == {0}
    assert sent.claims[2].value.start.minute == 0
    assert b"61234" not in canonical(sent)


def test_without_an_exactness_clause_places_and_times_leave_as_they_were_filed():
    version = record(claim("place", point(61.2345, 29.1234)), claim("occurred", minute("2026-11-12T09:31"), number=2))
    assert leaving(version, agreement([WEST_TO_EAST])).record == version
