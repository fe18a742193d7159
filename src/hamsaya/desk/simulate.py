# SPDX-License-Identifier: Apache-2.0
"""What a text would have let leave, before anyone signs it: both sides negotiate on facts (F1, F2).

Asks the same decision as a release does, of the same records, as if the text were in force. Keeps nothing, sends nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import msgspec

from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.agreement.retention import keeping_of
from hamsaya.desk.consents import consented
from hamsaya.desk.documents import sentences_of
from hamsaya.desk.erasing import is_erased
from hamsaya.desk.filters import Filter
from hamsaya.desk.holdings import RecordHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.retention import count_if_signed
from hamsaya.facts.errors import NotFound
from hamsaya.facts.records import Record
from hamsaya.facts.words import say

_AS_IF: Final = Standing("in force", say("As if all parties had signed."), [])
MOST: Final = 2_000
"""Records that are asked about at most: the newest. More would keep an officer waiting."""
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
    """How many parts of it would have stayed at home, as the receiver would be told."""
    keep_clause: str = ""
    """The clause that would end the time for which the receiver keeps it; empty where none does, or where it would not have left."""
    keep_days: int = 0
    """After how many days that would be."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """How many records one clause, or one rule of the house, decides about."""

    clause: str
    rule: str
    allowed: bool
    records: int


class KeepTally(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the records that would leave one clause ends at their receiver, and after how many days; no clause: without end."""

    clause: str
    days: int
    records: int


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """A record about which the text decides otherwise than the one that it is compared with."""

    now: Supposed
    before: Decision


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """What a text would have done with the newest records, and what of it another text would have done otherwise."""

    purpose: str
    records: int
    """How many records were asked about: the newest ones."""
    whole: bool
    """True where these are all that this node filed."""
    rows: list[Supposed]
    tallies: list[Tally]
    """By clause and rule, the most records first."""
    changes: list[Change]
    kept: list[KeepTally]
    """How long what would leave may be kept, the most records first."""
    due: int
    """Copies that came here under the agreement of this name, and would be past their time as soon as all had signed the text."""
    due_now: int
    """How many of them are past it now."""

    @property
    def allowed(self) -> int:
        """Return how many would have left."""
        return sum(each.decision.allowed for each in self.rows)

    @property
    def more(self) -> int:
        """Return how many would leave that did not before."""
        return sum(each.now.decision.allowed and not each.before.allowed for each in self.changes)

    @property
    def fewer(self) -> int:
        """Return how many would not leave that did before."""
        return sum(each.before.allowed and not each.now.decision.allowed for each in self.changes)


def simulate(node: Node, agreement: Agreement, *, purpose: str = "settlement", records: Sequence[str] = (), most: int = MOST) -> list[Supposed]:
    """Return what `agreement` would have let leave of this node's newest own records, or of those named, to each other party to it.

    At most `most` records are asked about. Raises `NotFound` for a record that this node did not file.
    """
    with node.ledger.reading() as book:
        chosen = [_named(book, each) for each in records] if records else _newest(book, node.party, most)[0]
        return [_suppose(node, book, agreement, record, to, purpose) for record in chosen for to in _others(node, agreement)]


def weigh(node: Node, agreement: Agreement, before: Agreement | None = None, *, purpose: str = "settlement", most: int = MOST) -> Weighed:
    """Return what a text would have done with the newest `most` records of this node, and what `before` would have done otherwise.

    A party that `before` does not bind counts as one to whom nothing left. Grounds and danger are an officer's word at the
    moment of a release: they cannot be simulated.
    """
    with node.ledger.reading() as book:
        chosen, whole = _newest(book, node.party, most)
        rows = [_suppose(node, book, agreement, record, to, purpose) for record in chosen for to in _others(node, agreement)]
        changes = []
        if before is not None:
            records = {record.id: record for record in chosen}
            for row in rows:
                then = _suppose(node, book, before, records[row.record], row.receiver, purpose).decision
                if then.allowed != row.decision.allowed:
                    changes.append(Change(now=row, before=then))
        due, due_now = count_if_signed(node, book, agreement, node.now())
    counted = Counter((row.decision.clause, row.decision.rule, row.decision.allowed) for row in rows)
    tallies = [Tally(clause=clause, rule=rule, allowed=allowed, records=n) for (clause, rule, allowed), n in counted.most_common()]
    ended = Counter((row.keep_clause, row.keep_days) for row in rows if row.decision.allowed)
    kept = [KeepTally(clause=clause, days=days, records=n) for (clause, days), n in ended.most_common()]
    return Weighed(
        purpose=purpose, records=len(chosen), whole=whole, rows=rows, tallies=tallies, changes=changes, kept=kept, due=due, due_now=due_now
    )


def _others(node: Node, agreement: Agreement) -> list[str]:
    return [each.party for each in agreement.table.parties if each.party != node.party]


def _newest(book: Book, own: str, most: int) -> tuple[list[Record], bool]:
    """Return the newest standing records of this node, at most `most`, and whether these are all."""
    found: list[Record] = []
    after, asked = "", Filter(party=own)
    while True:
        sheet = book.records_page(asked, after)
        found += [each.record for each in sheet.rows if _stands(book, each)]
        if len(found) >= most or not sheet.next:
            return found[:most], len(found) <= most and not sheet.next
        after = sheet.next


def _stands(book: Book, held: RecordHeld) -> bool:
    """Say whether it is a record of this node that was neither taken back nor erased."""
    return not held.received_from and not held.withdrawn_by and (bool(held.record.claims) or not is_erased(book, held.record.id))


def _named(book: Book, record: str) -> Record:
    own = [each.record for each in book.versions(record) if _stands(book, each)]
    if not own:
        raise NotFound(say("This node filed no record {came}.", came=record[:40]), say("`hamsaya record list` shows what is filed."))
    return own[-1]


def _suppose(node: Node, book: Book, agreement: Agreement, record: Record, receiver: str, purpose: str) -> Supposed:
    consents = consented(book, node.party, record, receiver, purpose, node.now(), agreement, supposed=True)
    asked = question(record, receiver, purpose, _NECESSITY, node.now(), agreement, consented=consents)
    decision = decide(record, _NECESSITY, asked, agreement, _AS_IF)
    withheld = prepare(record, agreement, sentences_of(book, record)).withheld if decision.allowed else 0
    keep = keeping_of(agreement, record.kind) if decision.allowed else None
    return Supposed(
        record=record.id, version=record.version, kind=record.kind, receiver=receiver, decision=decision,
        sentence=agreement.text["en"].get(decision.clause, ""), withheld=withheld, keep_clause=keep.number if keep else "",
        keep_days=keep.days if keep else 0,
    )  # fmt: skip
