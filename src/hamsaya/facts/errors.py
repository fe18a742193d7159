# SPDX-License-Identifier: Apache-2.0
"""Everything that can go wrong, by who must act. One base class; ports turn foreign exceptions into these.

- `InputError`     the caller gave something that cannot be used: correct it and call again
- `Refused`        a law, a clause or a right says no: nothing was changed
- `NeighbourError` the neighbour broke the rules: evidence is kept, nothing of it was applied
- `LinkError`      the neighbour could not be reached: try again, nothing is lost
- `OperatorError`  the node itself needs its operator (disk, clock, port, key, configuration)
- `Tampered`       stored bytes differ from what was signed

Exit codes of the command line are a property of the family and are documented in docs/reference/exit-codes.md.
"""

from __future__ import annotations

from typing import ClassVar

from hamsaya.facts.words import Text


class HamsayaError(Exception):
    """What happened, what came, and the next step. State after it: nothing was applied."""

    exit_code: ClassVar[int] = 1
    code: ClassVar[str] = "error"

    def __init__(self, what: Text, hint: Text | None = None) -> None:
        super().__init__(str(what))
        self.what = what
        self.hint = hint


class InputError(HamsayaError):
    """The caller gave something that cannot be used."""

    exit_code = 2
    code = "input"


class NotFound(InputError):
    """The named thing is not in this node."""

    code = "not-found"


class Refused(HamsayaError):
    """A law, a clause or a right says no. `rule` names it."""

    exit_code = 3
    code = "refused"

    def __init__(self, what: Text, hint: Text | None = None, *, rule: str = "") -> None:
        super().__init__(what, hint)
        self.rule = rule


class NeighbourError(HamsayaError):
    """The neighbour sent something that breaks the rules of the exchange."""

    exit_code = 4
    code = "neighbour"


class LinkError(HamsayaError):
    """The neighbour could not be reached, or broke off."""

    exit_code = 5
    code = "link"


class OperatorError(HamsayaError):
    """The node needs its operator: disk, clock, port, key or configuration."""

    exit_code = 6
    code = "operator"


class Tampered(HamsayaError):
    """Stored bytes differ from what was signed."""

    exit_code = 7
    code = "tampered"
