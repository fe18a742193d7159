# SPDX-License-Identifier: Apache-2.0
"""The page “from an empty machine to a signed agreement” does what it says: its commands are run as they stand."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/from-empty-machine.md"
PORTS = ("8700", "8701", "8710", "8711")
END = "--end of what it printed--"


class Machine:
    """A shell in a folder of its own. `said` is all that its commands printed."""

    def __init__(self, folder: Path, stick: Path, command: Path) -> None:
        folder.mkdir()
        (folder / "stick").symlink_to(stick)
        env = {name: value for name, value in os.environ.items() if not name.startswith("HAMSAYA_")}
        env |= {"HOME": str(folder), "PATH": f"{command}:{env['PATH']}", "HAMSAYA_LANGUAGE": "en"}
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.said = ""

    def run(self, line: str, typed: str = "") -> tuple[int, str]:
        """Run a line, type what it asks for, and return its exit code and what it printed."""
        self.shell.stdin.write(f"{line}\n{typed}{os.linesep if typed else ''}echo; echo '{END}' $?\n")
        self.shell.stdin.flush()
        printed = []
        for got in self.shell.stdout:
            if got.startswith(END):
                break
            printed.append(got)
        text = "".join(printed)
        self.said += text
        return int(got.removeprefix(END)), text

    def stop(self) -> None:
        self.shell.stdin.write("kill %1; wait %1; exit\n")
        self.shell.stdin.close()
        self.shell.wait(timeout=30)
        self.shell.stdout.close()


def commands() -> list[tuple[str, str]]:
    blocks = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    found = [re.fullmatch(r"(west|east)\$ (.+)", line) for line in lines]
    assert all(found), "each line names its machine"
    return [(match[1], match[2]) for match in found]


def free_ports(count: int) -> list[str]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [str(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.mark.live
def test_page_leads_from_nothing_to_an_agreement_in_force(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/hamsaya").write_text(f'#!/bin/sh\nexec {sys.executable} -m hamsaya "$@"\n')
    (tmp_path / "bin/hamsaya").chmod(0o755)
    (tmp_path / "stick").mkdir()
    ports = dict(zip(PORTS, free_ports(4), strict=True))
    machines = {name: Machine(tmp_path / f"{name}-machine", tmp_path / "stick", tmp_path / "bin") for name in ("west", "east")}
    other = {"west": "east", "east": "west"}
    told: dict[tuple[str, str], str] = {}
    try:
        for name, line in commands():
            command = re.sub(r"(?<=port )\d{4}", lambda found: ports[found[0]], line)
            typed = ""
            if "FINGERPRINT" in command and command.startswith("read"):
                typed = re.search(r"fingerprint  (\S+)", machines[other[name]].said)[1]
            elif command.startswith("read"):
                typed = re.search(r"commander .*\n  password  (\S+)", machines[name].said)[1]
            code, printed = machines[name].run(command, typed)
            assert code == 0 or command == "hamsaya doctor", f"{name}$ {command}\n{printed}"
            told[name, line] = printed
    finally:
        for machine in machines.values():
            machine.stop()
    for name in machines:
        assert "west-east-1: in force" in told[name, "hamsaya agreement show west-east-1"]
    assert "verified" in told["west", "hamsaya verify"]
    assert "verified" in told["west", "hamsaya backup check stick/west.age --key stick/backup.key"]
    left = told["west", "hamsaya doctor"]
    assert "Fault" not in left
    assert set(re.findall(r"^Warning +([a-z-]+)", left, re.MULTILINE)) <= {"disk-low"}  # that is this machine's, not the page's
