# SPDX-License-Identifier: Apache-2.0
"""What every page of the desk is given and gives back, and what a route is.

A page is a function of the desk and the visit. It reads or calls a verb of the desk room, and returns either a page
to show or a place to go; both also carry the same facts as data for a caller that asked for JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec
from anyio import CapacityLimiter

from hamsaya.desk.holdings import OPERATOR, Officer
from hamsaya.desk.ports import Node
from hamsaya.facts.words import Language
from hamsaya.web.form import MAX_FIELDS, SMALL_BYTES, Form
from hamsaya.web.passkeys import Challenges
from hamsaya.web.session import Attempts, Session, Sessions


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page to show: the template, the struct it receives as `view`, and the same as data."""

    template: str
    view: msgspec.Struct
    data: Mapping[str, object] | Callable[[], Mapping[str, object]]
    """A function where it takes long to make: then it is called only for those who asked for JSON."""
    status: int = 200


class Go(msgspec.Struct, frozen=True, kw_only=True):
    """A place to go after something was done. `cookie` sets the session's cookie, or deletes it when empty."""

    to: str
    data: Mapping[str, object]
    cookie: str | None = None


class Download(msgspec.Struct, frozen=True, kw_only=True):
    """A file to save. It says of itself what it may load and run."""

    name: str
    media_type: str
    content: bytes
    data: Mapping[str, object]


Answer = Page | Go | Download


@dataclass(frozen=True)
class Visit:
    """One request, after it was admitted. `officer` is the node's operator, who may nothing here, when nobody is logged in."""

    language: Language
    now: datetime
    address: str
    session: Session | None = None
    locked: Session | None = None
    """The session in its place where it is locked: then there is nobody who acts."""
    host: str = ""
    """The name and port under which the desk was asked, already found to be one of its own."""
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    """What stands behind the question mark of the address; of a name that stands there twice, the last value."""
    form: Form = field(default_factory=Form)

    @property
    def officer(self) -> Officer:
        """Return who acts."""
        return self.session.officer if self.session else OPERATOR


@dataclass(frozen=True)
class Desk:
    """The application's parts. `on_logged` is told the neighbour for whom something was logged."""

    node: Node
    sessions: Sessions
    attempts: Attempts
    on_logged: Callable[[str], None]
    hosts: frozenset[str]
    """The names under which the desk answers; any where it is empty."""
    logins: CapacityLimiter
    """At most two passwords are hashed at once: each takes 64 MiB."""
    challenges: Challenges
    """What passkeys were asked and have not answered yet."""
    lock_after_s: int = 0
    """After how many seconds without input a page covers itself; 0 for never."""


Act = Callable[[Desk, Visit], Answer]


@dataclass(frozen=True)
class Route:
    """One route.

    `verb` is the right it needs, a key of `desk.roles.VERBS`; empty: any officer who is logged in; None: nobody need be.
    """

    method: Literal["GET", "POST"]
    path: str
    verb: str | None
    act: Act
    max_bytes: int = SMALL_BYTES
    max_fields: int = MAX_FIELDS
    hashes: bool = False
    """True where a password is hashed."""
    harmless: bool = False
    """True for a POST that changes nothing and only shows what was sent: it needs no token of the session."""
    also_locked: bool = False
    """True where a session that is locked may ask as well."""
    keeps: str = ""
    """Where a POST of an officer whose session has ended can be shown again after login; without it only the login page comes."""
