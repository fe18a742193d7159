# SPDX-License-Identifier: Apache-2.0
"""The file of terms that people write, read and judged clause by clause: a sample, every fault, the table it becomes."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, get_args

import msgspec

from hamsaya.agreement.charter import Signatory, Table, lint
from hamsaya.agreement.clauses import Clause
from hamsaya.exchange.acts import Card
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import Text, say

_MOST_DEGREES: Final = 1_000_000
"""Beyond any coordinate: what is larger is left as it came, and refused with its value."""


CLAUSE_TYPES: Final = tuple(str(each.__struct_config__.tag) for each in get_args(Clause))


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the TOML file of a draft says; keys and names of the parties are filled in from their cards."""

    id: str
    title: str
    place: str
    drafted_on: str
    valid_from: datetime
    valid_until: datetime
    clauses: list[Clause]


def read_terms(text: str) -> Terms:
    """Return the terms in a TOML file. Raises `InputError` that names the first clause, or line, that cannot be read."""
    told, faults = read_with_faults(text)
    if told is None or faults:
        raise InputError(faults[0], _SAMPLE_HINT)
    return told


def lint_terms(text: str, cards: Sequence[Card], *, exercise: bool) -> list[Text]:
    """Return every fault of a file of terms, each naming its clause; empty where it could be drafted between these parties."""
    told, faults = read_with_faults(text)
    return faults if told is None else faults + lint(table_of(told, cards, exercise=exercise))


def table_of(terms: Terms, cards: Sequence[Card], *, exercise: bool, revises: str = "", proposed_by: str = "") -> Table:
    """Return the table that the terms become between the parties of these cards, as a first text or building on the one of hash `revises`."""
    return Table(
        id=terms.id, title=terms.title, place=terms.place, drafted_on=terms.drafted_on,
        valid_from=terms.valid_from, valid_until=terms.valid_until, clauses=terms.clauses,
        exercise=exercise, revises=revises, proposed_by=proposed_by,
        parties=[Signatory(party=card.party, names=card.name, country=card.country, key=card.key) for card in cards],
    )  # fmt: skip


_SAMPLE_HINT: Final = say("`hamsaya agreement draft --sample` prints a file to start from, with every type of clause.")


def read_with_faults(text: str) -> tuple[Terms | None, list[Text]]:
    """Return the terms with the clauses that could be read, and why the others could not."""
    try:
        told = in_microdegrees(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return None, [say("The terms are no TOML: {why}", why=str(error)[:200])]
    clauses, faults = [], []
    for at, each in enumerate(_list_in(told, "clauses"), 1):
        clause, fault = read_clause(each, at)
        clauses += [clause] if clause is not None else []
        faults += [fault] if fault is not None else []
    try:
        terms = msgspec.convert({**told, "clauses": []} if isinstance(told.get("clauses"), list) else told, Terms)
        return msgspec.structs.replace(terms, clauses=clauses), faults
    except msgspec.ValidationError as error:
        return None, [*faults, say("The terms cannot be read: {why}", why=str(error)[:200])]


def read_clause(told: object, at: int) -> tuple[Clause | None, Text | None]:
    """Return the clause that stands at place `at`, counted from 1, or why it cannot be read; points are in microdegrees."""
    number = str(told.get("number", at))[:20] if isinstance(told, dict) else str(at)
    kind = told.get("type") if isinstance(told, dict) else None
    if kind not in CLAUSE_TYPES:
        known = ", ".join(CLAUSE_TYPES)
        return None, say("Clause {number}: no clause is of type “{came}”; known: {known}", number=number, came=str(kind)[:40], known=known)
    try:
        clause: Clause = msgspec.convert(told, Clause)
    except msgspec.ValidationError as error:
        return None, say("Clause {number}: {fault}", number=number, fault=str(error)[:200])
    return clause, None


def in_microdegrees(told: dict[str, Any]) -> dict[str, Any]:
    """Return the terms with the points of zones, which people write in degrees, as the whole microdegrees that are signed."""
    for clause in _list_in(told, "clauses"):
        for zone in _list_in(clause, "zones"):
            if isinstance(zone, dict) and isinstance(zone.get("points"), list):
                zone["points"] = [[_microdegrees(each) for each in point] if isinstance(point, list) else point for point in zone["points"]]
    return told


def _list_in(told: object, name: str) -> list[Any]:
    found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, list) else []


def _microdegrees(told: object) -> object:
    if isinstance(told, bool) or not isinstance(told, int | float) or not abs(told) <= _MOST_DEGREES:
        return told
    return round(told * 1_000_000)


def sample_terms(own: str, partner: str, today: datetime) -> str:
    """Return a commented TOML file of terms between two parties: a start for `agreement draft`."""
    until = today.astimezone(UTC) + timedelta(days=365)
    return _SAMPLE.format(own=own, partner=partner, day=f"{today:%Y-%m-%d}", until=f"{until:%Y-%m-%d}")


_SAMPLE = """\
# Terms of an agreement between {own} and {partner}.
# Names and keys of the parties are filled in from their cards when you run
#   hamsaya agreement draft terms.toml
# Each clause becomes one sentence in English, Persian and Urdu; both are signed.

id = "{own}-{partner}-{day}"
title = "Cooperation on the joint border"
place = ""
drafted_on = "{day}"
valid_from = {day}T00:00:00Z
valid_until = {until}T00:00:00Z

[[clauses]]            # which records may go from whom to whom: the only clause that allows
number = "1"
type = "kinds"
sender = "{own}"
receiver = "{partner}"
kinds = ["incident_account", "complaint", "hotline_call", "pursuit_notice", "return_case", "meeting", "warning", "request", "explanation_request",
         "notice", "finding", "exercise", "patrol", "commitment", "minutes", "press_line"]

[[clauses]]
number = "2"
type = "kinds"
sender = "{partner}"
receiver = "{own}"
kinds = ["incident_account", "complaint", "hotline_call", "pursuit_notice", "return_case", "meeting", "warning", "request", "explanation_request",
         "notice", "finding", "exercise", "patrol", "commitment", "minutes", "press_line"]

[[clauses]]            # nothing above this TLP 2.0 level
number = "3"
type = "handling"
ceiling = "amber"

[[clauses]]            # prevention, settlement, rescue, return
number = "4"
type = "purposes"
purposes = ["prevention", "settlement", "rescue", "return"]

[[clauses]]            # how exact places, times and numbers leave; number_step 1 leaves numbers as they are
number = "5"
type = "exactness"
place_m = 1000
time_min = 1
number_step = 1

[[clauses]]            # whether sentences may leave, after the screen for persons' data
number = "6"
type = "quotes"
allowed = true

[[clauses]]            # in minutes; formal_min, final_min, explain_min and escalate_min may be left out
number = "7"
type = "deadlines"
acknowledge_min = 60
answer_min = 1440
formal_min = 4320
final_min = 20160
escalate_min = 240     # what is overdue goes up one level of liaison (clause type levels) every 4 hours

# The clauses below are commented out: take away the "# " of those that you want, and number them on.

# [[clauses]]            # fields that stay at home; the receiver sees only how many were withheld
# number = "8"
# type = "tear-line"
# fields = ["means"]

# [[clauses]]            # only about places in these zones; points are [longitude, latitude] in degrees
# number = "8a"
# type = "area"
# kinds = ["warning"]
# zones = [
#     {{ shape = "polygon", called = {{ en = "Sector 4", fa = "ناحیهٔ ۴", ur = "سیکٹر 4" }}, points = [[61.0, 28.0], [62.5, 28.0], [62.5, 30.0]] }},
#     {{ shape = "buffer", called = {{ en = "the line", fa = "خط", ur = "لکیر" }}, points = [[61.8, 29.8], [61.5, 29.0]], within_m = 20000 }},
# ]

# [[clauses]]            # what came from one party goes to a third only with its signed consent
# number = "9"
# type = "originator"
# answer_min = 2880

# [[clauses]]            # deleted after so many days, with a receipt
# number = "10"
# type = "retention"
# kinds = ["incident_account", "complaint", "meeting", "warning"]
# days = 1825

# [[clauses]]            # low-level kinds that one officer may release; a second reviews within 24 hours at most
# number = "11"
# type = "standing-approval"
# kinds = ["pursuit_notice", "meeting"]
# ceiling = "green"
# review_h = 24

# [[clauses]]            # exercises near the line are announced
# number = "12"
# type = "exercises"
# notice_days = 14
# within_km = 50
# observers = true

# [[clauses]]            # who speaks with whom, lowest level first: offices, never persons
# number = "13"
# type = "levels"
# levels = [
#     {{ called = {{ en = "sector", fa = "ناحیه", ur = "سیکٹر" }}, offices = {{ "{own}" = "Sector Commander", "{partner}" = "Wing Commander" }} }},
# ]

# [[clauses]]            # grounds beside those of the house, which always hold
# number = "14"
# type = "refusal-grounds"
# also = [
#     {{ code = "press", called = {{ en = "work of the press", fa = "کار رسانه‌ها", ur = "صحافتی کام" }} }},
# ]
"""
