# SPDX-License-Identifier: Apache-2.0
"""Bytes as received become text, or a refusal that says what came and what to do.

- Read is plain text in UTF-8. The text is the bytes decoded and nothing else, so that every offset counts code points
  of `data.decode("utf-8")`; a byte order mark stays in the text as its first character.
- PDF, archives, pictures and other binary data are refused by name; so is UTF-16, with the way to convert it.
- The language is told by script and letters; where they do not tell, the caller is asked.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from hamsaya.facts.errors import InputError
from hamsaya.facts.folding import fold, words_of
from hamsaya.facts.words import LANGUAGES, Text, say
from hamsaya.intake.lexicon import lexicon_for

MOST_BYTES: Final = 10 * 1024 * 1024
_MAGIC: Final[tuple[tuple[bytes, Text], ...]] = (
    (b"%PDF", say("a PDF file")),
    (b"PK\x03\x04", say("a ZIP archive or an office document")),
    (b"PK\x05\x06", say("a ZIP archive or an office document")),
    (b"\x89PNG", say("a PNG picture")),
    (b"\xff\xd8\xff", say("a JPEG picture")),
    (b"GIF8", say("a GIF picture")),
    (b"\x1f\x8b", say("a gzip archive")),
    (b"\xd0\xcf\x11\xe0", say("an old office document")),
    (b"{\\rtf", say("a rich text document")),
    (b"\x7fELF", say("a program")),
)
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_FORMATS: Final = say("Plain text in UTF-8 is read. Copy the text out of the file and save it as plain text, UTF-8.")
_URDU: Final = frozenset("ٹڈڑںےہھۓۂۃ")
_OTHER: Final = frozenset("ټډړږښڼڅځڄېێۆەڕڵۇۈۋۅ")  # Pashto, Kurdish, Uyghur
_PERSIAN: Final = frozenset("پچژگکی")
_ARABIC_SCRIPT: Final = re.compile(r"[ؠ-يٱ-ۓەۺ-ۿ]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_SAMPLE: Final = 20_000
_COMMON_SHARE: Final = 16
_SHORT: Final = 12
_LONG_WORD: Final = 3
_FEW: Final = 2


class Opened(NamedTuple):
    """The text as received and the SHA-256 of its bytes."""

    text: str
    sha256: str


def open_text(data: bytes, name: str) -> Opened:
    """Return the text of `data`, which is called `name` in messages.

    Raises `InputError` when it is empty, larger than 10 MiB, binary, or not UTF-8.
    """
    if len(data) > MOST_BYTES:
        raise InputError(
            say("“{name}” has {size} bytes; at most {most} are read.", name=name, size=len(data), most=MOST_BYTES),
            say("File the document in parts."),
        )
    if data[:2] in _UTF16:
        raise InputError(
            say("“{name}” is not UTF-8: it looks like UTF-16.", name=name),
            say("Save it as UTF-8, or run: iconv -f UTF-16 -t UTF-8 FILE > NEW"),
        )
    for magic, looks in _MAGIC:
        if data.startswith(magic):
            raise InputError(say("“{name}” looks like {looks}, not like plain text.", name=name, looks=looks), _FORMATS)
    if (at := data.find(0)) >= 0:
        raise InputError(say("“{name}” is binary: byte {at} is zero.", name=name, at=at), _FORMATS)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            say("“{name}” is not UTF-8: byte {at} does not fit.", name=name, at=error.start),
            say("Save it as UTF-8, or run: iconv -f WINDOWS-1256 -t UTF-8 FILE > NEW"),
        ) from error
    if not text.strip("\ufeff \t\r\n") or not text.replace("\ufeff", "").strip():
        raise InputError(say("“{name}” is empty.", name=name), say("Give the document's text."))
    return Opened(text, hashlib.sha256(data).hexdigest())


def language_of(text: str, name: str) -> str:
    """Return "en", "fa" or "ur" by the script and letters of `text`. Raises `InputError` where they do not tell."""
    sample = text[:_SAMPLE]
    arabic, latin = len(_ARABIC_SCRIPT.findall(sample)), len(_LATIN.findall(sample))
    found = ""
    if arabic > latin:
        urdu = sum(letter in _URDU for letter in sample)
        other = sum(letter in _OTHER for letter in sample)
        if other * 50 > arabic:
            found = ""
        elif urdu * 50 >= arabic:
            found = "ur"
        elif _PERSIAN & set(sample) - {"ک", "ی"} or _typical(sample, "fa"):
            found = "fa"
    elif latin and _typical(sample, "en"):
        found = "en"
    if not found:
        raise InputError(
            say("The language of “{name}” cannot be told from its letters.", name=name),
            say("Name the language: one of {languages}.", languages=", ".join(LANGUAGES)),
        )
    return found


def _typical(sample: str, language: str) -> bool:
    """Say whether enough of the words are the language's commonest, or, in a note, words of its lexicon."""
    lexicon = lexicon_for(language)
    typical = {fold(word).text for word in lexicon.table("detect")["words"]}
    words = [word.text for word in words_of(fold(sample).text)]
    common = sum(word in typical for word in words)
    if common * _COMMON_SHARE >= len(words):
        return common > 0
    known = {word for word in words if len(word) >= _LONG_WORD and word in lexicon.words}
    return len(words) <= _SHORT and len(known) >= _FEW
