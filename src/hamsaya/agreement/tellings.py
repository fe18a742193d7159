# SPDX-License-Identifier: Apache-2.0
"""Who told whom what of an agreement of three or more parties, and what is to be passed on so that none of them is told otherwise.

Links run between two. What a party proposes, signs and does it tells each of the others by itself, and could tell each something
else. So whoever hears something of its author passes it on, as it was signed:

 1. What its author told us itself we tell every other party once, saying so: it then knows that the author told us too.
 2. What we know from somebody else we tell each party that has not told it to us, unless we have told it before.
 3. Its author is told only what contradicts another thing that it signed: it may have been set back, or its key be in other hands.

So each thing goes at most twice from one party to another, and once no link is away all hold the same, whatever came first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Literal

import msgspec

What = Literal["text", "signature", "act"]


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """`teller` told `hearer` of the text, signature or act `item`, in entry `seq` of `log`."""

    item: str
    """SHA-256 of what was told, hexadecimal."""
    what: What
    teller: str
    hearer: str
    direct: bool
    """Whether the teller is its author, or says that the author told it itself."""
    log: str
    seq: int


def due(
    item: str, what: What, author: str, parties: Iterable[str], own: str, told: Collection[Telling], *, contradicted: bool = False
) -> list[tuple[str, bool]]:
    """Return whom to tell of an item that we hold, and whether to say that its author told us itself. Of a text nobody says that: it is unsigned."""
    if author == own and what != "text":
        return []  # what we sign ourselves goes to all as our own word
    about = [each for each in told if each.item == item]
    heard = {each.teller for each in about if each.hearer == own}
    said = {(each.hearer, each.direct) for each in about if each.teller == own}
    direct = what != "text" and author in heard
    found = []
    for party in parties:
        told_before = party in heard or (party, False) in said or (party, True) in said
        if party == own or (party == author and not contradicted):
            continue
        if (party, True) not in said if direct and party != author else not told_before:  # 1, else 2 and 3
            found.append((party, direct and party != author))
    return found
