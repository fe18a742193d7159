# SPDX-License-Identifier: Apache-2.0
"""Calls of distress and STOP as pages show them, every code in the reader's own language; codes that only a newer program knows as they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from hamsaya.desk.calls import CallHeld, CallStep
from hamsaya.desk.ports import Book
from hamsaya.desk.roles import may
from hamsaya.facts.distress import ANSWERS, ANSWERS_TO, CALL_KINDS, DISTRESS_WHAT, HELP, OVER, SEEN, STOP_WHAT, STOP_WHOM, VERDICTS
from hamsaya.facts.words import Text, say
from hamsaya.web.labels import Badge
from hamsaya.web.visit import Visit

CALL_BADGES: dict[str, Badge] = {
    "logged": Badge(say("logged"), "bad", say("Not receipted yet: it is tried again every few seconds. Use every other way too.")),
    "receipted": Badge(say("receipted"), "warn", say("It is on the neighbour's desk; nobody there has said that they saw it.")),
    "seen": Badge(say("seen"), "info", say("An officer of the neighbour has seen it.")),
    "answered": Badge(say("answered"), "good", say("The neighbour has said what it does.")),
    "over": Badge(say("over"), "plain", say("It was stood down.")),
    "reviewed": Badge(say("reviewed"), "plain", say("Another person said afterwards whether it was right.")),
}
RECEIVED_BADGE = Badge(say("not seen yet"), "bad", say("Nobody of this desk has said that they saw it."))
UNREAD: dict[str, Text] = {
    "all": say("everything"),
    "what": say("What"),
    "words": say("In other words"),
    "place": say("Where"),
    "since": say("Since"),
    "count": say("How many"),
    "help": say("Help asked"),
    "whom": say("To whom"),
    "contact": say("Call back"),
    "about": say("The matter that it stops"),
}


class StepLine(msgspec.Struct, frozen=True, kw_only=True):
    """What was done about a call, in words."""

    step: CallStep
    words: Text
    party: str


class CallCard(msgspec.Struct, frozen=True, kw_only=True):
    """One call, ready to be shown."""

    held: CallHeld
    kind: Text
    title: Text
    what: list[Text]
    help: list[Text]
    whom: list[Text]
    unread: list[Text]
    badge: Badge
    steps: list[StepLine]
    answers: list[tuple[str, Text]]
    """What the called side may answer, `seen` first."""
    review_overdue: bool


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """What every page tells of calls: those that nobody here has seen, and our own that are not over."""

    waiting: int = 0
    """How many calls nobody here has seen; all that is told to who may not read them."""
    mark: str = ""
    """Changes when this does: the page asks for it every few seconds."""
    calls: list[CallCard] = []
    own: list[CallCard] = []


def alarm_of(book: Book, visit: Visit, names: Mapping[str, str]) -> Alarm:
    """Return what a page tells this officer, or anybody where nobody is logged in: then only that something waits."""
    waiting, told = book.calls_waiting()
    alarm = Alarm(waiting=waiting, mark=mark_of(waiting, told))
    if visit.session is None or not may(visit.officer.role, "read"):
        return alarm
    cards = [card_of(held, names, visit.now) for held in sorted(book.calls_open(), key=lambda held: held.kind != "stop")]  # STOP stands first
    return msgspec.structs.replace(
        alarm, calls=[card for card in cards if not card.held.own], own=[card for card in cards if card.held.own and not card.held.over]
    )


def mark_of(waiting: int, told: int) -> str:
    """Return the mark by which a page sees that something changed. It says no more than the two numbers."""
    return f"{waiting}.{told}"


def card_of(held: CallHeld, names: Mapping[str, str], now: datetime) -> CallCard:
    """Return a call as it is shown."""
    call, stop = held.call, held.kind == "stop"
    neighbour = names.get(held.neighbour, held.neighbour)
    title = {
        (True, False): say("Distress call to {party}", party=neighbour),
        (True, True): say("STOP to {party}", party=neighbour),
        (False, False): say("Distress call from {party}", party=neighbour),
        (False, True): say("STOP from {party}", party=neighbour),
    }[held.own, stop]
    due = held.review_due
    return CallCard(
        held=held, kind=CALL_KINDS[held.kind], title=title, what=[_coded(STOP_WHAT if stop else DISTRESS_WHAT, code) for code in call.what],
        help=[_coded(HELP, code) for code in call.help], whom=[_coded(STOP_WHOM, code) for code in call.whom],
        unread=[UNREAD.get(name, Text(name)) for name in call.unread],
        badge=RECEIVED_BADGE if not held.own and held.condition in ("logged", "receipted") else CALL_BADGES[held.condition],
        steps=[StepLine(step=step, words=_said(step), party=names.get(step.party, step.party)) for step in held.steps],
        answers=[(code, say("I have seen it") if code == SEEN else ANSWERS[code]) for code in ANSWERS_TO[held.kind]],
        review_overdue=due is not None and now > due,
    )  # fmt: skip


def _said(step: CallStep) -> Text:
    known = {"answered": ANSWERS, "over": OVER, "reviewed": VERDICTS}.get(step.kind, {})
    said = _coded(known, step.code)
    return say("{what}, in about {minutes} min", what=said, minutes=step.minutes) if step.minutes is not None else said


def _coded(words: Mapping[str, Text], code: str) -> Text:
    """Return the words for a code; for one that this program does not know, the code itself, marked as one."""
    return words[code] if code in words else say("code “{came}”", came=code)
