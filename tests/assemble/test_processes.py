# SPDX-License-Identifier: Apache-2.0
"""Several processes behind one desk: they share logins, one that dies is replaced, and none is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from hamsaya.demo.nodes import DemoNode

pytestmark = [pytest.mark.live, pytest.mark.postgresql]


def children(pid: int) -> set[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return {int(each) for each in found.read_text().split()} if found.exists() else set()


def alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(seen, seconds=40.0):
    until = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


@pytest.fixture
def served(tmp_path, cluster):
    """Serve a node on PostgreSQL with two processes."""
    officers = [{"login": "duty", "role": "officer", "language": "en", "office": "Duty Officer"}]
    node = DemoNode(tmp_path / "west" / "node", {"officers": officers, "party": "west"})
    node.run(
        "init", str(node.folder), "--party", "west", "--country", "IR", "--zone", "UTC", "--name", "en=West", "--store", cluster.schema(),
        "--desk-port", str(node.desk_port), "--gate-port", str(node.gate_port), "--exercise",
    )  # fmt: skip
    roster = tmp_path / "officers.toml"
    roster.write_text('[[officers]]\nlogin = "duty"\nrole = "officer"\nlanguage = "en"\noffice = "Duty Officer"\n')
    node.passwords = {each["login"]: each["password"] for each in node.run("user", "add", "--from", str(roster))}
    settings = node.folder / "hamsaya.toml"
    settings.write_text(settings.read_text().replace("processes = 1", "processes = 2"))
    try:
        node.serve()
        node.wait()
        yield node
    finally:
        started = children(node.pid) if node.pid else set()
        node.stop()
        for pid in started:
            if alive(pid):
                os.kill(pid, signal.SIGKILL)


def ask(node, cookies):
    return httpx.get(f"{node.desk}/inbox", cookies=cookies, headers={"accept": "application/json"}, timeout=30).status_code


def test_processes_share_logins_are_replaced_and_stop_together(served):
    first = wait_for(lambda: found if len(found := children(served.pid)) == 2 else None)
    answer = httpx.post(f"{served.desk}/login", data={"login": "duty", "password": served.passwords["duty"]}, timeout=30)
    cookies = dict(answer.cookies)
    assert [ask(served, cookies) for _ in range(20)] == [200] * 20
    gone = min(first)
    os.kill(gone, signal.SIGKILL)
    assert [ask(served, cookies) for _ in range(5)] == [200] * 5
    second = wait_for(lambda: found if len(found := children(served.pid)) == 2 and gone not in found else None)
    os.kill(max(first), signal.SIGSTOP)  # now only the new one can answer
    try:
        assert wait_for(lambda: ask(served, cookies)) == 200
    finally:
        os.kill(max(first), signal.SIGCONT)
    served.stop()
    assert not any(alive(pid) for pid in first | second)


def test_processes_stop_when_the_one_that_started_them_is_killed(served):
    started = wait_for(lambda: found if len(found := children(served.pid)) == 2 else None)
    os.kill(served.pid, signal.SIGKILL)
    wait_for(lambda: not any(alive(pid) for pid in started))


def test_several_processes_on_a_file_are_refused_with_the_reason(tmp_path):
    node = tmp_path / "west"
    command = [sys.executable, "-m", "hamsaya"]
    made = [*command, "init", str(node), "--party", "west", "--country", "IR", "--zone", "UTC", "--name", "en=West"]
    assert subprocess.run(made, check=False, capture_output=True).returncode == 0
    settings = node / "hamsaya.toml"
    settings.write_text(settings.read_text().replace("processes = 1", "processes = 2"))
    done = subprocess.run([*command, "serve", "--node", str(node)], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr
