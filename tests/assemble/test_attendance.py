# SPDX-License-Identifier: Apache-2.0
"""Names at a meeting (F36): while they stand no backup, log or neighbour holds one; when they end no byte is left, and the office stays."""

from __future__ import annotations

import base64
import re
import tarfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import msgspec
import pytest
import sqlcipher3
from tests.desk.test_meetings import INVITED
from tests.ledger.test_erased_bytes import Plain

from hamsaya.assemble.backup import write_backup
from hamsaya.assemble.leases import Leases
from hamsaya.assemble.moving import move_node
from hamsaya.assemble.node import init_node, open_node
from hamsaya.assemble.restoring import restore_node
from hamsaya.assemble.rounds import Rounds
from hamsaya.assemble.settings import Settings
from hamsaya.courier.lockbox import Lock, Unlock, new_identity, unsealing
from hamsaya.desk.attendance import attendance_of, note_name
from hamsaya.desk.opening import Sheet, open_matter
from hamsaya.desk.parties import add_officer
from hamsaya.facts.errors import InputError, NotFound, Refused

NAME = "Bahram Tester-Qalandari"
OTHER = "Gulnaz Tester-Raisani"
IDENTITY, PUBLIC = new_identity()
IN_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
AGENDA = INVITED["agenda"].encode()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A node's folder, whose store lies on the disk without its cipher."""
    monkeypatch.setattr("hamsaya.ledger.sqlite.sqlcipher3.connect", partial(sqlcipher3.connect, factory=Plain))
    init_node(tmp_path / "west", Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC"))
    return tmp_path / "west"


@pytest.fixture
def opened(folder):
    with open_node(folder) as node:
        yield node


@pytest.fixture
def officer(opened):
    return add_officer(opened.node, login="duty", office="Duty Officer", role="officer", language="en", password="x", hash_password=str)


@pytest.fixture
def meeting(opened, officer):
    return open_matter(opened.node, officer, "meeting", Sheet(typed=INVITED)).held.record.id


def in_files(folder, *names):
    """Return which of these words stand in any file of the node."""
    data = b"".join(each.read_bytes() for each in folder.rglob("*") if each.is_file())
    return [name for name in names if (name.encode() if isinstance(name, str) else name) in data]


def laid_open(data):
    """Return bytes with what stands in them in base 64, and in that again, as a signed record does within the entry that filed it."""
    inside = [base64.b64decode(found) for found in IN_BASE64.findall(data) if len(found) % 4 == 0]
    return data + b"".join(laid_open(each) for each in inside)


def in_backup(opened, path):
    """Return every byte that is in a backup of the node, decrypted and laid open."""
    write_backup(opened, path, Lock(recipient=PUBLIC))
    with unsealing(path, Unlock(identity=IDENTITY)) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        return laid_open(b"".join(tar.extractfile(member).read() for member in tar))


def seen(opened, officer, meeting, later=timedelta(0)):
    node = at(opened, later)
    with opened.store.reading() as book:
        found = attendance_of(node, book, officer, meeting)
    return [(each.office, each.name) for each in found.offices]


def at(opened, later):
    return replace(opened.node, now=lambda: opened.node.now() + later)


def go_round(opened, later):
    """Let the process that serves the node make its round, when it is that much later."""
    node = at(opened, later)
    rounds = Rounds(SimpleNamespace(store=opened.store, node=node), Leases(opened.store, node.now), [].append, lambda *_: b"")
    rounds.visit_all()


def test_name_ends_in_the_store_and_was_never_in_a_backup_and_the_office_stays(opened, officer, meeting, folder, tmp_path):
    note_name(opened.node, officer, meeting, "Sector Commander", OTHER)
    note_name(opened.node, officer, meeting, "Sector Commander", NAME)  # in the place of the other
    note_name(opened.node, officer, meeting, "Interpreter", OTHER, days=2)
    assert seen(opened, officer, meeting) == [("Sector Commander", NAME), ("Interpreter", OTHER)]
    assert in_files(folder, NAME, OTHER, AGENDA) == [NAME, OTHER, AGENDA]
    backup = in_backup(opened, tmp_path / "standing.age")
    assert AGENDA in backup, "what was filed is in it, as it can be read"
    assert not any(name.encode() in backup for name in (NAME, OTHER)), "and no name, also while names stand"
    go_round(opened, timedelta(days=8))
    assert in_files(folder, NAME, OTHER) == [NAME, OTHER]  # the meeting is in seven days, and each name ends later
    go_round(opened, timedelta(days=9, hours=1))
    assert in_files(folder, NAME, OTHER) == [NAME]
    assert seen(opened, officer, meeting, timedelta(days=14, hours=1)) == [("Sector Commander", "")], "shown to nobody, also before it is deleted"
    go_round(opened, timedelta(days=14, hours=1))
    assert in_files(folder, NAME, OTHER) == []
    assert seen(opened, officer, meeting) == [("Sector Commander", "")]
    restore_node(tmp_path / "standing.age", Unlock(identity=IDENTITY), tmp_path / "again")
    with open_node(tmp_path / "again") as restored:
        assert seen(restored, officer, meeting) == [("Sector Commander", "")]


def test_name_taken_away_and_node_moved_leave_no_byte(opened, officer, meeting, folder):
    note_name(opened.node, officer, meeting, "Sector Commander", NAME)
    note_name(opened.node, officer, meeting, "Sector Commander", " ")
    assert in_files(folder, NAME) == []
    note_name(opened.node, officer, meeting, "Interpreter", OTHER)
    opened.store.close()
    move_node(folder, "elsewhere.db")
    assert in_files(folder, OTHER) == [], "nobody would delete it in the store that was left behind"


def test_time_and_form_of_a_name_are_bounded(opened, officer, meeting):
    record = open_matter(opened.node, officer, "commitment", Sheet(typed={"what": "A patrol", "status": "readiness"})).held.record.id
    for wrong in ({"days": 0}, {"days": 31}, {"name": "x" * 81}, {"office": ""}, {"office": "x" * 121}):
        with pytest.raises(InputError):
            note_name(opened.node, officer, meeting, **{"office": "Interpreter", "name": NAME} | wrong)
    for unknown in (record, "WEST-R-NONE", ""):
        with pytest.raises(NotFound):
            note_name(opened.node, officer, unknown, "Interpreter", NAME)
    with pytest.raises(Refused) as named:
        note_name(at(opened, timedelta(days=15)), officer, meeting, "Interpreter", NAME)
    assert named.value.rule == "ended"
    far = open_matter(opened.node, officer, "meeting", Sheet(typed=INVITED | {"time": "+300d"})).held.record.id
    note_name(opened.node, officer, far, "Interpreter", NAME)
    assert seen(opened, officer, far, timedelta(days=91))[-1][1] == ""
    for role in ("analyst", "auditor", "rights-officer", "approver", "administrator"):
        with pytest.raises(Refused):
            note_name(opened.node, msgspec.structs.replace(officer, role=role), meeting, "Interpreter", NAME)
