# SPDX-License-Identifier: Apache-2.0
"""The act by which a party begins its logs to a neighbour anew, where they can never be made whole again (docs/decisions/0020).

    release/…/A/B   0 1 2 3 4 | 5'  6'         | what both had signed; beyond it the two hold different entries, or nobody holds any
                              └─ closed
    link/A/B/EPOCH  0: log.epoch  1: …          the act names each closed log, how far it goes on to count, and why; then all goes on

It is the first entry of the new link log: whoever receipts that, receipts the act. The closed logs stay where they are, as evidence.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.exchange.letters import Mark
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import MAX_NUMBER, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.entries import Header

EPOCH: Final = "log.epoch"
MAX_REASON: Final = 400
_MOST: Final = 1000
_SHA: Final = 64


class LogEpoch(msgspec.Struct, frozen=True, kw_only=True):
    """Link act `log.epoch`: the logs from its sender to its receiver go on under `epoch`.

    `closed` says of each log before it up to which size and root it counts: as far as the receiver's receipts are known to the sender.
    Size 0 and no root: not known. A log that is not named counts for nothing further.
    """

    epoch: str
    reason: str
    closed: list[Mark]


def check_epoch(act: LogEpoch, header: Header) -> None:
    """Return if the act is in form, and is the first entry of its own log. Raises `InputError`."""
    place = parse_log(header.log)
    if place is None or (place.kind, place.epoch, header.seq) != ("link", act.epoch, 0):
        raise InputError(say("A log is begun anew by the first entry of the new one, and by no other."))
    names = [mark.log for mark in act.closed]
    pair = (place.sender, place.receiver)
    sound = all(
        (name := parse_log(mark.log)) is not None and name.kind in ("link", "release") and (name.sender, name.receiver) == pair
        and name.epoch != act.epoch and 0 <= mark.size <= MAX_NUMBER and len(mark.root) == (_SHA if mark.size else 0)
        for mark in act.closed
    )  # fmt: skip
    if not sound or len(set(names)) != len(names) or len(names) > _MOST or not act.reason.strip() or not is_plain(act.reason, MAX_REASON):
        raise InputError(say("The act that begins a log anew is not in form."))
