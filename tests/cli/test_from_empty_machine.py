# SPDX-License-Identifier: Apache-2.0
"""The page “from an empty machine to a signed agreement” does what it says: its commands are run as they stand."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from tests.shells import Machine, our_command

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/how-to/from-empty-machine.md"
PORTS = ("8700", "8701", "8710", "8711")


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
    our_command(tmp_path / "bin")
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
            elif "HASH" in command and command.startswith("read"):
                typed = re.search(r"hash (\w{12})", machines["west"].said)[1]
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
