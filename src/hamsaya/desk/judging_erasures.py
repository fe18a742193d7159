# SPDX-License-Identifier: Apache-2.0
"""Judges of a neighbour's request to erase what it released, and of its confirmation of ours."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.epochs import unsettled
from hamsaya.desk.holdings import Party
from hamsaya.desk.names import is_named_by
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.erasures import REASONS, ErasureAsked, ErasureConfirmed
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import MAX_NUMBER, is_name, is_party, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header

_MOST: Final = 1_000
"""Parties that one confirmation may name."""


def judge_erasure_asked(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the request is known; raise for one that is not about an entry which that neighbour sends us.

    The entry need not be here yet: a stick may bring the request first.
    """
    del header
    act = read(content, ErasureAsked)
    name = parse_log(act.log)
    if name is None or (name.kind, name.sender, name.receiver) != ("release", party.card.party, node.party):
        raise InputError(say("It asks to erase an entry that is not of a log from {party} to this node.", party=party.card.party))
    agreement_of(pen, name.agreement)
    named = is_name(act.record) and is_named_by(party.card.party, "R", act.record)  # else it could take away a record of ours, or of another
    sound = named and 0 <= act.seq <= MAX_NUMBER and 1 <= act.version <= MAX_NUMBER
    if not (sound and act.reason in REASONS and is_plain(act.office, 200)):
        raise InputError(say("The request to erase is not in form."))
    for entry in pen.entries(act.log, act.seq, 1):
        about = entry.header().about
        if (about.get("record", ""), about.get("version", "")) != (act.record, str(act.version)):
            if pen.closed_at(act.log) is not None:
                return True  # its sender signed another entry for this place, which is not here
            raise InputError(say("It asks to erase another record than that entry released."))
    known = pen.erasure_of(act.log, act.seq)
    if known is not None and (known.record, known.version, known.reason, known.at) != (act.record, act.version, act.reason, act.at):
        raise InputError(say("To erase that entry was asked before, with other words."))
    return known is not None


def judge_erasure_confirmed(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the confirmation is known; raise for one that answers no request of ours to that neighbour."""
    del header
    act = read(content, ErasureConfirmed)
    held, name = pen.erasure_of(act.log, act.seq), parse_log(act.log)
    # Our request may be among what was lost of logs that were closed: the neighbour's answer comes before it gives that back.
    ours = name is not None and (name.kind, name.sender, name.receiver) == ("release", node.party, party.card.party)
    if not ours or (held is None and not unsettled(pen, node.party, party.card.party)):
        raise InputError(say("It confirms an erasure that this node never asked of {party}.", party=party.card.party))
    told = [each.party for each in act.onward]
    sound = 0 <= act.seq <= MAX_NUMBER and all(map(is_party, told)) and len(told) == len(set(told)) <= _MOST
    if not (sound and is_plain(act.office, 200)):
        raise InputError(say("The confirmation of the erasure is not in form."))
    known = held.confirmed if held is not None else None
    if known is not None and known != act:
        raise InputError(say("That erasure was confirmed before, with other words."))
    return known is not None
