# SPDX-License-Identifier: Apache-2.0
"""Passing on, in an agreement of three or more, what one party told us to the others: its own signed words, and nothing else.

`agreement/tellings.py` says whom; it goes in the transaction that took it, texts before what is said of them. Only parties to that very text
are told, and only where their link is free; what waits for a held link goes once it is free. Nothing of a record or release is in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Final

from hamsaya.agreement.charter import Agreement
from hamsaya.agreement.contradictions import contradictions
from hamsaya.agreement.lifecycle import History, acts_that_hold, ancestors
from hamsaya.agreement.tellings import What, due
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.keeping import is_held
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.acts import AgreementText
from hamsaya.exchange.agreement_acts import AgreementHeard
from hamsaya.exchange.logs import link_log
from hamsaya.seal.canonical import canonical

_TWO: Final = 2


def pass_on_heard(node: Node, pen: Pen) -> int:
    """Tell each party to an agreement of three or more what the others signed, as far as it is due; return how many things were told."""
    count = 0
    able = {party.card.party for party in pen.parties() if not party.own and not is_held(pen, party.card.party)}
    for held in pen.agreements():
        history, name = held.history, held.agreement.table.id
        if all(len(text.table.parties) <= _TWO for text in history.texts.values()):
            continue
        told = pen.tellings(name)
        doubted = {data for each in contradictions(history) for data in each.signed}
        for what, author, text, data in _held(history):
            item, parties = sha256(data).hexdigest(), [each.party for each in text.table.parties if each.party in able]
            for other, direct in due(item, what, author, parties, node.party, told, contradicted=data in doubted):
                _tell(node, pen, other, name, what, data, direct=direct)
                count += 1
    return count


def _held(history: History) -> Iterator[tuple[What, str, Agreement, bytes]]:
    """Give what is known of texts of three or more parties, in an order in which each thing makes sense: what it is, whose, on which text."""
    shared = [name for name, text in history.texts.items() if len(text.table.parties) > _TWO]
    for name in sorted(shared, key=lambda name: len(ancestors(history.texts, name))):
        yield "text", history.texts[name].table.proposed_by, history.texts[name], history.texts[name].body()
    for name in shared:
        for party in history.signatures.get(name, {}):
            for data in history.signatures_of(name, party):
                yield "signature", party, history.texts[name], data
    for act, data in acts_that_hold(history):
        if act.text in shared:
            yield "act", act.party, history.texts[act.text], data


def _tell(node: Node, pen: Pen, other: str, agreement: str, what: What, data: bytes, *, direct: bool) -> None:
    log = link_log(node.party, other)
    if what == "text":
        pen.extend(log, "agreement.text", canonical(AgreementText(agreement, data.decode())), OPERATOR)
    else:
        pen.extend(log, "agreement.heard", canonical(AgreementHeard(agreement, data.decode(), direct)), OPERATOR)
