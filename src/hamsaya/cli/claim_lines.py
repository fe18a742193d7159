# SPDX-License-Identifier: Apache-2.0
"""How a claim stands in a line of a table: its field, what it was read as beside the words themselves, who says it, its grade.

What was read stands beside the words, so that whoever files or accepts sees the day behind "0640" and the point behind a name
(laws 7 to 9), and may still say no (law 16).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hamsaya.cli.say_out import reader_language
from hamsaya.facts.claims import Claim, field_of
from hamsaya.tongues import show_value
from hamsaya.tongues.values import value_parts

HEADINGS: Final = ("claim", "field", "value", "speaker", "grade")


def claim_rows(claims: Sequence[Claim], zone: str) -> list[tuple[str, ...]]:
    """Return a row a claim under HEADINGS; times are told in `zone`."""
    language = reader_language()
    return [(each.id, field_of(each), show_value(each.value, language, zone=zone), speaker_of(each), each.grade or "—") for each in claims]


def read_as(claim: Claim, zone: str) -> str:
    """Return what the words of a claim were read as, without the words themselves; a dash where they stand as they are."""
    parts = value_parts(claim.value, reader_language(), zone=zone)
    return " ".join(part for part in (parts.main, parts.point) if part) or "—"


def speaker_of(claim: Claim) -> str:
    """Return who says it: an office, else the kind of speaker; with the side where one is named."""
    said = claim.speaker.office or claim.speaker.kind
    return f"{said} ({claim.speaker.side})" if claim.speaker.side else said
