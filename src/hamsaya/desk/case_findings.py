# SPDX-License-Identifier: Apache-2.0
"""The joint findings of an incident that stand in its case file: those that both sides have signed, with both signatures.

1. A text that not both have signed is counted and stays at home: what a side once offered is not for a third person.
2. A finding whose text or signatures no checkpoint covers yet cannot be proven, so it counts among these.
3. Where the words of a text are not for the reader, or were erased, who signed it is told all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from hamsaya.desk.findings import findings_of
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.records import Record
from hamsaya.facts.values import Aware
from hamsaya.settlement.course import Step
from hamsaya.settlement.finding import FINDING, Paragraph

Covers = Callable[[str, int], bool]
"""Says whether the last checkpoint over a log covers an entry of it."""


class CaseSignature(msgspec.Struct, frozen=True, kw_only=True):
    """A signature under a finding: whose, and the entry where it stands."""

    party: str
    office: str
    at: Aware
    log: str
    seq: int
    receipt: str
    """The signed receipt of the other side that covers it; empty where none is here."""


class CaseFinding(msgspec.Struct, frozen=True, kw_only=True):
    """A finding that both sides have signed, as it stands in the case file."""

    finding: str
    text: str
    """The name of the text that was signed: the first half of its hash, by which each signature names it."""
    record: str
    """The record that put the text forward; entry `seq` of `log` holds it."""
    log: str
    seq: int
    signatures: list[CaseSignature]
    paragraphs: list[Paragraph]
    """Empty where the words are not in the file."""


def signed_findings(node: Node, book: Book, records: Iterable[Record], covers: Covers) -> list[CaseFinding]:
    """Return the findings among these records that both sides have signed, as far as that can be proven."""
    found = []
    for record in records:
        if record.kind != FINDING.kind or record.answers:
            continue
        for held in findings_of(node, book, record.id):
            standing, matter = held.matter.standing, held.matter
            steps = [told.step for told in standing.steps if told.counted]
            put = max((number for number, step in enumerate(steps) if step.text), default=len(steps))
            needed = [step for number, step in enumerate(steps[put:]) if not number or step.move == "sign"]
            if standing.state != "signed" or not all(covers(*entry_at(step)) for step in needed):
                continue
            parties = {matter.side: node.party, "other" if matter.ours else "opener": matter.party}
            log, seq = entry_at(needed[0])
            said = held.texts[-1].paragraphs if held.texts and held.texts[-1].step == needed[0] else []
            found.append(CaseFinding(
                finding=record.id, text=standing.text, record=needed[0].record, log=log, seq=seq,
                signatures=[_signature(book, step, parties[step.by], matter.party, node.party) for step in needed[1:]],
                paragraphs=[each.paragraph for each in said if each.how != "removed"],
            ))  # fmt: skip
    return found


def entry_at(step: Step) -> tuple[str, int]:
    """Return the log and the number of a step's entry."""
    log, _, seq = step.entry.rpartition("#")
    return log, int(seq)


def _signature(book: Book, step: Step, party: str, neighbour: str, own: str) -> CaseSignature:
    log, seq = entry_at(step)
    receipt = book.receipt_over(log, seq, neighbour if party == own else own)
    return CaseSignature(
        party=party, office=step.office, at=step.at, log=log, seq=seq, receipt=receipt.envelope.decode() if receipt else "",
    )  # fmt: skip
