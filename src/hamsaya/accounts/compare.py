# SPDX-License-Identifier: Apache-2.0
"""Per field, whether the accounts agree, differ, or one is silent, and by which rule. Never picks a winner, never merges numbers (law 6).

- Any number of accounts is compared, each with each. A pair of values is decided by a named rule of `rules`; every pair is told.
- Two readings stand beside each other: between sides (a side is a state, and a record says whose account it is) and between accounts.
  Sides agree when two of them spoke and nothing said contradicts; accounts likewise. One that is silent changes no verdict.
- An account that says two times, places or numbers which cannot both be true differs, also from itself; several codes are more detail.
- Where a side has signed an account of its own, accounts attributed to it by others are shown and no longer compared.
- The same account twice counts once: a record by its name, a copy under another name by its claims and its documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product
from typing import Final, Literal

import msgspec

from hamsaya.accounts.rules import RULES, judge, judge_all, judge_codes
from hamsaya.facts.claims import PREDICATES, Claim, field_of
from hamsaya.facts.records import Record, is_account
from hamsaya.facts.values import Coded, Value

State = Literal["agree", "differ", "silent"]
_DECISIVE: Final = frozenset({"ranges-apart", "times-apart", "places-apart"})
"""Rules after which no other pair of values could decide otherwise: five hundred claims in one field need no quarter of a million."""


class Account(msgspec.Struct, frozen=True):
    """One record as one side's account. `signed` says whether the side itself signed it."""

    record: Record
    signed: bool
    gives_way: bool = False
    """True for an attributed account whose side has since signed its own."""
    repeats: str = ""
    """The earlier account of the same side that says the very same, empty for none: it agrees with itself, which counts for nothing."""


class Said(msgspec.Struct, frozen=True):
    """One claim with the account it stands in."""

    account: Account
    claim: Claim


class Pair(msgspec.Struct, frozen=True):
    """Two accounts, by record, and the rule that decided between them; one account twice where it contradicts itself."""

    one: str
    other: str
    rule: str


class Field(msgspec.Struct, frozen=True):
    """One row of the comparison. `said` lists every claim a side; `silent` lists the sides that said nothing."""

    key: str
    state: State
    said: dict[str, list[Said]]
    silent: list[str]
    among: State = "silent"
    """The same, between accounts: several of one side may agree or differ while the other side is silent."""
    pairs: list[Pair] = []
    unspoken: list[str] = []
    """The accounts, by record, that said nothing."""

    @property
    def rules(self) -> list[str]:
        """Return the rules that decided: those by which somebody differs, else those by which all agree."""
        named = list(dict.fromkeys(pair.rule for pair in self.pairs))
        return [rule for rule in named if RULES[rule].verdict == "differ"] or named

    @property
    def words_differ(self) -> bool:
        """Say whether somebody used another word of their own for the same neutral code."""
        return any(pair.rule == "own-words-differ" for pair in self.pairs)


def accounts_of(records: Iterable[Record], side_of_party: dict[str, str]) -> list[Account]:
    """Return the records as accounts, signed or attributed, marking those that give way and those that only repeat.

    `side_of_party` maps each party to its state. An account is signed by its side when a party of that side filed it
    as its own.
    """
    last: dict[str, Record] = {}
    for record in records:
        if not is_account(record):
            continue
        if record.id not in last or record.version > last[record.id].version:
            last[record.id] = record
    plain = [Account(record, record.basis == "own" and side_of_party.get(record.party) == record.side) for record in last.values()]
    spoken = {account.record.side for account in plain if account.signed}
    first: dict[tuple[str, bool, bytes], str] = {}
    return [
        msgspec.structs.replace(
            account, gives_way=not account.signed and account.record.side in spoken, repeats=_first_alike(account, first)
        )
        for account in plain
    ]  # fmt: skip


def _first_alike(account: Account, first: dict[tuple[str, bool, bytes], str]) -> str:
    """Return the earlier account of the same side that says the same from the same documents, whatever its claims are called; empty for none."""
    record = account.record
    said = sorted(msgspec.json.encode(msgspec.structs.replace(claim, id="", grade=None, reason="")) for claim in record.claims)
    documents = sorted(source.document.encode() for source in record.sources)
    known = first.setdefault((record.side, account.signed, b"\n".join([*documents, *said])), record.id)
    return known if known != record.id else ""


def compare(accounts: Sequence[Account], sides: Sequence[str]) -> list[Field]:
    """Return one `Field` a key, in the order of the predicates' table, over the accounts that do not give way."""
    said: dict[str, list[Said]] = {}
    compared = [account for account in accounts if not account.gives_way]
    for account in compared:
        for claim in account.record.claims:
            said.setdefault(field_of(claim), []).append(Said(account, claim))
    everyone = list(dict.fromkeys([*sides, *(account.record.side for account in accounts)]))
    order = {name: place for place, name in enumerate(PREDICATES)}
    keys = sorted(said, key=lambda key: (order.get(key.split(":", maxsplit=1)[0], len(order)), key))
    return [_field(key, said[key], everyone, compared) for key in keys]


def _field(key: str, said: list[Said], sides: Sequence[str], compared: Sequence[Account]) -> Field:
    by_side: dict[str, list[Said]] = {}
    by_account: dict[str, list[Value]] = {}
    for each in said:
        by_side.setdefault(each.account.record.side, []).append(each)
        if not each.account.repeats:
            by_account.setdefault(each.account.record.id, []).append(each.claim.value)
    pairs = [pair for name, values in by_account.items() for pair in _with_itself(name, values)]
    pairs += [Pair(one, other, _between(by_account[one], by_account[other])) for one, other in combinations(by_account, 2)]
    differs = any(RULES[pair.rule].verdict == "differ" for pair in pairs)
    spoke = {each.account.record.id for each in said}
    return Field(
        key, _state(len(by_side), differs=differs), by_side, [side for side in sides if side not in by_side],
        _state(len(by_account), differs=differs), pairs, [account.record.id for account in compared if account.record.id not in spoke],
    )  # fmt: skip


def _state(speakers: int, *, differs: bool) -> State:
    if differs:
        return "differ"
    return "agree" if speakers > 1 else "silent"  # nobody agrees with themselves


def _with_itself(name: str, values: list[Value]) -> list[Pair]:
    if all(isinstance(value, Coded) for value in values) or judge_all(values, values) is not None:
        return []
    found: dict[str, None] = {}
    for one, other in combinations(_distinct(values), 2):
        rule = judge(one, other)
        if RULES[rule].verdict == "differ":
            found[rule] = None
        if rule in _DECISIVE:
            break
    return [Pair(name, name, rule) for rule in found]


def _between(ones: list[Value], others: list[Value]) -> str:
    """Return the rule that decides between two accounts: the first that tells them apart, else the first by which they agree."""
    mine, theirs = ([value for value in values if isinstance(value, Coded)] for values in (ones, others))
    if len(mine) == len(ones) and len(theirs) == len(others):
        return judge_codes(mine, theirs)
    whole = judge_all(ones, others)
    if whole is not None:
        return whole
    found: set[str] = set()
    for one, other in product(_distinct(ones), _distinct(others)):
        found.add(rule := judge(one, other))
        if rule in _DECISIVE:
            return rule
    ordered = sorted(found, key=list(RULES).index)
    return next((rule for rule in ordered if RULES[rule].verdict == "differ"), ordered[0])


def _distinct(values: list[Value]) -> list[Value]:
    return list({repr(value): value for value in values}.values())
