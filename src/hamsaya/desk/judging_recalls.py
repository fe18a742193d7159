# SPDX-License-Identifier: Apache-2.0
"""Judges of a recall that a neighbour sent, and of its answer to ours."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.recalls import MAX_REASON, recall_of
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.recalls import RecallAnswered, ReleaseRecalled
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import MAX_NUMBER, is_name, is_party, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header

_MOST: Final = 1_000
"""Parties that one answer may name."""


def judge_recalled(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the recall is known; raise for one that is not about an entry which that neighbour sends us.

    The entry need not be here yet: a stick may bring the recall first.
    """
    del header
    act = read(content, ReleaseRecalled)
    name = parse_log(act.log)
    theirs = name is not None and (name.kind, name.sender, name.receiver) == ("release", party.card.party, node.party)
    if name is None or not theirs:
        raise InputError(say("It takes back an entry that is not of a log from {party} to this node.", party=party.card.party))
    agreement_of(pen, name.agreement)
    reason = act.reason.strip() and is_plain(act.reason, MAX_REASON)
    if not (0 <= act.seq <= MAX_NUMBER and is_name(act.record) and 1 <= act.version <= MAX_NUMBER and reason and is_plain(act.office, 200)):
        raise InputError(say("The recall is not in form."))
    for entry in pen.entries(act.log, act.seq, 1):
        about = entry.header().about
        if (about.get("record", ""), about.get("version", "")) != (act.record, str(act.version)):
            raise InputError(say("It takes back another record than that entry released."))
    known = recall_of(pen, act.log, act.seq)
    if known is not None and (known.record, known.version, known.reason, known.at) != (act.record, act.version, act.reason, act.at):
        raise InputError(say("That entry was taken back before, with other words."))
    return known is not None


def judge_answered(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the answer is known; raise for one that answers no recall of ours to that neighbour."""
    del header
    act = read(content, RecallAnswered)
    held = recall_of(pen, act.log, act.seq)
    if held is None or (held.by, held.to) != (node.party, party.card.party):
        raise InputError(say("It answers a recall that this node never sent to {party}.", party=party.card.party))
    told = [each.party for each in act.passed_on]
    if not all(map(is_party, told)) or len(told) != len(set(told)) or len(told) > _MOST or not is_plain(act.office, 200):
        raise InputError(say("The answer to the recall is not in form."))
    if held.answer is not None and held.answer != act:
        raise InputError(say("That recall was answered before, with other words."))
    return held.answer is not None
