# SPDX-License-Identifier: Apache-2.0
"""Telling a sender that what it sent stands in quarantine, and judging such a notice.

    applied here ◀── judged ── received ── judged ──▶ quarantined here ──notice──▶ quarantined by partner, at its sender

1. Each entry that is quarantined is told of once, in the transaction that took it; while the link is held, as soon as it is free.
2. A notice that is itself quarantined is told of by nobody: two nodes do not answer each other for ever.
3. A notice is about an entry that this node sent to its teller, which the teller neither opened nor told of before.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

from hamsaya.desk.acts_quarantine import QuarantineTold
from hamsaya.desk.holdings import OPERATOR, Party
from hamsaya.desk.keeping import is_held
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.exchange.quarantine import NOTICE, EntryQuarantined
from hamsaya.facts.errors import InputError, NotFound
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Header

AT_ONCE: Final = 200
"""Notices that one bundle makes at most; the next makes more."""
_SHORT: Final = 40


class Unfit(InputError):
    """An entry is not taken, and this is what its sender is told of why."""

    def __init__(self, what: Text, code: str, *, clause: str = "", until: datetime | None = None) -> None:
        super().__init__(what)
        self.reason_code, self.clause, self.until = code, clause, until


def code_of(error: Exception) -> str:
    """Return the code that tells of an error."""
    if isinstance(error, Unfit):
        return error.reason_code
    return "unknown-agreement" if isinstance(error, NotFound) else "unsound" if isinstance(error, InputError) else "unreadable"


def short_clause(number: str) -> str:
    """Return the number of a clause as an entry gives it, or nothing where it is none that could be told."""
    return number if is_plain(number, _SHORT) and "|" not in number and "\n" not in number else ""


def tell_of_quarantine(node: Node, pen: Pen, party: str) -> int:
    """Tell a neighbour of what it sent and what stands in quarantine here untold; return how many entries."""
    if is_held(pen, party):
        return 0
    untold = pen.untold_quarantine(party, AT_ONCE)
    for notice in untold:
        pen.extend(link_log(node.party, party), NOTICE, canonical(notice), OPERATOR)
        pen.journal(QuarantineTold(notice=notice), OPERATOR)
    return len(untold)


def judge_notice(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the notice is known; raise for one about an entry that this node never sent to that neighbour, or that contradicts it."""
    del header
    act = read(content, EntryQuarantined)
    name = parse_log(act.log)
    ours = name is not None and name.kind != "journal" and (name.sender, name.receiver) == (node.party, party.card.party)
    if not ours or not 0 <= act.seq < pen.logs().get(act.log, 0):
        raise InputError(say("It tells of the quarantine of an entry that this node never sent to {party}.", party=party.card.party))
    if not (is_plain(act.code, _SHORT) and is_plain(act.clause, _SHORT)):
        raise InputError(say("The notice of quarantine is not in form."))
    if pen.opening(act.log, act.seq) is not None:
        raise InputError(say("That entry was acknowledged there before."))
    known = pen.notice_of(act.log, act.seq)
    if known is not None and msgspec.structs.replace(known, at=act.at) != act:
        raise InputError(say("Another reason was told for that entry before."))
    return known is not None
