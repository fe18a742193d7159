# SPDX-License-Identifier: Apache-2.0
"""What a machine proposes as a situation report, in the reader's language: one sentence an account, then sums by whoever tells them (law 16).

It weighs nothing: when, where, what, who, and what it cost, each as a range, as the account codes it. Whose word it is stands in front.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from hamsaya.facts.claims import PREDICATES, Claim
from hamsaya.facts.records import Record
from hamsaya.facts.values import Count, Value, add_counts
from hamsaya.facts.words import Language, say
from hamsaya.settlement.situation import Sentence, Voice
from hamsaya.tongues.catalogue import translate
from hamsaya.tongues.numbers import show_number
from hamsaya.tongues.values import quotes, show_coded, show_count, show_country, value_parts

_FIRST: Final = ("occurred", "place")
_THEN: Final = ("action", "outcome", "actor", "killed", "wounded", "held", "missing", "property")
_COSTS: Final = ("killed", "wounded", "held", "missing")
_MOST_SUMMED: Final = 60
"""More names than these do not fit behind one sentence."""


class Account(NamedTuple):
    """An account, and whose word it is."""

    record: Record
    voice: Voice


def draft_situation(accounts: Sequence[Account], language: Language, *, zone: str = "") -> list[Sentence]:
    """Return the sentences that a person then edits: one an account, in order, then what each side's accounts sum up to."""
    return [*(_sentence(each, language, zone) for each in accounts), *_sums(accounts, language)]


def _sentence(account: Account, language: Language, zone: str) -> Sentence:
    record, comma = account.record, ", " if language == "en" else "، "
    head = comma.join(_value(claim.value, language, zone) for name in _FIRST for claim in record.claims if claim.predicate == name)
    body = "; " if language == "en" else "؛ "
    rest = body.join(_part(claim, language, zone) for name in _THEN for claim in record.claims if claim.predicate == name)
    text = " — ".join(part for part in (head, rest) if part)
    grades = {claim.grade for claim in record.claims}
    return Sentence(
        text=_as_told(account, f"{text}.", language), records=[record.id], voice=account.voice, side="" if account.voice == "own" else record.side,
        grade=next(iter(grades)) or "F6" if len(grades) == 1 else "F6",
    )  # fmt: skip


def _as_told(account: Account, text: str, language: Language) -> str:
    if account.voice == "own":
        return text
    side = show_country(account.record.side, language) or account.record.party
    if account.voice == "signed":
        return translate(say("{side} states, and has signed: {text}", side=side, text=text), language)
    return translate(say("{side} is reported to have said, unsigned: {text}", side=side, text=text), language)


def _part(claim: Claim, language: Language, zone: str) -> str:
    known = PREDICATES.get(claim.predicate)
    label = translate(known.label, language) if known else claim.predicate
    group = f" · {show_coded(claim.about, language)}" if claim.about is not None else ""
    return f"{label}{group}: {_value(claim.value, language, zone)}"


def _value(value: Value, language: Language, zone: str) -> str:
    """Return a value in words, without coordinates: in a sentence from right to left their signs change places."""
    shown = value_parts(value, language, zone=zone)
    opening, closing = quotes(language)
    return " ".join(filter(None, (shown.main, f"{opening}{shown.words}{closing}" if shown.words else "")))


def _sums(accounts: Sequence[Account], language: Language) -> list[Sentence]:
    groups: dict[tuple[Voice, str], list[Account]] = {}
    for account in accounts:
        groups.setdefault((account.voice, "" if account.voice == "own" else account.record.side), []).append(account)
    found = []
    for (voice, side), several in groups.items():
        if not 1 < len(several) <= _MOST_SUMMED:
            continue
        parts = []
        for name in _COSTS:
            counts = [claim.value for each in several for claim in each.record.claims if claim.predicate == name and isinstance(claim.value, Count)]
            if counts:
                parts.append(f"{translate(PREDICATES[name].label, language)}: {show_count(add_counts(counts), language)}")
        sums = ("; " if language == "en" else "؛ ").join(parts) or translate(say("no persons killed, wounded, held or missing are told of"), language)
        whole = translate(
            say("{n} accounts of the time: {sums}. Two may be of one event.", n=show_number(len(several), language), sums=sums), language
        )
        told = Account(several[0].record, voice)
        found.append(Sentence(text=_as_told(told, whole, language), records=[each.record.id for each in several], voice=voice, side=side))
    return found
