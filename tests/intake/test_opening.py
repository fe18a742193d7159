# SPDX-License-Identifier: Apache-2.0
"""Bytes as received: what is read, what is refused, and in which words."""

from __future__ import annotations

import hashlib

import pytest

from hamsaya.facts.errors import InputError
from hamsaya.intake import read_document
from hamsaya.intake.opening import MOST_BYTES

PLAIN = b"On 17 October 2014, militants killed two border guards in Saravan."


@pytest.mark.parametrize("data", [b"", b"  \n\t ", "\ufeff".encode(), "\ufeff \n".encode()])
def test_empty_document_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="empty"):
        read_document(data, name="note.txt")


def test_too_large_document_is_refused_before_it_is_read() -> None:
    with pytest.raises(InputError, match=str(MOST_BYTES)):
        read_document(b"\xff" * (MOST_BYTES + 1), name="note.txt")


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"text\x00more", "binary"),
    ],
)
def test_binary_document_is_named_and_the_hint_says_what_is_read(data: bytes, looks: str) -> None:
    with pytest.raises(InputError, match=looks) as caught:
        read_document(data, name="note")
    assert "UTF-8" in str(caught.value.hint)


def test_utf16_is_refused_with_the_way_to_convert_it() -> None:
    with pytest.raises(InputError, match="UTF-16") as caught:
        read_document(PLAIN.decode().encode("utf-16"), name="note.txt")
    assert "iconv" in str(caught.value.hint)


def test_wrong_encoding_names_the_byte() -> None:
    with pytest.raises(InputError, match="byte 4 ") as caught:
        read_document("the مرز".encode("windows-1256"), name="note.txt")
    assert "iconv" in str(caught.value.hint)


def test_byte_order_mark_stays_in_the_text_and_spans_still_fit() -> None:
    data = "\ufeff".encode() + PLAIN
    reading = read_document(data, name="note.txt")
    assert reading.text == data.decode("utf-8")
    assert reading.sha256 == hashlib.sha256(data).hexdigest()
    spans = [reading.text[claim.span.start : claim.span.end] for claim in reading.drafts[0].claims if claim.span]
    assert "killed two border guards" in spans


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The guards were seen on the road.", "en"),
        ("مرزبانان ایران در نزدیکی مرز بودند.", "fa"),
        ("سرحدی محافظوں نے فائرنگ کی ہے۔", "ur"),
        ("این متن است كه با ي عربی نوشته شد", "fa"),
    ],
)
def test_language_is_told_by_script_and_letters(text: str, language: str) -> None:
    assert read_document(text.encode(), name="note").language == language


@pytest.mark.parametrize("text", ["12 34", "xyzzy plugh", "ولسمشر وویل چې ښه ورځ ده", "السلطات الأمنية"])
def test_language_that_letters_do_not_tell_is_asked_for(text: str) -> None:
    with pytest.raises(InputError, match="language") as caught:
        read_document(text.encode(), name="note")
    assert "fa" in str(caught.value.hint)
    assert read_document(text.encode(), name="note", language="fa").language == "fa"


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "de"},
        {"published": "2014-13-01"},
        {"published": "20141022"},
        {"published": "0001-01-01"},
        {"zone": "Mars/Olympus"},
        {"zone": "Asia"},
        {"zone": "../etc/passwd"},
        {"zone": "\x00"},
        {"origin": "Pakistan"},
        {"basis": "guessed"},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InputError) as caught:
        read_document(PLAIN, name="note.txt", **wrong)
    assert caught.value.hint is not None
