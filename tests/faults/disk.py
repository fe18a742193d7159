# SPDX-License-Identifier: Apache-2.0
"""A model of the disk under one simulated node: power that fails at any statement or in the midst of a commit, and no room left.

The files are SQLite's own, written by the product's own store. What the model adds is what a disk may do to them:

- the power fails before the n-th statement that writes, or after the last one and before the commit: nothing of the transaction is there;
- the power fails while a commit is on its way: of every sector that was written since the last sync, either the old or the new
  bytes are there, each by itself (lost and torn writes);
- there is no room: SQLite may take a few pages more, and then fails as it fails on a full disk.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import event

SECTOR = 512
_UNLIMITED = 4_294_967_294
_WRITES = ("INSERT", "UPDATE", "DELETE")


class PowerCut(BaseException):
    """The node lost its power: nobody can catch that, and nothing but its files is left."""


class Disk:
    """What happens to the writes of one node. `statements` counts those that were written since it was last set to 0."""

    def __init__(self, engine):
        self.cut_at = None
        self.room = None
        self.statements = 0
        self._limited = set()
        event.listen(engine, "before_cursor_execute", self._before)
        event.listen(engine, "commit", self._commit)
        event.listen(engine, "begin", self._begin)

    def mend(self):
        """Take every fault away."""
        self.cut_at = self.room = None
        self.statements = 0

    def _before(self, _db, _cursor, statement, *_):
        if statement.startswith(_WRITES):
            if self.statements == self.cut_at:
                raise PowerCut
            self.statements += 1

    def _commit(self, _db):
        if self.cut_at is not None and self.statements <= self.cut_at:
            raise PowerCut

    def _begin(self, db):
        if self.room is not None:
            used = db.exec_driver_sql("PRAGMA page_count").scalar()
            db.exec_driver_sql(f"PRAGMA max_page_count = {used + self.room}")
            db.info["limited"] = True
        elif db.info.pop("limited", False):
            db.exec_driver_sql(f"PRAGMA max_page_count = {_UNLIMITED}")


def files_of(path: Path) -> dict[Path, bytes]:
    """What the files of a store hold now, while it is open. The shared memory is left out: a power cut takes it."""
    return {each: each.read_bytes() for each in (path, path.with_name(f"{path.name}-wal")) if each.exists()}


def lay_down(path: Path, files: dict[Path, bytes]) -> None:
    """Put the files of a closed store in the place of what is there."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    for file, data in files.items():
        file.write_bytes(data)


def torn(before: dict[Path, bytes], after: dict[Path, bytes], rng) -> dict[Path, bytes]:
    """What a power cut leaves of the way from `before`, which was synced, to `after`, which was not: each sector as one of the two."""
    left = {}
    for file, new in after.items():
        old = before.get(file, b"")
        keep = rng.choice((0.0, 0.3, 0.7, 0.95))
        size = rng.choice((len(old), len(new), max(len(old), SECTOR * rng.randint(0, len(new) // SECTOR))))
        parts = []
        for at in range(0, max(len(old), size), SECTOR):
            fresh = new[at : at + SECTOR]
            stale = old[at : at + SECTOR]
            parts.append(fresh if fresh == stale or rng.random() < keep else stale or bytes(len(fresh)))
        left[file] = b"".join(parts)[: max(size, 0)]
    return left
