# SPDX-License-Identifier: Apache-2.0
"""What becomes of a neighbour's daily word on a section of its border: in form, about a day that it could speak of, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.sections import SectionDay, is_section
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import YEARS, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header
from hamsaya.settlement.daily import LATEST_DAYS

MOST_SECTIONS: Final = 200
"""So many sections a party may speak of: a name of one is no way to send words."""
_ZONES: Final = timedelta(days=1)
"""The sender's day may be another than that of UTC."""
_LONGEST_OFFICE: Final = 200


def judge_day(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the word is known here already. Raises `InputError` for one that is not the neighbour's to say."""
    del node
    said = read(content, SectionDay)
    if header.about or canonical(said) != content:
        raise InputError(say("A daily word says which day of which section it is about, and nothing else."))
    if not (is_section(said.section) and is_plain(said.office, _LONGEST_OFFICE) and said.at.year in YEARS):
        raise InputError(say("The daily word is not in form."))
    _check_day(said)
    known = [each for each in pen.section_days(section=said.section) if (each.by, each.party) == (party.card.party, party.card.party)]
    if not known:
        others = {each.section for each in pen.section_days(since=YEARS_END) if each.by == party.card.party}
        if len(others) >= MOST_SECTIONS:
            raise InputError(say("A party speaks of at most {n} sections.", n=MOST_SECTIONS))
    same = [each for each in known if (each.day, each.said) == (said.day, said.said)]
    return any((each.at, each.office) <= (said.at, said.office) for each in same)


YEARS_END: Final = f"{YEARS[-1] + 1}-01-01"
"""No day is told that is later: only the words that begin and end daily reports are looked up."""


def _check_day(said: SectionDay) -> None:
    try:
        day = date.fromisoformat(said.day)
    except ValueError as error:
        raise InputError(say("The daily word is not in form.")) from error
    signed = said.at.date()
    earliest = timedelta(0) if said.said in ("begins", "ends") else timedelta(days=LATEST_DAYS)
    if said.day != day.isoformat() or not signed - earliest - _ZONES <= day <= signed + _ZONES:
        raise InputError(say("A daily word is said of a day that has begun, and at most {n} days later.", n=LATEST_DAYS))
