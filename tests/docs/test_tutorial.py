# SPDX-License-Identifier: Apache-2.0
"""The tutorials do what they say: their commands run as they stand, and its answers are those that came.

Ids, fingerprints and passwords of the page are its own. An id is another one in each run: where the page shows one for the first
time in an answer, the id that came there stands for it from then on.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.shells import Machine, our_command

FOLDER = Path(__file__).resolve().parents[2] / "docs/tutorial"
PAGES = ("first-incident.md", "settling-it.md")
"""In the order in which they are read; each goes on where the one before ends."""
ID = re.compile(r"(?:WEST|EAST)-[RIS]-[0-9A-Z]{6}")
STEP = re.compile(r"<!-- file: (west|east) (\S+) -->\n```text\n(.*?)```|```console\n(.*?)```", re.DOTALL)


def steps():
    """Give the page's files as (machine, name, text), and its commands as (machine, line, the answers shown)."""
    for found in STEP.finditer("".join((FOLDER / page).read_text("utf-8") for page in PAGES)):
        if found[1]:
            yield "file", found[1], found[2], found[3]
            continue
        commands: list[tuple[str, str, list[str]]] = []
        for line in found[4].splitlines():
            prompt = re.fullmatch(r"(west|east)\$ (.+)", line)
            if prompt:
                commands.append((prompt[1], prompt[2], []))
            else:
                commands[-1][2].append(line)
        yield from (("command", *each) for each in commands)


def pattern_of(line: str, ids: dict[str, str]) -> str:
    """Return what a line of the page asks of a printed line: columns may be wider, and a new id may be any."""
    parts = []
    for part in re.split(rf"(…|{ID.pattern}|\s+)", line.strip()):
        if ID.fullmatch(part):
            parts.append(re.escape(ids[part]) if part in ids else f"(?P<{part.replace('-', '_')}>{ID.pattern})")
        else:
            parts.append(".*" if part == "…" else r"\s+" if part.isspace() else re.escape(part))
    return "".join(parts)


@pytest.mark.live
def test_tutorial_leads_two_neighbours_to_both_accounts_of_one_incident(tmp_path):
    (tmp_path / "stick").mkdir()
    command = our_command(tmp_path / "bin")
    machines = {name: Machine(tmp_path / name, tmp_path / "stick", command) for name in ("west", "east")}
    ids: dict[str, str] = {}
    shown = 0
    try:
        for kind, name, what, text in steps():
            if kind == "file":
                (tmp_path / name / what).write_text(text, "utf-8")
                continue
            code, printed = machines[name].run(known(what, ids), typed(what, name, machines))
            assert code == 0, f"{name}$ {what}\n{printed}"
            rest = printed
            for line in text:
                found = re.search(rf"^\s*{pattern_of(line, ids)}\s*$", rest, re.MULTILINE)
                assert found, f"{name}$ {what}\nthe page says: {line}\nit printed:\n{printed}"
                ids |= {key.replace("_", "-"): value for key, value in found.groupdict().items()}
                rest = rest[found.end() :]
                shown += 1
    finally:
        for machine in machines.values():
            machine.stop()
    assert len(ids) >= 15
    assert shown >= 60


def known(line: str, ids: dict[str, str]) -> str:
    """Return a command with the ids that came instead of those that the page shows."""
    return ID.sub(lambda found: ids[found[0]], line)


def typed(line: str, name: str, machines: dict[str, Machine]) -> str:
    """Return what a reader types at a `read`: a fingerprint from the other terminal, the hash that both compared, a password from their own."""
    if not line.startswith("read "):
        return ""
    if line.endswith("FINGERPRINT"):
        other = {"west": "east", "east": "west"}[name]
        return re.search(r"fingerprint  (\S+)", machines[other].said)[1]
    if line.endswith("HASH"):
        return re.search(r"hash (\w{12})", machines["west"].said)[1]
    login = line.rsplit(maxsplit=1)[-1].lower()
    return re.search(rf"^{login} .*\n  password  (\S+)", machines[name].said, re.MULTILINE)[1]
