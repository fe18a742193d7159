# SPDX-License-Identifier: Apache-2.0
"""The one TOML file that configures a node. An unknown setting is an error, so that a typing mistake is not silence."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.facts.words import Language, say
from hamsaya.ledger.address import is_address

FILE: Final = "hamsaya.toml"
MOST_PROCESSES: Final = 64
_LEAST_RETRY_S: Final = 5
_MOST_RETRY_S: Final = 86_400
LATEST_LOCK_MIN: Final = 30
"""A session ends after half an hour without a request."""


class Listen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an application listens."""

    host: str = "127.0.0.1"
    port: int = 0


class DeskListen(Listen, frozen=True, forbid_unknown_fields=True):
    """Where the desk listens."""

    names: list[str] = []
    """Other names under which it is reached, such as that of your own TLS in front."""
    processes: int = 1
    """How many processes serve desk and gate; more than one only on PostgreSQL."""
    lock_after_min: int = 10
    """After how many minutes without input a page covers itself and asks for the password; 0: never."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file says. Each setting is described in the file that `init` writes."""

    party: str
    name: dict[Language, str]
    country: str
    languages: list[Language]
    zone: str
    exercise: bool = False
    desk: DeskListen = DeskListen(port=8700)
    gate: Listen = Listen(port=8701)
    address: str = ""
    sync_every_s: int = 30
    retry_most_s: int = 300
    keys: str = "keys"
    ledger: str = "ledger.db"
    store: str = ""
    """The address of the PostgreSQL database that holds the ledger; empty: the file `ledger` holds it."""

    def place(self, folder: Path) -> Path | str:
        """Return where the ledger is: the file, or the address of the database."""
        return self.store or folder / self.ledger

    def desk_hosts(self) -> list[str]:
        """Return the host names under which the desk answers; a page of another name may not be ours (DNS rebinding)."""
        return list(dict.fromkeys(["localhost", "127.0.0.1", self.desk.host, *self.desk.names]))


def read_settings(folder: Path) -> Settings:
    """Return the settings in `folder`. Raises `OperatorError` where there is no node, `InputError` for a bad file."""
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise OperatorError(
            say("There is no node in {folder}.", folder=folder.absolute()),
            say("`hamsaya init` makes one; give its folder with --node or in HAMSAYA_NODE."),
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise OperatorError(say("{file} cannot be read: {why}", file=path, why=error)) from error
    return parse_settings(text)


def parse_settings(text: str) -> Settings:
    """Return the settings that a file's text holds. Raises `InputError`."""
    try:
        settings = msgspec.convert(tomllib.loads(text), Settings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise InputError(say("{file}: {why}", file=FILE, why=error), say("docs/reference/settings.md lists every setting.")) from error
    check_settings(settings)
    return settings


def check_settings(settings: Settings) -> None:
    """Return if the values can be used together. Raises `InputError` naming the setting."""
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(say("zone: expected an IANA time zone such as Asia/Tehran; this came: {came}", came=settings.zone[:60] or "—")) from error
    if len(settings.country) != 2 or not settings.country.isascii() or not settings.country.isupper():
        raise InputError(say("country: expected two capital letters (ISO 3166-1), such as IR; this came: {came}", came=settings.country[:20] or "—"))
    if not settings.name or not settings.languages:
        raise InputError(say("name and languages must each hold at least one language of en, fa, ur."))
    for label, listen in (("desk", settings.desk), ("gate", settings.gate)):
        if not 0 <= listen.port <= 65_535:
            raise InputError(say("{which}.port: expected 0 to 65535; this came: {came}", which=label, came=listen.port))
    if settings.store and not is_address(settings.store):
        raise InputError(
            say("store: expected nothing, or an address such as postgresql:///hamsaya."),
            say("The name of the ledger's file is another setting: `ledger`."),
        )
    if not 1 <= settings.desk.processes <= MOST_PROCESSES:
        raise InputError(say("desk.processes: expected 1 to {most}; this came: {came}", most=MOST_PROCESSES, came=settings.desk.processes))
    if settings.desk.processes > 1 and not settings.store:
        raise InputError(
            say("desk.processes: several processes need a PostgreSQL store: a file has one writer, and they would wait for each other."),
            say("Set it to 1, or carry the node to PostgreSQL with `hamsaya store move`."),
        )
    if not 0 <= settings.desk.lock_after_min <= LATEST_LOCK_MIN:
        raise InputError(
            say("desk.lock_after_min: expected 0 (never) to {most} minutes; this came: {came}",
                most=LATEST_LOCK_MIN, came=settings.desk.lock_after_min)
        )  # fmt: skip
    if not _LEAST_RETRY_S <= settings.retry_most_s <= _MOST_RETRY_S:
        raise InputError(say("retry_most_s: expected {least} to {most} seconds; this came: {came}",
                             least=_LEAST_RETRY_S, most=_MOST_RETRY_S, came=settings.retry_most_s))  # fmt: skip
    if settings.sync_every_s < 0:
        raise InputError(say("sync_every_s: expected 0 (never by itself) or a number of seconds; this came: {came}", came=settings.sync_every_s))


def replace_settings(folder: Path, settings: Settings) -> None:
    """Put `settings` into the file: the lines of `store` and `ledger` only, so that what the operator wrote beside them stays.

    The file is changed whole or not at all. Raises `OperatorError` where it cannot be written.
    """
    path = folder / FILE
    try:
        text = path.read_text("utf-8")
        for name, value in (("ledger", settings.ledger), ("store", settings.store)):
            text = _with_line(text, name, f"{name} = {_quote(value)}")
        try:
            fits = parse_settings(text) == settings
        except InputError:
            fits = False
        part = path.with_name(f".{FILE}.part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, path.stat().st_mode & 0o777), "w", encoding="utf-8") as file:
            file.write(text if fits else write_settings(settings))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise OperatorError(say("{file} cannot be written: {why}", file=path, why=error.strerror or error)) from error


def _with_line(text: str, name: str, line: str) -> str:
    """Return the text with this line in place of the setting's, or before the first table where there is none."""
    head, bracket, tables = text.partition("\n[")
    changed, count = re.subn(rf"(?m)^[ \t]*{name}[ \t]*=.*$", lambda _: line, head, count=1)
    return (changed if count else f"{head.rstrip()}\n{line}\n") + bracket + tables


def write_settings(settings: Settings) -> str:
    """Return the commented file that `init` writes. Reading it back gives the same settings."""
    quoted = {code: _quote(name) for code, name in settings.name.items()}
    return _TEMPLATE.format(
        party=_quote(settings.party), names=", ".join(f"{code} = {name}" for code, name in quoted.items()), country=_quote(settings.country),
        languages=", ".join(_quote(code) for code in settings.languages), zone=_quote(settings.zone), exercise=str(settings.exercise).lower(),
        desk_host=_quote(settings.desk.host), desk_port=settings.desk.port, desk_names=", ".join(map(_quote, settings.desk.names)),
        gate_host=_quote(settings.gate.host), gate_port=settings.gate.port,
        address=_quote(settings.address), sync_every_s=settings.sync_every_s,
        retry_most_s=settings.retry_most_s, keys=_quote(settings.keys), ledger=_quote(settings.ledger),
        store=_quote(settings.store), processes=settings.desk.processes, lock_after_min=settings.desk.lock_after_min,
    )  # fmt: skip


def _quote(text: str) -> str:
    return msgspec.json.encode(text).decode()


_TEMPLATE: Final = """\
# This node's settings. Changes take effect when `hamsaya serve` starts again.

# The party's short name, as neighbours know it. It stands in every signed entry: never change it.
party = {party}
# Its name as officers read it, by language.
name = {{ {names} }}
# The state it belongs to, ISO 3166-1.
country = {country}
# The languages of its desk; the first is the default.
languages = [{languages}]
# The time zone in which its officers mean a local hour, IANA.
zone = {zone}
# An exercise node: watermarked everywhere, and never mixed with real ones. Never change it.
exercise = {exercise}
# Where the gate can be reached by neighbours, host:port. Empty: the gate's own host and port.
address = {address}
# How often the node talks with each neighbour by itself, in seconds. 0: only when told to.
sync_every_s = {sync_every_s}
# How rarely at most it calls a neighbour again after calls that failed, in seconds.
retry_most_s = {retry_most_s}
# Where keys and ledger lie, relative to this file. Keep keys on storage that only this node can read.
keys = {keys}
ledger = {ledger}
# Empty: the ledger is the encrypted file named above. Or the address of a PostgreSQL database, such as
# "postgresql:///hamsaya": then that file is not used. Keep passwords out of it (~/.pgpass). `hamsaya store move` changes it.
store = {store}

# The officers' desk. Passkeys and cookies need a host name without certificate errors: localhost, or your own TLS in front.
[desk]
host = {desk_host}
port = {desk_port}
# Other names under which it is reached, such as that of your own TLS in front of it.
names = [{desk_names}]
# How many processes serve desk and gate. More than one only on PostgreSQL.
processes = {processes}
# After how many minutes without input a page covers itself and asks for the password again, 0 to 30. 0: never.
lock_after_min = {lock_after_min}

# The gate: what neighbours may call. TLS 1.3 with pinned certificates of both sides.
[gate]
host = {gate_host}
port = {gate_port}
"""
