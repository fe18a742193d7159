# SPDX-License-Identifier: Apache-2.0
"""The units for systemd: what they name is there, what they run starts, answers, comes back after a kill and stops in time.

`docs/how-to/service.md` says when they were last run under systemd itself.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest

from hamsaya.assemble.backup import write_backup
from hamsaya.assemble.node import init_node, open_node
from hamsaya.assemble.settings import DeskListen, Listen, Settings
from hamsaya.courier.lockbox import Lock, new_identity
from hamsaya.demo.nodes import free_port

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "contrib/systemd"
PROGRAM = "/usr/local/bin/hamsaya"
STATE = "/var/lib/hamsaya"
BACKUPS = "/var/backups/hamsaya"


def told(name: str) -> dict[str, list[str]]:
    """Return what a unit says, by directive."""
    found: dict[str, list[str]] = {}
    for line in (UNITS / name).read_text("utf-8").splitlines():
        if "=" in line and not line.startswith(("#", ";")):
            directive, _, value = line.partition("=")
            found.setdefault(directive, []).append(value)
    return found


def commands() -> list[list[str]]:
    return [
        shlex.split(line)
        for unit in sorted(UNITS.glob("*.service"))
        for each in ("ExecStart", "ExecStartPost")
        for line in told(unit.name).get(each, [])
    ]


def node_at(folder: Path, *, exercise: bool, **listening: object) -> Path:
    init_node(folder, Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC", exercise=exercise, **listening))
    return folder


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_every_command_and_option_of_the_units_exists():
    ours = [words for words in commands() if words[0] == PROGRAM]
    assert len(ours) == 2
    for words in ours:
        command = [each for each in words[1:] if not each.startswith(("-", "/", "$"))]
        shown = subprocess.run(
            [sys.executable, "-m", "hamsaya", *command, "--help"], capture_output=True, text=True, env={**os.environ, "COLUMNS": "200"}, check=False
        )
        assert shown.returncode == 0, shown.stderr
        for option in (each for each in words if each.startswith("--")):
            assert option in shown.stdout, f"{command} has no {option}"
    assert [words[0] for words in commands() if words[0] != PROGRAM] == ["/usr/bin/find"]


def test_page_makes_every_user_folder_and_file_that_the_units_name():
    page = (ROOT / "docs/how-to/service.md").read_text("utf-8")
    backup = (ROOT / "docs/how-to/backup.md").read_text("utf-8")
    for unit in sorted(UNITS.glob("*.service")):
        said = told(unit.name)
        assert said["User"] == said["Group"] == ["hamsaya"]
        assert said["Environment"] == [f"HAMSAYA_NODE={STATE}/node"]
        for where in said["Documentation"]:
            assert (ROOT / "docs" / where.partition("/doc/hamsaya/")[2]).is_file(), where
    assert f"useradd --system --home-dir {STATE} " in page
    assert f"{STATE} {BACKUPS}\n" in page
    assert told("hamsaya-backup.service")["ReadWritePaths"] == [f"{STATE} {BACKUPS}"]
    assert told("hamsaya-backup.service")["EnvironmentFile"][0] in backup
    assert "PIPX_BIN_DIR=/usr/local/bin" in page  # a program in somebody's home is hidden from the service
    (installed,) = [shlex.split(line) for line in page.splitlines() if "contrib/systemd/" in line and line.startswith("sudo install")]
    named = {path.name for word in installed if word.startswith("contrib/") for path in ROOT.glob(word)}
    assert named == {path.name for path in UNITS.iterdir()}
    assert "-t /usr/local/share/doc/hamsaya/how-to docs/how-to/*.md" in page


@pytest.mark.parametrize("exercise", [False, True], ids=["real", "exercise"])
def test_backups_run_out_after_thirty_days_and_nothing_else_is_deleted(tmp_path, exercise):
    node = node_at(tmp_path / "node", exercise=exercise)
    made = tmp_path / "backups"
    made.mkdir()
    _, public = new_identity()
    with open_node(node) as opened:
        write_backup(opened, made, Lock(recipient=public))
    (old,) = made.iterdir()
    new = made / old.name.replace("T", "t", 1)
    new.write_bytes(b"x")
    other = made / "letter.age"
    other.write_bytes(b"x")
    for path, days in ((old, 31), (new, 29), (other, 400)):
        at = time.time() - timedelta(days=days).total_seconds()
        os.utime(path, (at, at))
    (find,) = [words for words in commands() if words[0] == "/usr/bin/find"]
    assert find[1] == BACKUPS
    subprocess.run([find[0], str(made), *find[2:]], check=True)
    assert sorted(path.name for path in made.iterdir()) == sorted([new.name, other.name])


@pytest.mark.live
def test_service_starts_answers_comes_back_after_a_kill_and_stops_in_time(tmp_path):
    desk, gate = free_port(), free_port()
    node = node_at(tmp_path / "node", exercise=True, desk=DeskListen(port=desk), gate=Listen(port=gate))
    said = told("hamsaya.service")
    (words,) = [shlex.split(each) for each in said["ExecStart"]]
    env = {name: value for name, value in os.environ.items() if not name.startswith("HAMSAYA_")} | {"HAMSAYA_NODE": str(node)}

    def start() -> subprocess.Popen[bytes]:
        served = subprocess.Popen(
            [sys.executable, "-m", "hamsaya", *words[1:]],
            env=env,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(600):
            assert served.poll() is None, served.returncode
            if answers(desk):
                return served
            time.sleep(0.1)
        raise AssertionError("it does not answer")

    served = start()
    served.kill()
    assert served.wait() == -signal.SIGKILL
    served = start()
    served.terminate()
    assert served.wait(timeout=int(said["TimeoutStopSec"][0])) == 0
