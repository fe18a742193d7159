# SPDX-License-Identifier: Apache-2.0
"""Reads the text of a navigational warning, NAVAREA or NAVTEX, into a `Notice`, whole or not at all.

1. What frames it: ZCZC and NNNN, the date-time group, series and number, the lines that name the sea and the charts.
2. Numbered paragraphs: those that cancel (other notices, or this one at a time), and the others.
3. Positions, and the words before them that say what they bound: an area, a track, a circle. Letters A., B. … list several.
4. Times (`times.py`), over the whole text.
What a position or a time could be and is not understood, refuses the text. Other words are kept as subject and remarks.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

from hamsaya.facts.words import Text, say
from hamsaya.formats.notice import (
    MOST_SHAPES,
    MOST_TEXT,
    NAUTICAL_MILE_M,
    Form,
    Notice,
    Reference,
    Shape,
    Unreadable,
    checked_shape,
    checked_spans,
)
from hamsaya.formats.positions import LEFT_OVER, Read, read_positions
from hamsaya.formats.times import FIRST_YEAR, LAST_YEAR, read_moment, read_times

_LETTERS: Final = re.compile(r"[A-Z0-9 \n.,:;/()'\"&?!+=*%#_\[\]@\-]*")
_PARAGRAPH: Final = re.compile(r"(?m)^ {0,3}(?:\d{1,2}\.[ ]+|(?=CANCEL ))")
_SERIES: Final = re.compile(r"([A-Z][A-Z0-9 .()\-]*?)[ .]+(?:WARNING |NR |NO )?(\d{1,5})/(\d{4}|\d{2})")
_DTG: Final = re.compile(r"\d{6} ?(?:Z|UTC) [A-Z]{3,9} (?:\d{4}|\d{2})(?!\d)")
_CHART: Final = re.compile(r"(?:DNC|CHARTS?|INT|BA|ENC)\b.*\d")
_CANCEL: Final = re.compile(r"\bCANCEL\b")
_THIS: Final = re.compile(r"CANCEL THIS (?:MSG|MESSAGE|WARNING|NOTICE)(?: ON| AT| BY)? ")
_NUMBER: Final = r"(\d{1,4}(?:\.\d{1,2})?|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|TWELVE|FIFTEEN|TWENTY)"
_WORDS: Final = {
    word: number for number, word in enumerate(["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN"])
} | {"TWELVE": 12, "FIFTEEN": 15, "TWENTY": 20}
_UNIT: Final = r"(NAUTICAL MILES?|MILES?|NM|METERS?|METRES?|M|KILOMETERS?|KILOMETRES?|KM|CABLES?|YARDS?)"
_METRES: Final = {"N": NAUTICAL_MILE_M * 10, "MI": NAUTICAL_MILE_M * 10, "ME": 10, "M": 10, "K": 10_000, "C": NAUTICAL_MILE_M, "Y": 9}
"""A tenth of a metre is counted, so that the sum is a whole number."""
_JOINING: Final = r"(?: (?:JOINING|CONNECTING|BETWEEN|PASSING THROUGH))?(?: THE)?(?: FOLLOWING)?(?: POSITIONS?| POINTS?)?"
_BOUND: Final = re.compile(rf"\b(?:(?:BOUND|BOUNDED|LIMITED|ENCLOSED|DEFINED|DELIMITED) BY(?: (?:THE )?LINES?)?|AREA(?= JOINING)){_JOINING}[ :]*$")
_TRACK: Final = re.compile(
    rf"(?:\bWITHIN {_NUMBER} ?-?{_UNIT} (?:ON )?(?:(?:EITHER|EACH|BOTH) SIDES? )?OF (?:A )?)?"
    r"\b(?:TRACK ?LINES?|TRACKS?|LINES?|ROUTES?|CABLE)(?: JOINING| CONNECTING| BETWEEN| PASSING THROUGH)"
    r"(?: THE)?(?: FOLLOWING)?(?: POSITIONS?| POINTS?)?[ :]*$"
)
_AROUND: Final = r"(?:OF|FROM|AROUND|AROUND THE|CENT(?:RE|ER)(?:ED)?(?: ON| AT| IN| OF)?)(?: THE)?(?: POSITIONS?)?[ :]*$"
_CIRCLE: Final = re.compile(
    rf"\b(?:WITHIN (?:A )?{_NUMBER} ?-?{_UNIT}(?: RADIUS)? {_AROUND}|{_NUMBER} ?-?{_UNIT} RADIUS {_AROUND}"
    rf"|RADIUS (?:OF )?{_NUMBER} ?-?{_UNIT},? {_AROUND})"
)
_POINT: Final = re.compile(r"\b(?:IN )?(?:VICINITY|PSN|POSITIONS?)(?: OF)?[ :]*$")
_LABEL: Final = re.compile(r"(?:^|[ :.,])([A-Z])[.)] ?$")
_LABEL_THEN: Final = re.compile(r"(?:^|[ :.,])([A-Z])[.)] (?=[^.]*$)")
_BETWEEN: Final = re.compile(r"[ ]?[,;]?[ ]?(?:AND |TO |THENCE (?:TO )?|THEN (?:TO )?|- )?")
_OFFSET: Final = re.compile(rf"{_NUMBER} ?{_UNIT} (?:NORTH|SOUTH|EAST|WEST|[NSEW]{{1,3}}\b)[A-Z]*(?: OF)?\b|\bBEARING\b|\b\d{{1,3}} DEG")
_BERTH: Final = re.compile(rf"\b{_NUMBER} ?-?{_UNIT} BERTH\b")
_VICINITY: Final = re.compile(r"\bVICINITY\b")
_SENTENCE: Final = re.compile(r"(?<=[A-Z0-9)]{2})\. ")
_MARK: Final = "\x01"


class _Said(NamedTuple):
    """What the words before positions make of them."""

    form: Form
    radius_m: int = 0


class _Frame(NamedTuple):
    """A text without what frames it."""

    body: str
    issued: datetime | None
    of: Reference | None
    regions: tuple[str, ...]
    charts: tuple[str, ...]


def read_warning(text: str, *, issued: datetime | None = None, of: Reference | None = None) -> Notice:
    """Return the notice that the text of a warning gives.

    `issued` is when it was issued, where the text does not say it, and `of` its number. Raises `Unreadable`, and nothing else.
    """
    frame = _framed(text)
    issued = issued or frame.issued
    if issued is None or not FIRST_YEAR <= issued.year <= LAST_YEAR:
        raise Unreadable("undated", text)
    paragraphs = [" ".join(each.split()) for each in _PARAGRAPH.split(frame.body)]
    told = [each for each in paragraphs if each and not _CANCEL.match(each)]
    cancels, cancelled_at = _cancelled([each for each in paragraphs if _CANCEL.match(each)])
    shapes, taken, blanked = _shapes(told)
    middle = shapes[0].points[0][0] / 1_000_000
    times = read_times(" | ".join(blanked), issued, cancelled_at, middle)
    subject, remarks = _words(blanked, times.stands)
    berth = _BERTH.search(" ".join(told))
    return Notice(
        issued=issued, of=of or frame.of, regions=frame.regions, charts=frame.charts, subject=subject, shapes=shapes,
        spans=checked_spans(times.spans, issued, cancelled_at), berth_m=_metres(berth[1], berth[2]) if berth else 0, remarks=remarks,
        cancels=cancels, cancelled_at=cancelled_at, taken=(*taken, *times.taken),
    )  # fmt: skip


def read_reference(text: str) -> Reference | None:
    """Return the notice that a line begins with the name of, such as NAVAREA IX 166/23; None where its number is 0 or missing."""
    match = _SERIES.match(" ".join(text.upper().split()))
    if match is None or not int(match[2]):
        return None
    return Reference(match[1].strip(), int(match[2]), int(match[3]) if len(match[3]) == 4 else 2000 + int(match[3]))


def _framed(text: str) -> _Frame:
    if len(text) > MOST_TEXT:
        raise Unreadable("long")
    if not text.isascii() or not _LETTERS.fullmatch(text := text.upper().replace("\r\n", "\n").replace("\t", " ")):
        raise Unreadable("letters")
    lines = [line.rstrip() for line in text.split("\n")]
    issued, of = None, None
    regions: list[str] = []
    charts: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at].strip()
        bare = line.removesuffix(".")
        if not line or re.fullmatch(r"ZCZC [A-Z]{2}\d{2}", line):
            pass
        elif issued is None and _DTG.fullmatch(bare):
            issued = read_moment(bare)
        elif of is None and not regions and (found := _SERIES.fullmatch(bare)) and int(found[2]):
            of = read_reference(bare)
        elif _CHART.fullmatch(bare) and line.endswith("."):
            charts.append(bare)
        elif line.endswith(".") and not _PARAGRAPH.match(line) and not read_positions(line) and at + 1 < len(lines) and not _CANCEL.match(line):
            regions.append(bare)
        else:
            break
        at += 1
    body = [line for line in lines[at:] if line.strip() != "NNNN"]
    return _Frame("\n".join(body), issued, of, tuple(regions), tuple(charts))


def _cancelled(paragraphs: list[str]) -> tuple[tuple[Reference, ...], datetime | None]:
    found: list[Reference] = []
    at: datetime | None = None
    for paragraph in paragraphs:
        for part in (each.strip(" .") for each in re.split(r"(?=CANCEL )", paragraph) if each.strip(" .")):
            this = _THIS.match(part)
            if this:
                at = read_moment(part[this.end() :])
                if at is None:
                    raise Unreadable("cancel", part)
                continue
            series = ""
            for each in re.split(r", ?(?:AND )?| AND ", part.removeprefix("CANCEL ")):
                named = read_reference(each if re.match(r"[A-Z]", each) else f"{series} {each}")
                if named is None:
                    raise Unreadable("cancel", part)
                series = named.series
                found.append(named)
    return tuple(found), at


def _shapes(paragraphs: list[str]) -> tuple[tuple[Shape, ...], list[Text], list[str]]:
    """Return the shapes of all paragraphs, how what was open was taken, and the paragraphs with a mark where shapes stood."""
    found: list[Shape] = []
    taken: list[Text] = []
    blanked: list[str] = []
    for paragraph in paragraphs:
        runs = _position_runs(paragraph)
        rest, at, said = "", 0, None
        for run in runs:
            lead = paragraph[at : run[0].start]
            label, words = _labelled(lead)
            if _OFFSET.search(words[-60:]):
                raise Unreadable("offset", words[-60:])
            here = _said(words)
            said = here or (said if label else None)
            spots = [each.spot for each in run]
            if said is None and len(spots) > 1:
                raise Unreadable("shape", paragraph[run[0].start :])
            found += _made(said, spots, label)
            if said is None and _VICINITY.search(words[-20:]):
                taken.append(say("“in the vicinity” gives no distance: taken as the point"))
            rest += _without_said(words) + _MARK
            at = run[-1].end
            if re.fullmatch(r" ?,\s*", paragraph[at:]) or re.match(r" ?, ?[A-Z]\. ", paragraph[at:]):
                raise Unreadable("broken-off", paragraph[run[-1].start :])
        blanked.append(rest + paragraph[at:])
        if LEFT_OVER.search(blanked[-1]):
            raise Unreadable("position", LEFT_OVER.findall(blanked[-1])[0])
    if not found:
        raise Unreadable("nowhere", " ".join(paragraphs))
    if len(found) > MOST_SHAPES:
        raise Unreadable("size")
    return tuple(found), taken, blanked


def _position_runs(paragraph: str) -> list[list[Read]]:
    found: list[list[Read]] = []
    for each in read_positions(paragraph):
        if found and _BETWEEN.fullmatch(paragraph[found[-1][-1].end : each.start]):
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _labelled(lead: str) -> tuple[str, str]:
    """Return the letter that lists what follows, and the words before without it."""
    match = _LABEL.search(lead)
    if match:
        return match[1], lead[: match.start()] + " "
    then = _LABEL_THEN.search(lead)
    return (then[1], lead[: then.start()] + " " + lead[then.end() :]) if then else ("", lead)


def _said(words: str) -> _Said | None:
    if match := _CIRCLE.search(words):
        number, unit = [each for each in match.groups() if each]
        return _Said("circle", _metres(number, unit))
    if _BOUND.search(words):
        return _Said("area")
    if match := _TRACK.search(words):
        return _Said("track", _metres(match[1], match[2]) if match[1] else 0)
    return None


def _without_said(words: str) -> str:
    for pattern in (_CIRCLE, _BOUND, _TRACK, _POINT):
        match = pattern.search(words)
        if match:
            words = words[: match.start()]
            break
    return re.sub(r"[ :.,]*\b(?:(?:IN|WITHIN|ALONG) )?(?:(?:THE|AN) )?(?:AREAS?|TRACKLINES?)? *$", " ", words) if words else words


def _made(said: _Said | None, spots: list[tuple[int, int]], label: str) -> list[Shape]:
    if said is None:
        return [checked_shape(Shape(form="point", points=(spots[0],), name=label))]
    if said.form == "circle":
        return [checked_shape(Shape(form="circle", points=(spot,), radius_m=said.radius_m, name=label)) for spot in spots]
    if said.form == "area" and len(spots) > 1 and spots[0] == spots[-1]:
        spots = spots[:-1]
    return [checked_shape(Shape(form=said.form, points=tuple(spots), radius_m=said.radius_m, name=label))]


def _metres(number: str, unit: str) -> int:
    """Return a distance in metres, rounded up."""
    hundredths = _WORDS[number] * 100 if number in _WORDS else round(float(number) * 100)
    tenths = next(size for start, size in sorted(_METRES.items(), key=lambda each: -len(each[0])) if unit.startswith(start))
    return -(-hundredths * tenths // 1000)


def _words(blanked: list[str], stands: tuple[tuple[int, int], ...]) -> tuple[str, tuple[str, ...]]:
    """Return what is going on, and what else is said: the text without positions and times, in sentences."""
    line = " | ".join(blanked)
    for start, end in reversed(stands):
        line = line[:start] + " " + line[end:]
    first, *others = line.split(" | ")
    lead, _, after = first.partition(_MARK)
    subject, *early = _sentences(lead) or [""]
    return subject, (*early, *(each for part in (after, *others) for each in _sentences(part.replace(_MARK, " "))))


def _sentences(text: str) -> list[str]:
    whole = " ".join(text.split()) + " "
    found = (each.strip(" .,:;") for each in _SENTENCE.split(whole))
    return [each for each in found if len(each) > 1]
