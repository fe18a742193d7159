# SPDX-License-Identifier: Apache-2.0
"""Where the accounts put an incident, as lines of text: by each line of the boundary, what is told beside it, and what is doubted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hamsaya.boundary.lines import Ruler, Standing
from hamsaya.cli.say_out import in_words, reader_language
from hamsaya.desk.picture import Pinpoint
from hamsaya.facts.words import Language, say
from hamsaya.tongues import show_country, show_distance, show_value


def place_lines(pins: Sequence[Pinpoint], rulers: Sequence[Ruler]) -> list[str]:
    """Return where each account puts it, in the reader's language, a line each."""
    return [line for pin in pins for line in _of(pin, rulers, reader_language())]


def _of(pin: Pinpoint, rulers: Sequence[Ruler], language: Language) -> Iterator[str]:
    yield f"  {pin.record}: {show_value(pin.place, language)}"
    for told in pin.told:
        yield f"    {in_words(say('It says:'))} {show_value(told.depth, language)}"
    for it, ruler in zip(pin.standings, rulers, strict=True):
        line = ruler.line
        about = say("{line} (version {version}, ± {reach})", line=line.name, version=line.version, reach=show_distance(line.uncertainty_m, language))
        beside = "".join(f"; {in_words(_BESIDE[told.by_line[it.line]])}" for told in pin.told if told.by_line[it.line] in _BESIDE)
        yield f"    {in_words(about)}: {_stand(it, language)}{beside}"
    for doubt in pin.doubts:
        yield f"    ! {in_words(doubt.why)}"


_BESIDE = {"agrees": say("the told distance fits"), "differs": say("the told distance does not fit")}


def _stand(it: Standing, language: Language) -> str:
    nearest = show_distance(it.distance_m, language)
    if it.doubt == "uncertainty":
        reach = show_distance(it.uncertainty_m, language)
        return in_words(
            say("cannot tell: {distance} from the line, and line and place together are only known to {reach}", distance=nearest, reach=reach)
        )
    if it.doubt == "end":
        return in_words(say("cannot tell: the line ends there, {distance} away", distance=nearest))
    if it.doubt:
        return in_words(say("cannot tell: the line does not say whose side that is, {distance} away", distance=nearest))
    if it.both:
        parts = [say("up to {distance} inside {side}", distance=show_distance(metres, language), side=show_country(side, language))
                 for side, metres in it.inside_m.items()]  # fmt: skip
        return f"{in_words(say('on both sides:'))} {'; '.join(in_words(part) for part in parts)}"
    side = show_country(it.side, language)
    if it.farthest_m is not None:
        farthest = show_distance(it.farthest_m, language)
        return in_words(say("{nearest} to {farthest} inside {side}", nearest=nearest, farthest=farthest, side=side))
    return in_words(say("{distance} inside {side}", distance=nearest, side=side))
