# SPDX-License-Identifier: Apache-2.0
"""Not one byte of what was erased is left in the store's files: a store without its cipher is searched as it lies on the disk."""

from __future__ import annotations

from functools import partial

import sqlcipher3
from tests.conftest import make_desk
from tests.desk.test_erasing import MARKS, erase, file, found

from hamsaya.ledger.verify import verify_store


class Plain(sqlcipher3.Connection):
    """A connection that leaves its file unencrypted."""

    def execute(self, statement, *given):
        return super().execute("SELECT 1" if statement.startswith("PRAGMA key") else statement, *given)


def bytes_of(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir() if each.name.startswith("west.db")}


def marked(folder):
    spoken = [mark.encode() for mark in (*MARKS, *(mark.lower() for mark in MARKS))]
    return {name for name, data in bytes_of(folder).items() if any(mark in data for mark in spoken)}


def test_file_and_its_log_of_writing_hold_no_byte_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr("hamsaya.ledger.sqlite.sqlcipher3.connect", partial(sqlcipher3.connect, factory=Plain))
    desk = make_desk(tmp_path, "west", "IR")
    record = file(desk).record.id
    desk.file(tmp_path.name + "\nDate: 12 November 2026\n\nOn 14 November 2026 at 09:30, smugglers fired near Zahedan. One civilian was wounded.\n")
    assert marked(tmp_path)
    erase(desk, record)
    assert found(desk) == set()
    assert marked(tmp_path) == set()
    assert bytes_of(tmp_path)["west.db"][:15] == b"SQLite format 3"
    assert verify_store(desk.store).faults == []
    desk.store.close()
