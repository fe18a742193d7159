# SPDX-License-Identifier: Apache-2.0
"""A rights flag as pages show it: whether it is open, which account raised it by which words, and how it was closed."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from hamsaya.accounts.harm import HARMS
from hamsaya.desk.flags import Flag, Raised
from hamsaya.desk.ports import Book
from hamsaya.facts.words import Text, say
from hamsaya.web.labels import Badge
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement

OPEN = Badge(say("rights flag"), "bad", say("An account tells of harm to civilians. Only the rights officer closes this flag."))
CLOSED = Badge(say("rights flag, closed"), "plain", say("An account tells of harm to civilians. The rights officer has closed it."))


class RaisedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One account that raised the flag. `harm` is why, with the claim itself; empty where what the account said was erased."""

    raised: Raised
    side: str
    basis: str
    """`signed` by its side, or `attributed`; empty where the account is not here any more."""
    party: str
    href: str
    harm: list[tuple[Text, Statement]]


class FlagRow(msgspec.Struct, frozen=True, kw_only=True):
    """The flag of an incident."""

    incident: str
    href: str
    badge: Badge
    is_open: bool
    number: int
    """What was raised last: the form that closes the flag says so."""
    rows: list[RaisedRow]


def flag_row(flag: Flag, names: Mapping[str, str], countries: Mapping[str, str], sentences: Sentences) -> FlagRow:
    """Return the flag as a page shows it; `names` are those of the parties, `countries` their sides."""
    return FlagRow(
        incident=flag.incident, href=path_to("incidents", flag.incident), badge=OPEN if flag.is_open else CLOSED, is_open=flag.is_open,
        number=flag.number, rows=[_raised_row(each, names, countries, sentences) for each in flag.raised],
    )  # fmt: skip


def countries_of(book: Book) -> dict[str, str]:
    """Return the side of each party that is known here."""
    return {party.card.party: party.card.country for party in book.parties()}


def _raised_row(raised: Raised, names: Mapping[str, str], countries: Mapping[str, str], sentences: Sentences) -> RaisedRow:
    record = raised.account.record if raised.account else None
    signed = record is not None and record.basis == "own" and countries.get(record.party) == record.side
    return RaisedRow(
        raised=raised, side=record.side if record else "", basis="" if record is None else "signed" if signed else "attributed",
        party=names.get(record.party, record.party) if record else "", href=path_to("records", raised.held.told.record),
        harm=[(HARMS[each.why], sentences.state(each.claim)) for each in raised.harm],
    )  # fmt: skip
