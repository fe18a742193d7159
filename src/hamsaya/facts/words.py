# SPDX-License-Identifier: Apache-2.0
"""A sentence that the house says to a person, kept apart from its language.

The rooms below the desk never format a sentence for a reader: they return a `Text`, whose
message is the English sentence with named blanks. Whoever shows it translates the message and
fills the blanks. `str(text)` is the English sentence, so logs and tests stay readable.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Language = Literal["en", "fa", "ur"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "fa", "ur")
RIGHT_TO_LEFT: Final = frozenset({"fa", "ur"})


class Text(msgspec.Struct, frozen=True):
    """A translatable sentence: `message` is its English form, `blanks` fill the `{names}` in it."""

    message: str
    blanks: dict[str, str | Text] = {}
    """What fills the `{names}`; a blank that is itself a sentence is translated with it."""

    def __str__(self) -> str:
        try:
            return self.message.format_map({name: str(value) for name, value in self.blanks.items()})
        except (KeyError, ValueError, IndexError, AttributeError):
            return self.message  # a message that came from elsewhere and cannot be filled


def say(message: str, /, **blanks: object) -> Text:
    """Return a `Text`; every blank that is no `Text` is turned into a string at once, so that a `Text` can be stored.

    Message extraction looks for calls of this name: pass the sentence as a literal.
    """
    return Text(message, {name: value if isinstance(value, Text) else str(value) for name, value in blanks.items()})
