# SPDX-License-Identifier: Apache-2.0
"""Writing what was sent to and received from the neighbours as a file for a third person to check."""

from __future__ import annotations

from collections.abc import Collection

from hamsaya.desk.ports import Book, Node
from hamsaya.desk.recalls import has_left
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.proof import FORMAT, Proof, ProvenEntry, ProvenLog, prove_entry, write_proof
from hamsaya.facts.errors import NotFound
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Entry
from hamsaya.seal.envelope import open_envelope


def export_proof(node: Node, book: Book, *, content: bool = True, without: Collection[str] = ()) -> bytes:
    """Return the signed proof over what each sender's last checkpoint covers of every link and release log held here.

    With content it goes to an auditor, not to another neighbour. With `content` false no content is in it, and no salt with which
    one could be guessed; `without` leaves out the content of the releases of these records only. Raises `NotFound` for
    a record of which no release is held here.
    """
    receipts = book.receipts()
    left_out = _entries_of(book, without)
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
                entries=[
                    prove_held(node, book, log, entry, content=content and (log, seq) not in left_out)
                    for seq, entry in enumerate(book.entries(log, 0, covered))
                ],
                receipts=[receipt.envelope.decode() for receipt in receipts if receipt.log == log and receipt.size <= covered],
            )
        )
    cards = [book.card_of(party.card.party).decode() for party in book.parties()]
    letters = letters_held(book, [party.card.party for party in book.parties()])
    proof = Proof(format=FORMAT, written_by=node.party, at=node.now(), exercise=node.exercise, cards=cards, logs=logs, letters=letters)
    return write_proof(proof, node.key)


def letters_held(book: Book, names: Collection[str]) -> list[str]:
    """Return the letters by which the keys of these parties followed one another, each party's in their order."""
    return [text for one in names for other in names if one != other for text in book.letters(one, other)]


def prove_held(node: Node, book: Book, log: str, entry: Entry, *, content: bool = True) -> ProvenEntry:
    """Return an entry for the file, without its content where it is a release of ours that has not left."""
    name = parse_log(log)
    if content and entry.content is not None and name is not None and (name.kind, name.sender) == ("release", node.party):
        held = book.release(entry.header().about.get("release", ""))
        content = held is None or has_left(book, held)
    return prove_entry(entry, content=content)


def _entries_of(book: Book, records: Collection[str]) -> set[tuple[str, int]]:
    """Return where the releases of these records stand, made here or received."""
    found: set[tuple[str, int]] = set()
    for record in records:
        sent = {(each.log, each.seq) for each in book.releases_of(record) if each.log}
        came = {(log, int(seq)) for each in book.versions(record) if each.released_in for log, _, seq in [each.released_in.rpartition("#")]}
        if not sent | came:
            raise NotFound(say("No release of a record {came} is held here.", came=record[:40] or "—"), say("`hamsaya record list` shows them."))
        found |= sent | came
    return found
