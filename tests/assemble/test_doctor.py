# SPDX-License-Identifier: Apache-2.0
"""Each thing that can be wrong with a node is named with its next step, and no broken node stops the doctor."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.conftest import REPORT, START, release

from hamsaya.assemble import doctor
from hamsaya.assemble.backup import write_backup
from hamsaya.assemble.doctor import examine
from hamsaya.assemble.keyring import make_keyring
from hamsaya.assemble.node import init_node, open_node
from hamsaya.assemble.rekeying import rekey
from hamsaya.assemble.restoring import restore_node
from hamsaya.assemble.settings import DeskListen, Listen, Settings
from hamsaya.courier.lockbox import Lock, Unlock, new_identity
from hamsaya.desk import health
from hamsaya.desk.health import check_book
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.parties import add_officer
from hamsaya.exchange.bundle import Bundle, write_bundle
from hamsaya.facts.errors import NeighbourError

ROOT = Path(__file__).resolve().parents[2]
ROLES = ("officer", "approver", "commander", "administrator")


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A node with which all is well."""
    folder = tmp_path_factory.mktemp("sound") / "west"
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        desk, gate = one.getsockname()[1], other.getsockname()[1]
    settings = Settings(
        party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC", desk=DeskListen(port=desk), gate=Listen(port=gate)
    )
    init_node(folder, settings)
    with open_node(folder) as opened:
        for role in ROLES:
            add_officer(opened.node, login=role, office=role, role=role, language="en", password="x", hash_password=str)
        write_backup(opened, folder.parent / "b.age", Lock(recipient=new_identity()[1]))
    return folder


@pytest.fixture
def node(sound, tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE", 0)
    monkeypatch.setattr(doctor, "LOW_FREE", 0)
    shutil.copytree(sound, tmp_path / "west")
    return tmp_path / "west"


def found(folder, **options):
    """Return the findings that are more than notes, by name; each has its two sentences."""
    examined = examine(folder, **options)
    assert all(str(each.what) and str(each.next) for each in examined.findings)
    serious = {each.code: each for each in examined.findings if each.severity != "note"}
    assert examined.well == (not serious)
    return serious


def test_all_is_well_with_a_sound_node_and_nothing_is_left_behind(node):
    before = {path: path.read_bytes() for path in node.rglob("*") if path.is_file()}
    assert found(node) == found(node, deep=True) == {}
    assert {path: path.read_bytes() for path in node.rglob("*") if path.is_file()} == before


# Folder, settings, disk, keys


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (shutil.rmtree, "no node"),
        (lambda node: (node / "hamsaya.toml").unlink(), "no node"),
        (lambda node: (node / "hamsaya.toml").write_text("zone = = 1"), "hamsaya.toml"),
        (lambda node: (node / "hamsaya.toml").write_bytes(b"\xff\xfe"), "read"),
        (lambda node: edit(node, "zone = ", "zona = "), "zona"),
        (lambda node: edit(node, '"UTC"', '"Nowhere/Land"'), "time zone"),
    ],
)
def test_broken_settings_are_named(node, change, says):
    change(node)
    assert says in str(found(node)["settings"].what)


def edit(node, old, new):
    path = node / "hamsaya.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_desk_that_listens_to_the_network_is_named(node):
    edit(node, 'host = "127.0.0.1"', 'host = "0.0.0.0"')
    assert found(node)["desk-open"].severity == "warning"


def test_folder_and_keys_that_others_can_read_are_named(node):
    node.chmod(0o750)
    (node / "keys/age.key").chmod(0o640)
    serious = found(node)
    assert serious["folder-open"].severity == "warning"
    assert serious["key-open"].severity == "fault"
    assert "age.key" in str(serious["key-open"].what)


@pytest.mark.parametrize("name", ["sign.key", "store.key", "age.key", "tls.key", "tls.crt"])
def test_missing_key_is_named(node, name):
    (node / "keys" / name).unlink()
    assert name in str(found(node)["keys"].what)


def test_broken_key_is_named(node):
    (node / "keys/sign.key").write_text("rubbish")
    assert "broken" in str(found(node)["keys"].what)


def test_key_of_another_ledger_is_named(node):
    (node / "keys/store.key").write_text(os.urandom(32).hex())
    assert "store.key" in str(found(node)["ledger"].next)


def test_signing_key_of_another_node_is_named(node):
    (node / "keys/sign.key").write_text(os.urandom(32).hex())
    assert "keys" in str(found(node)["ledger"].what)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(("free", "code"), [(10, "disk-full"), (1000, "disk-low")])
def test_disk_that_fills_is_named(node, monkeypatch, free, code):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, free * 1_000_000))
    monkeypatch.setattr(doctor, "LEAST_FREE", 100_000_000)
    monkeypatch.setattr(doctor, "LOW_FREE", 10_000_000_000)
    assert code in found(node)


def test_disk_that_cannot_be_written_is_named(node, monkeypatch):
    def refuse(*_, **__):
        raise OSError(30, "Read-only file system")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refuse)
        examined = examine(node)
    assert "Read-only" in next(str(each.what) for each in examined.findings if each.code == "disk-unwritable")


def test_certificate_of_other_keys_is_named(node, tmp_path):
    other = make_keyring(tmp_path / "other", "west", datetime.now(UTC))
    shutil.copy(other.tls_cert, node / "keys/tls.crt")
    assert "card" in str(found(node)["certificate"].what)


@pytest.mark.parametrize(("days", "severity"), [(5 * 365 - 30, "warning"), (5 * 365 + 3, "fault")])
def test_certificate_that_ends_is_named(node, days, severity):
    serious = found(node, now=lambda: datetime.now(UTC) + timedelta(days=days))
    assert serious["certificate"].severity == severity


# The ledger


def test_missing_ledger_is_named_and_not_made(node):
    (node / "ledger.db").unlink()
    assert "missing" in str(found(node)["ledger"].what)
    assert not (node / "ledger.db").exists()


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda data: data[:5000], lambda data: b"\0" * len(data), lambda data: data[:9000] + b"x" + data[9001:]]
)
def test_damaged_ledger_is_named(node, damage):
    path = node / "ledger.db"
    path.write_bytes(damage(path.read_bytes()))
    assert "ledger" in found(node)


def test_log_that_does_not_fit_its_head_is_named_at_once_and_altered_rows_when_looked_at_deeply(node):
    with open_node(node) as opened, opened.store.engine.connect() as db, db.begin():
        db.exec_driver_sql("UPDATE officer SET role = 'auditor' WHERE login = 'administrator'")
    assert "integrity" not in found(node)
    assert "officer" in str(found(node, deep=True)["integrity"].what)
    with open_node(node) as opened, opened.store.engine.connect() as db, db.begin():
        db.exec_driver_sql("DELETE FROM entry WHERE seq = (SELECT max(seq) FROM entry)")
    assert "journal/west" in str(found(node)["integrity"].what)


def test_settings_of_another_node_are_named(node):
    edit(node, "exercise = false", "exercise = true")
    assert "exercise" in str(found(node)["ledger"].what)


# Clock, officers, backups, ports


def test_clock_that_fell_back_is_named(node):
    serious = found(node, now=lambda: datetime.now(UTC) - timedelta(days=1))
    assert serious["clock-behind"].severity == "fault"


def test_backup_that_is_old_or_was_never_made_is_named(node, tmp_path):
    assert "backup-old" in found(node, now=lambda: datetime.now(UTC) + timedelta(days=8))
    init_node(tmp_path / "fresh", Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC"))
    serious = found(tmp_path / "fresh")
    assert {"backup-none", "officer-missing"} <= set(serious)


def test_backup_of_before_a_change_of_key_is_named_until_there_is_another(node, tmp_path):
    with open_node(node) as opened:
        rekey(opened, "planned", datetime.now(UTC))
    assert "backup-other-key" in found(node)
    private, public = new_identity()
    with open_node(node) as opened:
        write_backup(opened, tmp_path / "b.age", Lock(recipient=public))
    assert "backup-other-key" not in found(node)
    restore_node(tmp_path / "b.age", Unlock(identity=private), tmp_path / "again")
    assert not {"backup-none", "backup-other-key"} & set(found(tmp_path / "again"))


def test_port_that_another_program_holds_is_named(node):
    with open_node(node) as opened:
        port = opened.settings.gate.port
    with socket.create_server(("127.0.0.1", port)):
        assert str(port) in str(found(node)["port-taken"].what)


def test_check_that_breaks_is_a_finding_and_ends_no_other(node, monkeypatch):
    monkeypatch.setattr(doctor, "verify_store", lambda _: 1 / 0)
    serious = found(node, deep=True, now=lambda: datetime.now(UTC) - timedelta(days=1))
    assert "ZeroDivisionError" in str(serious["check-failed"].what)
    assert "clock-behind" in serious


# What the ledger of two neighbours tells


def told(desk):
    with desk.store.reading() as book:
        return {each.code: each for each in check_book(desk.node, book)}


def test_silence_and_missing_receipts_are_named_and_end_with_contact(agreed):
    west = agreed.west
    release(west, west.file().record.id)
    assert "release-unreceipted" not in told(west)
    west.clock.at += timedelta(days=2)
    codes = told(west)
    assert "Releases to east without a receipt: 1" in str(codes["release-unreceipted"].what)
    assert "contact-old" in codes
    agreed.sync()
    west.clock.at += timedelta(hours=2)
    assert not {"release-unreceipted", "contact-old"} & set(told(west))


def test_neighbour_whose_clock_is_ahead_is_named(agreed):
    west, east = agreed.west, agreed.east
    east.clock.at += timedelta(days=1)
    release(east, east.file(REPORT.replace("One", "Two")).record.id)
    agreed.sync()
    west.clock.at -= timedelta(days=1)
    codes = told(west)
    assert "east" in str(codes["clock-apart"].what)


def test_agreement_that_ends_soon_has_ended_or_is_not_signed_is_named(agreed):
    west = agreed.west
    assert not {"agreement-expiring", "agreement-idle"} & set(told(west))
    with west.store.reading() as book:
        ends = book.agreements()[0].agreement.table.valid_until
    west.clock.at = ends - timedelta(days=10)
    assert str(ends.date()) in str(told(west)["agreement-expiring"].what)
    west.clock.at = ends + timedelta(days=1)
    assert "agreement-idle" in told(west)


def test_quarantine_is_named(agreed):
    west, east = agreed.west, agreed.east
    from hamsaya.desk.converse import receive

    with pytest.raises(NeighbourError):
        receive(west.node, write_bundle(Bundle(sender="east", receiver="west", at=east.clock(), receipts=["{}"]), east.node.key))
    assert told(west)["quarantine"].severity == "warning"
    west.clock.at += timedelta(days=30)
    assert told(west)["quarantine"].severity == "note"


def test_held_link_and_neighbour_never_met_are_named(pair):
    assert "contact-none" in told(pair.west)
    hold_link(pair.west.node, "east", "set back")
    assert told(pair.west)["link-held"].severity == "fault"


def test_neighbours_certificate_that_ends_is_named(agreed):
    with agreed.west.store.reading() as book:
        card = book.parties()[1].card
    assert ssl.PEM_cert_to_DER_cert(card.tls)
    agreed.west.clock.at = START + timedelta(days=5 * 365 + 3)
    assert told(agreed.west)["neighbour-certificate"].severity == "fault"


def test_nothing_that_a_record_says_is_in_a_finding(agreed):
    release(agreed.west, agreed.west.file().record.id)
    agreed.west.clock.at += timedelta(days=400)
    shown = " ".join(f"{each.what} {each.next}" for each in told(agreed.west).values())
    assert "Mirjaveh" not in shown
    assert "smugglers" not in shown


def test_every_finding_is_documented():
    page = (ROOT / "docs/reference/doctor.md").read_text("utf-8")
    source = Path(health.__file__).read_text("utf-8") + Path(doctor.__file__).read_text("utf-8")
    codes = set(re.findall(r'(?:fault|warning|note|made|_named)\(\s*"([a-z-]+)"', source)) | {"certificate", "neighbour-certificate"}
    assert len(codes) > 25
    assert {code for code in codes if f"`{code}`" not in page} == set()
