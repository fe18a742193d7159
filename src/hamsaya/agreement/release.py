# SPDX-License-Identifier: Apache-2.0
"""The only way for a record to leave: `permit` decides, `prepare` makes the copy that leaves (laws 1, 11, 12, 13).

`permit` asks, in this order, and the first "no" is the answer; what nothing allows is refused:
 1. The agreement is in force at `now`, and names both parties.
 2. Exercise data goes under an exercise agreement only, and real data under a real one (law 15).
 3. The record says something, and every claim is graded.
 4. The purpose is of the closed list; the necessity is a sentence.
 5. Some `kinds` clause lets this kind go from its party to the receiver.
 6. No other clause is against it.
 7. What would leave holds no data on persons.

`prepare` withholds sentences, source handles and open questions, and coarsens places and times to the exactness clause.
"""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta

import msgspec

from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.clauses import Exactness, Kinds, Quotes
from hamsaya.agreement.decision import Decision, refuse
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.agreement.screen import find_persons
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.grades import is_graded
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.facts.values import Moment, Place, Words
from hamsaya.facts.words import say

MIN_NECESSITY_WORDS = 3
_METRES_A_DEGREE = 111_320
_HALF_DIAGONAL = 0.71  # of a square of side 1, and what a degree is longer than that near the poles
_FLOOR = datetime(1, 1, 1, tzinfo=UTC)


class Prepared(msgspec.Struct, frozen=True):
    """The copy that would leave: exactly the record the receiver gets, and how many fields were withheld."""

    record: Record
    withheld: int


def permit(record: Record, receiver: str, purpose: str, necessity: str, agreement: Agreement | None, now: Standing) -> Decision:
    """Return whether `record` may go to `receiver`, by which clause or rule, and why.

    `now` is the standing of `agreement` as evaluated at the moment of decision (see `charter.standing`).
    """
    if agreement is None or not now.in_force:  # 1
        return refuse("in-force", now.reason)
    if agreement.party(record.party) is None or agreement.party(receiver) is None:
        return refuse("party", say("The agreement does not bind both {sender} and {receiver}.", sender=record.party, receiver=receiver))
    if record.exercise != agreement.table.exercise:  # 2
        return refuse("exercise", say("The record and the agreement must both be exercise, or both be real."))
    if not record.claims:  # 3
        return refuse("empty", say("The record holds no claim."))
    ungraded = [claim.id for claim in record.claims if not is_graded(claim.grade)]
    if ungraded:
        return refuse("grade", say("These claims are not graded: {ids}", ids=", ".join(ungraded)))
    if purpose not in PURPOSES:  # 4
        return refuse("purpose", say("“{purpose}” is no purpose of the closed list: {known}.", purpose=purpose or "—", known=", ".join(PURPOSES)))
    if len(necessity.split()) < MIN_NECESSITY_WORDS:
        return refuse("necessity", say("Necessity must be a sentence of at least {n} words.", n=MIN_NECESSITY_WORDS))
    by_clause = _ask_clauses(record, receiver, purpose, agreement)  # 5, 6
    if not by_clause.allowed:
        return by_clause
    found = find_persons(necessity, *_free_text(prepare(record, agreement).record))  # 7
    if found:
        return refuse("screen", say("What would leave seems to hold data on persons: {what}", what=", ".join(map(str, found))))
    return by_clause


def _ask_clauses(record: Record, receiver: str, purpose: str, agreement: Agreement) -> Decision:
    kinds = [clause for clause in agreement.table.clauses if isinstance(clause, Kinds)]
    allowing = next((clause for clause in kinds if clause.allows(record, receiver)), None)
    if allowing is None:
        label = RECORD_KINDS[record.kind]
        return Decision(
            allowed=False,
            rule="deny-by-default",
            clause=next((clause.number for clause in kinds if (clause.sender, clause.receiver) == (record.party, receiver)), ""),
            reason=say(
                "No clause lets a record of kind “{kind}” go from {sender} to {receiver}.", kind=label, sender=record.party, receiver=receiver
            ),
        )
    for clause in agreement.table.clauses:
        refusal = clause.check(record, receiver, purpose)
        if refusal is not None:
            return refusal
    return Decision(allowed=True, clause=allowing.number, reason=say("Allowed by clause {number}.", number=allowing.number))


def prepare(record: Record, agreement: Agreement, quotes: dict[str, str] | None = None, salt: bytes = b"") -> Prepared:
    """Return the copy of `record` that would leave under `agreement`.

    `quotes` holds the sentence of each claim by claim id; a sentence leaves only under a `quotes` clause and when the
    screen finds nothing in it, and otherwise only its commitment, salted with `salt`, does.
    """
    place_m, time_min = _exactness(agreement)
    about_quotes = [clause.allowed for clause in agreement.table.clauses if isinstance(clause, Quotes)]
    may_quote = bool(about_quotes) and all(about_quotes)
    withheld, claims = 0, []
    for claim in record.claims:
        sentence = (quotes or {}).get(claim.id, "")
        sends_quote = may_quote and bool(sentence) and not find_persons(sentence)
        withheld += int(bool(sentence) and not sends_quote) + int(bool(claim.speaker.handle))
        claims.append(_prepare_claim(claim, place_m, time_min, sentence if sends_quote else "", _commit(sentence, salt) if sentence else ""))
    return Prepared(msgspec.structs.replace(record, claims=claims, withheld=withheld), withheld)


def _exactness(agreement: Agreement) -> tuple[int, int]:
    """Return the coarsest metres and minutes that any clause asks for; 0 where none does."""
    clauses = [clause for clause in agreement.table.clauses if isinstance(clause, Exactness)]
    return max((clause.place_m for clause in clauses), default=0), max((clause.time_min for clause in clauses), default=0)


def _prepare_claim(claim: Claim, place_m: int, time_min: int, quote: str, commitment: str) -> Claim:
    value = claim.value
    if place_m and isinstance(value, Place):
        value = coarsen_place(value, place_m)
    elif time_min and isinstance(value, Moment):
        value = coarsen_time(value, time_min)
    speaker = Speaker(kind=claim.speaker.kind, office=claim.speaker.office, side=claim.speaker.side)
    return msgspec.structs.replace(claim, value=value, speaker=speaker, quote=quote, quote_commitment=commitment)


def coarsen_place(place: Place, place_m: int) -> Place:
    """Return `place` with its point on a grid of `place_m` metres, and a radius that still holds the true point.

    Words and names of a place that was more exact than that stay at home, since they would tell it.
    """
    if place.lon_udeg is None or place.lat_udeg is None:
        return place
    step = max(1, round(place_m * 1_000_000 / _METRES_A_DEGREE))
    lon, lat = (round(value / step) * step for value in (place.lon_udeg, place.lat_udeg))
    known = place.radius_m or 0
    radius = max(place_m, known + math.ceil(place_m * _HALF_DIAGONAL))
    if known < place_m:
        place = msgspec.structs.replace(place, words="", name="", ref="")
    return msgspec.structs.replace(place, lon_udeg=lon, lat_udeg=lat, radius_m=radius)


def coarsen_time(moment: Moment, time_min: int) -> Moment:
    """Return `moment` widened outward to whole steps of `time_min` minutes, counted from UTC midnight of year 1.

    The words of a moment that was more exact than that stay at home, since they would tell it.
    """
    if moment.start is None or moment.end is None:
        return moment
    step = timedelta(minutes=time_min)
    start = moment.start - (moment.start - _FLOOR) % step
    end = moment.end + (_FLOOR - moment.end) % step
    if (start, end) == (moment.start, moment.end):
        return moment
    return msgspec.structs.replace(moment, start=start, end=end, words="")


def _commit(sentence: str, salt: bytes) -> str:
    return hashlib.sha256(b"hamsaya-quote-v1\x00" + salt + sentence.encode()).hexdigest()


def _free_text(record: Record) -> list[str]:
    texts = [record.office]
    for claim in record.claims:
        texts += [claim.hedge_words, claim.quote, claim.speaker.office]
        texts += [value.text if isinstance(value, Words) else value.words for value in (claim.value, claim.about) if value is not None]
    return texts
