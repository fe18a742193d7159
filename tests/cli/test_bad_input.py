# SPDX-License-Identifier: Apache-2.0
"""Bad input gets one clear error and a documented exit code; nothing is lost and nothing half applied."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys

import pytest
from tests.cli.conftest import open_text

REPORT = b"Report\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired near Mirjaveh. One civilian was wounded.\n"


def add(node, file, *options):
    return node("document", "add", file, "--own", *options, login="duty")


def untouched(node):
    """Nothing was kept of what was refused, and the ledger is whole."""
    assert node("document", "list", "--json").json == []
    assert node("verify").code == 0


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b"\xef\xbb\xbf \n\t\n", "empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG"),
        ("zeros.bin", bytes(5000), "text"),
        ("latin1.txt", "Zahedán, 12 November 2026: fired".encode("latin-1"), "UTF-8"),
    ],
)
def test_unreadable_document_is_refused_in_words(west, tmp_path, name, data, says):
    file = tmp_path / name
    file.write_bytes(data)
    ran = add(west, file)
    assert ran.code == 2
    assert says.lower() in ran.err.lower()
    assert "Traceback" not in ran.err
    untouched(west)


def test_document_of_50_mb_is_refused_before_it_is_read(west, tmp_path):
    file = tmp_path / "huge.txt"
    with file.open("wb") as out:
        out.truncate(50 * 1024 * 1024)
    ran = add(west, file)
    assert ran.code == 2
    assert "52428800" in ran.err
    untouched(west)


def test_missing_document_is_named(west, tmp_path):
    ran = add(west, tmp_path / "nothing.txt")
    assert ran.code == 2
    assert "nothing.txt" in ran.err


def test_document_without_a_date_leaves_the_year_open_and_asks(west, tmp_path):
    file = tmp_path / "undated.txt"
    file.write_text("On October 17, smugglers killed two border guards near Mirjaveh.\n")
    added = add(west, file, "--json").json
    (draft,) = added[0]["drafts"]
    assert draft["open_questions"]
    shown = west("draft", "show", draft["draft"], "--json").json
    (moment,) = [claim["value"] for claim in shown["body"]["claims"] if claim["predicate"] == "occurred"]
    assert (moment["precision"], moment["month_day"], moment["start"]) == ("open", "10-17", None)


def test_second_init_in_the_same_folder_changes_nothing(west, run):
    before = {path.name: path.read_bytes() for path in west.folder.rglob("*") if path.is_file()}
    ran = run("init", west.folder, "--party", "other", "--country", "PK", "--zone", "UTC", "--name", "en=Other")
    assert ran.code == 3
    assert "a node in" in ran.err
    assert {path.name: path.read_bytes() for path in west.folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--party", "West Side", "--country", "IR", "--zone", "UTC"], "short name"),
        (["--party", "west", "--country", "Iran", "--zone", "UTC"], "ISO 3166"),
        (["--party", "west", "--country", "IR", "--zone", "Tehran"], "time zone"),
        (
            ["--party", "west", "--country", "IR", "--zone", "UTC", "--languages", "en,xx"],
            "--languages: expected en, fa, ur, separated by commas; this came: xx",
        ),
        (["--party", "west", "--country", "IR", "--zone", "UTC", "--gate-port", "99999"], "port"),
    ],
)
def test_bad_settings_leave_no_folder_behind(run, tmp_path, options, says):
    folder = tmp_path / "node"
    ran = run("init", folder, "--name", "en=West", *options)
    assert ran.code == 2
    assert says in ran.err
    assert list(tmp_path.iterdir()) == []


def test_misspelt_setting_is_named(west):
    file = west.folder / "hamsaya.toml"
    file.write_text(file.read_text() + "\n[dezk]\nport = 1\n")
    ran = west("party", "show")
    assert ran.code == 2
    assert "dezk" in ran.err


def test_folder_without_a_node(run, tmp_path):
    ran = run("verify", node=tmp_path)
    assert ran.code == 6
    assert f"There is no node in {tmp_path}." in ran.err
    assert "hamsaya init" in ran.err


def test_folder_that_is_meant_where_none_is_named_is_told_in_full(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAMSAYA_NODE", raising=False)
    assert f"There is no node in {tmp_path}." in run("verify").err


def test_missing_key_is_named_and_not_made_anew(west):
    (west.folder / "keys" / "sign.key").rename(west.folder / "kept")
    ran = west("verify")
    assert ran.code == 6
    assert "sign.key" in ran.err
    assert not (west.folder / "keys" / "sign.key").exists()


def test_wrong_password_and_unknown_login_say_the_same(west, run, tmp_path):
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT)
    answers = {run("document", "add", file, "--own", node=west.folder, login=login, password="wrong").err for login in ("duty", "nobody")}
    assert len(answers) == 1
    untouched(west)


def test_card_that_is_none_altered_or_with_another_fingerprint(two, tmp_path):
    west, east = two
    other = tmp_path / "some.card"
    other.write_text("{}")
    assert west("party", "trust", other, "--fingerprint", "x").code == 2
    card = (east.folder / "east.card").read_text()
    other.write_text(card.replace(card[60:61], "A" if card[60] != "A" else "B", 1))
    assert west("party", "trust", other, "--fingerprint", east.fingerprint).code == 2
    ran = west("party", "trust", east.folder / "east.card", "--fingerprint", west.fingerprint)
    assert ran.code == 3
    assert "compare again" in ran.err


def draft_terms(west, tmp_path, change=lambda text: text):
    terms = tmp_path / "terms.toml"
    terms.write_text(change(west("agreement", "draft", "--sample").out))
    return west("agreement", "draft", terms, "--json")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('type = "handling"', 'type = "telepathy"', "telepathy"),
        ('ceiling = "amber"', 'ceiling = "purple"', "Clause 3"),
        ('purposes = ["prevention", "settlement", "rescue", "return"]', 'purposes = ["targeting"]', "targeting"),
        ('purposes = ["prevention", "settlement", "rescue", "return"]', "purposes = []", "empty"),
        ('number = "2"', 'number = "1"', "stands twice"),
        ("[[clauses]]", "[[clauses", "no TOML"),
    ],
)
def test_faulty_terms_name_the_clause_and_keep_nothing(two, tmp_path, old, new, says):
    west, _ = two
    ran = draft_terms(west, tmp_path, lambda text: text.replace(old, new, 1))
    assert ran.code == 2
    assert says in ran.err
    assert west("agreement", "show", "--json").json == []


def filed(west, tmp_path):
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT)
    (draft,) = add(west, file, "--json").json[0]["drafts"]
    return west("draft", "accept", draft["draft"], "--grade", "B2", "--json", login="duty").json[0]["record"]["id"]


def propose(west, record):
    return west(
        "release", "propose", record, "--purpose", "settlement", "--necessity", "Both sides must see it.", "--json", login="duty",
    )  # fmt: skip


def test_unsigned_agreement_lets_nothing_through(two, tmp_path):
    west, _ = two
    draft_terms(west, tmp_path)
    ran = propose(west, filed(west, tmp_path))
    assert ran.code == 3
    assert ran.json["rule"] == "in-force"


def both_sign(two, tmp_path, **change):
    """Sign on both sides; the agreement is carried as a file."""
    west, east = two
    name = draft_terms(west, tmp_path, **change).json["id"]
    file = tmp_path / "agreement.json"
    west("agreement", "sign", name, "--text", open_text(west, name), login="commander")
    west("agreement", "export", name, file)
    assert east("agreement", "import", file).code == 0
    assert east("agreement", "sign", name, "--text", open_text(east, name), login="commander").code == 0
    east("agreement", "export", name, file)
    assert west("agreement", "import", file).code == 0
    return name, file


def test_expired_agreement_cannot_be_signed_says_since_when_and_lets_nothing_through(two, tmp_path):
    west, _ = two

    def past(text):
        return "\n".join(
            "valid_from = 2020-01-01T00:00:00Z" if line.startswith("valid_from") else
            "valid_until = 2021-01-01T00:00:00Z" if line.startswith("valid_until") else line for line in text.splitlines()
        )  # fmt: skip

    name = draft_terms(west, tmp_path, change=past).json["id"]
    ran = west("agreement", "sign", name, "--text", open_text(west, name), login="commander")
    assert ran.code == 3
    assert "2021-01-01" in ran.err
    ran = propose(west, filed(west, tmp_path))
    assert (ran.code, ran.json["rule"]) == (3, "in-force")


def test_agreement_carried_by_hand_is_in_force_on_both_and_lets_a_record_go(two, tmp_path):
    west, east = two
    name, _ = both_sign(two, tmp_path)
    assert west("agreement", "show", name, "--json").json["in_force"]
    assert east("agreement", "show", name, "--json").json["in_force"]
    assert propose(west, filed(west, tmp_path)).json["condition"] == "proposed"


def test_altered_agreement_is_refused_and_not_kept(two, tmp_path):
    west, east = two
    name = draft_terms(west, tmp_path).json["id"]
    file = tmp_path / "agreement.json"
    west("agreement", "export", name, file)
    carried = json.loads(file.read_text())
    carried["body"] = carried["body"].replace("TLP:AMBER", "TLP:RED")
    file.write_text(json.dumps(carried))
    ran = east("agreement", "import", file)
    assert ran.code == 2
    assert "Clause 3" in ran.err
    assert east("agreement", "show", "--json").json == []


def test_altered_signature_is_refused(two, tmp_path):
    west, east = two
    name = draft_terms(west, tmp_path).json["id"]
    west("agreement", "sign", name, "--text", open_text(west, name), login="commander")
    file = tmp_path / "agreement.json"
    west("agreement", "export", name, file)
    carried = json.loads(file.read_text())
    envelope = json.loads(carried["signatures"]["west"])
    envelope["signatures"][0]["sig"] = "A" * 86 + "=="
    carried["signatures"]["west"] = json.dumps(envelope)
    file.write_text(json.dumps(carried))
    assert east("agreement", "import", file).code == 7


def test_neighbour_unreachable_loses_nothing_and_says_what_to_do(two, tmp_path):
    west, _ = two
    draft_terms(west, tmp_path)
    ran = west("sync")
    assert ran.code == 5
    assert "Nothing was lost" in ran.err
    assert west("verify").code == 0


def test_exchange_by_memory_stick_and_altered_stick(two, tmp_path, monkeypatch):
    west, east = two
    name = draft_terms(west, tmp_path).json["id"]
    west("agreement", "sign", name, "--text", open_text(west, name), login="commander")
    stick = tmp_path / "stick.age"
    assert west("sync", "--to-file", stick).code == 0
    data = bytearray(stick.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "altered.age").write_bytes(bytes(data))
    assert east("sync", "--from-file", tmp_path / "altered.age").code == 2
    assert east("sync", "--from-file", stick, "--json").json["applied"] == 2
    again = east("sync", "--from-file", stick, "--json").json
    assert (again["applied"], {each["came"] for each in again["logs"]}) == (0, {"known"})
    assert "Nothing new: all of it was taken before" in east("sync", "--from-file", stick).out
    (tmp_path / "cut.age").write_bytes(stick.read_bytes()[:1000])
    cut = east("sync", "--from-file", tmp_path / "cut.age")
    assert (cut.code, f"cut.age is cut off at 1000 bytes; it was written with {stick.stat().st_size}." in cut.err) == (2, True)
    monkeypatch.setenv("HAMSAYA_LANGUAGE", "fa")
    assert "چیز تازه‌ای نیست" in east("sync", "--from-file", stick).out
    assert "بریده شده است" in east("sync", "--from-file", tmp_path / "cut.age").err
    assert east("agreement", "show", name, "--json").json["signed_by"] == ["west"]


def test_stick_for_another_node_is_refused(two, tmp_path):
    west, _ = two
    draft_terms(west, tmp_path)
    stick = tmp_path / "stick.age"
    west("sync", "--to-file", stick)
    assert west("sync", "--from-file", stick).code == 2


def test_port_in_use_is_named(west):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        file = west.folder / "hamsaya.toml"
        file.write_text(file.read_text().replace("port = 8700", f"port = {taken.getsockname()[1]}"))
        ran = west("serve")
    assert ran.code == 6
    assert "desk cannot listen" in ran.err


def test_full_disk_changes_nothing(west, tmp_path):
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT + b"Nothing else happened on that day at the line. " * 20_000)
    env = {**os.environ, "HAMSAYA_NODE": str(west.folder), "HAMSAYA_LOGIN": "duty", "HAMSAYA_PASSWORD": west.passwords["duty"]}
    limit = 256 * 1024
    ran = subprocess.run(
        [sys.executable, "-m", "hamsaya", "document", "add", str(file), "--own"], env=env, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    assert ran.returncode == 6, ran.stderr
    assert "Nothing was changed" in ran.stderr
    assert "Traceback" not in ran.stderr
    untouched(west)
    assert add(west, file).code == 0


def test_clock_a_day_behind_warns_and_keeps_the_order_of_acts(west, tmp_path, monkeypatch):
    from datetime import UTC, datetime, timedelta

    from hamsaya.assemble import node as assembled

    monkeypatch.setattr(assembled, "utc_now", lambda: datetime.now(UTC) - timedelta(days=1))
    file = tmp_path / "report.txt"
    file.write_bytes(REPORT)
    ran = add(west, file)
    assert ran.code == 0
    assert "Warning: this machine's clock" in ran.err
    assert west("verify").code == 0


@pytest.mark.parametrize("words", [["inbox", "--ack", "nonsense"], ["draft", "show", "D-none"], ["record", "show", "x"], ["release", "show", "x"],
                                   ["incident", "show", "x"], ["agreement", "show", "x"], ["sync", "nobody"]])  # fmt: skip
def test_unknown_names_are_told(west, words):
    ran = west(*words)
    assert ran.code == 2
    assert ran.err.startswith("hamsaya: ")
    assert "Traceback" not in ran.err


def test_error_as_json(west):
    ran = west("record", "show", "x", "--json")
    assert ran.code == 2
    assert ran.json["error"] == "not-found"
    assert ran.json["hint"]
