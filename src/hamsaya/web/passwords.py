# SPDX-License-Identifier: Apache-2.0
"""Whether a password is the one that was set: argon2id, 64 MiB, three passes. Nothing else is decided here.

A login that does not exist costs the same time as one that does, so that answers do not tell logins apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
MAX_PASSWORD: Final = 1024
"""Characters; a longer one is wrong, and is not hashed."""


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password` in its standard text form, with a fresh salt."""
    return _HASHER.hash(password)


def check_password(hashed: str | None, password: str) -> bool:
    """Say whether `password` gives `hashed`; with None (no such login) do the same work and say no."""
    if len(password) > MAX_PASSWORD:
        return False
    try:
        _HASHER.verify(hashed or _dummy(), password)
    except (VerificationError, InvalidHashError):
        return False
    return hashed is not None


@lru_cache(maxsize=1)
def _dummy() -> str:
    """Return a hash that no password of a person gives; made once, so that the first unknown login is no slower later."""
    return _HASHER.hash("\x00no officer has this password\x00")
