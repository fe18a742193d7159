# SPDX-License-Identifier: Apache-2.0
"""Who says it, and how surely: the speaker and the hedge of a segment.

- A speaker is an office, a body or a side, in the text's own words, never a person's name: an office's words are
  lexicon words only. A name that stands beside an office is remembered, while one document is read, to know the office
  again ("General N. said"); it enters no claim and is forgotten with the reading.
- "Sources said" is the text's voice with the hedge `sources`; "reportedly" is the hedge `reported`.
- An own report speaks for the filing office; what it has from a local source is said by that source.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from hamsaya.facts.claims import Hedge, Speaker
from hamsaya.intake.scanning import Scan

_CHAIN: Final = re.compile(r"[CGBAO](?:f?e?[CGBAO]){0,12}+")
_HEDGES: Final[dict[str, Hedge]] = {
    "hedge.reported": "reported", "hedge.claimed": "claimed", "hedge.alleged": "alleged", "hedge.assessed": "assessed",
}  # fmt: skip
_WINDOW: Final = 9
_BETWEEN: Final = ",R.&dHpTaetfzhb0FiLnwUN"


class Office(NamedTuple):
    """A post, a body or a side that the text names: items `first` to `last` (half-open)."""

    first: int
    last: int
    words: str
    country: str
    code: str
    """Group code of the office's body; `government` for a state or a post without one."""
    kind: Literal["office", "side"]


class Said(NamedTuple):
    """Who speaks in a segment; `explicit` when the segment itself says so."""

    speaker: Speaker
    hedges: tuple[tuple[int, Hedge, str], ...]
    """(first item that the hedge reaches, hedge, the hedge's words)."""
    explicit: bool
    code: str = ""
    statement: int = -1
    """Index of the speech word, -1 where none was found."""

    def hedge_at(self, index: int) -> tuple[Hedge, str]:
        """Return the hedge, and its words, of what stands at item `index`."""
        found: tuple[Hedge, str] = ("", "")
        for start, hedge, words in self.hedges:
            if start <= index:
                found = hedge, words
        return found


class Voices:
    """The speakers of one document, in reading order."""

    def __init__(self, origin: str, basis: str) -> None:
        self._origin, self._own = origin, basis == "own"
        self._offices: list[Office] = []
        self._names: dict[str, Office] = {}
        self._last: Office | None = None

    def listen(self, scan: Scan) -> Said:
        """Return who speaks in `scan`, and remember the offices that it names."""
        offices = find_offices(scan)
        self._remember(scan, offices)
        hedges = _hedges(scan)
        statement, office = self._speaker(scan, offices)
        sourced = next((index for index, item in enumerate(scan.items) if item.has("S")), -1)
        if sourced >= 0 and office is None:
            hedges = ((0, "sources", scan.words(sourced, sourced + 1)), *hedges)
            kind: Literal["source", "press"] = "source" if self._own else "press"
            return Said(Speaker(kind=kind, side="" if self._own else self._origin), hedges, True, statement=sourced)
        if office is None or self._own:
            return Said(self.default(), hedges, False, statement=statement)
        self._last = office
        if office.kind == "side":
            return Said(Speaker(kind="side", side=office.country), hedges, True, office.code, statement)
        speaker = Speaker(kind="office", office=office.words, side=office.country)
        return Said(speaker, hedges, True, office.code, statement)

    def default(self) -> Speaker:
        """Return the voice of the document itself."""
        return Speaker(kind="own", side=self._origin) if self._own else Speaker(kind="press", side=self._origin)

    def _speaker(self, scan: Scan, offices: list[Office]) -> tuple[int, Office | None]:
        for index, item in enumerate(scan.items):
            if not (item.has("s") or item.code_of("z") in {"hedge.claimed", "hedge.alleged"}):
                continue
            if scan.items[index].code_of("s") == "speech.leading":  # "…, according to the spokesman": what stands before it is what was told
                office = self._after(scan, offices, index) or self._before(scan, offices, index)
            else:
                office = self._before(scan, offices, index) or self._after(scan, offices, index)
            if office is not None:
                return index, office
        return -1, None

    def _before(self, scan: Scan, offices: list[Office], index: int) -> Office | None:
        for office in reversed(offices):
            gap = scan.items[office.last : index]
            if office.last <= index and len(gap) <= _WINDOW and all(item.kind in _BETWEEN for item in gap):
                return self._known(office)
        before = scan.items[max(0, index - 4) : index]
        if (capital := self._capital(scan, index)) is not None:
            return capital
        if any(item.has("T") for item in before) and all(item.kind in "T.&adHzpf" for item in before):
            return self._last
        for item in before:  # "General N. said": the office that the name stood beside
            if item.kind == "." and (known := self._names.get(scan.folded.text[item.start : item.end])):
                return known
        return None

    @staticmethod
    def _capital(scan: Scan, index: int) -> Office | None:
        """Return, for a capital right before the speech word, the state that speaks."""
        for each in scan.located:
            gap = scan.items[each.at + 1 : index]
            if each.at < index and each.spot is not None and each.spot.capital and all(item.kind in "bdH," for item in gap):
                return Office(each.at, each.at + 1, scan.words(each.at, each.at + 1), each.spot.country, "government", "side")
        return None

    def _after(self, scan: Scan, offices: list[Office], index: int) -> Office | None:
        """Return the speaker of “according to the spokesman”, «به گفتهٔ سخنگو»: it follows directly."""
        for office in offices:
            gap = scan.items[index + 1 : office.first]
            if office.first > index and len(gap) <= 1 and all(item.kind == "e" for item in gap):
                follows = not scan.lexicon.verb_final or scan.lexicon.language == "fa"
                leading = scan.items[index].code_of("s") == "speech.leading"
                return self._known(office) if follows and leading else None
        return None

    def _known(self, office: Office) -> Office:
        """Return, for “the spokesperson” alone, the office that was named with that title before."""
        if office.country or office.kind == "side":
            return office
        title = office.words.split()[-1].lower()
        return next((each for each in reversed(self._offices) if each.country and title in each.words.lower()), office)

    def _remember(self, scan: Scan, offices: list[Office]) -> None:
        for office in offices:
            if office.kind == "office" and office.country:
                self._offices.append(office)
                ranked = False
                for item in scan.items[office.last : office.last + 7]:
                    ranked = ranked or item.kind == "R"
                    if item.kind not in "R.fe":
                        break
                    start, end = scan.origin_of(item.start, item.end)
                    if ranked and item.kind == "." and scan.source[start:end].istitle():
                        self._names[scan.folded.text[item.start : item.end]] = office
        del self._offices[:-50]


def find_offices(scan: Scan) -> list[Office]:
    """Return the posts, bodies and sides that a segment names, in order."""
    offices: list[Office] = []
    for found in _CHAIN.finditer(scan.letters):
        first, last = found.span()
        while first < last and scan.items[first].kind == "A":
            first += 1
        while first < last and scan.items[last - 1].kind in "Afe":
            last -= 1
        run = scan.items[first:last]
        if not run:
            continue
        country = next((item.country for item in run if item.country), "")
        kinds = {item.kind for item in run}
        groups = [item for item in run if item.kind in "GB"]
        best = next((item for item in groups if item.country), groups[0] if groups else None)
        code = best.code.partition(".")[2] if best else "government"
        kind: Literal["office", "side"] = "side" if kinds == {"C"} else "office"
        if kind == "side" and len(run) > 1:
            continue
        offices.append(Office(first, last, scan.words(first, last), country, code, kind))
    return offices


def _hedges(scan: Scan) -> tuple[tuple[int, Hedge, str], ...]:
    found: list[tuple[int, Hedge, str]] = []
    for index, item in enumerate(scan.items):
        if code := item.code_of("z"):
            hedge = _HEDGES[code]
            reach = index if hedge == "claimed" and not scan.lexicon.verb_final else 0
            found.append((reach, hedge, scan.words(index, index + 1)))
    return tuple(sorted(found, key=lambda each: each[0]))
