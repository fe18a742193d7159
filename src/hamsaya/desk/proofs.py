# SPDX-License-Identifier: Apache-2.0
"""Writing what was sent to and received from the neighbours as a file for a third person to check."""

from __future__ import annotations

from hamsaya.desk.ports import Book, Node
from hamsaya.desk.recalls import has_left
from hamsaya.exchange.bundle import send_entry
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.proof import FORMAT, Proof, ProvenLog, write_proof
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Entry
from hamsaya.seal.envelope import open_envelope


def _as_left(node: Node, book: Book, log: str, entry: Entry) -> Entry:
    """Return the entry, without its content where it is a release of ours that has not left."""
    name = parse_log(log)
    if entry.content is None or name is None or (name.kind, name.sender) != ("release", node.party):
        return entry
    held = book.release(entry.header().about.get("release", ""))
    return entry if held is None or has_left(book, held) else Entry(entry.envelope, entry.salt, None)


def export_proof(node: Node, book: Book) -> bytes:
    """Return the signed proof over what each sender's last checkpoint covers of every link and release log held here.

    It holds the content of what was sent and received: it goes to an auditor, not to another neighbour.
    """
    receipts = book.receipts()
    logs = []
    for log, size in book.logs().items():
        name = parse_log(log)
        if name is None or name.kind == "journal":
            continue
        signed = book.checkpoint(log)
        if not signed:
            continue  # its sender has signed nothing yet that covers what is held
        covered = min(size, read(open_envelope(signed).payload, Checkpoint).size)
        logs.append(
            ProvenLog(
                log=log,
                checkpoint=signed.decode(),
                entries=[send_entry(_as_left(node, book, log, entry)) for entry in book.entries(log, 0, covered)],
                receipts=[receipt.envelope.decode() for receipt in receipts if receipt.log == log and receipt.size <= covered],
            )
        )
    cards = [book.card_of(party.card.party).decode() for party in book.parties()]
    return write_proof(Proof(format=FORMAT, written_by=node.party, at=node.now(), exercise=node.exercise, cards=cards, logs=logs), node.key)
