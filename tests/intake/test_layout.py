# SPDX-License-Identifier: Apache-2.0
"""Folding keeps the way back, sentences end where they end, and what is no claim's ground is left out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.folding import fold
from hamsaya.intake import Reading, read_document
from hamsaya.intake.exclusion import lay_out
from hamsaya.intake.lexicon import lexicon_for
from hamsaya.intake.sentences import LONGEST, Abbreviations, split_sentences

FACT = "On 17 October 2014, militants killed two border guards in Saravan."


def left_out(reading: Reading) -> list[tuple[str, str]]:
    return [(reading.text[each.start : each.end], str(each.reason)) for each in reading.excluded]


@given(st.text(st.characters(codec="utf-8"), max_size=80))
@settings(max_examples=150, deadline=None)
def test_every_folded_character_leads_back_into_the_text(text: str) -> None:
    folded = fold(text, 7)
    for index in range(len(folded.text)):
        start, end = folded.origin(index, index + 1)
        assert 7 <= start < end <= 7 + len(text)
    assert folded.origin(0, len(folded.text))[1] <= 7 + len(text) if folded.text else True


@pytest.mark.parametrize(
    ("one", "other"),
    [("مرزي", "مرزی"), ("كوه", "کوه"), ("می‌روند", "می روند"), ("۱۴۰۵", "1405"), ("٢٥", "25"), ("مُـرز", "مرز"),
     ("کوئٹہ", "کوئٹه"), ("Sarāvān", "saravan"), ("two\u00a0 men", "two men"), ("İran", "iran")],
)  # fmt: skip
def test_spellings_fold_to_one(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


def test_offsets_hold_behind_non_breaking_spaces_and_half_spaces() -> None:
    text = "QUETTA:\u00a0On  17\u00a0October 2014,\u200b militants\u00a0\u00a0killed two border\u00a0guards."
    reading = read_document(text.encode(), name="n")
    spans = {claim.predicate: reading.text[claim.span.start : claim.span.end]
             for claim in reading.drafts[0].claims if claim.span}  # fmt: skip
    assert spans["occurred"] == "17\u00a0October 2014"
    assert spans["killed"] == "killed two border\u00a0guards"


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Gen. A. Khan said so. The U.S. envoy left at 2.30 p.m. local time.", "en", 2),
        ("They moved 2.5 km. No. 5 post fell silent! Why?", "en", 3),
        ("یک نفر آمد. دو نفر رفتند؟ بله!", "fa", 3),
        ("ایک شہری زخمی ہوا۔دو گئے۔ کیوں؟", "ur", 3),
        ("وہ 2۔5 کلومیٹر آئے۔", "ur", 1),
        ("A line\nthat is wrapped goes on.", "en", 1),
    ],
)
def test_sentences_end_at_stops_but_not_at_abbreviations(text: str, language: str, count: int) -> None:
    table = lexicon_for(language).table("abbreviation")
    abbreviations = Abbreviations(frozenset(table["any"]), frozenset(table["before_number"]))
    found = list(split_sentences(text, 0, len(text), abbreviations))
    assert len(found) == count, [text[start:end] for start, end in found]


def test_endless_sentence_is_cut_into_bounded_pieces() -> None:
    text = "word " * 3_000
    pieces = list(split_sentences(text, 0, len(text), Abbreviations()))
    assert all(0 < end - start <= LONGEST for start, end in pieces)
    assert "".join(text[start:end] for start, end in pieces).replace(" ", "") == text.replace(" ", "")


def test_headline_header_and_dateline_are_left_out_and_the_body_is_read() -> None:
    text = f"Guards killed 9 men in Zahedan\n\nPublished Oct 20, 2014\nUpdated Nov 01, 2014\n\nQUETTA: {FACT}\n"
    reading = read_document(text.encode(), name="n")
    assert reading.published == "2014-10-20"
    assert [reason for _, reason in left_out(reading)] == [
        "headline or name of the site", "header line", "header line",
        "dateline: where it was written, not where it was",
    ]  # fmt: skip
    assert len(reading.drafts) == 1
    assert "Zahedan" not in repr(reading.drafts)


@pytest.mark.parametrize(
    ("language", "dateline", "body"),
    [
        ("fa", "زاهدان - ", "۱۷ اکتبر ۲۰۱۴ دو مرزبان ایرانی کشته شدند."),
        ("ur", "کوئٹہ: ", "17 اکتوبر 2014 کو دو سرحدی محافظ ہلاک ہوئے۔"),
        ("en", "KARACHI — ", FACT),
    ],
)
def test_dateline_is_no_place_of_the_event(language: str, dateline: str, body: str) -> None:
    reading = read_document((dateline + body).encode(), name="n", language=language)
    assert left_out(reading)[0][0] == dateline
    places = [claim.value.words for claim in reading.drafts[0].claims if claim.predicate == "place"]  # type: ignore[union-attr]
    assert places in ([], ["Saravan"])


@pytest.mark.parametrize("marker", ["Discussion1 Comment", "3 Comments", "Leave A Reply", "نظرات کاربران", "تبصرے"])
def test_readers_comments_are_left_out_to_the_end(marker: str) -> None:
    comment = "  1. On 1 May 2014 terrorists killed 99 soldiers in Turbat."
    language = "en" if marker.isascii() else "fa" if "نظر" in marker else "ur"
    reading = read_document(f"{FACT}\n\n{marker}\n\n{comment}\n".encode(), name="n", language=language)
    assert left_out(reading)[-1][1] == "readers' comments"
    assert "99" not in repr(reading.drafts)


def test_furniture_between_paragraphs_is_left_out() -> None:
    reading = read_document(f"{FACT}\nShare on anything\nMade with Something\n{FACT}".encode(), name="n")
    assert [reason for _, reason in left_out(reading)] == ["site furniture", "site furniture"]


def test_a_document_of_one_line_without_a_stop_is_still_read() -> None:
    assert read_document(FACT.rstrip(".").encode(), name="n").drafts


def test_paragraphs_never_overlap_what_is_left_out() -> None:
    laid = lay_out(f"Title\n\nDate: 1 May 2014\n\nQUETTA: {FACT}\nAll rights reserved\n{FACT}\n\nComments\n\n1", "en", "n")
    for start, end in laid.paragraphs:
        assert all(each.end <= start or each.start >= end for each in laid.excluded)
