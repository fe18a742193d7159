# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about case files."""

from __future__ import annotations

from hamsaya.desk.event import Event


class CaseExported(Event, frozen=True, kw_only=True):
    """An officer wrote a case file about an incident for a third person. `entries` are the releases in it, each `log#number`."""

    incident: str
    to: str
    why: str
    handling: str
    entries: list[str]
    content: bool
    """Whether what was said is in it, or only the proofs."""
    sha256: str
    size: int
