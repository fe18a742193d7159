# SPDX-License-Identifier: Apache-2.0
"""A backup is the whole node, encrypted; restoring it is all or nothing, and what was altered, cut or is not ours is refused."""

from __future__ import annotations

import os
import shutil
import stat
import tarfile
from pathlib import Path

import msgspec
import pytest

from hamsaya.assemble import backup
from hamsaya.assemble.backup import write_backup
from hamsaya.assemble.node import init_node, open_node
from hamsaya.assemble.restoring import check_backup, restore_node
from hamsaya.assemble.settings import FILE, Settings
from hamsaya.courier import lockbox
from hamsaya.courier.lockbox import Lock, Unlock, new_identity, sealing, unsealing
from hamsaya.desk.documents import add_document
from hamsaya.desk.drafts import accept_draft
from hamsaya.desk.parties import add_officer
from hamsaya.facts.errors import InputError, OperatorError, Refused, Tampered
from hamsaya.ledger.verify import verify_store

REPORT = b"Report\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"
SECRET = b"smugglers fired near Mirjaveh"
WORDS = "correct horse battery"
IDENTITY, PUBLIC = new_identity()
TO_KEY, WITH_KEY = Lock(recipient=PUBLIC), Unlock(identity=IDENTITY)


@pytest.fixture
def node(tmp_path):
    """A node's folder with one record filed in it."""
    settings = Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC")
    init_node(tmp_path / "west", settings)
    with open_node(tmp_path / "west") as opened:
        officer = add_officer(opened.node, login="duty", office="Duty Officer", role="officer", language="en", password="x", hash_password=str)
        _, drafts = add_document(opened.node, officer, REPORT, name="report.txt", basis="own")
        accept_draft(opened.node, officer, drafts[0].draft, grade="B2")
    return tmp_path / "west"


def back_up(folder, file, lock=TO_KEY):
    with open_node(folder) as opened:
        return write_backup(opened, file, lock)


def held(folder):
    """Everything that is evidence, and all that follows from it."""
    with open_node(folder) as opened, opened.store.reading() as book:
        return [
            {log: book.entries(log, 0, size) for log, size in book.logs().items()},
            book.parties(), book.officers(), book.documents(), book.drafts(), book.records(), [book.document_bytes(d.document) for d in book.documents()],
        ]  # fmt: skip


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(("lock", "unlock"), [(TO_KEY, WITH_KEY), (Lock(passphrase=WORDS), Unlock(passphrase=WORDS))], ids=["key", "passphrase"])
def test_restored_node_is_the_one_that_was_backed_up(node, tmp_path, lock, unlock):
    before = held(node)
    done = back_up(node, tmp_path / "b.age", lock)
    assert done.entries == done.journal == sum(len(entries) for entries in before[0].values())
    found = restore_node(tmp_path / "b.age", unlock, tmp_path / "again")
    assert (found.contents.party, found.contents.exercise, found.contents.logs) == ("west", False, {"journal/west": done.journal})
    after = held(tmp_path / "again")
    assert after[0]["journal/west"][: done.journal] == before[0]["journal/west"]
    assert after[1:] == before[1:]
    for name in ("hamsaya.toml", "keys/sign.key", "keys/age.key", "keys/tls.crt", "west.card"):
        assert (tmp_path / "again" / name).read_bytes() == (node / name).read_bytes()
    with open_node(tmp_path / "again") as opened:
        assert verify_store(opened.store).faults == []


def test_keys_of_a_restored_node_are_readable_by_their_owner_only(node, tmp_path):
    back_up(node, tmp_path / "b.age")
    restore_node(tmp_path / "b.age", WITH_KEY, tmp_path / "again")
    for path in [tmp_path / "b.age", *(tmp_path / "again/keys").iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "again").stat().st_mode) == 0o700


@pytest.mark.parametrize("lock", [TO_KEY, Lock(passphrase=WORDS)], ids=["key", "passphrase"])
def test_no_plain_byte_of_record_or_key_is_in_the_file(node, tmp_path, lock):
    back_up(node, tmp_path / "b.age", lock)
    data = (tmp_path / "b.age").read_bytes()
    for secret in (SECRET, b"journal/west", *(path.read_bytes().strip() for path in (node / "keys").iterdir())):
        assert secret not in data


def test_backup_never_overwrites(node, tmp_path):
    (tmp_path / "b.age").write_bytes(b"something dear")
    with pytest.raises(Refused) as named:
        back_up(node, tmp_path / "b.age")
    assert named.value.rule == "exists"
    assert (tmp_path / "b.age").read_bytes() == b"something dear"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.age", "west"]


def test_folder_gets_a_file_with_party_and_time_in_its_name(node, tmp_path):
    (tmp_path / "stick").mkdir()
    done = back_up(node, tmp_path / "stick")
    (made,) = (tmp_path / "stick").iterdir()
    assert made.name == f"hamsaya-west-{done.made_at:%Y-%m-%dT%H%M%SZ}.age"


def test_backup_that_breaks_off_leaves_nothing(node, tmp_path, monkeypatch):
    def broken(_):
        yield b"\x92"
        raise OperatorError(lockbox.say("the disk went away"))

    monkeypatch.setattr(backup, "slices_of", broken)
    with pytest.raises(OperatorError):
        back_up(node, tmp_path / "b.age")
    assert [path.name for path in tmp_path.iterdir()] == ["west"]


def test_full_disk_is_named():
    def write():
        with Path("/dev/full").open("r+b", buffering=0) as full, sealing(full, TO_KEY) as stream:
            stream.write(bytes(10_000_000))

    with pytest.raises(OperatorError, match="No space"):
        write()


def test_folder_that_is_not_there_is_named(node, tmp_path):
    with pytest.raises(OperatorError, match="such"):
        back_up(node, tmp_path / "such" / "b.age")


def test_backup_is_noted_in_the_journal_with_its_hash(node, tmp_path):
    done = back_up(node, tmp_path / "b.age")
    with open_node(node) as opened, opened.store.reading() as book:
        (kept,) = book.keepings()
    assert (kept.what, kept.name, kept.size, kept.journal) == ("backup", "b.age", done.bytes, done.journal)


def test_check_verifies_and_leaves_nothing_behind(node, tmp_path, monkeypatch):
    back_up(node, tmp_path / "b.age")
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    found = check_backup(tmp_path / "b.age", WITH_KEY)
    assert found.contents.party == "west"
    assert list((tmp_path / "tmp").iterdir()) == []


# Bad input


def refuses(file, unlock, tmp_path, error, match):
    """Assert that neither trying nor restoring it goes through, and that nothing is left behind."""
    before = sorted(tmp_path.rglob("*"))
    for attempt in (lambda: check_backup(file, unlock), lambda: restore_node(file, unlock, tmp_path / "again")):
        with pytest.raises(error, match=match):
            attempt()
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("lock", "unlock", "match"),
    [
        (TO_KEY, Unlock(identity=new_identity()[0]), "another key"),
        (TO_KEY, Unlock(passphrase=WORDS), "to a key"),
        (TO_KEY, Unlock(identity="not a key"), "no age identity"),
        (Lock(passphrase=WORDS), Unlock(passphrase=WORDS + "x"), "passphrase is wrong"),
        (Lock(passphrase=WORDS), Unlock(passphrase=""), "with a passphrase"),
        (Lock(passphrase=WORDS), WITH_KEY, "with a passphrase"),
    ],
)
def test_what_does_not_open_it_is_refused(node, tmp_path, lock, unlock, match):
    back_up(node, tmp_path / "b.age", lock)
    refuses(tmp_path / "b.age", unlock, tmp_path, InputError, match)


@pytest.mark.parametrize("lock", [Lock(), Lock(passphrase="short"), Lock(recipient="age1nothing"), Lock(recipient=IDENTITY)])
def test_weak_or_broken_lock_writes_nothing(node, tmp_path, lock):
    with pytest.raises(InputError):
        back_up(node, tmp_path / "b.age", lock)
    assert [path.name for path in tmp_path.iterdir()] == ["west"]


@pytest.mark.parametrize(("lock", "unlock"), [(TO_KEY, WITH_KEY), (Lock(passphrase=WORDS), Unlock(passphrase=WORDS))], ids=["key", "passphrase"])
@pytest.mark.parametrize("left", [0, 10, 400, -1000, -17, -1])
def test_cut_backup_is_refused(node, tmp_path, lock, unlock, left):
    back_up(node, tmp_path / "b.age", lock)
    data = (tmp_path / "b.age").read_bytes()
    end = len(data.rstrip(b"\0")) if lock.passphrase else len(data)  # a tar ends in nothing
    (tmp_path / "b.age").write_bytes(data[: left if left >= 0 else end + left])
    refuses(tmp_path / "b.age", unlock, tmp_path, InputError, None)


@pytest.mark.parametrize("at", [5, 150, 0.3, 0.6, 0.99])
def test_flipped_bit_is_refused(node, tmp_path, at):
    back_up(node, tmp_path / "b.age")
    data = bytearray((tmp_path / "b.age").read_bytes())
    data[at if isinstance(at, int) else int(len(data) * at)] ^= 1
    (tmp_path / "b.age").write_bytes(data)
    refuses(tmp_path / "b.age", WITH_KEY, tmp_path, InputError, None)


@pytest.mark.parametrize("data", [b"", b"hello", os.urandom(5000), b"\x1f\x8b" + bytes(600), b"age-encryption.org/v1\nrubbish"])
def test_any_other_file_is_refused(tmp_path, data):
    (tmp_path / "b.age").write_bytes(data)
    for unlock in (WITH_KEY, Unlock(passphrase=WORDS)):
        refuses(tmp_path / "b.age", unlock, tmp_path, InputError, None)


def test_missing_file_is_named(tmp_path):
    refuses(tmp_path / "nothing.age", WITH_KEY, tmp_path, InputError, "nothing.age")


def repack(file, change):
    """Write the backup again with other contents, as somebody who holds its key could. `change` gets the members by name."""
    with unsealing(file, WITH_KEY) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}
    change(members)
    file.unlink()
    with file.open("w+b") as out, sealing(out, TO_KEY) as stream, tarfile.open(fileobj=stream, mode="w|") as tar:
        for name, data in members.items():
            backup._put(tar, name, data)


def header(**fields):
    def change(members):
        told = msgspec.json.decode(members[backup.HEADER])
        members[backup.HEADER] = msgspec.json.encode({**told, **{name: new(told[name]) if callable(new) else new for name, new in fields.items()}})

    return change


@pytest.mark.parametrize(
    "newer",
    [{"format": 2}, {"schema": 99}, {"acts": lambda acts: [*acts, "oath.sworn"]}, {"format": 2, "made_at": None, "logs": "elsewhere"}],
    ids=["format", "schema", "acts", "other shape"],
)
def test_backup_of_a_newer_version_is_refused_and_named(node, tmp_path, newer):
    back_up(node, tmp_path / "b.age")
    repack(tmp_path / "b.age", header(program="9.1.0", **newer))
    refuses(tmp_path / "b.age", WITH_KEY, tmp_path, OperatorError, r"newer version of Hamsaya \(9\.1\.0\)")


def without(part):
    def change(members):
        members.pop(next(name for name in members if name.startswith(part)))

    return change


def altered(part, old, new):
    def change(members):
        name = next(name for name in members if name.startswith(part) and old in members[name])
        members[name] = members[name].replace(old, new)

    return change


def foreign_key(members):
    members["keys/sign.key"] = os.urandom(32).hex().encode()


def shortened(members):
    slice_ = msgspec.msgpack.decode(members["evidence/00000001"])
    members["evidence/00000001"] = msgspec.msgpack.encode([slice_[0], slice_[1][:-1]])


def smuggled(members):
    members["evidence/00000001"] = msgspec.msgpack.encode(["officer", []])


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        (header(party="east"), (Tampered, InputError), None),
        (header(exercise=True), Tampered, "exercise"),
        (altered("hamsaya.toml", b'party = "west"', b'party = "east"'), Tampered, "party"),
        (altered("hamsaya.toml", b"exercise = false", b"exercise = true"), Tampered, "exercise"),
        (altered("hamsaya.toml", b"zone", b"zona"), InputError, "zona"),
        (foreign_key, Tampered, "key"),
        (altered("evidence/", SECRET, SECRET.swapcase()), Tampered, None),
        (altered("evidence/", b"entry", b"ENTRY"), Tampered, None),
        (shortened, Tampered, None),
        (smuggled, Tampered, "form"),
        (header(logs={"journal/west": 3}), Tampered, "does not hold all"),
        (without("evidence/"), InputError, None),
        (without("end.json"), InputError, None),
        (without("keys/tls.key"), InputError, None),
    ],
)
def test_backup_whose_parts_are_not_one_nodes_is_refused(node, tmp_path, change, error, match):
    back_up(node, tmp_path / "b.age")
    repack(tmp_path / "b.age", change)
    refuses(tmp_path / "b.age", WITH_KEY, tmp_path, error, match)


@pytest.mark.parametrize("name", ["../outside", "keys/../../outside", "evidence/../../outside"])
def test_no_member_escapes_the_folder(node, tmp_path, name):
    back_up(node, tmp_path / "b.age")
    repack(tmp_path / "b.age", lambda members: members.update({name: b"x"}))
    restored = tmp_path / "again"
    try:
        restore_node(tmp_path / "b.age", WITH_KEY, restored)
    except InputError:
        assert not restored.exists()
    assert not (tmp_path / "outside").exists()


def test_folder_that_holds_a_node_is_left_as_it_is(node, tmp_path):
    back_up(node, tmp_path / "b.age")
    init_node(tmp_path / "east", Settings(party="east", name={"en": "East"}, country="PK", languages=["en"], zone="UTC", exercise=True))
    for folder in (node, tmp_path / "east"):
        before = files(folder)
        with pytest.raises(Refused) as named:
            restore_node(tmp_path / "b.age", WITH_KEY, folder)
        assert named.value.rule == "init"
        assert files(folder) == before


def test_backup_of_a_node_with_keys_and_ledger_elsewhere_comes_home(node, tmp_path):
    vault = tmp_path / "vault"
    (node / "keys").rename(vault)
    text = (node / FILE).read_text().replace('keys = "keys"', f'keys = "{vault}"')
    (node / FILE).write_text(text)
    back_up(node, tmp_path / "b.age")
    before = files(vault)
    restore_node(tmp_path / "b.age", WITH_KEY, tmp_path / "again")
    assert files(vault) == before
    with open_node(tmp_path / "again") as opened:
        assert opened.settings.keys == "keys"


LINE = (
    '{"type": "FeatureCollection", "name": "Line of 1958", "version": "1", "uncertainty_m": 100, "declared_by": "west", "features": [{"type": "Feature", '
    '"properties": {"left": "IR", "right": "PK"}, "geometry": {"type": "LineString", "coordinates": [[61.0, 29.0], [61.5, 29.5]]}}]}'
)


def test_declared_lines_come_back(node, tmp_path):
    (node / "lines").mkdir()
    (node / "lines/border.geojson").write_text(LINE)
    back_up(node, tmp_path / "b.age")
    restore_node(tmp_path / "b.age", WITH_KEY, tmp_path / "again")
    assert (tmp_path / "again/lines/border.geojson").read_text() == LINE
    shutil.rmtree(tmp_path / "again")
    repack(tmp_path / "b.age", lambda members: members.update({backup.LINES: msgspec.msgpack.encode({"../out.geojson": b"{}"})}))
    refuses(tmp_path / "b.age", WITH_KEY, tmp_path, InputError, "no backup")


def test_exercise_stays_an_exercise(tmp_path):
    init_node(tmp_path / "west", Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC", exercise=True))
    assert back_up(tmp_path / "west", tmp_path / "b.age").exercise
    assert restore_node(tmp_path / "b.age", WITH_KEY, tmp_path / "again").contents.exercise
    with open_node(tmp_path / "again") as opened:
        assert opened.node.exercise


def test_evidence_of_many_slices_comes_back_whole(node, tmp_path, monkeypatch):
    monkeypatch.setattr("hamsaya.ledger.evidence.SLICE_ROWS", 2)
    before = held(node)
    back_up(node, tmp_path / "b.age")
    restore_node(tmp_path / "b.age", WITH_KEY, tmp_path / "again")
    assert held(tmp_path / "again")[1:] == before[1:]
