# SPDX-License-Identifier: Apache-2.0
"""Agreements made for tests: two or three parties with fixed keys, and the clauses that a test names."""

from __future__ import annotations

from datetime import UTC, datetime

from hamsaya.agreement.charter import Signatory, Table, sign, standing, write_text
from hamsaya.agreement.clauses import Deadlines, Exactness, HandlingCeiling, Kinds, Purposes, Quotes
from hamsaya.seal.keys import SigningKey

KEYS = {party: SigningKey(party.encode().ljust(32, b".")) for party in ("west", "east", "north", "stranger")}
NAMES = {
    "west": {"en": "West", "fa": "غرب", "ur": "مغرب"},
    "east": {"en": "East", "fa": "شرق", "ur": "مشرق"},
    "north": {"en": "North"},
    "stranger": {},
}
COUNTRIES = {"west": "IR", "east": "PK", "north": "AF", "stranger": "XX"}
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
KINDS = ["incident_account", "complaint", "meeting"]

WEST_TO_EAST = Kinds(number="1", sender="west", receiver="east", kinds=KINDS)
EAST_TO_WEST = Kinds(number="2", sender="east", receiver="west", kinds=["warning"])
CEILING = HandlingCeiling(number="3", ceiling="amber")
FOR = Purposes(number="4", purposes=["prevention", "settlement", "rescue"])
EXACT = Exactness(number="5", place_m=1000, time_min=1)
QUOTES = Quotes(number="6", allowed=True)
DUE = Deadlines(number="7", acknowledge_min=60, answer_min=1440)
CLAUSES = [WEST_TO_EAST, EAST_TO_WEST, CEILING, FOR, EXACT, QUOTES, DUE]


def table(clauses=CLAUSES, *, parties=("west", "east"), exercise=False, name="west-east-2026", valid_from=FROM, valid_until=UNTIL):
    return Table(
        id=name, title="Cooperation", place="Zero Point", drafted_on="2026-01-01", valid_from=valid_from, valid_until=valid_until,
        parties=[Signatory(party=each, names=NAMES[each], country=COUNTRIES[each], key=KEYS[each].public.hex) for each in parties],
        clauses=list(clauses), exercise=exercise,
    )  # fmt: skip


def agreement(clauses=CLAUSES, **options):
    return write_text(table(clauses, **options))


def signatures(made, *parties, at=NOW):
    return {party: sign(made, party, f"commander of {party}", at, KEYS[party]) for party in parties or [each.party for each in made.table.parties]}


def standing_at(made, now=NOW, parties=None):
    return standing(made, signatures(made, *parties) if parties else {} if parties == () else signatures(made), now)
