# SPDX-License-Identifier: Apache-2.0
"""What these tests prove does not hang on the disk: nothing here waits for it."""

from __future__ import annotations

import pytest
from tests.desk.three import make_three

from hamsaya.ledger.sqlite import SqliteAdapter


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk():
    connect = SqliteAdapter.connect

    def in_haste(self):
        db = connect(self)
        db.execute("PRAGMA synchronous = OFF")
        return db

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SqliteAdapter, "connect", in_haste)
        yield


@pytest.fixture
def three(tmp_path, places):
    """Three neighbours in a row, with an agreement on each of the two links."""
    made = make_three(tmp_path, places)
    yield made
    for desk in (made.west, made.east, made.north):
        desk.store.close()
