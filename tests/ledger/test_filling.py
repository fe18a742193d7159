# SPDX-License-Identifier: Apache-2.0
"""Many rows are inserted as one by one: the same values on both stores, also what a column keeps in its own way."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import insert, select

from hamsaya.facts.errors import InputError
from hamsaya.ledger import tables as t
from hamsaya.ledger.filling import fill

WORDS = ["plain", "", "nul \x00 in it", "one \x01 and \x01\x02", "همسایه", "%(name)s ? :log %s", "quote ' and \" and \\"]
ENTRIES = [{"log": "journal/x", "seq": 10**12 + number, "envelope": bytes(range(256)), "salt": b"", "content": content}
           for number, content in enumerate([None, b"", b"\x00\xff"])]  # fmt: skip


def _spot(number: int, area: str, *, vague: bool, **more: object) -> dict[str, object]:
    return {"item": 9, "number": number, "cell": 1, "lon_udeg": -180_000_000, "lat_udeg": 0, "area": area, "entry": 3, "started": "", "ended": "",
            "vague": vague, **more}  # fmt: skip


SPOTS = [_spot(number, words, vague=number % 2 == 0) for number, words in enumerate(WORDS)]


def rows_of(table, where, insert_them, store):
    """Return the rows of a table after inserting them and taking them back."""
    found: list[dict[str, object]] = []
    with suppress(_Back), store.changing() as db:
        insert_them(db)
        found = [dict(row) for row in db.execute(select(table).where(where)).mappings()]
        raise _Back
    return found


class _Back(Exception):
    pass


@pytest.mark.parametrize(("table", "where", "rows"), [(t.ENTRY, t.ENTRY.c.log == "journal/x", ENTRIES), (t.SPOT, t.SPOT.c.item == 9, SPOTS)],
                         ids=["bytes", "words and truth"])  # fmt: skip
def test_many_rows_are_as_one_by_one(agreed, table, where, rows):
    store = agreed.west.store

    def one_by_one(db):
        for row in rows:
            db.execute(insert(table), row)

    def key(row):
        return row.get("seq", row.get("number"))

    single = sorted(rows_of(table, where, one_by_one, store), key=key)
    together = sorted(rows_of(table, where, lambda db: fill(db, table, rows), store), key=key)
    assert together == single == rows


def test_columns_may_come_in_any_order(agreed):
    store = agreed.west.store
    turned = [dict(reversed(row.items())) for row in SPOTS]
    assert sorted(row["area"] for row in rows_of(t.SPOT, t.SPOT.c.item == 9, lambda db: fill(db, t.SPOT, turned), store)) == sorted(WORDS)


def test_no_row_is_nothing_and_a_row_that_stands_is_refused(agreed):
    store = agreed.west.store
    with store.changing() as db:
        fill(db, t.SPOT, [])
    with pytest.raises(InputError, match="already"), store.changing() as db:
        fill(db, t.SPOT, [SPOTS[0], SPOTS[0]])
    with store.reading() as book:
        assert book._db.execute(select(t.SPOT).where(t.SPOT.c.item == 9)).first() is None
