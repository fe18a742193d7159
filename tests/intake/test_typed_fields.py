# SPDX-License-Identifier: Apache-2.0
"""What an officer types into short fields, in three languages: counts, codes, times and places."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamsaya.facts.claims import ACTION_CODES, CODES, GROUP_CODES, MEANS_CODES
from hamsaya.facts.errors import InputError
from hamsaya.facts.points import distance_m, travel
from hamsaya.facts.soundness import is_sound
from hamsaya.facts.values import DERIVATIONS
from hamsaya.facts.words import LANGUAGES
from hamsaya.intake.places import spots
from hamsaya.intake.typed import TypedFields
from hamsaya.intake.typed_places import Offset, offset_point
from hamsaya.tongues import translate

READ = TypedFields()
NOW = datetime(2026, 11, 22, 10, 17, 30, tzinfo=UTC)
"""A Sunday, 13:47 in Tehran and 1 Azar 1405."""
TEHRAN = "Asia/Tehran"


@pytest.mark.parametrize(("text", "low", "high"), [
    ("12", 12, 12), ("10-12", 10, 12), ("10 to 12", 10, 12), ("about 20", 17, 23), ("~20", 17, 23), ("20+", 20, None), (">20", 21, None),
    ("several", 3, None), ("at least 30 men", 30, None), ("<20", 0, 19), ("twenty-five", 25, 25), ("3 boats", 3, 3),
    ("۱۲", 12, 12), ("۱۰ تا ۱۲ نفر", 10, 12), ("چند نفر", 3, None), ("حدود ۲۰", 17, 23), ("بیست و پنج", 25, 25), ("دست کم ۳۰", 30, None),
    ("کئی", 3, None), ("تقریباً 20 افراد", 17, 23), ("20 کے قریب", 17, 23), ("کم از کم 30", 30, None),
])  # fmt: skip
def test_a_count_is_a_range_where_the_words_give_one(text, low, high):
    found = READ.count(text).count
    assert (found.low, found.high) == (low, high)
    assert found.words == ("" if text in ("12", "۱۲") else text)


@pytest.mark.parametrize("text", ["lots", "?", "", "نمی‌دانم", "99999999999999"])
def test_a_field_without_a_number_is_refused(text):
    with pytest.raises(InputError):
        READ.count(text)


def test_the_group_that_a_count_names_is_told():
    assert READ.count("10-12 smugglers").group.code == "smuggler"
    assert READ.count("۱۰ قاچاقچی").group.code == "smuggler"
    assert READ.count("12").group is None


@pytest.mark.parametrize("codes", [GROUP_CODES, ACTION_CODES, MEANS_CODES], ids=["groups", "actions", "means"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_label_that_is_offered_is_read_back_as_its_code(codes, language):
    for code in codes:
        assert READ.coded(translate(CODES[code], language), codes).code == code


@pytest.mark.parametrize(("text", "codes", "code", "country"), [
    ("Pakistani border guards", GROUP_CODES, "border_guard", "PK"), ("FC", GROUP_CODES, "border_guard", "PK"),
    ("مرزبانان پاکستان", GROUP_CODES, "border_guard", "PK"), ("مسلح افراد", GROUP_CODES, "armed_group_member", ""),
    ("martians", GROUP_CODES, "unknown_group", ""), ("shooting", ACTION_CODES, "cross_border_fire", ""), ("فائرنگ", ACTION_CODES, "cross_border_fire", ""),
    ("تیراندازی", ACTION_CODES, "cross_border_fire", ""), ("digging a trench", ACTION_CODES, "construction", ""), ("dancing", ACTION_CODES, "other", ""),
    ("2 pickups", MEANS_CODES, "vehicle", ""), ("AK-47", MEANS_CODES, "small_arms", ""), ("2 موٹر سائیکل", MEANS_CODES, "vehicle", ""),
    ("قایق تندرو", MEANS_CODES, "boat", ""), ("a radio", MEANS_CODES, "other", ""),
])  # fmt: skip
def test_own_words_stand_beside_a_neutral_code(text, codes, code, country):
    found = READ.coded(text, codes)
    assert (found.code, found.country, found.words) == (code, country, text)


def moment(text, *, zone=TEHRAN, now=NOW):
    return READ.moment(text, zone=zone, now=now)


@pytest.mark.parametrize(("text", "start", "precision", "derivation"), [
    ("now", "2026-11-22 10:17", "minute", "at-writing"), ("اکنون", "2026-11-22 10:17", "minute", "at-writing"),
    ("ابھی", "2026-11-22 10:17", "minute", "at-writing"), ("-15m", "2026-11-22 10:02", "minute", "before-writing"),
    ("15 min ago", "2026-11-22 10:02", "minute", "before-writing"), ("۱۵ دقیقه پیش", "2026-11-22 10:02", "minute", "before-writing"),
    ("15 منٹ پہلے", "2026-11-22 10:02", "minute", "before-writing"), ("-2h", "2026-11-22 07:47", "hour", "before-writing"),
    ("-1d", "2026-11-20 20:30", "day", "before-writing"), ("0640", "2026-11-22 03:10", "minute", "last-such-hour"),
    ("۰۶:۴۰", "2026-11-22 03:10", "minute", "last-such-hour"), ("2350", "2026-11-21 20:20", "minute", "last-such-hour"),
    ("0640Z", "2026-11-22 06:40", "minute", "last-such-hour"), ("6am", "2026-11-22 02:30", "hour", "last-such-hour"),
    ("21 Nov 0640", "2026-11-21 03:10", "minute", "year-from-writing"), ("Nov 21 0640", "2026-11-21 03:10", "minute", "year-from-writing"),
    ("23 Nov", "2025-11-22 20:30", "day", "year-from-writing"), ("21 Nov 2014", "2014-11-20 20:30", "day", "absolute"),
    ("2026-11-21 06:40", "2026-11-21 03:10", "minute", "absolute"), ("2026-11-21T06:40Z", "2026-11-21 06:40", "minute", "absolute"),
    ("1405-08-30 06:40", "2026-11-21 03:10", "minute", "absolute-jalali"), ("۱۴۰۵/۰۸/۳۰ ۰۶:۴۰", "2026-11-21 03:10", "minute", "absolute-jalali"),
    ("۳۰ آبان ۰۶۴۰", "2026-11-21 03:10", "minute", "year-from-writing"), ("21 نومبر 0640", "2026-11-21 03:10", "minute", "year-from-writing"),
    ("210640Z NOV 26", "2026-11-21 06:40", "minute", "absolute"), ("yesterday 0640", "2026-11-21 03:10", "minute", "day-before-writing"),
    ("دیروز ۰۶:۴۰", "2026-11-21 03:10", "minute", "day-before-writing"), ("کل 0640", "2026-11-21 03:10", "minute", "day-before-writing"),
    ("Wed 0640", "2026-11-18 03:10", "minute", "weekday-before-writing"), ("Sunday 23:00", "2026-11-15 19:30", "minute", "weekday-before-writing"),
])  # fmt: skip
def test_times_as_they_are_typed(text, start, precision, derivation):
    found = moment(text)
    assert found.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert (found.precision, found.derivation, found.words) == (precision, derivation, text)
    assert found.derivation in DERIVATIONS


@pytest.mark.parametrize(("text", "start", "end"), [
    ("0600-0640", "2026-11-22 02:30", "2026-11-22 03:10"), ("2300-0100", "2026-11-21 19:30", "2026-11-21 21:30"),
    ("21 Nov 0600-0640", "2026-11-21 02:30", "2026-11-21 03:10"), ("۰۶:۰۰ تا ۰۶:۴۰", "2026-11-22 02:30", "2026-11-22 03:10"),
])  # fmt: skip
def test_a_stretch_of_hours_stays_a_stretch(text, start, end):
    found = moment(text)
    assert (found.start, found.end) == tuple(datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, end))


@pytest.mark.parametrize("text", ["", "soon", "0640 maybe", "31 Feb", "25:00", "2660", "now now", "-99999d", "tomorrow", "0640 0700", "۳۱ آبان"])
def test_what_is_not_wholly_understood_is_refused(text):
    with pytest.raises(InputError, match=r"cannot be read|no such day"):
        moment(text)


@pytest.mark.parametrize("text", ["21 Nov 1930", "21 Nov 2145", "30 Aban 1330", "۳۰ آبان ۱۳۵۰"])
def test_what_may_be_an_hour_or_a_year_is_asked(text):
    with pytest.raises(InputError, match="an hour or a year"):
        moment(text)
    assert moment("21 Nov 19:30").start.hour == 16


@pytest.mark.parametrize("text", ["1 Jan 2027", "22 Nov 13:53", "2026-11-22T10:23Z"])
def test_a_time_to_come_is_refused_and_the_nodes_clock_is_told(text):
    with pytest.raises(InputError, match="2026-11-22 13:47"):
        moment(text)


def test_a_clock_that_runs_a_little_ahead_is_believed():
    assert moment("13:51").start == datetime(2026, 11, 22, 10, 21, tzinfo=UTC)


@given(st.text(max_size=40) | st.text(alphabet="0123456789:- /.Zhmdنو۰۱۲NOVآبان", max_size=24))
def test_any_text_is_a_past_time_or_our_own_error(text):
    try:
        found = moment(text)
    except InputError:
        return
    assert found.start < found.end
    assert found.start <= NOW + timedelta(minutes=5)


def place(text, ref="", language="en"):
    return READ.place(text, ref=ref, language=language)


@pytest.mark.parametrize("text", ["Taftan", "taftan", "تفتان", "in Taftan", "Taftan, Pakistan"])
def test_a_place_is_found_in_each_script(text):
    found = place(text).place
    assert (found.ref, found.words, found.radius_m) == ("PK.taftan", text, 5000)


@pytest.mark.parametrize("text", ["near Taftan", "نزدیک تفتان", "تفتان کے قریب"])
def test_near_is_a_wider_circle(text):
    assert (place(text).place.relation, place(text).place.radius_m) == ("near", 15_000)


@pytest.mark.parametrize("text", [
    "12 km NE of Taftan", "12km north-east of Taftan", "NE of Taftan 12 km", "۱۲ کیلومتری شمال شرق تفتان", "در ۱۲ کیلومتری شمال شرقی تفتان",
    "تفتان سے ۱۲ کلومیٹر شمال مشرق", "تفتان کے شمال مشرق میں 12 کلومیٹر",
])  # fmt: skip
def test_so_far_in_such_a_direction_in_three_languages(text):
    found, taftan = place(text).place, spots()["PK.taftan"]
    assert distance_m((taftan.lon_udeg, taftan.lat_udeg), (found.lon_udeg, found.lat_udeg)) == pytest.approx(12_000, rel=0.01)
    assert found.lon_udeg > taftan.lon_udeg
    assert found.lat_udeg > taftan.lat_udeg
    assert (found.words, found.ref, found.country) == (text, "", "")


@given(st.sampled_from(sorted(spots())), st.floats(0.1, 200), st.sampled_from([(22.5 * n, 22.5 if n % 2 == 0 else 11.25) for n in range(16)]),
       st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 360), st.floats(0, 1))  # fmt: skip
def test_the_radius_holds_whatever_the_words_could_mean(ref, km, wind, aside, far, around, off):
    """From anywhere in the place, in any direction of that sector, at any distance that is rounded to those words."""
    spot, (bearing, half) = spots()[ref], wind
    offset = Offset(km * 1000, max(500, km * 100), bearing, half)
    lon, lat, radius = offset_point(spot, offset)
    near = spot.radius_m if spot.kind == "settlement" else 5_000
    origin = travel(spot.lon_udeg, spot.lat_udeg, around, off * near)
    true = travel(*origin, bearing + aside * half, offset.distance_m + far * offset.doubt_m)
    assert distance_m((lon, lat), true) <= (radius + max(0, near - spot.radius_m)) * 1.012


def test_a_distance_without_a_direction_is_a_circle_around_the_place():
    found, zahedan = place("5 km from Zahedan").place, spots()["IR.zahedan"]
    assert (found.lon_udeg, found.lat_udeg) == (zahedan.lon_udeg, zahedan.lat_udeg)
    assert found.radius_m == zahedan.radius_m + 5_500


def test_nautical_miles_and_winds_between():
    found, gwadar = place("15 nm SSE of Gwadar").place, spots()["PK.gwadar"]
    there = (found.lon_udeg, found.lat_udeg)
    assert distance_m((gwadar.lon_udeg, gwadar.lat_udeg), there) == pytest.approx(15 * 1852, rel=0.01)
    east, north = there[0] - gwadar.lon_udeg, there[1] - gwadar.lat_udeg
    assert math.degrees(math.atan2(east * math.cos(math.radians(25)), north)) == pytest.approx(157.5, abs=1)


def test_a_name_on_both_sides_is_a_question_and_the_choice_is_kept():
    asked = place("12 km N of Pishin", language="fa")
    assert asked.place is None
    assert {choice.ref for choice in asked.choices} == {"PK.pishin", "IR.pishin"}
    assert {choice.country for choice in asked.choices} == {"PK", "IR"}
    chosen = place("12 km N of Pishin", ref="IR.pishin").place
    assert abs(chosen.lat_udeg - spots()["IR.pishin"].lat_udeg - 108_000) < 3_000
    assert place("Pishin, Iran").place.ref == "IR.pishin"
    assert place("Zahedan", ref="IR.pishin").place.ref == "IR.zahedan"  # what was chosen for other words does not count


def test_a_place_that_nobody_knows_is_kept_as_words_with_the_nearest_names():
    found = place("Zahadan")
    assert (found.place.precision, found.place.words, found.place.lon_udeg) == ("unknown", "Zahadan", None)
    assert [choice.ref for choice in found.choices] == ["IR.zahedan"]
    assert found.note is not None


@pytest.mark.parametrize("text", ["12 km NE of Narnia", "12 km", "800 km N of Taftan", "28.9, 61.5", "61.5 E 95 N"])
def test_what_gives_no_point_is_refused(text):
    with pytest.raises(InputError):
        place(text)


def test_coordinates_in_local_digits_and_words():
    found = place("۶۱٫۵۸ شرقی ۲۸٫۹۴ شمالی").place
    assert (found.lon_udeg, found.lat_udeg, found.precision) == (61_580_000, 28_940_000, "site")


def test_suggestions_come_in_three_scripts_own_side_first_and_keep_what_stands_before():
    assert [each.ref for each in READ.suggest("Pish", language="en", country="IR")] == ["IR.pishin", "PK.pishin"]
    assert next(each.ref for each in READ.suggest("پیش", language="fa", country="PK")) == "PK.pishin"
    (taftan,) = READ.suggest("12 km NE of Ta", language="en", country="IR")[:1]
    assert (taftan.text, taftan.name, taftan.country) == ("12 km NE of Taftan", "Taftan", "PK")
    assert READ.suggest("تفت", language="ur", country="PK")[0].name == "تفتان"
    assert READ.suggest("", language="en", country="IR") == []


@given(st.text(max_size=60))
def test_any_text_is_a_place_a_question_or_our_own_error(text):
    try:
        found = READ.place(text, ref="", language="ur")
    except InputError:
        return
    assert (found.place is None) == (len(found.choices) > 1 and found.note is None)
    READ.suggest(text, language="fa", country="IR")
    READ.coded(text, GROUP_CODES)


@pytest.mark.parametrize("text", ["41R LN 62592 03264", "۴۱R LN ۶۲۵۹۲ ۰۳۲۶۴", "UTM 41R 362592 3203264", "41R LN 626 033"])
def test_grid_references_are_places(text):
    found = place(text).place
    assert (found.words, round(found.lon_udeg / 1e6, 2), round(found.lat_udeg / 1e6, 2)) == (text, 61.59, 28.95)
    assert (found.precision, found.radius_m) == ("exact", 71 if len(text) < 15 else 1)


@pytest.mark.parametrize(("text", "low", "high", "territory", "ref"), [
    ("3 km inside Pakistan", 3_000, 3_000, "PK", ""),
    ("2-3 km inside Iran near Mirjaveh", 2_000, 3_000, "IR", "IR.mirjaveh"),
    ("۳ کیلومتر داخل خاک ایران", 3_000, 3_000, "IR", ""),
    ("۲ کیلومتر داخل خاک ایران نزدیک میرجاوه", 2_000, 2_000, "IR", "IR.mirjaveh"),
    ("پاکستان کے ۲ کلومیٹر اندر", 2_000, 2_000, "PK", ""),
    ("1.5 km into Pakistan, Taftan", 1_500, 1_500, "PK", "PK.taftan"),
])  # fmt: skip
def test_how_far_inside_is_read_beside_the_place(text, low, high, territory, ref):
    read = READ.place(text)
    assert (read.depth.low_m, read.depth.high_m, read.depth.territory, read.depth.words) == (low, high, territory, text)
    assert (read.place.ref, read.place.words) == (ref, text)
    assert (read.place.lon_udeg is None) == (not ref)


def test_points_in_a_row_are_a_line_and_an_area_where_they_close():
    road = READ.place("61.1, 29.2; 61.3, 29.2").place
    assert (road.along, road.around) == (((61_100_000, 29_200_000), (61_300_000, 29_200_000)), ())
    area = READ.place("29.2N 61.1E; 29.2N 61.3E; 29.4N 61.2E; 29.2N 61.1E").place
    assert len(area.around) == 3
    assert is_sound(area)
    assert is_sound(road)
    with pytest.raises(InputError, match="three different corners"):
        READ.place("61.1, 29.2; 61.3, 29.2; 61.1, 29.2")
    with pytest.raises(InputError, match="wrong way round"):
        READ.place("61.1, 29.2; 29.2, 61.3")
