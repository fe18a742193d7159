# SPDX-License-Identifier: Apache-2.0
"""Running the command line in this process, on nodes made with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hamsaya.cli import main, say_out

NOBODY = "127.0.0.1:1"
"""An address at which nothing listens: the port that a node has by itself may be another test's, or a node's of this machine."""


@dataclass
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def open_text(node: Made, agreement: str) -> str:
    """Return the hash of the text that can be signed, or else of the one that is shown."""
    told = node("agreement", "show", agreement, "--json").json
    return next((each["hash"] for each in told["texts"] if each["open"]), told["hash"])


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    def ran(*words: object, node: Path | None = None, login: str = "", password: str = "") -> Ran:
        monkeypatch.setattr("sys.argv", ["hamsaya", *map(str, words)])
        monkeypatch.setattr(say_out, "_json_wanted", False)
        for name, value in (("HAMSAYA_NODE", str(node) if node else ""), ("HAMSAYA_LOGIN", login), ("HAMSAYA_PASSWORD", password)):
            monkeypatch.setenv(name, value) if value else monkeypatch.delenv(name, raising=False)
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return ran


@dataclass
class Made:
    """A node that was made with `init` and `user add`."""

    folder: Path
    fingerprint: str
    passwords: dict[str, str]
    run: Callable[..., Ran]

    def __call__(self, *words: object, login: str = "") -> Ran:
        return self.run(*words, node=self.folder, login=login, password=self.passwords.get(login, ""))


def make(run: Callable[..., Ran], folder: Path, party: str, country: str) -> Made:
    words = ("--party", party, "--country", country, "--zone", "UTC", "--name", f"en={party}", "--address", NOBODY)
    made = run("init", folder, *words, "--json").json
    roster = folder.with_suffix(".toml")
    roster.write_text(
        "".join(
            f'[[officers]]\nlogin = "{login}"\noffice = "{login} office"\nrole = "{role}"\n'
            for login, role in (("duty", "officer"), ("approver", "approver"), ("commander", "commander"))
        )
    )
    added = run("user", "add", "--from", roster, "--json", node=folder).json
    return Made(folder, made["fingerprint"], {each["login"]: each["password"] for each in added}, run)


@pytest.fixture
def west(run: Callable[..., Ran], tmp_path: Path) -> Made:
    return make(run, tmp_path / "west", "west", "IR")


@pytest.fixture
def two(run: Callable[..., Ran], tmp_path: Path) -> tuple[Made, Made]:
    """Two nodes that trust each other, not served."""
    one, other = make(run, tmp_path / "west", "west", "IR"), make(run, tmp_path / "east", "east", "PK")
    assert one("party", "trust", other.folder / "east.card", "--fingerprint", other.fingerprint).code == 0
    assert other("party", "trust", one.folder / "west.card", "--fingerprint", one.fingerprint.lower().replace("-", " ")).code == 0
    return one, other
