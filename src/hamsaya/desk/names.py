# SPDX-License-Identifier: Apache-2.0
"""Short names for what an officer says aloud: `WEST-I-7F3KQ2` is an incident of the party `west`."""

from __future__ import annotations

import re
from typing import Final, Literal

from hamsaya.desk.ports import Node

_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE: Final = re.compile(r"[0-9A-Z]{1,20}")
"""What follows the prefix. It holds no hyphen, so that the prefix of party `west` never is that of `west-r`."""


def is_named_by(party: str, kind: Literal["R", "S"], name: str) -> bool:
    """Say whether `name` is one that this party gives to a record or release: each names what is its own under its own prefix alone."""
    prefix = f"{party.upper()}-{kind}-"
    return name.startswith(prefix) and bool(_CODE.fullmatch(name, len(prefix)))


def named_after(party: str, kind: Literal["I", "R"], digest: bytes) -> str:
    """Return the name of what was made from something whose SHA-256 is `digest`: 60 of its bits."""
    number = int.from_bytes(digest[:8], "big") >> 4
    return f"{party.upper()}-{kind}-" + "".join(_LETTERS[(number >> shift) & 31] for shift in range(55, -1, -5))


def new_name(node: Node, kind: Literal["I", "R", "S", "C"]) -> str:
    """Return a fresh name: I incident, R record, S release, C request for consent. 30 random bits; the ledger refuses a second use."""
    return name_from(node, kind, node.random(4))


def name_from(node: Node, kind: Literal["I", "R", "S", "C"], seed: bytes) -> str:
    """Return the name that follows from `seed`, of which the first 30 bits count."""
    number = int.from_bytes(seed[:4], "big")
    code = "".join(_LETTERS[(number >> shift) & 31] for shift in range(0, 30, 5))
    return f"{node.party.upper()}-{kind}-{code}"
