# SPDX-License-Identifier: Apache-2.0
"""Whether a password may be chosen, and how one that is given for once is made.

 1. 12 characters at least, and no more than are hashed; spaces and any script are welcome, so that a sentence is one.
 2. No password of the bundled list: its letters alone, however many digits and signs stand around them.
 3. No run or repetition: at least six different characters, and not a stretch of a keyboard or of the alphabet.
 4. Not the login, the office or the party, however they are dressed up.

No rule asks for a digit or a sign: those make passwords that people forget and machines guess.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.web.passwords import MAX_PASSWORD

SHORTEST: Final = 12
_DIFFERENT: Final = 6
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_RUNS: Final = ("0123456789012345678901234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p")
_DRESS: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"})
_BAD: Final = frozenset(
    line.strip()
    for line in (Path(__file__).parent / "bad_passwords.txt").read_text("utf-8").splitlines()
    if line.strip() and not line.startswith("#")
)


def make_password() -> str:
    """Return a password for once: four groups of five letters and digits that nobody confuses, about 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def check_choice(password: str, names: Sequence[str]) -> None:
    """Return if `password` may be chosen by the officer who is called by `names`. Raises `InputError` saying which rule forbids it."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    if len(password) < SHORTEST:  # 1
        raise InputError(say("A password has at least {n} characters; a sentence is a good one.", n=SHORTEST))
    if len(password) > MAX_PASSWORD:
        raise InputError(say("A password has at most {n} characters.", n=MAX_PASSWORD))
    for letters in {_letters(plain), _letters(_core(plain).translate(_DRESS))}:
        if _is_made_of(letters, _BAD):  # 2
            raise InputError(say("This password is one of those that are tried first."), say("Take a few words that do not belong together."))
        if any(_is_made_of(letters, {_letters(name.casefold())}) for name in names):  # 4
            raise InputError(say("This password is a name by which you are known."), say("Take a few words that do not belong together."))
    if len(set(plain)) < _DIFFERENT or _is_run(plain):  # 3
        raise InputError(say("This password repeats or runs along the keyboard."), say("Take a few words that do not belong together."))


def _core(text: str) -> str:
    """Return the text without the digits and signs before its first letter and behind its last."""
    places = [place for place, letter in enumerate(text) if letter.isalpha()]
    return text[places[0] : places[-1] + 1] if places else ""


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _is_made_of(letters: str, words: set[str] | frozenset[str]) -> bool:
    """Say whether `letters` is one of the words, or several of them one after another."""
    if not letters:
        return False
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(word and letters.endswith(word, 0, end) and end - len(word) in reached for word in words):
            reached.add(end)
    return len(letters) in reached


def _is_run(plain: str) -> bool:
    bare = "".join(letter for letter in plain if letter.isalnum())
    longest = 0
    for run in _RUNS:
        for line in (run, run[::-1]):
            longest = max(longest, *(_common(bare[start:], line) for start in range(len(bare))), 0)
    return longest * 3 >= len(bare) * 2


def _common(text: str, line: str) -> int:
    length = 0
    while length < len(text) and text[: length + 1] in line:
        length += 1
    return length
