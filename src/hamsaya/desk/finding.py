# SPDX-License-Identifier: Apache-2.0
"""One thing that is wrong with a node, how bad it is, and the next step."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from hamsaya.facts.words import Text, say

Severity = Literal["fault", "warning", "note"]
SEVERITIES: Final[tuple[Severity, ...]] = ("fault", "warning", "note")
SEVERITY_NAMES: Final[dict[str, Text]] = {"fault": say("Fault"), "warning": say("Warning"), "note": say("Note")}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: its stable name, how bad it is, what was seen, and what to do."""

    code: str
    severity: Severity
    what: Text
    next: Text


def fault(code: str, what: Text, then: Text) -> Finding:
    """Return a finding that keeps the node from its work."""
    return Finding(code=code, severity="fault", what=what, next=then)


def warning(code: str, what: Text, then: Text) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(code=code, severity="warning", what=what, next=then)


def note(code: str, what: Text, then: Text) -> Finding:
    """Return a finding that is good to know."""
    return Finding(code=code, severity="note", what=what, next=then)
