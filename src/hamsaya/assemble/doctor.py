# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a node in a folder, and what to do: as far as it can be told, however broken the node is.

 1. The folder and its settings. 2. The disk. 3. The keys, and who can read them. 4. The TLS certificate. 5. The ledger opens,
 is this node's, and its logs fit their signed heads (`deep`: every stored byte). 6. What the ledger tells (`desk/health.py`).
 7. The ports.

Each step goes as far as those before it let it. No step can end the others, and none changes anything but for one file of a
few bytes that tries the disk.
"""

from __future__ import annotations

import os
import shutil
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Final

import httpx
import msgspec

from hamsaya.assemble.keyring import KEY_FILES, TLS_CERT, Keyring, read_keyring
from hamsaya.assemble.node import Opened, check_own_card, open_parts, utc_now
from hamsaya.assemble.settings import Listen, Settings, read_settings
from hamsaya.desk.finding import Finding, fault, note, warning
from hamsaya.desk.health import certificate_finding, check_book, worst_first
from hamsaya.desk.parties import own_party
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import say
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.entries import check_checkpoint

LEAST_FREE: Final = 256 * 1024 * 1024
LOW_FREE: Final = 2 * 1024 * 1024 * 1024
OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_PROBE: Final = ".doctor"


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, the worst first. `well` is true where nothing is a fault or a warning."""

    party: str
    at: datetime
    deep: bool
    findings: list[Finding]

    @property
    def well(self) -> bool:
        """Say whether nobody need do anything."""
        return all(finding.severity == "note" for finding in self.findings)


def examine(folder: Path, *, deep: bool = False, now: Callable[[], datetime] = utc_now) -> Examined:
    """Return what is wrong with the node in `folder`. Raises nothing."""
    patient = _Patient(folder, now)
    for step in (patient.settings_step, patient.disk, patient.keys_step, patient.certificate, patient.ledger):
        patient.guarded(step)
    if patient.opened is not None:
        try:
            for step in (patient.integrity_deep if deep else patient.integrity, patient.book):
                patient.guarded(step)
        finally:
            patient.opened.store.close()
    patient.guarded(patient.ports)
    return Examined(party=patient.settings.party if patient.settings else "", at=now(), deep=deep, findings=worst_first(patient.findings))


class _Patient:
    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self.folder, self.now = folder, now
        self.findings: list[Finding] = []
        self.settings: Settings | None = None
        self.keys: Keyring | None = None
        self.opened: Opened | None = None

    def guarded(self, step: Callable[[], Iterator[Finding]]) -> None:
        """Run a step; what it raises is a finding too."""
        try:
            self.findings.extend(step())
        except HamsayaError as error:
            if all(finding.what != error.what for finding in self.findings):  # two steps can meet the same damage
                self.findings.append(fault("ledger" if self.opened else error.code, error.what, error.hint or _RESTORE))
        except Exception as error:  # noqa: BLE001  (a broken node can make a check fail in any way: that is the finding)
            self.findings.append(fault("check-failed", say("A check could not be made: {why}", why=_why(error)), _VERIFY))

    def settings_step(self) -> Iterator[Finding]:  # 1
        with _named("settings", self.findings):
            self.settings = read_settings(self.folder)
            yield from self._settings(self.settings)

    def _settings(self, settings: Settings) -> Iterator[Finding]:
        host = settings.desk.host
        if not _is_loopback(host):
            yield warning(
                "desk-open",
                say("The desk listens on {host}, without encryption of its own.", host=host),
                say("Let it listen on 127.0.0.1, and put your own TLS in front of it."),
            )
        mode = stat.S_IMODE(self.folder.stat().st_mode)
        if mode & OTHERS:
            yield warning(
                "folder-open",
                say("Others on this machine can enter {folder} (mode {mode}).", folder=self.folder, mode=f"{mode:o}"),
                say("Run `chmod 700` on it."),
            )

    def disk(self) -> Iterator[Finding]:  # 2
        if not self.folder.is_dir():
            return
        free = shutil.disk_usage(self.folder).free
        size = sum(path.stat().st_size for path in self.folder.glob(f"{self.settings.ledger}*")) if self.settings else 0
        shown = {"free": free // (1024 * 1024), "size": size // (1024 * 1024)}
        what, then = (
            say("{free} MiB are free on the disk; the ledger has {size} MiB.", **shown),
            say("Free space, or move the node to a larger disk."),
        )
        if free < max(LEAST_FREE, size // 4):
            yield fault("disk-full", what, then)
        elif free < max(LOW_FREE, size):
            yield warning("disk-low", what, then)
        probe = self.folder / f"{_PROBE}-{os.getpid()}"
        try:
            with probe.open("xb") as file:
                file.write(b"hamsaya")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            yield fault(
                "disk-unwritable",
                say("Nothing can be written in {folder}: {why}", folder=self.folder, why=_why(error)),
                say("Run as the node's own user; check the disk and that it is not mounted read-only."),
            )
        finally:
            probe.unlink(missing_ok=True)

    def keys_step(self) -> Iterator[Finding]:  # 3
        if self.settings is None:
            return
        folder = self.folder / self.settings.keys
        for path in (folder / name for name in KEY_FILES if name != TLS_CERT):
            if path.exists() and stat.S_IMODE(path.stat().st_mode) & OTHERS:
                yield fault(
                    "key-open",
                    say(
                        "Others on this machine can read the key {name} (mode {mode}).", name=path.name, mode=f"{stat.S_IMODE(path.stat().st_mode):o}"
                    ),
                    say("Run `chmod 600` on it, and ask who read it."),
                )
        with _named("keys", self.findings):
            self.keys = read_keyring(folder)

    def certificate(self) -> Iterator[Finding]:  # 4
        if self.keys is not None:
            found = certificate_finding(
                self.keys.tls_cert.read_text("ascii", "replace"),
                say("The TLS certificate of this node"),
                say("Renewing it needs a new card that each neighbour trusts again: agree on a day with them."),
                self.now(),
                "certificate",
            )
            if found is not None:
                yield found

    def ledger(self) -> Iterator[Finding]:  # 5
        if self.settings is None or self.keys is None:
            return
        path = self.folder / self.settings.ledger
        with _named("ledger", self.findings):
            opened = open_parts(self.folder, self.settings, self.keys, now=self.now)
            if opened.store.path is not None and not path.is_file():
                yield fault("ledger", say("The ledger {name} is missing from {folder}.", name=path.name, folder=self.folder), _RESTORE)
                return
            try:
                opened.store.check()
                check_own_card(opened)
                self.opened = opened
            finally:
                if self.opened is None:
                    opened.store.close()

    def integrity(self) -> Iterator[Finding]:
        assert self.opened is not None  # noqa: S101  (narrows for the type checker)
        store = self.opened.store
        with store.reading() as book:
            keys = {party.card.party: book.key_line(party.card.party) for party in book.parties()}
            own = own_party(book).card
            for log, size in book.logs().items():
                name = parse_log(log)
                signed = book.checkpoint(log)
                if name is None or name.sender not in keys or (name.sender != own.party and not signed):
                    continue
                head = check_checkpoint(signed or b"", keys[name.sender], log)
                frontier = book.frontier(log)
                if name.sender == own.party and (head.size, head.root) != (size, frontier.root().hex() if frontier.size == size else ""):
                    yield fault("integrity", say("Log {log} does not add up to its signed checkpoint.", log=log), _VERIFY)
        if own.tls.strip() != self.opened.keys.tls_cert.read_text("ascii", "replace").strip():
            yield fault(
                "certificate",
                say("The TLS certificate in the keys folder is not the one on this node's card."),
                say("Put the certificate back from a backup: neighbours admit only the one on the card."),
            )

    def integrity_deep(self) -> Iterator[Finding]:
        assert self.opened is not None  # noqa: S101  (as above)
        yield from self.integrity()
        for each in verify_store(self.opened.store).faults[:20]:
            yield fault("integrity", say("{entry}: {what}", entry=each.entry, what=each.what), _VERIFY)

    def book(self) -> Iterator[Finding]:  # 6
        assert self.opened is not None  # noqa: S101  (as above)
        with self.opened.store.reading() as book:
            yield from check_book(self.opened.node, book)

    def ports(self) -> Iterator[Finding]:  # 7
        if self.settings is None:
            return
        serving = _party_at(self.settings.desk) == self.settings.party
        if not serving:
            yield note("not-serving", say("The node is not serving now."), say("Start it with `hamsaya serve`, or its service."))
        for which, listen in (("desk", self.settings.desk), ("gate", self.settings.gate)):
            why = "" if serving or not listen.port else _cannot_bind(listen)
            if why:
                yield fault(
                    "port-taken",
                    say("The {which} cannot listen on {host}:{port}: {why}", which=which, host=listen.host, port=listen.port, why=why),
                    say("Another program may hold the port: stop it, or set another [{which}] port in hamsaya.toml.", which=which),
                )


_VERIFY: Final = say("Run `hamsaya verify`, keep the folder as it is, and restore a backup beside it.")
_RESTORE: Final = say("Restore it from your backup.")


@contextmanager
def _named(code: str, findings: list[Finding]) -> Iterator[None]:
    """Make one of our errors a finding of this name."""
    try:
        yield
    except HamsayaError as error:
        findings.append(fault(code, error.what, error.hint or _RESTORE))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _party_at(desk: Listen) -> str:
    """Return the party whose desk answers at this port, or nothing."""
    if not desk.port:
        return ""
    try:
        answer = httpx.get(f"http://localhost:{desk.port}/health", headers={"accept": "application/json"}, timeout=3, trust_env=False)
        return str(answer.json().get("party", ""))
    except (httpx.HTTPError, ValueError, AttributeError):
        return ""


def _cannot_bind(listen: Listen) -> str:
    try:
        socket.create_server((listen.host, listen.port)).close()
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _why(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
