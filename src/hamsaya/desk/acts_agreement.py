# SPDX-License-Identifier: Apache-2.0
"""Acts of the journal on the life of agreements, and on releases that wait for it."""

from __future__ import annotations

from hamsaya.desk.event import Event


class AgreementActed(Event, frozen=True, kw_only=True):
    """A party suspended, resumed or withdrew an agreement, or declined a text of it; made here or imported from a file."""

    agreement: str
    act: str
    """The signed act."""
