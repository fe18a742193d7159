# SPDX-License-Identifier: Apache-2.0
"""What an act that begins a log anew says of the closed logs, compared with those logs where they stand in the same file.

The act says up to where both had signed. A closed log that adds up to another root there was forked before that place, or the act says
what is not so: either way the first entry that can be another is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hamsaya.exchange.epochs import EPOCH, LogEpoch
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Entry
from hamsaya.seal.merkle import Frontier


def epoch_faults(first: Mapping[str, tuple[bytes, bytes | None]], leaves: Mapping[str, Sequence[bytes]]) -> list[tuple[str, Text]]:
    """Return what does not fit, with the entry that is named.

    `first` holds envelope and content of the first entry of each log, `leaves` the leaf hashes of all entries of each log.
    """
    found = []
    for log, (envelope, content) in first.items():
        name = parse_log(log)
        if name is None or name.kind != "link" or not name.epoch or content is None:
            continue
        try:
            header = Entry(envelope, b"", None).header()
            act = read(content, LogEpoch) if header.kind == EPOCH else None
        except HamsayaError:
            continue  # what it is not is said where the entry is checked
        for mark in act.closed if act is not None else ():
            known = leaves.get(mark.log)
            if not mark.size or known is None or len(known) < mark.size:
                continue  # nothing to compare with: what is missing is said of the log itself
            frontier = Frontier()
            for leaf in known[: mark.size]:
                frontier.append(leaf)
            if frontier.root().hex() != mark.root:
                what = say(
                    "It says that both had signed {size} entries of log {log}, and they are not those of this file.", size=mark.size, log=mark.log
                )
                found.append((f"{log}#0", what))
    return found
