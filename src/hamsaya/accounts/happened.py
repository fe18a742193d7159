# SPDX-License-Identifier: Apache-2.0
"""Whether the accounts of an incident say that it happened at all: who says so, who says that it did not, and nobody is struck (law 6)."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from hamsaya.accounts.compare import Account, State
from hamsaya.facts.records import stage_of
from hamsaya.facts.stages import CLOSED


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts, by record, that say that it happened, and those whose author closed them as "did not happen"."""

    so: list[str]
    not_so: list[str]
    state: State
    """Between sides: an account that stands tells of an event by being there. `silent` where one side alone speaks."""


def happened(accounts: Sequence[Account]) -> Happened | None:
    """Return who says what; None where no author closed an account. One that gave way to a signed one does not count."""
    counted = [account for account in accounts if not account.gives_way]
    closed = [account for account in counted if account.signed and stage_of(account.record) == CLOSED]
    if not closed:
        return None
    standing = [account for account in counted if account not in closed]
    sides = {account.record.side for account in counted}
    state: State = "differ" if standing else "agree" if len(sides) > 1 else "silent"
    return Happened(so=[each.record.id for each in standing], not_so=[each.record.id for each in closed], state=state)
