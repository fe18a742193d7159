# SPDX-License-Identifier: Apache-2.0
"""Why each part of a record stayed at home: by which clause, or by which rule of the house. For the own officers alone."""

from __future__ import annotations

import msgspec

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import Exactness, Quotes, TearLine
from hamsaya.agreement.coarsen import coarsen, coarsen_place
from hamsaya.agreement.floor import FLOOR_M, rounds_position
from hamsaya.agreement.omitted import Omitted, omitted
from hamsaya.agreement.screen import find_persons
from hamsaya.facts.claims import Claim
from hamsaya.facts.records import Record
from hamsaya.facts.values import Place
from hamsaya.facts.words import Text, say


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """One part that stayed at home, the clauses that keep it, and why in words."""

    part: Omitted
    clauses: list[str]
    why: Text


def why_withheld(record: Record, leaving: Record, agreement: Agreement, quotes: dict[str, str]) -> list[Withheld]:
    """Return why each part of `record` that its copy `leaving` does not tell stayed at home. `quotes` are the sentences by claim."""
    tells = rounds_position(record)
    return [_why(each, record, agreement, quotes, tells=tells) for each in omitted(record, leaving)]


def _why(part: Omitted, record: Record, agreement: Agreement, quotes: dict[str, str], *, tells: bool) -> Withheld:
    claim = part.claim
    match part.part:
        case "claim":
            tears = _tears(agreement, claim.predicate)
            if tears:
                return Withheld(part=part, clauses=tears, why=say("The clause keeps this field above the tear-line."))
            return Withheld(part=part, clauses=_torn(record, agreement), why=say("It would tell what stands above the tear-line."))
        case "value":
            return _why_coarser(part, record, agreement, tells=tells)
        case "words":
            return Withheld(part=part, clauses=_torn(record, agreement), why=say("They would tell what stands above the tear-line."))
        case "sentence":
            return _why_sentence(part, agreement, quotes.get(claim.id, ""))
        case "source":
            return Withheld(part=part, clauses=[], why=say("The handle of a source never leaves."))


def _why_coarser(part: Omitted, record: Record, agreement: Agreement, *, tells: bool) -> Withheld:
    value = part.claim.value
    clauses = [each.number for each in agreement.table.clauses if isinstance(each, Exactness) and coarsen(value, each) != value]
    if tells and isinstance(value, Place) and coarsen_place(value, FLOOR_M) != value:
        return Withheld(part=part, clauses=clauses, why=say("The place of a group leaves rounded to 10 km or more (law 11)."))
    if clauses:
        return Withheld(part=part, clauses=clauses, why=say("The clause lets it leave no more exactly than this."))
    return Withheld(part=part, clauses=_torn(record, agreement), why=say("Its words would tell what stands above the tear-line."))


def _why_sentence(part: Omitted, agreement: Agreement, sentence: str) -> Withheld:
    about = [each for each in agreement.table.clauses if isinstance(each, Quotes)]
    against = [each.number for each in about if not each.allowed]
    if against:
        return Withheld(part=part, clauses=against, why=say("The clause keeps sentences at home."))
    if not about:
        return Withheld(part=part, clauses=[], why=say("No clause lets sentences leave."))
    if not sentence:
        return Withheld(part=part, clauses=[], why=say("Its document is not here, so no sentence could leave."))
    if find_persons(sentence):
        return Withheld(part=part, clauses=[], why=say("The screen finds data on persons in it."))
    return Withheld(part=part, clauses=[], why=say("It tells something that was withheld or made coarser."))


def _tears(agreement: Agreement, predicate: str) -> list[str]:
    return [each.number for each in agreement.table.clauses if isinstance(each, TearLine) and predicate in each.fields]


def _torn(record: Record, agreement: Agreement) -> list[str]:
    """Return the tear-line clauses that withhold a field of this record."""
    found: list[Claim] = [claim for claim in record.claims if _tears(agreement, claim.predicate)]
    return sorted({number for claim in found for number in _tears(agreement, claim.predicate)})
