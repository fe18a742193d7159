# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about who may come in: officers, their passwords and passkeys."""

from __future__ import annotations

from typing import Final

from hamsaya.desk.event import Event


class OfficerAdded(Event, frozen=True, kw_only=True):
    """A login account. `password` is the argon2id hash."""

    login: str
    office: str
    role: str
    password: str
    language: str
    once: bool = False
    """True while the password is one that somebody else knows."""


class OfficerMoved(Event, frozen=True, kw_only=True):
    """An account got another office, role or language. Its sessions end."""

    login: str
    office: str
    role: str
    language: str


class OfficerStopped(Event, frozen=True, kw_only=True):
    """An account was disabled, or enabled again. Its sessions end."""

    login: str
    stopped: bool


class PasswordSet(Event, frozen=True, kw_only=True):
    """An account got another password: by its officer, or `once` by an administrator, which also takes its passkeys away."""

    login: str
    password: str
    once: bool = False


class SessionsEnded(Event, frozen=True, kw_only=True):
    """An officer logged out everywhere."""

    login: str


class PasskeyAdded(Event, frozen=True, kw_only=True):
    """An officer registered a passkey. `credential` and `public_key` are base64url; `host` is the desk's name for which it works."""

    login: str
    credential: str
    public_key: str
    name: str
    host: str
    count: int


class PasskeyUsed(Event, frozen=True, kw_only=True):
    """A passkey's signature counter went on."""

    credential: str
    count: int


class PasskeyRemoved(Event, frozen=True, kw_only=True):
    """An officer took a passkey away."""

    login: str
    credential: str


EVENTS: Final[dict[str, type[Event]]] = {
    "officer.added": OfficerAdded,
    "officer.moved": OfficerMoved,
    "officer.stopped": OfficerStopped,
    "password.set": PasswordSet,
    "sessions.ended": SessionsEnded,
    "passkey.added": PasskeyAdded,
    "passkey.used": PasskeyUsed,
    "passkey.removed": PasskeyRemoved,
}
"""Their lines of `desk.events.EVENTS`."""
