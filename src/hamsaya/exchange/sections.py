# SPDX-License-Identifier: Apache-2.0
"""The protocol act by which a party says once a day how quiet a section of its border was (F73): a code, a day, and no words (law 1)."""

from __future__ import annotations

import re
from typing import Final, Literal, get_args

import msgspec

from hamsaya.facts.values import Aware

SECTION_DAY: Final = "section.day"
Said = Literal["begins", "nothing", "reports", "ends"]
SAID: Final[tuple[Said, ...]] = get_args(Said)
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,23}")


class SectionDay(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `section.day`: the sender speaks about one day of one section of its own.

    `nothing`: nothing to report of that day. `reports`: there is something; it leaves as releases, if it does. `begins` and `ends`: from that
    day on the sender does, or no longer does, say so every day; between the two a day without a word is silence.
    """

    section: str
    """Short name of the section, of the sender's own list."""
    day: str
    """ISO date, as the sender's clocks count days."""
    said: Said
    office: str
    at: Aware


def is_section(text: str) -> bool:
    """Say whether `text` has the form of a section's short name, such as `mirjaveh` or `taftan-2`."""
    return bool(_CODE.fullmatch(text))
