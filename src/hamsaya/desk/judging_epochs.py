# SPDX-License-Identifier: Apache-2.0
"""The judge of the act by which a neighbour begins its logs to us anew, and what is no longer about anything here.

It is applied by rule, not by an officer's word (docs/decisions/0020): it takes nothing away that is held here, its receipt is our signature
under it, and while somebody is asked the link would stay dead. Links and doctor say it on every screen that shows the link.
"""

from __future__ import annotations

from typing import Final

from hamsaya.desk.holdings import Party
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.acts import ReleaseOpened
from hamsaya.exchange.epochs import LogEpoch, check_epoch
from hamsaya.exchange.logs import link_log, parse_log
from hamsaya.exchange.quarantine import NOTICE, EntryQuarantined
from hamsaya.exchange.recalls import RecallAnswered
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header

_ABOUT: Final[dict[str, type[ReleaseOpened | RecallAnswered | EntryQuarantined]]] = {
    "release.opened": ReleaseOpened,
    "recall.answered": RecallAnswered,
    NOTICE: EntryQuarantined,
}


def judge_epoch(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the act is known; raise for one that does not begin where both stand.

    1. It is in form, and the first entry of the log that it begins.
    2. It closes the link log that is in use, where one was begun anew before: an older act cannot come back in its place.
    3. What it says that both had signed is what is held here.
    """
    act = read(content, LogEpoch)
    check_epoch(act, header)  # 1
    sender = party.card.party
    used = pen.epoch_of(sender, node.party)
    if used == act.epoch:
        return True
    if used and link_log(sender, node.party, used) not in {mark.log for mark in act.closed}:  # 2
        raise InputError(say("It does not follow the epoch that is in use here; {party} must take back its own entries first.", party=sender))
    sizes = pen.logs()
    for mark in act.closed:  # 3
        if 0 < mark.size <= sizes.get(mark.log, 0) and (pen.root_at(mark.log, mark.size) or b"").hex() != mark.root:
            raise InputError(
                say("It says that both had signed {size} entries of log {log}, and they are not those that are held here.",
                    size=mark.size, log=mark.log)
            )  # fmt: skip
    return False


def is_about_what_is_gone(node: Node, pen: Pen, kind: str, content: bytes) -> bool:
    """Say whether an act speaks of a place in a closed log of ours beyond what counts, where nothing stands that this node knows."""
    if kind not in _ABOUT:
        return False
    told = read(content, _ABOUT[kind])
    name, counts = parse_log(told.log), pen.closed_at(told.log)
    ours = name is not None and name.sender == node.party
    return ours and counts is not None and told.seq >= counts and not pen.release_in(told.log, told.seq)
