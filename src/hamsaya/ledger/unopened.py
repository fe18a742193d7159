# SPDX-License-Identifier: Apache-2.0
"""Counting releases that wait at neighbours, in one query over an index."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from hamsaya.ledger import tables as t
from hamsaya.ledger.act import stamp
from hamsaya.ledger.rows import Rows


class SqlUnopened(Rows):
    """Counting what waits at neighbours. Part of `SqlBook`."""

    def unopened(self, agreement: str, before: datetime) -> dict[str, int]:
        """Return by receiver how many releases under an agreement arrived there before a time and were not acknowledged."""
        release = t.RELEASE.c
        query = (
            select(release.receiver, func.count().label("n"))
            .where(release.condition == "receipted", release.agreement == agreement, release.condition_at < stamp(before))
            .group_by(release.receiver)
            .order_by(release.receiver)
        )
        return {row["receiver"]: int(row["n"]) for row in self._rows(query)}
