# SPDX-License-Identifier: Apache-2.0
"""Inserting many rows of one shape.

SQLAlchemy prepares each row's values by itself, by name, whatever the table: of a hundred entries that arrive together that took a tenth of the
time. Here the statement, and what each column does to a value, are looked up once for a table and its columns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, insert

_Prepare = Callable[[Any], Any] | None
_MOST_SHAPES: Final = 256


def fill(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, which name the same columns, in their order. Does nothing where there is none; raises as `Connection.execute` does."""
    if not rows:
        return
    columns = tuple(rows[0])
    statement, placed, prepared = _shape(db.dialect, table, columns)
    values = [[row[column] if prepare is None else prepare(row[column]) for column, prepare in prepared] for row in rows]
    if placed:
        db.exec_driver_sql(statement, [tuple(row) for row in values])
    else:
        db.exec_driver_sql(statement, [dict(zip(columns, row, strict=True)) for row in values])


@lru_cache(maxsize=_MOST_SHAPES)
def _shape(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> tuple[str, bool, list[tuple[str, _Prepare]]]:
    """Return the statement, whether its values go by their place, and the columns in that order, each with what the driver needs done to a value."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    order = getattr(compiled, "positiontup", None)
    named = [str(name) for name in order] if order else list(columns)
    return str(compiled), bool(order), [(name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in named]
