# SPDX-License-Identifier: Apache-2.0
"""A pursuit near the line or over it: the pursuer's notice, the host's terms or STOP, the end, and the report afterwards (F28).

notice ──terms──▶ may go on ──▶ ended ──▶ reported ──▶ closed by the host
   └──▶ may not go on ─────────▶ ended
STOP, at any time before the end ──▶ stopped ──seen at the pursuer's desk──▶ STOP acknowledged ──▶ ended

- No field tells where those are who are pursued, who or how many they are; the place of the own forces leaves as coarse as the
  position of a group (`agreement/floor.py`). The notice holds closed lists and numbers, and no text but the office to call (law 11).
- The notice may leave by one officer where a standing approval covers it (its level is green); the terms, which let forces of another state
  go on, take two. "It may not go on" and STOP are signed without words, by one, and pass also while the agreement is suspended (law 2).
- STOP is the call of every desk (`facts/distress.py`) that names the pursuit; so it overtakes everything, and rings.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.claims import DIRECTION_CODES
from hamsaya.facts.words import say
from hamsaya.settlement.course import Clock, Course, Move, State
from hamsaya.settlement.form import Field, Form

_ASKED: Final = frozenset({"told", "acknowledged"})
_GOING: Final = _ASKED | {"allowed", "barred", "stopped", "stop_seen"}
ANSWER_MIN: Final = 15
"""Within so many minutes the host answers a notice, where the agreement names no time of its own."""
STOP_SEEN_MIN: Final = 5
"""Within so many minutes a STOP is acknowledged, whatever an agreement says."""
REPORT_MIN: Final = 24 * 60
"""Within so many minutes the report follows the end, where the agreement names no time of its own."""
ABOUT: Final = (
    "armed_attack", "cross_border_fire", "killing", "abduction", "hostage_taking", "raid", "smuggling", "crossing", "armed_trespass",
    "sea_robbery", "hijack", "crew_taken", "fishing_incursion", "other",
)  # fmt: skip
MEANS: Final = ("on_foot", "vehicle", "boat", "livestock", "uncrewed_aircraft", "other")
WITH: Final = ("border_guard", "police", "army", "navy", "coast_guard", "nobody")
ENDINGS: Final = ("lost_contact", "called_off", "handed_to_host", "arrested", "withdrew", "other")

_NOTICE: Final = Form((
    Field(name="about", label=say("What it is about"), predicate="action", reads="code", codes=ABOUT, required=True, example="armed_attack"),
    Field(name="direction", label=say("Direction"), predicate="direction", reads="code", codes=DIRECTION_CODES, required=True, example="east"),
    Field(name="where", label=say("Where our own forces are; it leaves rounded to 10 km"), predicate="own_place", reads="place",
          example="E61.45 N29.05"),
    Field(name="forces", label=say("How many of our own forces"), predicate="own_forces", reads="count", required=True, example="12"),
    Field(name="means", label=say("By which means they move"), predicate="means", reads="code", codes=MEANS, required=True, most=3,
          example="vehicle"),
    Field(name="since", label=say("Since when"), predicate="occurred", reads="past", required=True, example="-10m"),
    Field(name="office", label=say("Office to call"), predicate="contact", reads="line", required=True, example="Duty officer, Mirjaveh post"),
), handling="green")  # fmt: skip
_TERMS: Final = Form((
    Field(name="until", label=say("Until when"), predicate="until", reads="future", required=True, example="+2h"),
    Field(name="km", label=say("How far inside at most, in km"), predicate="limit_km", reads="count", required=True, example="5"),
    Field(name="up_to", label=say("Up to which place"), predicate="limit_place", reads="place", example="E61.60 N29.05"),
    Field(name="with_whom", label=say("Who accompanies them"), predicate="accompanied", reads="code", codes=WITH, required=True, most=3,
          example="border_guard"),
    Field(name="office", label=say("Office to call"), predicate="contact", reads="line", required=True, example="Wing Commander Taftan"),
    Field(name="says", label=say("Other conditions"), predicate="statement", reads="words", example="No shot is fired on this side."),
))  # fmt: skip
_REPORT: Final = Form((
    Field(name="ended", label=say("When it ended"), predicate="occurred", reads="past", required=True, example="-1m"),
    Field(name="how", label=say("How it ended"), predicate="ending", reads="code", codes=ENDINGS, required=True, example="called_off"),
    Field(name="crossed", label=say("Whether our forces crossed the line"), predicate="line_crossed", reads="code",
          codes=("crossed", "not_crossed"), required=True, example="crossed"),
    Field(name="shots", label=say("Whether our forces fired"), predicate="shots", reads="code", codes=("fired", "not_fired"), required=True,
          example="not_fired"),
    Field(name="held", label=say("How many were held"), predicate="held", reads="count", example="3 smugglers"),
    Field(name="killed", label=say("How many were killed"), predicate="killed", reads="count", example="0 civilians"),
    Field(name="wounded", label=say("How many were wounded"), predicate="wounded", reads="count", example="1 civilian"),
    Field(name="says", label=say("In words"), predicate="statement", reads="words", example="The line was crossed at the mark, and left by it."),
))  # fmt: skip

PURSUIT: Final = Course(
    kind="pursuit_notice", label=say("Pursuit"), first="told", form=_NOTICE, purposes=("prevention", "settlement"),
    states={
        "told": State(say("notice given"), say("The pursuer has told of it; nobody has answered yet."), "warn"),
        "acknowledged": State(say("notice acknowledged"), say("An officer has acknowledged the notice; no answer has come yet."), "warn"),
        "allowed": State(say("may go on"), say("It may go on within the terms that the host has signed."), "info"),
        "barred": State(say("may not go on"), say("The host does not let it go on."), "bad"),
        "stopped": State(say("STOP"), say("The host has called a STOP; nobody at the pursuer's desk has acknowledged it yet."), "bad"),
        "stop_seen": State(say("STOP acknowledged"),
                           say("The pursuer's desk has acknowledged the STOP; what it answers stands with the call."), "bad"),
        "ended": State(say("ended"), say("The pursuer has ended it; the report is still owed."), "warn"),
        "reported": State(say("reported"), say("The pursuer's report is here; the host has not closed it."), "info"),
        "closed": State(say("closed"), say("The host has closed it."), "good"),
        "withdrawn": State(say("taken back"), say("The pursuer took the notice back before anything was answered."), "info"),
    },
    moves={
        "stop": Move(label=say("STOP"), by="other", before=_GOING, after="stopped", borne="stop", verb="distress"),
        "heed": Move(label=say("STOP acknowledged"), by="opener", before=frozenset({"stopped"}), after="stop_seen", borne="heard", verb="distress"),
        "bar": Move(label=say("It may not go on"), by="other", before=_ASKED | {"allowed"}, after="barred", borne="move", verb="propose"),
        "allow": Move(label=say("It may go on: terms"), by="other", before=_ASKED | {"allowed"}, after="allowed", borne="release", verb="propose",
                      form=_TERMS),
        "acknowledge": Move(label=say("Acknowledge"), by="other", before=frozenset({"told"}), after="acknowledged", borne="opening",
                            verb="acknowledge"),
        "end": Move(label=say("It has ended"), by="opener", before=_GOING, after="ended", borne="move", verb="propose"),
        "report": Move(label=say("Report afterwards"), by="opener", before=frozenset({"ended", "reported"}), after="reported", borne="release",
                       verb="propose", form=_REPORT),
        "close": Move(label=say("Close it"), by="other", before=frozenset({"reported"}), after="closed", borne="move", verb="propose"),
        "recall": Move(label=say("Recalled"), by="opener", before=_ASKED, after="withdrawn", borne="recall", verb="recall"),
    },
    clocks={
        "answer": Clock(label=say("Terms, or STOP"), runs_in=_ASKED, owed_by="other", term="pursuit_min", otherwise_min=ANSWER_MIN),
        "stop": Clock(label=say("Acknowledging the STOP"), runs_in=frozenset({"stopped"}), owed_by="opener", term="", otherwise_min=STOP_SEEN_MIN),
        "until": Clock(label=say("End of what was allowed"), runs_in=frozenset({"allowed"}), owed_by="opener", term="", named="until"),
        "report": Clock(label=say("Report after the pursuit"), runs_in=frozenset({"ended"}), owed_by="opener", term="after_report_min",
                        otherwise_min=REPORT_MIN),
    },
    hurried=True,
)  # fmt: skip
