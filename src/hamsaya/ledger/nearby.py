# SPDX-License-Identifier: Apache-2.0
"""Finding the accounts that may be of one event by their coarse keys, so that a new one is weighed against few of a hundred thousand."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from hamsaya.accounts.traces import Asked
from hamsaya.desk.related_held import Nearby
from hamsaya.ledger import tables as t
from hamsaya.ledger.rows import Rows, record_of

MOST: Final = 300
"""How many of one class of times are taken, the newest first."""
_LATEST: Final = select(t.RECORD, t.HOLDING.c.incident.label("root")).join(
    t.HOLDING,
    (t.HOLDING.c.id == t.RECORD.c.id) & (t.HOLDING.c.received_from == t.RECORD.c.received_from) & (t.HOLDING.c.version == t.RECORD.c.version),
)  # fmt: skip


class SqlNearbyBook(Rows):
    """Reading by keys."""

    def nearby(self, kind: str, asked: Asked) -> list[Nearby]:
        """Return the latest standing accounts of a kind with these keys, each once; of many in one class the newest."""
        items: set[int] = set()
        for first, last in asked.buckets:
            where = [t.TRACE.c.kind == kind, t.TRACE.c.bucket.between(first, last)]
            if asked.places is not None:
                where.append(t.TRACE.c.place.in_(asked.places))
            items.update(self._db.execute(select(t.TRACE.c.item).where(*where).distinct().order_by(t.TRACE.c.item.desc()).limit(MOST)).scalars())
        rows = self._rows(_LATEST.where(t.HOLDING.c.item.in_(items), t.HOLDING.c.incident > "").order_by(t.HOLDING.c.item.desc()))
        return [Nearby(row["root"], record_of(row)) for row in rows]
