# SPDX-License-Identifier: Apache-2.0
"""May it leave? Allowed or refused, by which clause or rule, and why in words (laws 1, 11, 12, 15).

`permit` asks, in this order, and the first "no" is the answer; what nothing allows is refused:
 1. The agreement is in force, and names both parties.
 2. Exercise data goes under an exercise agreement only, and real data under a real one (law 15).
 3. The record says something, every claim is graded, and the receiver could keep and show it.
 4. The purpose is of the closed list; the necessity is a sentence.
 5. No ground of law 12, or that the parties added, is touched.
 6. The position of a group is a day old, or life is in danger (law 11).
 7. Each originator of what it rests on lets it go to this receiver, by signed consent or by a clause that is that consent (F4).
 8. Some `kinds` clause lets this kind go from its party to the receiver.
 9. No other clause is against it.

It looks only at what `Asked` holds, and at nothing of the record beside it: whoever audits a decision sees all that it
rested on. What would leave is made, and screened for data on persons, by `prepare`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from hamsaya.agreement.asked import MIN_NECESSITY_WORDS, Asked
from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.clauses import Clause, HandlingCeiling, Kinds, RefusalGrounds
from hamsaya.agreement.decision import Decision, refuse
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.soundness import MAX_TEXT
from hamsaya.facts.words import say


class Terms(msgspec.Struct, frozen=True):
    """An agreement as `permit` reads it: made once, asked often."""

    parties: frozenset[str]
    exercise: bool
    ways: dict[tuple[str, str], dict[str, Decision]]
    """By sender and receiver: record kind → the decision that lets it go, with the number of its clause."""
    searched: dict[tuple[str, str], str]
    """By sender and receiver: the first `kinds` clause of that direction."""
    limits: tuple[Clause, ...]
    """The clauses that can be against it, in their order."""
    maps_markings: bool
    grounds: frozenset[str]


_last: tuple[Agreement, Terms] | None = None


def read_terms(agreement: Agreement) -> Terms:
    """Return the agreement as `permit` reads it. What was read last is not read again: a bundle asks the same one a thousand times."""
    global _last  # noqa: PLW0603  (whoever sets it sets a pair that fits, in whatever order threads come)
    last = _last
    if last is None or last[0] is not agreement:
        _last = last = (agreement, _read(agreement))
    return last[1]


def _read(agreement: Agreement) -> Terms:
    ways: dict[tuple[str, str], dict[str, Decision]] = {}
    searched: dict[tuple[str, str], str] = {}
    clauses = agreement.table.clauses
    for clause in clauses:
        if isinstance(clause, Kinds):
            way = ways.setdefault((clause.sender, clause.receiver), {})
            searched.setdefault((clause.sender, clause.receiver), clause.number)
            for kind in clause.kinds:
                way.setdefault(kind, Decision(allowed=True, clause=clause.number, reason=say("Allowed by clause {number}.", number=clause.number)))
    added = (ground.code for clause in clauses if isinstance(clause, RefusalGrounds) for ground in clause.also)
    return Terms(
        parties=frozenset(each.party for each in agreement.table.parties), exercise=agreement.table.exercise, ways=ways, searched=searched,
        limits=tuple(clause for clause in clauses if clause.limits), grounds=frozenset((*GROUNDS, *added)),
        maps_markings=any(isinstance(clause, HandlingCeiling) for clause in clauses),
    )  # fmt: skip


def permit(asked: Asked, terms: Terms | None, now: Standing) -> Decision:
    """Return whether what is asked may leave. `now` is the agreement's standing at `asked.at` (see `charter.standing`)."""
    if terms is None or not now.in_force:  # 1
        return refuse("in-force", now.reason)
    for _, ask in ORDER:  # 1 to 8
        refusal = ask(asked, terms)
        if refusal is not None:
            return refusal
    for clause in terms.limits:  # 9
        refusal = clause.check(asked)
        if refusal is not None:
            return refusal
    return terms.ways[asked.sender, asked.receiver][asked.kind]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One rule or clause that was asked: it refused, or had nothing against it."""

    rule: str = ""
    clause: str = ""
    refusal: Decision | None = None


def trace(asked: Asked, terms: Terms | None, now: Standing) -> list[Step]:
    """Return what `permit` asks, in its order, up to the "no" that decides; where nothing refuses, all of it."""
    if terms is None or now.state != "in force":
        return [Step(rule="in-force", refusal=refuse("in-force", now.reason))]
    steps = [Step(rule="in-force")]
    for rules, ask in ORDER:
        refusal = ask(asked, terms)
        if refusal is not None:
            passed = rules[: rules.index(refusal.rule)]
            return [*steps, *(Step(rule=rule) for rule in passed), Step(rule=refusal.rule, clause=refusal.clause, refusal=refusal)]
        steps += [Step(rule=rule) for rule in rules]
    steps[-1] = Step(rule=steps[-1].rule, clause=terms.ways[asked.sender, asked.receiver][asked.kind].clause)
    for limit in terms.limits:
        refusal = limit.check(asked)
        steps.append(Step(clause=limit.number, refusal=refusal))
        if refusal is not None:
            break
    return steps


def _ask_parties(asked: Asked, terms: Terms) -> Decision | None:
    if asked.sender not in terms.parties or asked.receiver not in terms.parties:
        return refuse("party", say("The agreement does not bind both {sender} and {receiver}.", sender=asked.sender, receiver=asked.receiver))
    if asked.exercise != terms.exercise:
        return refuse("exercise", say("The record and the agreement must both be exercise, or both be real."))
    return None


def _ask_record(asked: Asked, terms: Terms) -> Decision | None:
    if not asked.fields:
        return refuse("empty", say("The record holds no claim."))
    if asked.ungraded:
        return refuse("grade", say("These claims are not graded: {ids}", ids=", ".join(asked.ungraded)))
    if asked.unsound is not None:
        return refuse("unsound", asked.unsound)
    if asked.marking and not terms.maps_markings:
        return refuse("marking", say("The record is marked “{marking}”, and no clause says what that means.", marking=asked.marking))
    return None


def _ask_reasons(asked: Asked, _terms: Terms) -> Decision | None:
    if asked.purpose not in PURPOSES:
        known = ", ".join(PURPOSES)
        return refuse("purpose", say("“{purpose}” is no purpose of the closed list: {known}.", purpose=asked.purpose or "—", known=known))
    if asked.necessity_words < MIN_NECESSITY_WORDS:
        return refuse("necessity", say("Necessity must be a sentence of at least {n} words.", n=MIN_NECESSITY_WORDS))
    if not asked.necessity_plain:
        return refuse("necessity", say("Necessity must be plain text of at most {n} letters.", n=MAX_TEXT))
    return None


def _ask_law(asked: Asked, _terms: Terms) -> Decision | None:
    if asked.grounds:
        touched = ", ".join(str(GROUNDS.get(ground, ground)) for ground in sorted(asked.grounds))
        return refuse("ground", say("It touches a ground on which nothing is shared: {grounds}.", grounds=touched))
    if asked.leaves_from is not None and not asked.danger and asked.at < asked.leaves_from:
        day: datetime = asked.leaves_from
        return refuse(
            "position", say("It tells where a group was less than 24 hours ago; it may leave from {time} UTC on.", time=f"{day:%Y-%m-%d %H:%M}")
        )
    if asked.unconsented:
        names = ", ".join(asked.unconsented)
        return refuse("originator", say("It rests on what {names} told this party, and no consent to {receiver} is here.", names=names,
                                        receiver=asked.receiver))  # fmt: skip
    return None


def _ask_ways(asked: Asked, terms: Terms) -> Decision | None:
    way = (asked.sender, asked.receiver)
    if asked.kind in terms.ways.get(way, {}):
        return None
    label = RECORD_KINDS.get(asked.kind, asked.kind)
    return Decision(
        allowed=False, rule="deny-by-default", clause=terms.searched.get(way, ""),
        reason=say("No clause lets a record of kind “{kind}” go from {sender} to {receiver}.", kind=label, sender=way[0], receiver=way[1]),
    )  # fmt: skip


ORDER: Final[tuple[tuple[tuple[str, ...], Callable[[Asked, Terms], Decision | None]], ...]] = (
    (("party", "exercise"), _ask_parties),
    (("empty", "grade", "unsound", "marking"), _ask_record),
    (("purpose", "necessity"), _ask_reasons),
    (("ground", "position", "originator"), _ask_law),
    (("deny-by-default",), _ask_ways),
)
"""The rules in the order in which they are asked, once an agreement is in force; its limits are asked after them."""
