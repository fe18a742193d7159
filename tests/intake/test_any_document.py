# SPDX-License-Identifier: Apache-2.0
"""For any bytes: a reading or our one error; and every claim stands on a sentence that may bear it."""

from __future__ import annotations

import re
import re._constants as constants  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.claims import CODES, PREDICATES
from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold_phrase
from hamsaya.intake import Reading, datewords, exclusion, opening, read_document, reading, sentences, speakers
from hamsaya.intake.lexicon import lexicon_for
from hamsaya.intake.sentences import LONGEST

WORDS = {
    language: sorted({
        phrase.replace("*", "")
        for name in ("group", "casualty", "action", "country", "mark", "number", "months", "weekdays", "relative", "speech",
                     "office", "hedge", "meeting", "decide", "decision", "exercise", "commitment", "complaint", "distance",
                     "duration", "unit", "clock", "header", "furniture", "place_word", "property", "damage", "rank")
        for phrases in lexicon_for(language).table(name).values()
        for phrase in phrases
    })
    for language in ("en", "fa", "ur")
}  # fmt: skip
GLUE = [" ", " ", " ", "\n", "\n\n", ". ", "۔ ", "; ", ", ", ": ", " (", ") ", "\u200c", "\u00a0", "‘", "’", " 17 ", " ۲۵ ", " 14:20 ",
        " Mand ", " Tehran ", " تفتان ", " Ali ", "-", "\ufeff", "\r\n", "\x85", "2014"]  # fmt: skip


def assert_sound(found: Reading, data: bytes) -> None:
    assert found.text == data.decode("utf-8")
    for draft in found.drafts:
        assert [claim.id for claim in draft.claims] == [f"c{number}" for number in range(1, len(draft.claims) + 1)]
        for claim in draft.claims:
            span = claim.span
            assert span is not None
            assert span.document == found.sha256
            assert 0 <= span.sentence_start <= span.start < span.end <= span.sentence_end <= len(found.text)
            assert not any(span.sentence_start < each.end and each.start < span.sentence_end for each in found.excluded)
            assert isinstance(claim.value, PREDICATES[claim.predicate].value)
            assert getattr(claim.value, "code", "other") in CODES
            assert claim.grade in {None, "F6"}


def read_or_refuse(data: bytes, **options: str) -> Reading | None:
    """Any other exception than ours fails the test."""
    try:
        return read_document(data, name="any", **options)
    except InputError as error:
        if error.hint is None:
            raise
        return None


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_in_our_own_words(data: bytes) -> None:
    found = read_or_refuse(data, language="en")
    if found is not None:
        assert_sound(found, data)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    data = text.encode("utf-8", "ignore")
    found = read_or_refuse(data)
    if found is not None:
        assert_sound(found, data)


@st.composite
def patchworks(draw: st.DrawFn) -> tuple[str, str]:
    language = draw(st.sampled_from(["en", "fa", "ur"]))
    parts = draw(st.lists(st.sampled_from(WORDS[language]) | st.sampled_from(GLUE), min_size=1, max_size=60))
    return language, " ".join(parts)


@given(patchworks(), st.sampled_from(["", "2014-10-23"]), st.sampled_from(["own", "attributed"]))
@settings(max_examples=300, deadline=None)
def test_any_patchwork_of_known_words_gives_sound_claims(patchwork: tuple[str, str], published: str, basis: str) -> None:
    language, text = patchwork
    found = read_or_refuse(text.encode(), language=language, published=published, basis=basis, origin="PK")
    if found is not None:
        assert_sound(found, text.encode())


def repeats(pattern: re.Pattern[str]) -> list[tuple[int, Any, bool]]:
    """Every repeat of a pattern: its upper bound, its body, and whether it gives nothing back."""
    found: list[tuple[int, Any, bool]] = []

    def walk(tree: Any) -> None:
        for operation, argument in tree:
            if operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
                found.append((argument[1], argument[2], operation is constants.POSSESSIVE_REPEAT))
                walk(argument[2])
            elif operation is constants.SUBPATTERN:
                walk(argument[-1])
            elif operation is constants.BRANCH:
                for branch in argument[1]:
                    walk(branch)
            elif operation in (constants.ASSERT, constants.ASSERT_NOT):
                walk(argument[1])
            elif operation is constants.ATOMIC_GROUP:
                walk(argument)

    walk(parser.parse(pattern.pattern, pattern.flags))
    return found


def patterns() -> list[re.Pattern[str]]:
    modules = (datewords, exclusion, opening, reading, sentences, speakers)
    found = [value for module in modules for value in vars(module).values() if isinstance(value, re.Pattern)]
    for language in ("en", "fa", "ur"):
        words = datewords._words(language)
        found += [*words.dates, words.weekday, words.relative, *words.times, words.part, lexicon_for(language).mention]
    return found


def test_no_pattern_can_backtrack_without_bound() -> None:
    """An unbounded repeat never holds another repeat, and what is matched inside a sentence is bounded at all."""
    assert len(patterns()) > 30
    for pattern in patterns():
        for bound, body, _ in repeats(pattern):
            if bound == constants.MAXREPEAT:
                assert len(body) == 1, pattern.pattern
                assert body[0][0] in (constants.IN, constants.LITERAL, constants.NOT_LITERAL, constants.CATEGORY), pattern.pattern


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_shapes_of_mentions_are_bounded(language: str) -> None:
    assert all(bound <= 12 for bound, _, _ in repeats(lexicon_for(language).mention))
    assert all(bound <= 12 for bound, _, _ in repeats(speakers._CHAIN))


@pytest.mark.parametrize(
    "text",
    ["(" * 50_000, "the " + "." * 50_000 + "x", "the\n" + "\n" * 50_000 + "x", "a" * 50_000, "Iran " * 5_000,
     "17 17 17 " * 5_000, "the 1" + ",1" * 20_000, "two and " * 5_000, '."' * 20_000, "october " * 5_000],
)  # fmt: skip
def test_hostile_text_is_cut_into_bounded_sentences(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    plain = reading.scan

    def watched(source: str, start: int, end: int, sentence: tuple[int, int], language: str) -> Any:
        sizes.append(end - start)
        return plain(source, start, end, sentence, language)

    monkeypatch.setattr(reading, "scan", watched)
    assert_sound(read_document(text.encode(), name="hostile", language="en"), text.encode())
    assert max(sizes, default=0) <= LONGEST
    assert sum(sizes) <= len(text)


def test_more_lines_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exclusion, "MOST_LINES", 3)
    with pytest.raises(InputError, match="more than 3 lines"):
        read_document(b"the\na\nb\nc\n", name="n")


def test_more_sentences_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_SENTENCES", 3)
    with pytest.raises(InputError, match="more than 3 sentences"):
        read_document(b"The end. The end. The end. The end.", name="n")


def test_every_lexicon_phrase_has_words() -> None:
    for words in WORDS.values():
        assert all(fold_phrase(word) for word in words)
