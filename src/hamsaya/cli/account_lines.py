# SPDX-License-Identifier: Apache-2.0
"""The account of a release as lines of text: what is wrong with it first, then the decision, then what it rests on."""

from __future__ import annotations

from collections.abc import Iterator

from hamsaya.agreement.decision import RULES
from hamsaya.agreement.omitted import PARTS
from hamsaya.agreement.permit import Step
from hamsaya.agreement.retention import KeptUntil
from hamsaya.cli.say_out import in_words, reader_language
from hamsaya.desk.account import Account, Delivery
from hamsaya.facts.claims import PREDICATES
from hamsaya.facts.words import Text, say


def account_lines(told: Account) -> list[str]:
    """Return the account, in the reader's language, a line each."""
    return [
        *_faults(told),
        *_heading(told),
        *_decision(told),
        *delivery_lines(told.delivery),
        *keep_lines(told.keep),
        *_steps(told),
        *_acts(told),
        *_bytes(told),
        *_checks(told),
    ]


def _faults(told: Account) -> Iterator[str]:
    if told.faults:
        yield f"!!! {in_words(say('What is found now does not agree with what was recorded:'))}"
        for each in told.faults:
            yield f"!!! {in_words(each.what)} {in_words(each.fault or '')}"


def _heading(told: Account) -> Iterator[str]:
    who = say("{kind} {record} version {n}, from {sender} to {receiver}", kind=told.kind or "—", record=told.record, n=told.version,
              sender=told.sender, receiver=told.receiver)  # fmt: skip
    yield f"{told.release or '—'}: {in_words(told.delivery.condition)}, {told.delivery.since:%Y-%m-%d %H:%M:%S} UTC"
    yield f"  {in_words(who)}"
    yield f"  {in_words(say('purpose'))}: {told.purpose or '—'}; {in_words(say('why necessary'))}: {told.necessity or '—'}"
    if told.grounds or told.danger:
        yield f"  {in_words(say('an officer said'))}: {', '.join([*told.grounds, *(['danger'] if told.danger else [])])}"


def _decision(told: Account) -> Iterator[str]:
    under = told.under
    yield f"  {in_words(say('agreement'))}: {under.agreement or '—'} {under.title} SHA-256 {under.hash or '—'}"
    yield f"  {in_words(say('as of {time} it was: {state}', time=f'{told.asked_at:%Y-%m-%d %H:%M:%S} UTC', state=told.standing.state))}"
    yield f"  {in_words(told.standing.reason)}"
    if told.decision is not None:
        yield f"  {in_words(told.decision.reason)}"
    clause = told.decision.clause if told.decision else told.again.clause
    if clause:
        yield f"  {clause}. {_sentence(told, clause)}"


def delivery_lines(delivery: Delivery) -> Iterator[str]:
    """Give a line for each step of a release that is proven; the last one is its condition."""
    yield in_words(say("Every step that is proven; the last one is its condition:"))
    for each in delivery.steps:
        here = f" ({in_words(say('known here only'))})" if each.here else ""
        yield f"  {each.at:%Y-%m-%d %H:%M:%S} UTC {in_words(each.step)}: {in_words(each.why)}{here} [{each.entry or '—'}]"


def keep_lines(keep: KeptUntil | None) -> Iterator[str]:
    """Tell until when its receiver may keep the copy, and by which clause; nothing where none ends it."""
    if keep is not None:
        until, since = (f"{at:%Y-%m-%d %H:%M:%S} UTC" for at in (keep.until, keep.released_at))
        yield in_words(say("The copy may be kept until {until}, counted from its release at {since}:", until=until, since=since))
        yield f"  {keep.clause}. {keep.sentences.get(reader_language(), '')}"


def _steps(told: Account) -> Iterator[str]:
    yield in_words(say("What was asked, in order:"))
    for number, step in enumerate(told.steps, 1):
        yield f"  {number:2} {'x' if step.refusal else '+'} {_asked(told, step)}"
        if step.refusal:
            yield f"       {in_words(step.refusal.reason)}"


def _asked(told: Account, step: Step) -> str:
    rule = in_words(RULES.get(step.rule, Text(step.rule)))
    clause = f"{step.clause}. {_sentence(told, step.clause)}" if step.clause else ""
    return " · ".join(part for part in (rule, clause) if part)


def _acts(told: Account) -> Iterator[str]:
    yield in_words(say("Who did what:"))
    for each in told.acts:
        yield f"  {each.at:%Y-%m-%d %H:%M:%S} UTC {in_words(each.what)}: {each.office or '—'} [{each.entry or '—'}]"


def _bytes(told: Account) -> Iterator[str]:
    yield (
        in_words(say("fields that stay here: {n}; the receiver learns only how many", n=told.withheld))
        if told.sent
        else in_words(say("fields withheld by the originator: {n}", n=told.withheld))
    )
    for each in told.parts:
        what = PREDICATES[each.part.claim.predicate].label if each.part.claim.predicate in PREDICATES else each.part.claim.predicate
        clauses = f" ({', '.join(each.clauses)})" if each.clauses else ""
        yield f"  {each.part.claim.id} {in_words(what)}: {in_words(PARTS[each.part.part])} – {in_words(each.why)}{clauses}"
    if told.size:
        yield f"{in_words(say('bytes: {n}', n=told.size))} SHA-256 {told.sha256}"
    if told.log:
        yield f"{in_words(say('log entry'))}: {told.log}#{told.seq}"
    if told.receipt is not None:
        yield in_words(say("{party} signed that it holds the first {n} entries of the log", party=told.receipt.by, n=told.receipt.size))


def _checks(told: Account) -> Iterator[str]:
    yield in_words(say("Verified now:"))
    for each in told.checks:
        yield f"  {'FAULT' if each.fault else 'ok':5} {in_words(each.what)}"


def _sentence(told: Account, clause: str) -> str:
    return told.under.sentences.get(reader_language(), {}).get(clause, "")
