# SPDX-License-Identifier: Apache-2.0
"""The judge of a neighbour's word that it keeps a copy beyond its time."""

from __future__ import annotations

from datetime import timedelta

from hamsaya.desk.epochs import unsettled
from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.retention import HOLD_REASONS, LONGEST_HOLD_DAYS, CopyHeld
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import MAX_NUMBER, YEARS, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header


def judge_held(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the hold is known; raise for one that is not about what we released to that neighbour, or lasts longer than one may."""
    del header
    act = read(content, CopyHeld)
    name = parse_log(act.log)
    if name is None or (name.kind, name.sender, name.receiver) != ("release", node.party, party.card.party):
        raise InputError(say("It speaks of a release that this node never made."))
    if not 0 <= act.seq <= MAX_NUMBER or not 1 <= act.number <= MAX_NUMBER or act.reason not in HOLD_REASONS or not is_plain(act.office, 200):
        raise InputError(say("The word that a copy is held beyond its time is not in form."))
    if act.at.year not in YEARS or act.until > act.at + timedelta(days=LONGEST_HOLD_DAYS):
        raise InputError(say("It says to hold a copy for longer than {n} days.", n=LONGEST_HOLD_DAYS))
    if not pen.entries(act.log, act.seq, 1) and not unsettled(pen, node.party, party.card.party):
        raise InputError(say("It speaks of a release that this node never made."))
    known = next(iter(pen.copy_holds(log=act.log, seq=act.seq)), None)
    if known is None or act.number > known.number:
        return False
    if (known.number, known.reason, known.until, known.at) != (act.number, act.reason, act.until, act.at):
        raise InputError(say("That copy was held before, with other words."))
    return True
