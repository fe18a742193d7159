# SPDX-License-Identifier: Apache-2.0
"""Any text comes back as it went in, and sorts by its bytes, on both databases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from hamsaya.ledger import tables as t

ODD = ["", "\x00", "\x00\x00", "\x00\x01", "\x00\x02", "\x01", "\x01\x00", "\x01\x02", "\x02", "A", "Z", "a", "é", "ا", "ی", "ﷺ", "😀"]


@given(st.text(st.sampled_from("\x00\x01\x02\x03aی")), st.text(st.sampled_from("\x00\x01\x02\x03aی")))
def test_what_postgresql_stores_is_the_text_in_another_writing(one, other):
    kind = t.PostgresText()
    stored = [kind.process_bind_param(text, None) for text in (one, other)]
    assert [kind.process_result_value(text, None) for text in stored] == [one, other]
    assert "\x00" not in stored[0]
    assert (stored[0] < stored[1]) == (one < other)


@pytest.fixture
def held(desk):
    with desk.store.engine.begin() as db:
        for text in reversed(ODD):
            db.execute(insert(t.QUARANTINE).values(bundle=text, sender=text, reason="{}", at="", entry=2**40))
    return desk


def test_text_comes_back_and_sorts_by_its_bytes(held):
    with held.store.reading() as book:
        rows = book._rows(select(t.QUARANTINE).order_by(t.QUARANTINE.c.bundle))
    assert [row["bundle"] for row in rows] == sorted(ODD, key=str.encode)
    assert all(row["sender"] == row["bundle"] for row in rows)
    assert rows[0]["entry"] == 2**40
