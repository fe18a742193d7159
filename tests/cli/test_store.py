# SPDX-License-Identifier: Apache-2.0
"""A node on PostgreSQL by the command line: made there, carried there and back, and what it says when something is wrong."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta

import pytest

from hamsaya.assemble import moving
from hamsaya.assemble.node import open_node
from hamsaya.assemble.serving import _serving
from hamsaya.facts.errors import OperatorError
from hamsaya.facts.words import say
from hamsaya.ledger import postgresql

pytestmark = pytest.mark.postgresql
REPORT = "Report of the duty office.\nDate: 12 November 2026\n\nOn 12 November 2026 at 09:30, smugglers fired at a patrol near {place}.\n"
WORDS = ("--party", "west", "--country", "IR", "--zone", "UTC", "--name", "en=West")


def settings(made) -> dict:
    return tomllib.loads((made.folder / "hamsaya.toml").read_text())


def add(made, place: str) -> None:
    file = made.folder.parent / f"{place}.txt"
    file.write_text(REPORT.format(place=place))
    added = made("document", "add", file, "--own", login="duty")
    assert added.code == 0, added.err


def test_a_node_is_carried_to_postgresql_and_back_and_works_all_the_time(west, cluster):
    add(west, "Mirjaveh")
    file = west.folder / "hamsaya.toml"
    file.write_text(file.read_text().replace("# Where keys and ledger lie", "# Ask Karim before you change this.\n# Where keys and ledger lie"))
    before = west("verify", "--json").json
    address = cluster.schema()
    moved = west("store", "move", "--to", address, "--json").json
    assert moved["old_closed"]
    assert moved["carried"]["logs"] == before["logs"]
    assert settings(west)["store"] == address
    assert "# Ask Karim" in file.read_text()
    assert west("verify", "--json").json == before
    add(west, "Zahedan")
    assert (west.folder / "ledger.db").exists()
    back = west("store", "move", "--to", "again.db", "--json").json
    assert settings(west)["store"] == ""
    assert settings(west)["ledger"] == "again.db"
    assert back["carried"]["logs"]["journal/west"] == before["logs"]["journal/west"] + 1
    add(west, "Taftan")
    assert west("verify").code == 0


def test_the_old_place_is_not_written_to_again(west, cluster):
    address = cluster.schema()
    assert west("store", "move", "--to", address).code == 0
    file = west.folder / "hamsaya.toml"
    file.write_text(file.read_text().replace(f'store = "{address}"', 'store = ""'))
    refused = west("document", "list")
    assert refused.code == 6
    assert "was carried to postgresql://" in refused.err
    assert "search_path" not in refused.err


def test_a_served_node_is_not_carried_and_one_that_is_carried_is_not_served(west, cluster):
    address = cluster.schema()
    with open_node(west.folder) as opened:
        with _serving(opened):
            refused = west("store", "move", "--to", address, "--json")
            assert (refused.code, refused.json["rule"]) == (3, "serving")
            assert west("store", "rebuild").code == 3
        with moving.nobody_serves(opened), pytest.raises(OperatorError, match="being carried"), _serving(opened):
            pass
        with opened.store.working() as work:  # one that was killed, a minute ago
            work.take_lease("serving/gone", "gone", datetime.now(UTC), datetime.now(UTC) - timedelta(seconds=1))
    assert west("store", "move", "--to", address).code == 0


@pytest.mark.parametrize("to", ["ledger.db", "hamsaya.toml", "keys", "", "west.card", "./ledger.db", "postgresql://["])
def test_a_place_that_cannot_be_is_refused_and_nothing_is_changed(west, to):
    before = {file: file.read_bytes() for file in west.folder.rglob("*") if file.is_file() and not file.name.startswith("ledger")}
    assert west("store", "move", "--to", to).code in (2, 3)
    assert {file: file.read_bytes() for file in before} == before
    add(west, "Mirjaveh")
    assert west("verify").code == 0


def test_settings_that_cannot_be_written_leave_the_node_where_it_was(west, cluster, monkeypatch):
    def full(*_):
        raise OperatorError(say("hamsaya.toml cannot be written: no space"))

    for address in (cluster.schema(), "other.db"):
        with monkeypatch.context() as patch:
            patch.setattr(moving, "replace_settings", full)
            assert west("store", "move", "--to", address).code == 6
        assert settings(west)["store"] == ""
        add(west, "Mirjaveh" if "/" in address else "Zahedan")
        assert not (west.folder / "other.db").exists()
        assert west("store", "move", "--to", address).code == 0
        west("store", "move", "--to", f"back{len(address)}.db")


def test_a_move_that_is_killed_before_the_settings_is_done_by_moving_again(west, cluster, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    address = cluster.schema()
    before = west("verify", "--json").json
    with monkeypatch.context() as patch:
        patch.setattr(moving, "replace_settings", killed)
        patch.setattr(moving.Store, "wipe", lambda _: None)  # killed: nothing tidies up
        with pytest.raises(Killed):
            moving.move_node(west.folder, address)
    assert settings(west)["store"] == ""
    assert west("store", "move", "--to", address).code == 0
    assert settings(west)["store"] == address
    assert west("verify", "--json").json == before


@pytest.mark.parametrize("exercise", [True, False])
def test_the_exercise_mark_goes_with_the_node(run, cluster, tmp_path, exercise):
    folder = tmp_path / "marked"
    assert run("init", folder, *WORDS, *(["--exercise"] if exercise else [])).code == 0
    assert run("store", "move", "--to", cluster.schema(), "--node", folder).code == 0
    with open_node(folder) as opened:
        assert opened.node.exercise is exercise
        assert opened.settings.exercise is exercise
    assert ("EXERCISE" in run("verify", "--node", folder).out) is exercise


def test_a_node_is_made_in_a_database_once(run, cluster, tmp_path):
    address = cluster.schema()
    assert run("init", tmp_path / "west", *WORDS, "--store", address).code == 0
    assert run("verify", node=tmp_path / "west").code == 0
    assert not (tmp_path / "west" / "ledger.db").exists()
    second = run("init", tmp_path / "north", *WORDS[2:], "--party", "north", "--store", address)
    assert second.code == 3
    assert "holds the node of west already" in second.err
    assert not (tmp_path / "north").exists()
    (tmp_path / "occupied").mkdir()
    (tmp_path / "occupied" / "x").touch()
    assert run("init", tmp_path / "occupied", *WORDS, "--store", cluster.schema()).code == 3


def test_a_node_that_came_to_nothing_leaves_the_database_empty(run, cluster, tmp_path, monkeypatch):
    address = cluster.schema()

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.rename", full)
        assert run("init", tmp_path / "west", *WORDS, "--store", address).code == 6
    assert run("init", tmp_path / "west", *WORDS, "--store", address).code == 0


def test_anothers_database_is_not_opened(run, west, cluster, tmp_path):
    address = cluster.schema()
    assert run("init", tmp_path / "north", *WORDS[2:], "--party", "north", "--store", address).code == 0
    file = west.folder / "hamsaya.toml"
    file.write_text(file.read_text().replace('store = ""', f'store = "{address}"'))
    refused = west("document", "list")
    assert refused.code == 6
    assert "holds the node of north, not of west" in refused.err


def test_a_wrong_password_is_told_and_never_printed(run, cluster, tmp_path):
    cluster.do("CREATE ROLE locked LOGIN PASSWORD 'right'")
    for address in (cluster.address(user="locked", password="hunter2"), cluster.address(user="locked").replace("///", "//locked:hunter2@/")):
        refused = run("init", tmp_path / "west", *WORDS, "--store", address, "--json")
        assert refused.code == 6
        assert "password authentication failed" in refused.json["what"]
        assert "hunter2" not in refused.out + refused.err
    assert not (tmp_path / "west").exists()
    assert run("init", tmp_path / "west", *WORDS, "--store", "postgresql://locked:hunter2@/x?nonsense=1").code == 2
    assert "hunter2" not in run("init", tmp_path / "west", *WORDS, "--store", "postgresql://locked:hunter2@/x?nonsense=1").err


@pytest.mark.parametrize("address", ["postgresql:///x?host=/nowhere", "postgresql://127.0.0.1:1/x?connect_timeout=2"])
def test_a_server_that_is_not_there_is_told_with_the_setting_to_look_at(run, tmp_path, address):
    refused = run("init", tmp_path / "west", *WORDS, "--store", address, "--json")
    assert refused.code == 6
    assert "cannot be reached" in refused.json["what"]
    assert "`store`" in refused.json["hint"]
    assert not (tmp_path / "west").exists()


def test_a_database_that_is_missing_or_not_in_utf8_is_refused_with_the_command_that_helps(run, cluster, tmp_path):
    missing = run("init", tmp_path / "west", *WORDS, "--store", cluster.address("missing"), "--json")
    assert missing.code == 6
    assert "does not exist" in missing.json["what"]
    cluster.do("CREATE DATABASE old TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    refused = run("init", tmp_path / "west", *WORDS, "--store", cluster.address("old"), "--json")
    assert refused.code == 6
    assert "LATIN1" in refused.json["what"]
    assert "--encoding=UTF8" in refused.json["hint"]


def test_a_database_of_another_collation_sorts_by_bytes_all_the_same(west, cluster):
    cluster.do("CREATE DATABASE persian TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'fa' LOCALE 'C'")
    for login in ("ali", "al-i", "al.i", "al_i", "al0", "b"):
        assert west("user", "add", login, "--office", "o", "--role", "officer").code == 0
    before = west("user", "list", "--json").json
    assert west("store", "move", "--to", cluster.address("persian")).code == 0
    assert west("user", "list", "--json").json == before
    assert west("verify").code == 0


def test_without_the_driver_the_way_to_install_it_is_told(run, cluster, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "psycopg", None)
    refused = run("init", tmp_path / "west", *WORDS, "--store", cluster.address(), "--json")
    assert refused.code == 6
    assert "hamsaya[postgresql]" in refused.json["hint"]
    assert postgresql.shown_address("postgresql://a:b@c/d") == "postgresql://…"


def test_a_backup_of_a_node_on_postgresql_is_restored_into_a_file(west, cluster, run, tmp_path, monkeypatch):
    assert west("store", "move", "--to", cluster.schema()).code == 0
    add(west, "Mirjaveh")
    monkeypatch.setenv("HAMSAYA_BACKUP_PASSPHRASE", "several words that are long enough")
    assert west("backup", tmp_path / "west.age").code == 0
    assert run("restore", tmp_path / "west.age", tmp_path / "again", "--nothing-sent-since").code == 0
    assert tomllib.loads((tmp_path / "again" / "hamsaya.toml").read_text())["store"] == ""
    assert run("verify", node=tmp_path / "again").code == 0
    add(west, "Zahedan")
