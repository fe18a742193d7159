# SPDX-License-Identifier: Apache-2.0
"""One node of the demonstration: a folder, a server process, and the two public ways to it.

Knows the product only as its users do: the `hamsaya` command and the desk's HTTP. `prefix` is put before every
command of the node, so that a test can run each node in a world of its own.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import httpx

from hamsaya.facts.errors import HamsayaError, InputError, LinkError, OperatorError, Refused
from hamsaya.facts.words import say

READY_S: Final = 30
_LINES: Final = Path(__file__).parent / "lines"
_PORTS: Final = range(20_000, 32_000)
TRAVEL_S: Final = 30
COMMAND_S: Final = 120
_OFFICER: Final = """[[officers]]
login = "{login}"
office = "{office}"
role = "{role}"
language = "{language}"
"""
_FAMILIES: Final = {2: InputError, 3: Refused, 5: LinkError, 6: OperatorError}


class DemoNode:
    """A node's folder and its server, on loopback and free ports."""

    def __init__(self, folder: Path, setup: Mapping[str, Any], prefix: Sequence[str] = ()) -> None:
        """Take the folder to make, the party's part of the scenario, and what to put before every command."""
        self.folder, self.setup, self.party = folder, setup, str(setup["party"])
        self.desk_port, self.gate_port = free_port(), free_port()
        self.passwords: dict[str, str] = {}
        self.fingerprint, self.card = "", Path()
        self._prefix = list(prefix)
        self._server: subprocess.Popen[str] | None = None
        self._desks: dict[str, httpx.Client] = {}

    @property
    def desk(self) -> str:
        """Return the desk's address."""
        return f"http://localhost:{self.desk_port}"

    @property
    def gate(self) -> str:
        """Return the gate's address."""
        return f"https://127.0.0.1:{self.gate_port}"

    def run(self, *words: str, login: str = "", refused_is_fine: bool = False) -> Any:
        """Run `hamsaya WORDS --json` on this node and return what it printed. Raises our error of the same family."""
        env = {**os.environ, "HAMSAYA_NODE": str(self.folder), "HAMSAYA_LANGUAGE": "en"}
        env |= {"HAMSAYA_LOGIN": login, "HAMSAYA_PASSWORD": self.passwords[login]} if login else {}
        command = [*self._prefix, sys.executable, "-m", "hamsaya", *words, "--json"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=COMMAND_S, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
        if done.returncode and not (refused_is_fine and done.returncode == Refused.exit_code):
            lines = done.stderr.strip().splitlines() or [done.stdout.strip()[:300] or str(done.returncode)]
            message = say("{party}: hamsaya {words}: {why}", party=self.party, words=" ".join(words[:2]), why=lines[0].removeprefix("hamsaya: "))
            raise _FAMILIES.get(done.returncode, HamsayaError)(message)
        return json.loads(done.stdout)

    def make(self) -> None:
        """Make the node and its officers, and lay down the two invented lines as two parties would declare them."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        names = [word for code, name in self.setup["name"].items() for word in ("--name", f"{code}={name}")]
        made = self.run(
            "init", str(self.folder), "--party", self.party, "--country", self.setup["country"], "--zone", self.setup["zone"],
            "--languages", self.setup["languages"], "--desk-port", str(self.desk_port), "--gate-port", str(self.gate_port), "--exercise", *names,
        )  # fmt: skip
        shutil.copytree(_LINES, self.folder / "lines")
        self.fingerprint, self.card = made["fingerprint"], Path(made["card"])
        roster = self.folder.parent / "officers.toml"
        roster.write_text("\n".join(_OFFICER.format(**officer) for officer in self.setup["officers"]), "utf-8")
        self.passwords = {each["login"]: each["password"] for each in self.run("user", "add", "--from", str(roster))}

    def serve(self) -> None:
        """Start the server process; `wait` waits until it answers."""
        env = {**os.environ, "HAMSAYA_NODE": str(self.folder)}
        command = [*self._prefix, sys.executable, "-m", "hamsaya", "serve", "--json"]
        self._server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True)  # noqa: S603

    def wait(self) -> None:
        """Return when the desk answers. Raises `OperatorError` if it does not within `READY_S` seconds."""
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            if self._server is not None and self._server.poll() is not None:
                why = self._server.stderr.read().strip() if self._server.stderr else ""
                raise OperatorError(say("{party}: the server stopped: {why}", party=self.party, why=why or self._server.returncode))
            try:
                if httpx.get(f"{self.desk}/health", timeout=2).status_code == httpx.codes.OK:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise OperatorError(say("{party}: the desk did not answer within {seconds} s.", party=self.party, seconds=READY_S))

    def wait_for(self, what: str, seen: Callable[[], Any]) -> Any:
        """Return what `seen` returns once it is true, while couriers travel. Raises `OperatorError` naming `what` after `TRAVEL_S`."""
        until = time.monotonic() + TRAVEL_S
        while not (found := seen()):
            if time.monotonic() > until:
                raise OperatorError(say("{party}: expected within {seconds} s that {what}.", party=self.party, seconds=TRAVEL_S, what=what))
            time.sleep(0.05)
        return found

    @property
    def pid(self) -> int:
        """Return the server's process id."""
        return self._server.pid if self._server else 0

    def stop(self) -> None:
        """Stop the server and wait until it is gone."""
        for desk in self._desks.values():
            desk.close()
        self._desks.clear()
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
            if self._server.stderr:
                self._server.stderr.close()
            self._server = None

    def get(self, login: str, path: str) -> Any:
        """Return the JSON of a page of the desk, as that officer."""
        return _answer(self.party, self._as(login).get(path))

    def post(self, login: str, path: str, **form: str | list[str]) -> Any:
        """Send a form of the desk, as that officer, and return the JSON of its answer."""
        return _answer(self.party, self._as(login).post(path, data=form))

    def upload(self, login: str, file: Path | tuple[str, bytes], **form: str) -> Any:
        """Send a document to the desk, as that officer."""
        name, data = file if isinstance(file, tuple) else (file.name, file.read_bytes())
        return _answer(self.party, self._as(login).post("/documents", data=form, files={"file": (name, data, "text/plain")}))

    def _as(self, login: str) -> httpx.Client:
        if login not in self._desks:
            client = httpx.Client(base_url=self.desk, headers={"accept": "application/json", "origin": self.desk}, timeout=60)
            session = _answer(self.party, client.post("/login", data={"login": login, "password": self.passwords[login]}))
            client.headers["x-csrf"] = session["csrf"]
            self._desks[login] = client
        return self._desks[login]


def _answer(party: str, response: httpx.Response) -> Any:
    try:
        body = response.json()
    except ValueError:
        body = {}
    if response.is_success and body != {}:
        return body
    why = body.get("what", response.text[:200]) if isinstance(body, dict) else response.text[:200]
    raise HamsayaError(
        say(
            "{party}: {method} {path}: {why}",
            party=party,
            method=response.request.method,
            path=response.request.url.path,
            why=why or response.status_code,
        )
    )


def free_port() -> int:
    """Return a port of loopback that is free now, below those that the system hands to outgoing connections."""
    for _ in range(100):
        port = _PORTS.start + secrets.randbelow(len(_PORTS))
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OperatorError(say("No free port was found on this machine."))
