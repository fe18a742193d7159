# SPDX-License-Identifier: Apache-2.0
"""One draft for each event and side: gathers the facts of a document's sentences.

A sentence opens a new event when
1. its kind differs (an incident, a meeting, a complaint, a commitment, a warning), or
2. it names its own speaker, and that is another side, or
3. it bears another date, or says "the same day", "the following day" (which introduces something else), or
4. it bears a date and another place, or
5. it tells of another pair of who did it and to whom.
Otherwise it goes on with the event told before. Nothing is filed or graded here, but for F6 where the text itself
gives nothing to judge by (unnamed sources, "reportedly"): a machine proposes, a person decides (law 16).
"""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from hamsaya.facts.claims import Claim, Span, Speaker
from hamsaya.facts.grades import CANNOT_BE_JUDGED
from hamsaya.facts.records import Basis, Draft, RecordKind, Source
from hamsaya.facts.values import Coded, Count, Moment, Place, Words
from hamsaya.facts.words import Text, say
from hamsaya.intake.dates import Dated, Day, Setting, moment_of, resolve
from hamsaya.intake.datewords import DateHit, TimeHit
from hamsaya.intake.dealings import dealing_facts, kind_of
from hamsaya.intake.incidents import Fact, Happened, facts_of, place_facts
from hamsaya.intake.places import contains
from hamsaya.intake.scanning import Scan
from hamsaya.intake.speakers import Said, Voices

_ONCE: Final = frozenset({"occurred", "reported", "place", "depth", "duration", "actor"})
_EXACT: Final = ("exact", "site", "settlement", "district", "province", "country", "unknown")
_BESIDE: Final = 12
"""Characters between a date and the part of the day that belongs to it."""
_FAR: Final = 2
"""Sentences without a fact after which a bare number no longer adds to the incident."""


class Assignment(NamedTuple):
    """What holds for the whole document."""

    source: Source
    basis: Basis
    zone: ZoneInfo
    published: date | None
    kind: RecordKind | None
    """The kind of report that the document's header names."""


class _Told(NamedTuple):
    """A fact with who said it and the sentence it stands in."""

    fact: Fact
    said: Said
    sentence: tuple[int, int]


class _Event:
    """An event in the making."""

    def __init__(self, kind: RecordKind, side: str) -> None:
        self.kind, self.side = kind, side
        self.day: Day | None = None
        self.place: Place | None = None
        self.actor: tuple[str, str] | None = None
        self.victim: tuple[str, str] | None = None
        self.last_victim: Coded | None = None
        self.told: list[_Told] = []
        self.questions: list[Text] = []


class Gatherer:
    """Takes the segments of one document in reading order and makes drafts of them."""

    def __init__(self, assignment: Assignment) -> None:
        self._for = assignment
        self._voices = Voices(assignment.source.origin, assignment.basis)
        self._events: list[_Event] = []
        self._incident: _Event | None = None
        self._silence = 0
        self._day: Day | None = None

    def take(self, scan: Scan) -> None:
        """Add the facts of one segment."""
        said = self._voices.listen(scan)
        kind = kind_of(scan)
        if kind is not None:
            self._take_dealing(scan, said, kind)
        else:
            self._take_incident(scan, said)

    def drafts(self) -> list[Draft]:
        """Return one draft for each event, in the order in which the document tells them."""
        return [self._draft(event) for event in self._events if event.told]

    def _take_incident(self, scan: Scan, said: Said) -> None:
        side = said.speaker.side or self._for.source.origin
        current = self._incident
        going_on = current is not None and self._silence < _FAR
        happened = facts_of(scan, side, current.last_victim if current else None, going_on=going_on)
        if not happened.facts:
            self._silence += 1
            return
        self._silence = 0
        kind = self._for.kind or "incident_account"
        dated, dated_fact = self._when(scan, said)
        places = place_facts(scan, statement=said.statement)
        place = places[0].value if places and isinstance(places[0].value, Place) else None
        event = current
        if event is None or (said.explicit and self._side(said, "") != event.side) or self._breaks(event, scan, dated, place, happened):
            event = self._open(kind, self._side(said, ""))
            self._incident = event
        self._remember(event, dated, place)
        event.actor = event.actor or happened.actor
        event.victim = event.victim or happened.victim
        facts = [*dated_fact, *places, *happened.facts]
        event.last_victim = next((fact.about for fact in reversed(facts) if fact.predicate in {"killed", "wounded"}),
                                 event.last_victim)  # fmt: skip
        event.told += [_Told(fact, said, scan.sentence) for fact in facts]

    def _take_dealing(self, scan: Scan, said: Said, kind: RecordKind) -> None:
        facts, complainant = dealing_facts(scan, kind)
        if not facts and kind != "meeting":
            return
        dated, dated_fact = self._when(scan, said, ahead=scan.has("F"))
        places = place_facts(scan, statement=said.statement) if kind == "meeting" else []
        place = places[0].value if places and isinstance(places[0].value, Place) else None
        side = self._side(said, complainant)
        event = next((each for each in reversed(self._events) if each.kind == kind), None)
        if kind == "meeting":
            apart = event is None or (dated and dated.day and event.day and dated.day != event.day)
            apart = apart or (event is not None and self._elsewhere(event.place, place))
        else:
            apart = True
        if event is None or apart:
            event = self._open(kind, side)
        self._remember(event, dated, place)
        spoken = self._spoken(scan, said) if kind == "commitment" else []
        event.told += [_Told(fact, said, scan.sentence) for fact in [*dated_fact, *spoken, *places, *facts]]
        self._silence = _FAR

    def _open(self, kind: RecordKind, side: str) -> _Event:
        event = _Event(kind, side)
        self._events.append(event)
        return event

    def _side(self, said: Said, complainant: str) -> str:
        if self._for.basis == "own":
            return self._for.source.origin
        return complainant or said.speaker.side or self._for.source.origin

    def _breaks(self, event: _Event, scan: Scan, dated: Dated | None, place: Place | None, happened: Happened) -> bool:
        actor, victim = happened.actor, None if happened.inherits else happened.victim
        if dated is not None:
            relative = any(hit.kind == "relative" for hit in scan.dates)
            if relative or (dated.day != event.day and event.day is not None):
                return True
            if self._elsewhere(event.place, place):
                return True
        if None in (event.actor, event.victim, actor, victim):
            return False
        return actor != event.actor and victim != event.victim and (actor, victim) != (event.victim, event.actor)

    @staticmethod
    def _elsewhere(one: Place | None, other: Place | None) -> bool:
        if one is None or other is None or not one.ref or not other.ref:
            return False
        return not (contains(one.ref, other.ref) or contains(other.ref, one.ref))

    @staticmethod
    def _remember(event: _Event, dated: Dated | None, place: Place | None) -> None:
        event.day = event.day or (dated.day if dated else None)
        if place is not None and (event.place is None or not event.place.ref):
            event.place = place

    def _when(self, scan: Scan, said: Said, *, ahead: bool = False) -> tuple[Dated | None, list[Fact]]:
        """Return when a segment says that it was, and the fact of it."""
        hit = next((hit for hit in scan.dates if not _dates_the_speech(scan, hit, said)), None)
        clock = _clock(scan, hit)
        if hit is None and (clock is None or self._day is None or self._day.year is None):
            return None, []
        spans = [each[:2] for each in ((hit.start, hit.end) if hit else None, clock and (clock.start, clock.end)) if each]
        start, end = scan.origin_of(min(each[0] for each in spans), max(each[1] for each in spans))
        words = " ".join(scan.source[slice(*scan.origin_of(*each))] for each in spans)
        setting = Setting(self._for.published, self._for.zone, self._day, ahead)
        if hit is not None:
            dated = resolve(hit, clock, words, setting)
        else:
            told = self._day or Day(None, 1, 1)
            anchor = (told.as_date() or date.min).isoformat()
            dated = Dated(moment_of(told, clock, words, self._for.zone, derivation="time-of-told-day", anchor=anchor), told)
        self._day = dated.day or self._day
        fact = Fact("occurred", dated.moment, start, end, 0, "date-words", None, dated.question)
        return dated if hit is not None else None, [fact]

    def _spoken(self, scan: Scan, said: Said) -> list[Fact]:
        """Return when it was said, where the segment dates that: a commitment stands as far as it had come on that day."""
        hit = next((hit for hit in scan.dates if _dates_the_speech(scan, hit, said) or _ends_the_speech(scan, hit)), None)
        if hit is None:
            return []
        start, end = scan.origin_of(hit.start, hit.end)
        dated = resolve(hit, None, scan.source[start:end], Setting(self._for.published, self._for.zone))
        return [Fact("reported", dated.moment, start, end, 0, "date-words", None, dated.question)]

    def _draft(self, event: _Event) -> Draft:
        kept = _kept(event.told)
        kept.sort(key=lambda told: (told.fact.start, told.fact.end))
        claims = [self._claim(f"c{number}", told) for number, told in enumerate(kept, 1)]
        questions = [told.fact.question for told in kept if told.fact.question is not None]
        if event.kind == "incident_account" and not any(claim.predicate == "occurred" for claim in claims):
            questions.append(say("When did it happen? The text does not tell."))
        unique = list({str(question): question for question in questions}.values())
        return Draft(kind=event.kind, side=event.side, basis=self._for.basis, claims=claims, source=self._for.source,
                     open_questions=unique)  # fmt: skip

    def _claim(self, name: str, told: _Told) -> Claim:
        fact, speaker = told.fact, told.said.speaker
        hedge, words = told.said.hedge_at(fact.item)
        unnamed = speaker.kind in {"press", "source"} and hedge in {"sources", "reported"}
        span = Span(document=self._for.source.document, start=fact.start, end=fact.end,
                    sentence_start=told.sentence[0], sentence_end=told.sentence[1])  # fmt: skip
        return Claim(id=name, predicate=fact.predicate, value=fact.value, speaker=speaker, about=fact.about, hedge=hedge,
                     hedge_words=words, grade=CANNOT_BE_JUDGED if unnamed else None, span=span,
                     reason=fact.reason)  # fmt: skip


def _kept(told: list[_Told]) -> list[_Told]:
    """Leave out repeats: one place (the most exact), one date, one actor; a value once for each speaker."""
    kept: list[_Told] = []
    seen: set[object] = set()
    for each in told:
        fact = each.fact
        key = _key(fact, each.said.speaker)
        if key in seen:
            continue
        seen.add(key)
        earlier = next((one for one in kept if one.fact.predicate == fact.predicate), None)
        if fact.predicate in _ONCE and earlier is not None:
            if _is_better(fact, earlier.fact):
                kept[kept.index(earlier)] = each
            continue
        kept.append(each)
    acts = [each for each in kept if each.fact.predicate == "action"]
    vague = [each for each in acts if isinstance(each.fact.value, Coded) and each.fact.value.code == "other"]
    return [each for each in kept if each not in vague] if len(vague) < len(acts) else kept


def _key(fact: Fact, speaker: Speaker) -> object:
    value, about = fact.value, (fact.about.code, fact.about.country) if fact.about else None
    if isinstance(value, Coded):
        same: object = (value.code, value.country)
    elif isinstance(value, Count):
        same = (value.low, value.high)
    elif isinstance(value, Words):
        same = value.text
    else:
        same = fact.start
    who = (speaker.kind, speaker.office, speaker.side) if fact.predicate == "decision" else ()
    return fact.predicate, same, about, who


def _is_better(new: Fact, old: Fact) -> bool:
    if isinstance(new.value, Place) and isinstance(old.value, Place):
        return _EXACT.index(new.value.precision) < _EXACT.index(old.value.precision)
    if isinstance(new.value, Moment) and isinstance(old.value, Moment):
        return old.value.precision == "day" and new.value.precision in {"hour", "minute"}
    return False


def _dates_the_speech(scan: Scan, hit: DateHit, said: Said) -> bool:
    """Tell “said on Friday”, «روز شنبه اعلام کرد»: the day of the statement, not of the event."""
    if said.statement < 0 and not scan.has("s"):
        return False
    index = next((index for index, item in enumerate(scan.items) if item.kind == "d" and item.start == hit.start), -1)
    if index < 0:
        return False
    if scan.lexicon.verb_final:
        return any(item.kind == "s" for item in scan.items[index + 1 : index + 3])
    behind = index > 0 and scan.items[index - 1].has("s")
    return (behind and not scan.has("kKx", index + 1)) or (behind and scan.folded.text[hit.end : hit.end + 6] == " that ")


def _ends_the_speech(scan: Scan, hit: DateHit) -> bool:
    """Tell “…, the commander said on December 10.”: the day of the statement, with nothing told behind it."""
    index = next((index for index, item in enumerate(scan.items) if item.kind == "d" and item.start == hit.start), -1)
    before = [item for item in scan.items[max(0, index - 2) : max(0, index)] if not item.has("o")]
    return bool(before) and before[-1].has("s") and not scan.has("kKxqM", index + 1)


def _clock(scan: Scan, hit: DateHit | None) -> TimeHit | None:
    """Return the first hour told; a part of a day only beside the date."""
    for clock in scan.times:
        gap = 99 if hit is None else max(clock.start - hit.end, hit.start - clock.end)
        if not clock.part or gap <= _BESIDE:
            return clock
    return None
