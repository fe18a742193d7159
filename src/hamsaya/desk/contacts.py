# SPDX-License-Identifier: Apache-2.0
"""What is proven of the link to a neighbour: by what it signed, never by a socket that is open.

    never ──it signed what came here──▶ proven ──nothing more for a while──▶ silent ──it signed something──▶ proven

1. Contact is proven by a bundle that the neighbour signed: as the answer to our call, with a call of its own, or in a file. A file proves
   contact for the time at which it was written.
2. Silence is told `GRACE_S` after the next call was due: within 55 seconds at the pace of 30 that a node begins with.
3. A call that fails is tried again after 5 seconds, then after twice as long each time, up to the pace's most; a quarter more or less by
   chance, so that two nodes do not go on meeting each other's silence. All of it is kept in the store: a restart forgets nothing.
4. Any proven contact, also one that the neighbour began, ends the waiting. An operator or administrator may end it by hand.

None of it is evidence, and nothing is decided by it but when to call next.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

from hamsaya.desk.ports import Book, Node
from hamsaya.desk.working import Contact, Way
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Text, say

GRACE_S: Final = 25
"""How long after its time a contact may come before the link counts as silent: a call may take 20 seconds to fail."""
LEAST_SILENT_S: Final = 55
FIRST_WAIT_S: Final = 5
_DOUBLINGS: Final = 16
SAME: Final = timedelta(seconds=1)
"""A contact so soon after the one that is kept is not written down: a row would be committed for each bundle of a busy link."""

LinkKind = Literal["proven", "silent", "never", "held"]
LINK_NAMES: Final[dict[LinkKind, Text]] = {
    "proven": say("In contact"),
    "silent": say("Contact lost"),
    "never": say("No contact proven yet"),
    "held": say("Held"),
}
WAY_NAMES: Final[dict[Way, Text]] = {
    "called": say("this node called"),
    "answered": say("the neighbour called"),
    "file": say("by a file"),
}
HELD: Final = say("Held since this node was set back: nothing is signed for it until it has given back what it holds.")


class LinkNow(msgspec.Struct, frozen=True, kw_only=True):
    """How the link to a neighbour stands at one moment."""

    neighbour: str
    kind: LinkKind
    proven: datetime | None
    way: Way
    warning: Text | None
    """What an officer should be told of at once: why it is held or silent, or that a clock is wrong."""
    failed: datetime | None
    failure: Text | None
    failures: int
    due: datetime | None

    @property
    def good(self) -> bool:
        """Say whether contact is proven and nothing is to be warned of."""
        return self.kind == "proven" and self.warning is None


def links_now(node: Node, book: Book) -> list[LinkNow]:
    """Return how the link to each neighbour stands now."""
    known = {contact.neighbour: contact for contact in book.contacts()}
    held = {each.neighbour for each in book.holds()}
    names = [party.card.party for party in book.parties() if not party.own]
    return [_now(node, book, known.get(name, Contact(neighbour=name)), held=name in held) for name in names]


def _now(node: Node, book: Book, contact: Contact, *, held: bool) -> LinkNow:
    now = node.now()
    proven = contact.proven
    if proven is None:  # what was known of the link is left behind where a node is carried elsewhere; what arrived is not
        times = [min(at, now) for at in book.last_heard(contact.neighbour) if at is not None]
        proven = max(times, default=None)
    kind: LinkKind = "held" if held else "never" if proven is None else "proven" if now - proven <= silent_after(node) else "silent"
    failure = contact.failure if contact.failures and kind in ("silent", "never") else None
    return LinkNow(
        neighbour=contact.neighbour, kind=kind, proven=proven, way=contact.way, warning=HELD if held else failure or contact.warning,
        failed=contact.failed, failure=contact.failure, failures=contact.failures, due=contact.due,
    )  # fmt: skip


def silent_after(node: Node) -> timedelta:
    """Return how long after the last proven contact the link counts as silent."""
    return timedelta(seconds=max(LEAST_SILENT_S, node.pace.every_s + GRACE_S))


def wait_s(failures: int, chance: int, most_s: int) -> float:
    """Return the seconds until the next try after so many failures in a row; `chance` is a byte."""
    plain = min(most_s, FIRST_WAIT_S << min(failures - 1, _DOUBLINGS))
    return min(most_s, plain * (0.75 + chance / 510))


def note_proven(node: Node, party: str, way: Way, *, at: datetime | None = None, warning: Text | None = None) -> None:
    """Keep that the neighbour signed what came here; `at` is the time that a file says of itself. Time does not go back."""
    with node.ledger.reading() as book:
        known = proven_now(node, book, party, way, at=at, warning=warning)
    if known is not None:
        _keep(node, known)


def proven_now(node: Node, book: Book, party: str, way: Way, *, at: datetime | None = None, warning: Text | None = None) -> Contact | None:
    """Return what is to be kept of the link now that the neighbour signed what came here; None where that is known, or what is known is newer."""
    now = node.now()
    before = _contact(book, party)
    proven = now if at is None else min(at, now)
    if before.proven is not None and proven < before.proven <= now:
        return None
    again = now + timedelta(seconds=node.pace.every_s) if way != "file" and node.pace.every_s else before.due
    known = msgspec.structs.replace(before, proven=proven, way=way, tried=now if way == "called" else before.tried,
                                    failures=before.failures if way == "file" else 0, due=again, warning=warning)  # fmt: skip
    return None if _is_told(before, known) else known


def _is_told(before: Contact, known: Contact) -> bool:
    """Say whether what is known of the link says this already, but for less than a second."""
    same = msgspec.structs.replace(known, proven=before.proven, tried=before.tried, due=before.due) == before
    times = ((before.proven, known.proven), (before.tried, known.tried), (before.due, known.due))
    return same and all(one == other or (one is not None and other is not None and timedelta(0) <= other - one < SAME) for one, other in times)


def note_failed(node: Node, party: str, why: Text) -> None:
    """Keep that a call of ours failed, and when the next one is due."""
    now = node.now()
    with node.ledger.reading() as book:
        before = _contact(book, party)
    failures = before.failures + 1
    due = now + timedelta(seconds=wait_s(failures, node.random(1)[0], node.pace.most_s))
    _keep(node, msgspec.structs.replace(before, tried=now, failed=now, failure=why, failures=failures, due=due))


def is_due(node: Node, contact: Contact | None) -> bool:
    """Say whether the neighbour is called now by the pace, or by the wait after a failure. A clock that was set back ends the wait."""
    if node.pace.every_s == 0:
        return False
    if contact is None or contact.due is None:
        return True
    now = node.now()
    longest = timedelta(seconds=max(node.pace.every_s, node.pace.most_s))
    return contact.due <= now or contact.due - now > longest


def mark_of_links(links: Sequence[LinkNow]) -> str:
    """Return what changes when an open page should show the links anew: how each stands, by its place in the list."""
    return "".join(f"{link.kind[0]}{int(link.good)}" for link in links)


def _contact(book: Book, party: str) -> Contact:
    return next((each for each in book.contacts() if each.neighbour == party), Contact(neighbour=party))


def _keep(node: Node, contact: Contact) -> None:
    with suppress(HamsayaError), node.ledger.working() as work:  # what came of the exchange is not undone by what is known of the link
        work.note_contact(contact)
