# SPDX-License-Identifier: Apache-2.0
"""Which neighbours are told of a section's days, and saying a word to them.

1. A neighbour is told where the section's list names it, or names nobody; never over a link that is held.
2. Between `begins` and `ends` a neighbour counts each day on which it hears nothing as silence. So one that is taken off the list hears `ends`,
   as all do when the section ends. One whose link is held hears it with the first bundle after that, in the name of the office that decided it.
3. One that is put on the list, the first time or again, hears `begins`; over a link that was held, or a second time in one day, with the next word.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hamsaya.desk.acts_sections import DayTold, SectionDaySaid
from hamsaya.desk.holdings import OPERATOR, Officer
from hamsaya.desk.judging_sections import YEARS_END
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.section_days import today_in
from hamsaya.desk.sections_held import DaySaidHeld, SectionHeld
from hamsaya.exchange.logs import link_log
from hamsaya.exchange.sections import SECTION_DAY, Said, SectionDay
from hamsaya.seal.canonical import canonical
from hamsaya.settlement.daily import is_kept


def told_of(node: Node, book: Book, section: SectionHeld) -> list[str]:
    """Return the neighbours that are told of the days of a section that goes on, without those whose link is held."""
    held = {each.neighbour for each in book.holds()}
    parties = [each.card.party for each in book.parties() if not each.own]
    return [party for party in parties if party != node.party and party not in held and _names(section, party)]


def say_word(node: Node, pen: Pen, officer: Officer, section: str, day: date, said: Said, parties: Sequence[str]) -> None:
    """Say a word here and to these neighbours; to one that does not count the section's days, that they are told, too."""
    if said in ("nothing", "reports"):
        begin(node, pen, officer, section, parties)
    word = SectionDay(section=section, day=day.isoformat(), said=said, office=officer.office, at=node.now())
    told = {(each.party, each.day, each.said) for each in pen.section_days(section=section) if each.by == node.party}
    sent = []
    for party in parties:
        if (party, word.day, said) not in told:
            log = pen.current_log(link_log(node.party, party))
            sent.append(DayTold(party, log, pen.extend(log, SECTION_DAY, canonical(word), officer)))
    pen.journal(SectionDaySaid(said=word, told=sent), officer)


def begin(node: Node, pen: Pen, officer: Officer, section: str, parties: Sequence[str]) -> None:
    """Say `begins` to those of these neighbours that do not count the section's days."""
    counting = _counting(node, pen)
    late = [party for party in parties if (section, party) not in counting]
    if late:
        say_word(node, pen, officer, section, today_in(node.now(), node.zone), "begins", late)


def over_for(node: Node, book: Book) -> dict[str, list[str]]:
    """Return, by section, the neighbours that still count its days and are no longer told of them; without those whose link is held."""
    last = {each.section: each for each in book.section_definitions()}
    if not last:
        return {}
    away = {each.neighbour for each in book.holds()}
    today = today_in(node.now(), node.zone).isoformat()
    found: dict[str, list[str]] = {}
    for (section, party), ended in sorted(_counting(node, book).items()):
        held = last.get(section)
        gone = held is not None and (held.ended or not _names(held, party))
        if gone and party not in away and ended != today:
            found.setdefault(section, []).append(party)
    return found


def tell_ended(node: Node, pen: Pen) -> None:
    """Say `ends` to those that could not be told when it was decided."""
    over = over_for(node, pen)
    for section, parties in over.items():
        decided = pen.section_definitions(section)[-1]
        officer = Officer(login=OPERATOR.login, office=decided.office, role=OPERATOR.role, password="", language=OPERATOR.language)
        say_word(node, pen, officer, section, today_in(node.now(), node.zone), "ends", parties)


def _names(section: SectionHeld, party: str) -> bool:
    return not section.neighbours or party in section.neighbours


def _counting(node: Node, book: Book) -> dict[tuple[str, str], str]:
    """Return which neighbours count the days of which sections, and the last day of which each was told that it ended, empty for none."""
    bounds: dict[tuple[str, str], list[DaySaidHeld]] = {}
    for each in book.section_days(since=YEARS_END):
        if each.by == node.party != each.party:
            bounds.setdefault((each.section, each.party), []).append(each)
    return {
        key: max((each.day for each in words if each.said == "ends"), default="")
        for key, words in bounds.items()
        if is_kept(sorted((date.fromisoformat(each.day), each.at, each.said) for each in words), date.max)
    }
