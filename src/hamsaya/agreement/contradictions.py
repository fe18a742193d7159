# SPDX-License-Identifier: Apache-2.0
"""What a party signed twice in one place: two acts on an agreement under one number, or two signatures over one text.

An honest node never does: it takes its own letters back before it signs again. Who does has told two others different things, or was set
back to an old state, or its key is in other hands. Both are kept, each proves the other false, and `lifecycle.py` counts what stops.
"""

from __future__ import annotations

from itertools import groupby

import msgspec

from hamsaya.agreement.charter import signatures_that_hold
from hamsaya.agreement.lifecycle import History, acts_that_hold


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Two or more different things that `party` signed in one place."""

    party: str
    number: int
    """Of the acts; 0 for signatures."""
    text: str
    """Hash of the text that was signed twice; empty for acts."""
    signed: list[bytes]
    """The envelopes, in the order of their bytes."""


def contradictions(history: History) -> list[Contradiction]:
    """Return what was signed twice in one place, by party, acts first. The order in which it came changes nothing."""
    found = []
    for (party, number), made in groupby(acts_that_hold(history), key=lambda each: (each[0].party, each[0].number)):
        signed = [data for _, data in made]
        if len(signed) > 1:
            found.append(Contradiction(party=party, number=number, text="", signed=signed))
    for name in sorted(history.others.keys() & history.texts.keys()):
        for party in sorted(history.others[name]):
            twice = {data for data in history.signatures_of(name, party) if signatures_that_hold(history.texts[name], {party: data})}
            if len(twice) > 1:
                found.append(Contradiction(party=party, number=0, text=name, signed=sorted(twice)))
    return found
