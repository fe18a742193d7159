# SPDX-License-Identifier: Apache-2.0
"""The only way for a record to leave: `permit` decides, `prepare` makes the copy that leaves (laws 1, 11, 12, 13).

`permit` asks, in this order, and the first "no" is the answer; what nothing allows is refused:
 1. The agreement is in force at `now`, and names both parties.
 2. Exercise data goes under an exercise agreement only, and real data under a real one (law 15).
 3. The record says something, every claim is graded, and the receiver could keep and show it.
 4. The purpose is of the closed list; the necessity is a sentence.
 5. Some `kinds` clause lets this kind go from its party to the receiver.
 6. No other clause is against it.
 7. What would leave holds no data on persons.

`prepare` makes the tear-line: it withholds the fields that a clause names, source handles, and sentences unless a clause
lets them go; names documents by a salted hash; and coarsens places, depths, times and numbers to the exactness clause. What
would tell a withheld or coarsened value, its words and the sentence it stands in, stays at home with it.
"""

from __future__ import annotations

import hashlib
import math
from datetime import UTC, datetime, timedelta

import msgspec

from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.clauses import Exactness, HandlingCeiling, Kinds, Quotes, TearLine
from hamsaya.agreement.decision import Decision, refuse
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.agreement.screen import find_persons
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.grades import HANDLING, Handling, is_graded
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.facts.soundness import MAX_TEXT, is_plain, what_is_unsound
from hamsaya.facts.values import Coded, Count, Depth, Moment, Place, Value, Words
from hamsaya.facts.words import say

MIN_NECESSITY_WORDS = 3
_METRES_A_DEGREE = 111_320
_POLE_UDEG = 90_000_000
_DAY_MIN = 1_440
_SITE_M = 1_000
_TELLING = 3
"""Letters from which on the words of a withheld value are searched for in what leaves."""
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
    refusal = _ask_parties(record, receiver, agreement) or _ask_record(record, agreement) or _ask_reasons(purpose, necessity)  # 1 to 4
    if refusal is not None:
        return refusal
    by_clause = _ask_clauses(record, receiver, purpose, agreement)  # 5, 6
    return by_clause if not by_clause.allowed else _ask_screen(record, necessity, agreement) or by_clause  # 7


def _ask_parties(record: Record, receiver: str, agreement: Agreement) -> Decision | None:
    if agreement.party(record.party) is None or agreement.party(receiver) is None:
        return refuse("party", say("The agreement does not bind both {sender} and {receiver}.", sender=record.party, receiver=receiver))
    if record.exercise != agreement.table.exercise:  # 2
        return refuse("exercise", say("The record and the agreement must both be exercise, or both be real."))
    return None


def _ask_record(record: Record, agreement: Agreement) -> Decision | None:
    if not record.claims:  # 3
        return refuse("empty", say("The record holds no claim."))
    ungraded = [claim.id for claim in record.claims if not is_graded(claim.grade)]
    if ungraded:
        return refuse("grade", say("These claims are not graded: {ids}", ids=", ".join(ungraded)))
    unsound = what_is_unsound(record)
    if unsound is not None:
        return refuse("unsound", unsound)
    if record.marking and not any(isinstance(clause, HandlingCeiling) for clause in agreement.table.clauses):
        return refuse("marking", say("The record is marked “{marking}”, and no clause says what that means.", marking=record.marking))
    return None


def _ask_reasons(purpose: str, necessity: str) -> Decision | None:
    if purpose not in PURPOSES:  # 4
        return refuse("purpose", say("“{purpose}” is no purpose of the closed list: {known}.", purpose=purpose or "—", known=", ".join(PURPOSES)))
    if len(necessity.split()) < MIN_NECESSITY_WORDS:
        return refuse("necessity", say("Necessity must be a sentence of at least {n} words.", n=MIN_NECESSITY_WORDS))
    if not is_plain(necessity):
        return refuse("necessity", say("Necessity must be plain text of at most {n} letters.", n=MAX_TEXT))
    return None


def _ask_screen(record: Record, necessity: str, agreement: Agreement) -> Decision | None:
    leaving = prepare(record, agreement).record
    if not leaving.claims:
        return refuse("empty", say("Nothing of this record stands below the tear-line."))
    found = find_persons(necessity, *_free_text(leaving))  # 7
    if found:
        return refuse("screen", say("What would leave seems to hold data on persons: {what}", what=", ".join(map(str, found))))
    return None


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
    exact, torn = _exactness(agreement), _torn(record, agreement)
    about_quotes = [clause.allowed for clause in agreement.table.clauses if isinstance(clause, Quotes)]
    may_quote = bool(about_quotes) and all(about_quotes)
    values = {claim.id: _coarse(claim.value, exact) for claim in record.claims}
    hidden = {claim.id for claim in record.claims if _tells_less(values[claim.id], claim.value)}
    told_by = {_sentence_at(claim) for claim in record.claims if claim.id in hidden | torn.ids}
    withheld, claims = len(torn.ids), []
    for claim in record.claims:
        if claim.id in torn.ids:
            continue
        sentence = (quotes or {}).get(claim.id, "")
        sends_quote = (
            may_quote and bool(sentence) and not find_persons(sentence) and _sentence_at(claim) not in told_by and not torn.told_in(sentence)
        )
        withheld += int(bool(sentence) and not sends_quote) + int(bool(claim.speaker.handle)) + int(claim.id in hidden)
        quote, commitment = (sentence if sends_quote else ""), (_commit(sentence, salt) if sentence else "")
        claims.append(_prepare_claim(torn.silence(claim), torn.silence_value(values[claim.id], claim), quote, commitment, salt))
    sources = [msgspec.structs.replace(source, document=_blind(source.document, salt)) for source in record.sources]
    leaving = msgspec.structs.replace(record, claims=claims, sources=sources, withheld=withheld, handling=_level(record, agreement), marking="")
    return Prepared(leaving, withheld)


def _level(record: Record, agreement: Agreement) -> Handling:
    """Return the strictest TLP level that any clause reads the record's marking as; never below what the record says."""
    levels = [clause.level_of(record) for clause in agreement.table.clauses if isinstance(clause, HandlingCeiling)]
    return max((level for level in HANDLING if level in (record.handling, *levels)), key=HANDLING.index)


class _Torn:
    """The claims above the tear-line, and whether a text would tell one of them."""

    def __init__(self, claims: list[Claim], fields: set[str]) -> None:
        above = [claim for claim in claims if claim.predicate in fields]
        self._sentences = {_sentence_at(claim) for claim in above if claim.span}
        self._words = {words for claim in above if len(words := _words_of(claim.value).strip().casefold()) >= _TELLING}
        tells = [
            claim for claim in claims if isinstance(claim.value, Words) and (_sentence_at(claim) in self._sentences or self.told_in(claim.value.text))
        ]
        self.ids = {claim.id for claim in [*above, *tells]}

    def told_in(self, text: str) -> bool:
        folded = text.casefold()
        return any(words in folded for words in self._words)

    def silence(self, claim: Claim) -> Claim:
        """Return the claim without own words that would tell a torn one."""
        if self.told_in(claim.hedge_words) or self.told_in(claim.speaker.office):
            speaker = msgspec.structs.replace(claim.speaker, office="") if self.told_in(claim.speaker.office) else claim.speaker
            claim = msgspec.structs.replace(claim, hedge_words="", speaker=speaker)
        about = claim.about and self.silence_value(claim.about, claim)
        return msgspec.structs.replace(claim, about=about) if isinstance(about, Coded) else claim

    def silence_value(self, value: Value, claim: Claim) -> Value:
        """Return the value without words that stand in the same sentence as a torn one, or that hold its words."""
        if isinstance(value, Words) or not (_sentence_at(claim) in self._sentences or self.told_in(value.words)):
            return value
        return msgspec.structs.replace(value, words="")


def _torn(record: Record, agreement: Agreement) -> _Torn:
    return _Torn(record.claims, {field for clause in agreement.table.clauses if isinstance(clause, TearLine) for field in clause.fields})


def _words_of(value: Value) -> str:
    return value.text if isinstance(value, Words) else value.words


def _tells_less(value: Value, before: Value) -> bool:
    """Say whether coarsening hid something; moving a point that was vague already does not."""
    if isinstance(value, Place) and isinstance(before, Place):
        return (value.words, value.name) != (before.words, before.name)
    return value != before


def _sentence_at(claim: Claim) -> tuple[str, int]:
    return (claim.span.document, claim.span.sentence_start) if claim.span else (claim.id, -1)


def _exactness(agreement: Agreement) -> Exactness:
    """Return the coarsest metres, minutes and steps that any clause asks for; 0 where none does."""
    clauses = [clause for clause in agreement.table.clauses if isinstance(clause, Exactness)]
    return Exactness(
        number="", place_m=max((clause.place_m for clause in clauses), default=0), time_min=max((clause.time_min for clause in clauses), default=0),
        number_step=max((clause.number_step for clause in clauses), default=0),
    )  # fmt: skip


def _prepare_claim(claim: Claim, value: Value, quote: str, commitment: str, salt: bytes) -> Claim:
    speaker = Speaker(kind=claim.speaker.kind, office=claim.speaker.office, side=claim.speaker.side)
    span = claim.span and msgspec.structs.replace(claim.span, document=_blind(claim.span.document, salt))
    return msgspec.structs.replace(claim, value=value, speaker=speaker, span=span, quote=quote, quote_commitment=commitment)


def _coarse(value: Value, exact: Exactness) -> Value:
    if exact.place_m and isinstance(value, Place):
        return coarsen_place(value, exact.place_m)
    if exact.place_m and isinstance(value, Depth):
        return coarsen_depth(value, exact.place_m)
    if exact.time_min and isinstance(value, Moment):
        return coarsen_time(value, exact.time_min)
    if exact.number_step > 1 and isinstance(value, Count):
        return coarsen_count(value, exact.number_step)
    return value


def coarsen_place(place: Place, place_m: int) -> Place:
    """Return `place` with its point on a grid of `place_m` metres, and a radius that still holds the true point.

    Words and names of a place that was more exact than that stay at home, since they would tell it.
    """
    if place.lon_udeg is None or place.lat_udeg is None:
        exact = place.precision in ("exact", "site", "settlement")
        return msgspec.structs.replace(place, words="", name="", ref="") if exact and place_m > _SITE_M else place
    step = max(1, round(place_m * 1_000_000 / _METRES_A_DEGREE))
    lat = max(-_POLE_UDEG, min(_POLE_UDEG, round(place.lat_udeg / step) * step))
    across = max(1, round(step / max(math.cos(math.radians(lat / 1e6)), 0.01)))  # a degree of longitude is shorter there
    lon = max(-2 * _POLE_UDEG, min(2 * _POLE_UDEG, round(place.lon_udeg / across) * across))
    known = place.radius_m or 0
    if known < place_m:
        place = msgspec.structs.replace(place, words="", name="", ref="")
    return msgspec.structs.replace(place, lon_udeg=lon, lat_udeg=lat, radius_m=known + place_m)  # a point moves by less than `place_m`


def coarsen_depth(depth: Depth, place_m: int) -> Depth:
    """Return `depth` widened outward to whole steps of `place_m` metres; the words of one that was more exact stay at home."""
    low = depth.low_m - depth.low_m % place_m
    high = None if depth.high_m is None else depth.high_m + -depth.high_m % place_m
    if (low, high) == (depth.low_m, depth.high_m):
        return depth
    return msgspec.structs.replace(depth, low_m=low, high_m=high, words="")


def coarsen_count(count: Count, step: int) -> Count:
    """Return `count` widened outward to whole steps of `step`; the words of one that was more exact stay at home."""
    low = count.low - count.low % step
    high = None if count.high is None else count.high + -count.high % step
    if (low, high) == (count.low, count.high):
        return count
    return msgspec.structs.replace(count, low=low, high=high, words="")


def coarsen_time(moment: Moment, time_min: int) -> Moment:
    """Return `moment` widened outward to whole steps of `time_min` minutes, counted from UTC midnight of year 1.

    The words of a moment that was more exact than that stay at home, since they would tell it.
    """
    if moment.start is None or moment.end is None:
        if time_min <= 1:
            return moment
        return msgspec.structs.replace(moment, words="", month_day="" if time_min > _DAY_MIN else moment.month_day)
    step = timedelta(minutes=time_min)
    start = moment.start - (moment.start - _FLOOR) % step
    end = moment.end + (_FLOOR - moment.end) % step
    if (start, end) == (moment.start, moment.end):
        return moment
    return msgspec.structs.replace(moment, start=start, end=end, words="", derivation="", anchor="", month_day="")


def _blind(document: str, salt: bytes) -> str:
    """Return the salted hash under which a document is named outside: its plain hash could be guessed (law 11)."""
    return hashlib.sha256(b"hamsaya-document-v1\x00" + salt + document.encode()).hexdigest()


def _commit(sentence: str, salt: bytes) -> str:
    return hashlib.sha256(b"hamsaya-quote-v1\x00" + salt + sentence.encode()).hexdigest()


def _free_text(record: Record) -> list[str]:
    texts = [record.office]
    for claim in record.claims:
        texts += [claim.hedge_words, claim.quote, claim.speaker.office]
        texts += [value.text if isinstance(value, Words) else value.words for value in (claim.value, claim.about) if value is not None]
    return texts
