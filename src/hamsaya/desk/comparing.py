# SPDX-License-Identifier: Apache-2.0
"""The accounts of one incident, account by account: per field who says what, agree, differ or silent, and by which rule.

It is the two-sided view (`incidents`) told for every account apart, for the page and for `hamsaya incident compare`. Nothing is merged.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hamsaya.accounts.casualties import casualties
from hamsaya.accounts.compare import Account, Field
from hamsaya.accounts.rules import RULES
from hamsaya.desk.incidents import IncidentView
from hamsaya.facts.claims import PREDICATES, Claim
from hamsaya.facts.records import stage_of
from hamsaya.facts.values import Coded, Count
from hamsaya.facts.words import Text


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `said` is by record, in the order of the accounts; who is not in it said nothing."""

    field: Field
    label: Text
    group: Coded | None
    said: dict[str, list[Claim]]


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison. `casualties` are sums of one account each, by side and status, as intervals."""

    view: IncidentView
    rows: list[Row]
    casualties: dict[str, dict[str, dict[str, Count]]]

    @property
    def compared(self) -> list[Account]:
        """Return the accounts that are compared: those that do not give way."""
        return [account for account in self.view.accounts if not account.gives_way]


def comparison_of(view: IncidentView) -> Comparison:
    """Return the comparison of an incident."""
    sums = {account.record.id: casualties(account.record) for account in view.accounts if not account.gives_way}
    return Comparison(view=view, rows=[_row(field) for field in view.fields], casualties={name: each for name, each in sums.items() if each})


def as_data(found: Comparison) -> dict[str, Any]:
    """Return the comparison as plain data, in English, for programs."""
    view = found.view
    accounts = [
        {"record": account.record.id, "version": account.record.version, "kind": account.record.kind, "side": account.record.side,
         "party": account.record.party, "basis": account.record.basis, "signed": account.signed, "gives_way": account.gives_way,
         "repeats": account.repeats, "withheld": account.record.withheld, "exercise": account.record.exercise,
         "stage": stage_of(account.record), "changes": msgspec.to_builtins(account.record.changes)}
        for account in view.accounts
    ]  # fmt: skip
    return {
        "id": view.incident, "sides": view.sides, "exercise": any(account["exercise"] for account in accounts), "accounts": accounts,
        "happened": msgspec.to_builtins(view.happened), "agree": view.keys("agree"), "differ": view.keys("differ"), "silent": view.keys("silent"),
        "fields": [_row_data(row) for row in found.rows], "casualties": msgspec.to_builtins(found.casualties),
    }  # fmt: skip


def _row(field: Field) -> Row:
    predicate = PREDICATES.get(field.key.split(":", maxsplit=1)[0])
    said: dict[str, list[Claim]] = {}
    for each in (each for claims in field.said.values() for each in claims):
        said.setdefault(each.account.record.id, []).append(each.claim)
    first = next(iter(said.values()))[0]
    group = msgspec.structs.replace(first.about, words="") if predicate and predicate.per_group and first.about else None
    return Row(field=field, label=predicate.label if predicate else Text(field.key), group=group, said=said)


def _row_data(row: Row) -> dict[str, Any]:
    field = row.field
    return {
        "field": field.key, "label": str(row.label), "between_sides": field.state, "between_accounts": field.among,
        "rules": [{"rule": rule, "verdict": RULES[rule].verdict, "words": str(RULES[rule].words)} for rule in field.rules],
        "own_words_differ": field.words_differ, "said": msgspec.to_builtins(row.said), "silent_sides": field.silent,
        "silent_accounts": field.unspoken,
        "pairs": [{"one": pair.one, "other": pair.other, "verdict": RULES[pair.rule].verdict, "rule": pair.rule} for pair in field.pairs],
    }  # fmt: skip
