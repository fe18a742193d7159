# SPDX-License-Identifier: Apache-2.0
"""Reports with random numbers, days and places in three languages: what was put in comes out as drafts."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from persiantools.jdatetime import JalaliDate

from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Draft
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place
from hamsaya.intake import read_document
from hamsaya.intake.lexicon import lexicon_for, read_data
from hamsaya.intake.places import Spot, spots

ZONE = {"en": "Asia/Karachi", "fa": "Asia/Tehran", "ur": "Asia/Karachi"}
NUMBERS = {
    language: {int(number): words[0] for number, words in lexicon_for(language).table("number").items()}
    for language in ("en", "fa", "ur")
}  # fmt: skip
EASTERN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
PLACES = [row for row in read_data("gazetteer.toml")["place"]
          if row["kind"] == "settlement" and all(row[language] for language in ("en", "fa", "ur"))]  # fmt: skip
Numeral = tuple[int, str]
days = st.dates(date(1990, 1, 1), date(2049, 12, 31))
few = st.integers(2, 99)
hours = st.builds(time, st.integers(0, 23), st.integers(0, 59))


def month(language: str, number: int, table: str = "months") -> str:
    return lexicon_for(language).table(table)[str(number)][0].title()


@st.composite
def numerals(draw: st.DrawFn, language: str) -> tuple[int, str]:
    number = draw(few)
    forms = [str(number)]
    if language != "en":
        forms.append(str(number).translate(EASTERN))
    if number in NUMBERS[language] and len(NUMBERS[language][number]) > 1:
        forms.append(NUMBERS[language][number])
    tens, ones = number - number % 10, number % 10
    if language in {"en", "fa"} and number > 20 and ones:
        link = "-" if language == "en" else " و "
        forms.append(NUMBERS[language][tens] + link + NUMBERS[language][ones])
    return number, draw(st.sampled_from(forms))


@st.composite
def places(draw: st.DrawFn, language: str) -> tuple[Spot, str]:
    row = draw(st.sampled_from(PLACES))
    name = draw(st.sampled_from(row[language]))
    if row.get("locative"):
        country = {"en": {"PK": "Pakistan", "IR": "Iran"}, "fa": {"PK": "پاکستان", "IR": "ایران"}, "ur": {"PK": "پاکستان", "IR": "ایران"}}
        word = country[language][row["country"]]
        name = {"en": f"{name}, {word}", "fa": f"{name} {word}", "ur": f"{word} کے علاقے {name}"}[language]
    return spots()[row["ref"]], name


def only(draft: Draft, predicate: str) -> Claim:
    (claim,) = [claim for claim in draft.claims if claim.predicate == predicate]
    return claim


def assert_count(claim: Claim, number: int, group: str, country: str) -> None:
    assert isinstance(claim.value, Count)
    assert (claim.value.low, claim.value.high) == (number, number)
    assert claim.about is not None
    assert (claim.about.code, claim.about.country) == (group, country)


def assert_when_and_where(draft: Draft, day: date, place: Spot, language: str, at: time | None = None) -> None:
    moment, where = only(draft, "occurred").value, only(draft, "place").value
    assert isinstance(moment, Moment)
    local = datetime.combine(day, at or time.min, tzinfo=ZoneInfo(ZONE[language]))
    assert moment.start == local.astimezone(UTC)
    length = timedelta(minutes=1) if at else timedelta(hours=26)
    assert moment.end is not None
    assert moment.start is not None
    assert moment.end - moment.start <= length
    assert isinstance(where, Place)
    assert where.ref == place.ref
    assert (where.lon_udeg, where.lat_udeg) == (place.lon_udeg, place.lat_udeg)


def read(text: str, language: str) -> list[Draft]:
    found = read_document(text.encode(), name="n", origin="PK", zone=ZONE[language])
    assert found.language == language
    for draft in found.drafts:
        for claim in draft.claims:
            assert claim.span is not None
            assert found.text[claim.span.start : claim.span.end].strip()
    return found.drafts


@given(st.tuples(days, hours), places("en"), st.tuples(numerals("en"), numerals("en"), numerals("en")))
@settings(max_examples=80, deadline=None)
def test_english_report(when: tuple[date, time], place: tuple[Spot, str], numbers: tuple[Numeral, Numeral, Numeral]) -> None:
    (day, at), (troops, killed, hurt) = when, numbers
    text = (
        f"On {day.day} {month('en', day.month)} {day.year} at {at:%H:%M}, {troops[1]} Iranian border guards opened fire near {place[1]}. "
        f"They killed {killed[1]} Pakistani civilians and wounded {hurt[1]} others; two vehicles were damaged."
    )
    (draft,) = read(text, "en")
    assert_when_and_where(draft, day, place[0], "en", at)
    assert_count(only(draft, "strength"), troops[0], "border_guard", "IR")
    assert_count(only(draft, "killed"), killed[0], "civilian", "PK")
    assert_count(only(draft, "wounded"), hurt[0], "civilian", "PK")
    assert only(draft, "actor").value == Coded(code="border_guard", words="Iranian border guards", country="IR")
    assert only(draft, "property").value == Coded(code="vehicle", words="vehicles")


@given(st.tuples(days, hours), places("fa"), st.tuples(numerals("fa"), numerals("fa")), st.booleans())
@settings(max_examples=80, deadline=None)
def test_persian_report(moment: tuple[date, time], place: tuple[Spot, str], numbers: tuple[Numeral, Numeral], eastern: bool) -> None:
    (day, at), (killed, hurt) = moment, numbers
    jalali = JalaliDate(day)  # type: ignore[no-untyped-call]
    when = f"{jalali.day} {month('fa', jalali.month, 'jalali_months')} {jalali.year} ساعت {at:%H:%M}"
    text = (
        f"روز {when.translate(EASTERN) if eastern else when} در {place[1]}، {killed[1]} مرزبان ایرانی به دست اشرار کشته شدند "
        f"و {hurt[1]} نفر دیگر زخمی شدند. در این حمله یک خودرو آسیب دید."
    )
    (draft,) = read(text, "fa")
    assert_when_and_where(draft, day, place[0], "fa", at)
    assert_count(only(draft, "killed"), killed[0], "border_guard", "IR")
    assert_count(only(draft, "wounded"), hurt[0], "border_guard", "IR")
    assert only(draft, "actor").value == Coded(code="armed_group_member", words="اشرار")


@given(days, places("ur"), st.tuples(numerals("ur"), numerals("ur"), numerals("ur")), st.booleans())
@settings(max_examples=80, deadline=None)
def test_urdu_report(day: date, place: tuple[Spot, str], numbers: tuple[Numeral, Numeral, Numeral], eastern: bool) -> None:
    troops, killed, metres = numbers
    when = f"{day.day} {month('ur', day.month)} {day.year}"
    text = (
        f"{when.translate(EASTERN) if eastern else when} کو {place[1]} میں {troops[1]} ایرانی سرحدی محافظ داخل ہوئے اور "
        f"{killed[1]} پاکستانی شہریوں کو ہلاک کر دیا۔ وہ پاکستان کے اندر {metres[1]} کلومیٹر تک آئے۔"
    )
    (draft,) = read(text, "ur")
    assert_when_and_where(draft, day, place[0], "ur")
    assert_count(only(draft, "strength"), troops[0], "border_guard", "IR")
    assert_count(only(draft, "killed"), killed[0], "civilian", "PK")
    depth = only(draft, "depth").value
    assert isinstance(depth, Depth)
    assert (depth.low_m, depth.high_m, depth.territory) == (metres[0] * 1000, metres[0] * 1000, "PK")
