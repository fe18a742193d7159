# SPDX-License-Identifier: Apache-2.0
"""How Persian and Urdu are written: their own letters, digits and punctuation, one word for one thing, and no English left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hamsaya.tongues.catalogue import catalogue
from hamsaya.tongues.extract import messages
from hamsaya.tongues.values import quotes

GLOSSARY = Path(__file__).resolve().parents[2] / "docs/reference/glossary.md"
WANTED = messages()
TECHNICAL = re.compile(
    r"\d+\^\d+ − \d+|`[^`]*`|\{[^}]*\}|https?:\S+|[\w./#=:^–+*\[\]|-]*[A-Za-z_^=#][\w./#=:^–+*\[\]|-]*|\d+(?:\.\d+){3}|\d+[-–]\d+(?:-\d+)?", re.ASCII
)
"""What stays as it is in every language: commands, blanks, addresses, names of fields and files, formulas."""
SAME_IN_ALL = {
    "{field}: {what}": "blanks and punctuation only",
    "{file}: {why}": "blanks and punctuation only",
    "{party}: hamsaya {words}: {why}": "a command between blanks",
    "{party}: {method} {path}: {why}": "blanks and punctuation only",
    "{what} ({country})": "blanks and punctuation only",
    "{why}": "a blank only",
    "{low}–{high}": "blanks and punctuation only",
    "{first}–{last}": "blanks and punctuation only",
    "{label}: {what}": "blanks and punctuation only",
}
"""Messages whose translation may equal the English, each with its reason."""
WRONG = {
    "fa": {
        "ي": "Arabic yeh: Persian writes ی", "ك": "Arabic kaf: Persian writes ک", "ى": "alef maksura: Persian writes ی", "ة": "Persian writes ه or ت",
        "ہ": "Urdu heh", "ے": "Urdu yeh", "[٠-٩]": "Arabic digits: Persian writes ۰–۹", "[0-9]": "English digits: Persian writes ۰–۹", r"\?": "Persian writes ؟",
        r",(?=\s|$)": "Persian writes ،", r";(?=\s|$)": "Persian writes ؛", "[“”]": "Persian quotes with « »", "۔": "the Urdu full stop", r" [،؛:.؟!]": "a blank before punctuation",
    },
    "ur": {
        "ي": "Arabic yeh: Urdu writes ی", "ك": "Arabic kaf: Urdu writes ک", "ى": "alef maksura", "ة": "Urdu writes ۃ or ت", "ه": "Arabic heh: Urdu writes ہ or ھ",
        "[٠-٩۰-۹]": "Urdu prints English digits here", r"\?": "Urdu writes ؟", r",(?=\s|$)": "Urdu writes ،", r";(?=\s|$)": "Urdu writes ؛", r"\.(?=\s|$)": "Urdu writes ۔",
        "[«»]": "Urdu quotes with ” “", r" [،؛:۔؟!]": "a blank before punctuation",
    },
}  # fmt: skip


IN_ENGLISH = re.compile(r"`[^`]*`|\{[^}]*\}|--[a-z-]+|\b[A-Z]+_[A-Z]+\b|\S*[/]\S*|\[+\w+\]+|\b\w+\.\w[\w.]*|'[^']*'")


def without_technical(text: str) -> str:
    return TECHNICAL.sub("x", text)


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_no_translation_equals_its_english(language):
    known = catalogue(language)
    same = {message for message in WANTED if known[message] == message}
    assert same - set(SAME_IN_ALL) == set()
    for message in same:
        assert without_technical(message).strip(" :()–x") == "", f"{message}: has words that can be translated"


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_letters_digits_and_punctuation_are_those_of_the_language(language):
    found = []
    for message in WANTED:
        text = catalogue(language)[message]
        for pattern, why in WRONG[language].items():
            if re.search(pattern, without_technical(text)):
                found.append(f"{why}: {text}")
        if text != text.strip() or ("  " in text and "  " not in message):
            found.append(f"blanks: {text!r}")
        if message.endswith(".") != text.rstrip("“»”").endswith((".", "۔")) and not message.endswith((".”", "…")):
            found.append(f"full stop: {message} | {text}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_quotation_marks_come_in_pairs_and_are_those_that_pages_use(language):
    opening, closing = quotes(language)
    for message in WANTED:
        text = catalogue(language)[message]
        assert re.fullmatch(rf"[^{opening}{closing}]*(?:{opening}[^{opening}{closing}]*{closing}[^{opening}{closing}]*)*", text), text


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_technical_tokens_stay_as_they_are(language):
    for message in WANTED:
        text = catalogue(language)[message]
        for token in re.findall(r"`[^`]+`", message):
            assert token in text, f"{token} is missing: {text}"


def rows(heading: str) -> list[list[str]]:
    part = GLOSSARY.read_text("utf-8").split(heading)[1].split("\n\n## ")[0]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return table[2:]


def words() -> list[tuple[str, str, str]]:
    return [(row[0], row[1], row[2]) for row in rows("# Glossary")]


def test_glossary_lists_what_officers_speak_of():
    assert {"node", "agreement", "clause", "release", "receipt", "claim", "grade", "incident", "account", "attributed"} <= {
        word for word, _, _ in words()
    }


@pytest.mark.parametrize(("word", "persian", "urdu"), words(), ids=[word for word, _, _ in words()])
def test_one_thing_has_one_word(word, persian, urdu):
    excused = [begins for begins, which, _ in rows("## Where the word means something else") if word in [each.strip() for each in which.split(",")]]
    using = [message for message in WANTED if re.search(rf"\b{word}(?:s|es)?\b", IN_ENGLISH.sub("", message), re.IGNORECASE)]
    assert using, f"no message says {word}: drop it from the glossary"
    wrong = [
        f"{message} | {catalogue(language)[message]}"
        for language, stems in (("fa", persian), ("ur", urdu))
        for message in using
        if not any(stem.strip() in catalogue(language)[message] for stem in stems.split(",")) and not message.startswith(tuple(excused) or ("\0",))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_exception_is_still_needed():
    for begins, which, _ in rows("## Where the word means something else"):
        assert any(message.startswith(begins) for message in WANTED), begins
        assert {each.strip() for each in which.split(",")} <= {word for word, _, _ in words()}, begins
