# SPDX-License-Identifier: Apache-2.0
"""The judge of what a neighbour's distress log says about calls: it must be about one that there is, and its own to say.

A call itself has no judge: it always passes (law 2), whatever it holds (`exchange/distress.py` contains it).
"""

from __future__ import annotations

from hamsaya.desk.holdings import Party
from hamsaya.desk.keeping import is_held
from hamsaya.desk.ports import Book, Node
from hamsaya.exchange.distress import read_word
from hamsaya.exchange.logs import CALLS, parse_log
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.entries import Header


def judge_call_word(node: Node, book: Book, party: Party, header: Header, content: bytes) -> bool:
    """Ask whether it speaks of a call that there is, by whom it can be said.

    1. Only the called side answers; only the calling side says that it is over, or what a review came to.
    2. A node that was set back may have lost its own call: the answer is kept, and the call comes back.
    """
    word = read_word(content)
    name = parse_log(word.log) if word is not None else None
    ours = header.kind == "distress.answered"
    caller, called = (node.party, party.card.party) if ours else (party.card.party, node.party)
    if word is None or name is None or (name.kind, name.sender, name.receiver) != ("distress", caller, called) or word.seq < 0:  # 1
        raise InputError(say("It speaks of no call of distress that its sender could speak of."))
    entries = book.entries(word.log, word.seq, 1)
    lost = ours and not entries and is_held(book, party.card.party)  # 2
    if not lost and (not entries or entries[0].header().kind not in CALLS):
        raise InputError(say("It speaks of a call of distress that is not known here."))
    return False
