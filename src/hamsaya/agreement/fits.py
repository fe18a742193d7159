# SPDX-License-Identifier: Apache-2.0
"""Does a copy tell no more than a text lets leave? Asked by the receiver of a release, and by its sender when the text has changed meanwhile.

Making a copy coarser is idempotent: prepared again, a copy that fits comes out as it was, and what comes out otherwise was more
exact, more open, or marked lower than the text lets it be. One exception: a copy without its actor tells no position of a group any
more, while its place was rounded to the floor of law 11 when the actor still stood there; that coarser grid is kept.
"""

from __future__ import annotations

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.clauses import HandlingCeiling, TearLine
from hamsaya.agreement.coarsen import coarsen_place
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.floor import FLOOR_M
from hamsaya.agreement.prepare import exactness_of, prepare
from hamsaya.agreement.withheld import Withheld, why_withheld
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.records import Record
from hamsaya.facts.values import Place
from hamsaya.facts.words import Text, say


def still_fits(copy: Record, agreement: Agreement) -> bool:
    """Say whether a copy tells nothing that `agreement` withholds, coarsens or marks higher."""
    return misfit(copy, agreement) is None


def misfit(copy: Record, agreement: Agreement, prepared: Record | None = None) -> Decision | None:
    """Return the refusal of a copy that tells more than `agreement` lets leave, with the clauses that keep it; None where it fits.

    `prepared` is the copy prepared again without its sentences, where whoever asks has made it.
    """
    quotes = {claim.id: claim.quote for claim in copy.claims if claim.quote}
    again = prepare(copy, agreement, quotes).record if quotes or prepared is None else prepared
    if again.handling != copy.handling:
        levels = [each.number for each in agreement.table.clauses if isinstance(each, HandlingCeiling)]
        return _refuse(levels, say("It is marked lower than the text reads its marking."))
    if again.changes != copy.changes:
        tears = [each.number for each in agreement.table.clauses if isinstance(each, TearLine)]
        return _refuse(tears, say("What it tells of its own changes stands above the tear-line, or tells of a person."))
    floor = max(FLOOR_M, exactness_of(agreement).place_m)
    for part in why_withheld(copy, again, agreement, quotes):
        if not _is_said_already(part, floor):
            label = PREDICATES[part.part.claim.predicate].label if part.part.claim.predicate in PREDICATES else part.part.claim.predicate
            return _refuse(part.clauses, say("“{field}”: {why}", field=label, why=part.why))
    return None


def _is_said_already(part: Withheld, floor: int) -> bool:
    """Say whether nothing is told by this part: a sentence that is not there, or a place on the coarser grid of the floor."""
    claim = part.part.claim
    if part.part.part == "sentence":
        return not claim.quote
    return part.part.part == "value" and isinstance(claim.value, Place) and coarsen_place(claim.value, floor) == claim.value


def _refuse(clauses: list[str], why: Text) -> Decision:
    if not clauses:
        return Decision(allowed=False, rule="amended", reason=say("The copy tells more than it may: {why}", why=why))
    reason = say("The copy tells more than clause {clause} lets it: {why}", clause=", ".join(clauses), why=why)
    return Decision(allowed=False, clause=clauses[0], reason=reason)
