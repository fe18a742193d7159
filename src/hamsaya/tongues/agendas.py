# SPDX-License-Identifier: Apache-2.0
"""An agenda in sentences of a language: what a machine proposes, for an officer to take over (law 16)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hamsaya.facts.words import Language, Text, say
from hamsaya.settlement.agenda import PARTS, Agenda, Item
from hamsaya.settlement.courses import COURSES
from hamsaya.tongues.calendars import show_time
from hamsaya.tongues.catalogue import translate
from hamsaya.tongues.days import show_day
from hamsaya.tongues.numbers import show_number
from hamsaya.tongues.values import quotes

_LONGEST: Final = 1_900
"""Letters of a drafted agenda: a field of a form holds a little more."""


def line_of(item: Item, language: Language, names: Mapping[str, str], *, zone: str = "") -> str:
    """Return one item as a line. `names` are what the parties are called."""
    if not item.kind:
        day = show_day(item.happened, language) if item.happened else translate(say("a day that is not told"), language)
        return translate(say("Incident of {day}: {incident}", incident=item.name, day=day), language)
    course = COURSES[item.kind]
    told = say("{kind} {matter}, now {state}", kind=course.label, matter=item.name, state=course.states[item.state].label)
    opening, closing = quotes(language)
    about = f" {opening}{item.about}{closing}" if item.about else ""
    if item.due_at is None:
        return translate(told, language) + about
    return translate(say(
        "{kind} {matter}: {state}. {what}, owed by {party}, by {time}", kind=course.label, matter=item.name, state=course.states[item.state].label,
        what=course.clocks[item.clock].label, party=names.get(item.owed_by, item.owed_by), time=show_time(item.due_at, language, zone=zone or "UTC"),
    ), language) + about  # fmt: skip


def parts_of(agenda: Agenda) -> list[tuple[Text, Sequence[Item]]]:
    """Return the items by part, each part with its heading; empty parts are left out."""
    found = [(label, [each for each in agenda.items if each.part == part]) for part, label in PARTS.items()]
    return [(label, items) for label, items in found if items]


def draft_agenda(agenda: Agenda, language: Language, names: Mapping[str, str], *, zone: str = "") -> str:
    """Return the agenda as text for a form: as many whole lines as it holds, and how many more there are."""
    lines: list[str] = []
    left = len(agenda.items)
    for label, items in parts_of(agenda):
        lines.append(translate(label, language))
        for item in items:
            line = f"– {line_of(item, language, names, zone=zone)}"
            if sum(map(len, lines)) + len(lines) + len(line) > _LONGEST:
                return _with_more(lines, left + agenda.more, language)
            lines.append(line)
            left -= 1
    if not lines:
        return translate(say("Nothing is open, and no incident is on record since the last meeting."), language)
    return _with_more(lines, agenda.more, language)


def _with_more(lines: list[str], more: int, language: Language) -> str:
    told = [translate(say("and {n} more", n=show_number(more, language)), language)] if more else []
    return "\n".join([*lines, *told])
