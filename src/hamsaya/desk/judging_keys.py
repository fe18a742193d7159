# SPDX-License-Identifier: Apache-2.0
"""The judge of the entry in which a neighbour tells, in its log, that its key has changed."""

from __future__ import annotations

from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.letters import KeyChangeTold, read_letter
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


def judge_key_changed(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return that it is known: the letter in it came with the bundle, or the entry's own signature could not have been read."""
    letter, card = read_letter(read(content, KeyChangeTold).letter)
    line = pen.key_line(party.card.party)
    if (letter.party, letter.to) != (party.card.party, node.party) or not line.holds(card.key):
        raise InputError(say("It speaks of a key that is not {party}'s here.", party=party.card.party))
    if letter.starts().get(header.log, 0) != header.seq:
        raise InputError(say("It stands at another place of the log than its letter says."))
    return True
