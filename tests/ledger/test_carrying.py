# SPDX-License-Identifier: Apache-2.0
"""A node goes from one store to the other and back without losing a byte that was signed, or stays where it was."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select
from tests.conftest import REPORT

from hamsaya.desk.documents import add_document
from hamsaya.facts.errors import HamsayaError, OperatorError, Refused, Tampered
from hamsaya.ledger import carrying
from hamsaya.ledger import tables as t
from hamsaya.ledger.adapter import adapter_of
from hamsaya.ledger.carrying import carry, close_for_good, evidence_hash, rebuild
from hamsaya.ledger.store import Store
from hamsaya.ledger.verify import verify_store

BOTH = pytest.mark.parametrize("to_kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])


@pytest.fixture
def place(request, tmp_path):
    """Give empty stores of west's, on either database."""
    opened = []

    def at(desk, kind: str) -> Store:
        where = tmp_path / f"{len(opened)}.db" if kind == "sqlite" else request.getfixturevalue("cluster").schema()
        store = Store(where, os.urandom(32), party="west", key=desk.node.key, now=desk.clock, random=desk.node.random)
        opened.append(store)
        return store

    yield at
    for store in opened:
        store.close()


def carry_to(source: Store, target: Store):
    with source.writing() as pen:
        return carry(pen, target)


def everything(store: Store, tables):
    with store.engine.connect() as db, db.begin():
        return {
            table.name: sorted((tuple(row.items()) for row in adapter_of(db).raw_rows(db, table)), key=repr) for table in tables
        }  # fmt: skip


@BOTH
def test_a_node_goes_there_and_back_and_every_byte_is_the_same(lived_in, place, to_kind, store_kind):
    west = lived_in.west
    there, back = place(west, to_kind), place(west, store_kind)
    first, second = carry_to(west.store, there), carry_to(there, back)
    assert first == second
    assert first.logs["journal/west"] > 20
    tables = (*t.EVIDENCE, *t.PROJECTIONS)
    whole = everything(west.store, tables)
    assert sum(map(bool, whole.values())) > 15
    assert everything(there, tables) == whole
    assert everything(back, tables) == whole
    for store in (there, back):
        assert verify_store(store).faults == []
        with store.reading() as book:
            assert evidence_hash(book) == first.sha256


@BOTH
def test_work_goes_on_at_the_new_place_and_not_at_the_old_one(desk, place, to_kind):
    desk.file()
    there = place(desk, to_kind)
    with desk.store.writing() as pen:
        carry(pen, there)
        close_for_good(pen, there.adapter.shown)
    with pytest.raises(OperatorError, match="was carried to"):
        desk.file(REPORT.replace("Mirjaveh", "Zahedan"))
    with pytest.raises(OperatorError, match="was carried to"):
        desk.store.check()
    there.check()
    moved = type(desk)(desk.node.__class__(**{**vars(desk.node), "ledger": there}), there, desk.clock, desk.seed, desk.store_key, desk.officers)
    moved.file(REPORT.replace("Mirjaveh", "Taftan"))
    assert verify_store(there).faults == []


@BOTH
def test_sessions_stay_behind(desk, place, to_kind):
    with desk.store.working() as work:
        work.open_session("digest", "csrf", "duty", desk.clock())
    there = place(desk, to_kind)
    carry_to(desk.store, there)
    assert not any(everything(there, t.WORKING).values())


@BOTH
def test_a_store_that_holds_anything_is_refused(desk, place, to_kind):
    there = place(desk, to_kind)
    there.create()
    with pytest.raises(Refused, match=r"holds the node of west already"):
        carry_to(desk.store, there)
    assert not everything(there, t.EVIDENCE)["entry"]
    other = place(desk, to_kind)
    with other.engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE beside (id INTEGER)")
    with pytest.raises(Refused, match=r"is not empty"):
        carry_to(desk.store, other)


@BOTH
def test_a_copy_that_a_killed_attempt_left_is_taken_as_it_is(desk, place, to_kind):
    desk.file()
    there = place(desk, to_kind)
    first = carry_to(desk.store, there)  # and then the machine went away: the settings still name the old place
    before = everything(there, (*t.EVIDENCE, *t.PROJECTIONS))
    assert carry_to(desk.store, there) == first
    assert everything(there, (*t.EVIDENCE, *t.PROJECTIONS)) == before
    assert verify_store(there).faults == []


@BOTH
def test_a_copy_that_the_node_has_outgrown_is_refused_with_what_to_do(desk, place, to_kind):
    there = place(desk, to_kind)
    carry_to(desk.store, there)
    desk.file()
    before = everything(there, t.EVIDENCE)
    with pytest.raises(Refused, match=r"holds the node of west already") as refused:
        carry_to(desk.store, there)
    assert "has gone on since then" in str(refused.value.hint)
    assert everything(there, t.EVIDENCE) == before


@BOTH
@pytest.mark.parametrize("at", ["put", "verify_book", "slices_of"])
def test_what_breaks_off_leaves_nothing_at_the_new_place(desk, place, to_kind, at, monkeypatch):
    desk.file()
    there, before = place(desk, to_kind), everything(desk.store, (*t.EVIDENCE, *t.PROJECTIONS))

    def breaks(*call):
        real(*call)
        raise OSError("the machine went away")

    real = getattr(carrying, at)
    with monkeypatch.context() as patch:
        patch.setattr(carrying, at, breaks)
        with pytest.raises(OSError, match="went away"):
            carry_to(desk.store, there)
    assert there.is_empty()
    assert everything(desk.store, (*t.EVIDENCE, *t.PROJECTIONS)) == before
    desk.store.check()
    carry_to(desk.store, there)
    assert verify_store(there).faults == []


@BOTH
def test_altered_evidence_is_not_carried(desk, place, to_kind):
    desk.file()
    with desk.store.engine.begin() as db:
        row = db.execute(select(t.ENTRY).where(t.ENTRY.c.seq == 3)).mappings().one()
        db.execute(t.ENTRY.update().where(t.ENTRY.c.seq == 3).values(content=row["content"] + b" "))
    there = place(desk, to_kind)
    with pytest.raises(Tampered):
        carry_to(desk.store, there)
    assert there.is_empty()


def test_tables_are_made_again_from_what_is_signed(desk):
    desk.file()
    with desk.store.working() as work:
        work.open_session("digest", "csrf", "duty", desk.clock())
    whole, evidence = everything(desk.store, t.PROJECTIONS), everything(desk.store, t.EVIDENCE)
    with desk.store.engine.begin() as db:
        db.exec_driver_sql("DROP TABLE inbox")
        db.exec_driver_sql("CREATE TABLE beside (id INTEGER)")
        db.exec_driver_sql("ALTER TABLE draft ADD COLUMN extra INTEGER")
        db.exec_driver_sql("UPDATE officer SET role = 'administrator'")
        db.execute(t.ABOUT.update().where(t.ABOUT.c.name == "schema").values(value="1"))
    with pytest.raises(OperatorError, match="older version"):
        desk.store.check()
    rebuild(desk.store)
    desk.store.check()
    assert verify_store(desk.store).faults == []
    assert everything(desk.store, t.PROJECTIONS) == whole
    assert everything(desk.store, t.EVIDENCE) == evidence


def test_tables_are_not_made_again_from_what_does_not_hold(desk):
    desk.file()
    with desk.store.engine.begin() as db:
        db.execute(t.HEAD.update().values(checkpoint=b"{}"))
        db.exec_driver_sql("UPDATE officer SET role = 'auditor'")
    before = everything(desk.store, (*t.EVIDENCE, *t.PROJECTIONS))
    with pytest.raises(HamsayaError):
        rebuild(desk.store)
    assert everything(desk.store, (*t.EVIDENCE, *t.PROJECTIONS)) == before


def test_a_newer_store_and_anothers_are_left_alone(desk):
    for name, value, why in (("schema", "99", "newer version"), ("party", "north", "holds the node of north")):
        with desk.store.engine.begin() as db:
            was = db.execute(select(t.ABOUT.c.value).where(t.ABOUT.c.name == name)).scalar_one()
            db.execute(t.ABOUT.update().where(t.ABOUT.c.name == name).values(value=value))
        before = everything(desk.store, (*t.EVIDENCE, *t.PROJECTIONS))
        with pytest.raises(OperatorError, match=why):
            desk.store.check()
        with pytest.raises(OperatorError, match=why):
            rebuild(desk.store)
        assert everything(desk.store, (*t.EVIDENCE, *t.PROJECTIONS)) == before
        with desk.store.engine.begin() as db:
            db.execute(t.ABOUT.update().where(t.ABOUT.c.name == name).values(value=was))


@BOTH
def test_any_document_is_carried(desk, place, to_kind):
    for number, data in enumerate((b"x", "یک سند\x00\u202e".encode(), b"a" * 3_000_000)):
        try:
            add_document(desk.node, desk.officers["duty"], data, name=f"{number}\x00.txt", basis="own")
        except HamsayaError:
            continue
    there = place(desk, to_kind)
    carried = carry_to(desk.store, there)
    with there.reading() as book:
        assert evidence_hash(book) == carried.sha256
