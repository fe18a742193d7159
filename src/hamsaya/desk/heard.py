# SPDX-License-Identifier: Apache-2.0
"""How an agreement stood for a neighbour when it let something leave: an act binds a party from when it heard of it.

Two nodes never know the same at the same moment. What we signed, the neighbour had heard of once its receipt covered the
entry that told it, by its own clock, which also stands on its releases; what it signed itself, and what a third party
signed, is read by the time on it. (The same rule as between states: Vienna Convention on the Law of Treaties, article 78.)
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.agreement.charter import signatures_that_hold
from hamsaya.agreement.lifecycle import claimed_act
from hamsaya.desk.holdings import AgreementHeld, held_of
from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.acts import AgreementSignature
from hamsaya.exchange.agreement_acts import AgreementActTold
from hamsaya.exchange.logs import parse_log
from hamsaya.seal.canonical import read

_AT_ONCE = 1000


def as_heard(node: Node, book: Book, held: AgreementHeld, by: str, at: datetime) -> AgreementHeld:
    """Return the agreement as `by` had heard of it at `at` of its own clock. The first text keeps all its signatures."""
    told = _heard(node, book, by, at)
    history = held.history

    def had(party: str, signed_at: datetime, envelope: bytes) -> bool:
        return envelope in told if party == node.party else signed_at <= at

    acts = [data for data in history.acts if had((act := claimed_act(data)).party, act.at, data)]  # `life_of` checks them
    signatures = {}
    for name, text in history.texts.items():
        made = history.signatures.get(name, {})
        first = not text.table.revises
        signatures[name] = {
            party: made[party] for party, signature in signatures_that_hold(text, made).items() if first or had(party, signature.at, made[party])
        }
    return held_of(msgspec.structs.replace(history, acts=acts, signatures=signatures))


def _heard(node: Node, book: Book, by: str, at: datetime) -> set[bytes]:
    """Return the signatures and acts that we told `by` on the link, as far as its receipts of before `at` cover them."""
    told: set[bytes] = set()
    for log in links_to(book, node.party, by):
        told |= _heard_in(book, log, by, at)
    return told


def links_to(book: Book, own: str, neighbour: str) -> list[str]:
    """Return the link logs of `own` to a neighbour, those that were closed first."""
    return [log for log in book.logs() if (name := parse_log(log)) and (name.kind, name.sender, name.receiver) == ("link", own, neighbour)]


def _heard_in(book: Book, log: str, by: str, at: datetime) -> set[bytes]:
    size = max((receipt.size for receipt in book.receipts() if (receipt.log, receipt.by) == (log, by) and receipt.at <= at), default=0)
    told: set[bytes] = set()
    for first in range(0, size, _AT_ONCE):
        for entry in book.entries(log, first, min(_AT_ONCE, size - first)):
            kind = entry.header().kind
            if entry.content is not None and kind == "agreement.act":
                told.add(read(entry.content, AgreementActTold).act.encode())
            elif entry.content is not None and kind == "agreement.signature":
                told.add(read(entry.content, AgreementSignature).signature.encode())
    return told
