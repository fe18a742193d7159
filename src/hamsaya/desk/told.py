# SPDX-License-Identifier: Apache-2.0
"""An officer's own sentence that others will read: a reason, a necessity. Cleaned, bounded, and screened for data on persons."""

from __future__ import annotations

from hamsaya.agreement.screen import find_persons
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import as_plain, is_plain
from hamsaya.facts.words import Text, say


def told_sentence(words: str, missing: Text, limit: int) -> str:
    """Return `words` as they may be told. Raises `InputError`: `missing` where they are none or longer than `limit` letters."""
    sentence = as_plain(words).strip()
    if not sentence or not is_plain(sentence, limit):
        raise InputError(missing)
    check_names_nobody(sentence)
    return sentence


def check_names_nobody(sentence: str) -> None:
    """Raise `InputError` where the screen finds data on persons in `sentence` (law 11)."""
    found = find_persons(sentence)
    if found:
        what = ", ".join(map(str, found))
        raise InputError(say("What would leave seems to hold data on persons: {what}", what=what), say("Name offices, not persons."))
