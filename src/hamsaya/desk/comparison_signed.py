# SPDX-License-Identifier: Apache-2.0
"""The comparison of an incident as signed bytes, for whoever keeps it on paper: what this node saw, and each account as its party signed it."""

from __future__ import annotations

from hamsaya.desk.comparing import Comparison, as_data
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.proofs import letters_held
from hamsaya.desk.roles import require
from hamsaya.exchange.comparison_file import FORMAT, AccountShown, ComparisonFile, write_comparison
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.proof import prove_entry
from hamsaya.facts.grades import HANDLING


def sign_comparison(node: Node, book: Book, officer: Officer, found: Comparison) -> bytes:
    """Return the signed file of a comparison. The rights flag is not in it: that never leaves the node."""
    require(officer.role, "read")
    held = [found.view.held[account.record.id] for account in found.view.accounts]
    accounts = [_shown(book, each) for each in held]
    parties = [party.card.party for party in book.parties()]
    file = ComparisonFile(
        format=FORMAT, written_by=node.party, office=officer.office, at=node.now(), exercise=node.exercise, handling=strictest(found),
        comparison=as_data(found), accounts=[each for each in accounts if each is not None],
        cards=[book.card_of(party).decode() for party in parties], letters=letters_held(book, parties),
    )  # fmt: skip
    return write_comparison(file, node.key)


def strictest(found: Comparison) -> str:
    """Return the strictest handling of the accounts: that of the whole."""
    return max((account.record.handling for account in found.view.accounts), key=HANDLING.index, default="clear")


def _shown(book: Book, held: RecordHeld) -> AccountShown | None:
    """Return an account with the bytes that its party signed; None where they were erased."""
    record = held.record
    signed = None if held.received_from else book.signed_version(record.id, record.version)
    if signed is not None:
        return AccountShown(record=record.id, version=record.version, party=record.party, signed=signed.decode())
    log, _, seq = held.released_in.rpartition("#")
    name = parse_log(log)
    if name is None:
        return None
    (entry,) = book.entries(log, int(seq), 1)
    return AccountShown(record=record.id, version=record.version, party=name.sender, log=log, seq=int(seq), entry=prove_entry(entry))
