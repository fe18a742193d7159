# SPDX-License-Identifier: Apache-2.0
"""The base of all acts that a journal holds; `events.py` has their list, families of them have modules of their own."""

from __future__ import annotations

import msgspec


class Event(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The base of all events."""
