# SPDX-License-Identifier: Apache-2.0
"""Writing what was sent to and received from the neighbours as a file for a third person to check."""

from __future__ import annotations

from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.bundle import send_entry
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.proof import FORMAT, Proof, ProvenLog, write_proof


def export_proof(node: Node, book: Book) -> bytes:
    """Return the signed proof over every link and release log that this node holds."""
    receipts = book.receipts()
    logs = []
    for log, size in book.logs().items():
        name = parse_log(log)
        if name is None or name.kind == "journal":
            continue
        logs.append(
            ProvenLog(
                log=log,
                checkpoint=(book.checkpoint(log) or b"").decode(),
                entries=[send_entry(entry) for entry in book.entries(log, 0, size)],
                receipts=[receipt.envelope.decode() for receipt in receipts if receipt.log == log],
            )
        )
    cards = [book.card_of(party.card.party).decode() for party in book.parties()]
    return write_proof(Proof(format=FORMAT, written_by=node.party, at=node.now(), exercise=node.exercise, cards=cards, logs=logs), node.key)
