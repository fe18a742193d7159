# SPDX-License-Identifier: Apache-2.0
"""What these tests prove does not hang on the disk: nothing here waits for it."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from hamsaya.ledger import store


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch):
    opened = store.open_engine

    def open_engine(path, store_key):
        engine = opened(path, store_key)
        event.listen(engine, "connect", lambda db, _: db.execute("PRAGMA synchronous = OFF"))
        return engine

    monkeypatch.setattr(store, "open_engine", open_engine)
