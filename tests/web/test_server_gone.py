# SPDX-License-Identifier: Apache-2.0
"""The database server goes away, in the middle of a write too: nothing is half applied, the desk says so, and works again."""

from __future__ import annotations

import pytest
from sqlalchemy.engine.default import DefaultDialect
from tests.conftest import REPORT, make_desk
from tests.postgres import Cluster

from hamsaya.desk.acts_access import OfficerAdded
from hamsaya.desk.documents import add_document
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.ledger.store import SqlPen
from hamsaya.ledger.verify import verify_store

pytestmark = pytest.mark.postgresql


@pytest.fixture(scope="module")
def fragile():
    """Give a server of this module's own, to be stopped and started."""
    made = Cluster()
    yield made
    made.end()


@pytest.fixture
def west(fragile, tmp_path):
    made = make_desk(tmp_path, "west", "IR", places=lambda _folder, _party: fragile.schema())
    yield made
    made.store.close()


def size(west) -> int:
    with west.store.reading() as book:
        return book.logs()["journal/west"]


def two_acts(west) -> None:
    with west.store.writing() as pen:
        for number in range(2):
            pen.journal(OfficerAdded(login=f"late{number}", office="o", role="officer", password="", language="en"), west.officers["duty"])


@pytest.mark.parametrize("after", [0, 1])
def test_a_server_that_stops_in_the_middle_of_a_write_leaves_nothing_half_applied(west, fragile, monkeypatch, after):
    before, real, calls = size(west), SqlPen.journal, []

    def journal(pen, event, by):
        if len(calls) == after:
            fragile.stop()
        calls.append(event)
        return real(pen, event, by)

    with monkeypatch.context() as patch:
        patch.setattr(SqlPen, "journal", journal)
        with pytest.raises(OperatorError, match="cannot be reached"):
            two_acts(west)
    fragile.start()
    assert size(west) == before
    assert verify_store(west.store).faults == []
    two_acts(west)
    assert size(west) == before + 2


def test_the_desk_says_so_and_works_again_with_the_same_login(west, fragile, webs):
    web = webs(west)
    office = web.login()
    assert office.json("/inbox").status_code == 200
    fragile.stop()
    for path in ("/inbox", "/login", "/health"):
        answer = office.json(path)
        assert (answer.status_code, answer.json()["error"]) == (503, "operator"), path
        assert "cannot be reached" in answer.json()["what"]
        assert "options" not in answer.text
        page = office.get(path)
        assert page.status_code == 503
        assert "cannot be reached" in page.text
    refused = office.post("/documents", files={"file": ("report.txt", REPORT.encode())}, data={"basis": "own"})
    assert refused.status_code == 503
    fragile.start()
    assert office.json("/inbox").status_code == 200
    assert office.post("/documents", files={"file": ("report.txt", REPORT.encode())}, data={"basis": "own"}).status_code == 200


def test_an_answer_that_was_lost_with_the_server_can_be_asked_again_without_doing_it_twice(west, fragile, monkeypatch):
    """The commit reached the server, its answer did not: it is said that this is not known, and again does no harm."""
    commit, seal_heads, written = DefaultDialect.do_commit, SqlPen.seal_heads, []

    def cut(dialect, connection):
        commit(dialect, connection)
        if written:
            fragile.stop()
            connection.execute("SELECT 1")

    def sealed(pen):
        seal_heads(pen)
        written.append(pen)

    with monkeypatch.context() as patch:
        patch.setattr(DefaultDialect, "do_commit", cut)
        patch.setattr(SqlPen, "seal_heads", sealed)
        with pytest.raises(OperatorError, match="not known"):
            add_document(west.node, west.officers["duty"], REPORT.encode(), name="report.txt", basis="own")
    fragile.start()
    with pytest.raises(InputError, match="here already"):
        add_document(west.node, west.officers["duty"], REPORT.encode(), name="report.txt", basis="own")
    assert verify_store(west.store).faults == []
