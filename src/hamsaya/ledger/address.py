# SPDX-License-Identifier: Apache-2.0
"""Whether a store is a file or a database, told by its name alone and without loading either's driver."""

from __future__ import annotations

from typing import Final

SCHEMES: Final = ("postgresql://", "postgres://")


def is_address(store: str) -> bool:
    """Say whether `store` is the address of a PostgreSQL database, and not a file's name."""
    return store.startswith(SCHEMES)
