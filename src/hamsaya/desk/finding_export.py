# SPDX-License-Identifier: Apache-2.0
"""A finding as a file for a third person: the text that both signed and the signatures under it, with all that proves them, checked offline.

The file holds the entries of this finding: the signed text and the moves with their content; a text that did not come to be signed by both
without, since what a side once offered is not for a third person. Of every other entry of their logs it holds only the hash of its
leaf. That it was handed on, to whom and why, stands in the journal like a case file (`desk/cases.py`).
"""

from __future__ import annotations

import hashlib

from hamsaya.desk.acts_cases import CaseExported
from hamsaya.desk.case_findings import entry_at
from hamsaya.desk.cases import NOT_ONWARD, check_reasons
from hamsaya.desk.findings import FindingHeld, finding_with
from hamsaya.desk.holdings import Officer
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.proofs import letters_held, prove_held
from hamsaya.desk.roles import require
from hamsaya.exchange.proof import FORMAT, Proof, ProvenEntry, ProvenLog, write_proof
from hamsaya.facts.errors import Refused
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint
from hamsaya.seal.envelope import open_envelope


def may_be_handed_on(held: FindingHeld) -> bool:
    """Say whether a finding stands so that it may go to a third person: both have signed it, and it is not TLP:RED."""
    return held.matter.standing.state == "signed" and held.matter.record.handling != NOT_ONWARD


def export_finding(node: Node, officer: Officer, finding: str, *, to: str, why: str, party: str = "") -> tuple[FindingHeld, bytes]:
    """Return a finding and the file that proves it. `to` is an office or body, `why` a sentence; neither names a person.

    Raises `NotFound`, `InputError` for a reader or reason that is none, and `Refused` where not both have signed it, or it is TLP:RED.
    """
    require(officer.role, "export")
    to, why = as_plain(to).strip(), as_plain(why).strip()
    check_reasons(to, why)
    with node.ledger.writing() as pen:
        held = finding_with(node, pen, finding, party)
        record = held.matter.record
        if held.matter.standing.state != "signed":
            raise Refused(say("Not both sides have signed it yet."), say("`hamsaya finding show` tells how it stands."), rule="signed")
        if record.handling == NOT_ONWARD:
            raise Refused(say("TLP:RED goes no further than who has it."), rule="handling")
        data, entries = _prove(node, pen, held)
        pen.journal(CaseExported(
            incident=held.incident, to=to, why=why, handling=record.handling, entries=entries, content=True, sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
        ), officer)  # fmt: skip
        return held, data


def _prove(node: Node, book: Book, held: FindingHeld) -> tuple[bytes, list[str]]:
    standing = held.matter.standing
    steps = [told.step for told in standing.steps if told.counted and told.step.entry]
    named = [step.entry for step in steps]
    wanted = {entry_at(step): step.text in ("", standing.text) for step in steps}
    logs = []
    for log in sorted({log for log, _ in wanted}):
        signed = book.checkpoint(log)
        covered = read(open_envelope(signed).payload, Checkpoint).size if signed else 0
        if any(each == log and seq >= covered for each, seq in wanted):
            hint = say("Talk with the neighbour once more (`hamsaya sync`).")
            raise Refused(say("What its sender signed last does not cover it yet."), hint, rule="covered")
        entries = [
            prove_held(node, book, log, entry, content=wanted[log, seq]) if (log, seq) in wanted else ProvenEntry(leaf=entry.leaf.hex())
            for seq, entry in enumerate(book.entries(log, 0, covered))
        ]
        receipts = [each.envelope.decode() for each in book.receipts() if each.log == log and each.size <= covered]
        logs.append(ProvenLog(log=log, checkpoint=(signed or b"").decode(), entries=entries, receipts=receipts))
    parties = sorted({node.party, held.matter.party})
    proof = Proof(
        format=FORMAT, written_by=node.party, at=node.now(), exercise=node.exercise,
        cards=[book.card_of(each).decode() for each in parties], logs=logs, letters=letters_held(book, parties),
    )  # fmt: skip
    return write_proof(proof, node.key), named
