# SPDX-License-Identifier: Apache-2.0
"""Acts of the node's keeper: a backup was made, the node was restored, a link is held or free.

    free ──restored from a backup, or held by hand──▶ held ──own entries are back, or a person says none were lost──▶ free

While a link is held nothing is signed for that neighbour: an entry at a place that the neighbour holds another entry for
would be a fork, which nobody can undo. Reading, filing and receiving go on.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from hamsaya.desk.events import BackupMade, LinkFreed, LinkHeld, NodeRestored
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import say

MAX_REASON: Final = 400


def note_backup(node: Node, *, name: str, sha256: str, size: int, journal: int, to: str) -> None:
    """Journal that a backup was written: all that the node holds left the ledger, encrypted."""
    with node.ledger.writing() as pen:
        pen.journal(BackupMade(name=name[:200], sha256=sha256, size=size, journal=journal, to=to), OPERATOR)


def note_restored(node: Node, *, made_at: datetime, journal: int, nothing_sent_since: bool) -> None:
    """Journal that the node was restored; its links are held unless the operator knows that nothing was sent since."""
    with node.ledger.writing() as pen:
        pen.journal(NodeRestored(made_at=made_at, journal=journal, nothing_sent_since=nothing_sent_since), OPERATOR)


def hold_link(node: Node, party: str, reason: str) -> str:
    """Hold the link to a neighbour until it has given back what it holds of our logs. Returns the neighbour's name."""
    _check_reason(reason)
    with node.ledger.writing() as pen:
        name = neighbour(pen, party).card.party
        pen.journal(LinkHeld(neighbour=name, reason=reason), OPERATOR)
        return name


def free_link(node: Node, party: str, reason: str) -> str:
    """Free a held link on a person's word that nothing of ours was lost. Raises `Refused` where it is not held."""
    _check_reason(reason)
    with node.ledger.writing() as pen:
        name = neighbour(pen, party).card.party
        if not is_held(pen, name):
            raise Refused(say("The link to {party} is not held.", party=name), rule="held")
        if pen.key_line(node.party).current != node.key.public:
            raise Refused(
                say("This node was set back to before its last change of key, and its key is not here."),
                say("Put it back with `hamsaya key adopt FILE`, or give it up with `hamsaya key revoke --why lost`."),
                rule="key-missing",
            )
        pen.journal(LinkFreed(neighbour=name, refilled=False, reason=reason), OPERATOR)
        return name


def is_held(book: Book, party: str) -> bool:
    """Say whether nothing may be signed for this neighbour now."""
    return any(held.neighbour == party for held in book.holds())


def _check_reason(reason: str) -> None:
    if not reason.strip() or not is_plain(reason, MAX_REASON):
        raise InputError(say("A reason in a sentence must be given: it stands in the journal."))
