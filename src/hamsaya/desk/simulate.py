# SPDX-License-Identifier: Apache-2.0
"""What a text would have let leave, before anyone signs it: both sides negotiate on facts (F1, F2).

Asks the same decision as a release does, of the same records, as if the text were in force. Keeps nothing, sends nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.omitted import omitted
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.desk.consents import consented
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.words import say

_AS_IF: Final = Standing("in force", say("As if all parties had signed."), [])
_NECESSITY: Final = "Asked before the agreement is signed."


class Supposed(msgspec.Struct, frozen=True, kw_only=True):
    """What would have become of one record on its way to one party."""

    record: str
    version: int
    kind: str
    receiver: str
    decision: Decision
    sentence: str
    """The clause that decides, in English; empty where a rule of the house does."""
    withheld: int
    """How many parts of it would have stayed at home."""


def simulate(node: Node, agreement: Agreement, *, purpose: str = "settlement", records: Sequence[str] = ()) -> list[Supposed]:
    """Return what `agreement` would have let leave of this node's own records, or of those named, to each other party to it.

    Raises `NotFound` for a record that this node did not file.
    """
    with node.ledger.reading() as book:
        own = [each.record for each in book.records() if not each.received_from and not each.withdrawn_by]
    unknown = sorted(set(records) - {record.id for record in own})
    if unknown:
        raise NotFound(say("This node filed no record {came}.", came=unknown[0][:40]), say("`hamsaya record list` shows what is filed."))
    chosen = [record for record in own if not records or record.id in records]
    others = [each.party for each in agreement.table.parties if each.party != node.party]
    with node.ledger.reading() as book:
        return [_suppose(node, book, agreement, record, receiver, purpose) for record in chosen for receiver in others]


def _suppose(node: Node, book: Book, agreement: Agreement, record: Record, receiver: str, purpose: str) -> Supposed:
    consents = consented(book, node.party, record, receiver, purpose, node.now(), agreement, supposed=True)
    asked = question(record, receiver, purpose, _NECESSITY, node.now(), agreement, consented=consents)
    decision = decide(record, _NECESSITY, asked, agreement, _AS_IF)
    withheld = len(omitted(record, prepare(record, agreement).record)) if decision.allowed else 0
    return Supposed(
        record=record.id, version=record.version, kind=record.kind, receiver=receiver, decision=decision,
        sentence=agreement.text["en"].get(decision.clause, ""), withheld=withheld,
    )  # fmt: skip
