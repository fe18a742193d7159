# SPDX-License-Identifier: Apache-2.0
"""The accounts of this desk, for its administrator: add, change the post, disable, give a new password for once.

A password is made by the machine, shown in the one answer that sets it, and nowhere again. The page names offices:
nobody's own name is needed.
"""

from __future__ import annotations

import msgspec

from hamsaya.desk.holdings import Officer
from hamsaya.desk.logins import move_officer, reset_password, stop_officer
from hamsaya.desk.parties import add_officer
from hamsaya.desk.roles import ROLE_NAMES, ROLES
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import LANGUAGES, Text, say
from hamsaya.web.labels import label
from hamsaya.web.passphrase import make_password
from hamsaya.web.passwords import hash_password
from hamsaya.web.paths import path_to
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class OfficerRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account in the list. `own` is the reader's; no hash and no password is in it."""

    login: str
    office: str
    role: str
    role_name: Text
    language: str
    stopped: bool
    once: bool
    passkeys: int
    own: bool
    href: str


class OfficersView(msgspec.Struct, frozen=True, kw_only=True):
    """What officers.html receives. `given` is a login, `password` its password: shown in this one answer."""

    rows: list[OfficerRow]
    roles: dict[str, Text]
    languages: tuple[str, ...]
    given: str = ""
    password: str = ""


def list_officers(desk: Desk, visit: Visit) -> Answer:
    """List the accounts."""
    return _page(desk, visit)


def add(desk: Desk, visit: Visit) -> Answer:
    """Add an account; its password is in the answer, once."""
    form, password = visit.form, make_password()
    officer = add_officer(
        desk.node, login=form.text("login").strip(), office=form.text("office"), role=form.text("role"), language=form.text("language", "en"),
        password=password, hash_password=hash_password, by=visit.officer, once=True,
    )  # fmt: skip
    return _page(desk, visit, officer.login, password)


def reset(desk: Desk, visit: Visit) -> Answer:
    """Give an account a new password for once; its passkeys and sessions end."""
    _check_same(visit)
    password = make_password()
    officer = reset_password(desk.node, visit.officer, visit.params["login"], password=password, hash_password=hash_password)
    return _page(desk, visit, officer.login, password)


def move(desk: Desk, visit: Visit) -> Answer:
    """Change office, role and language of an account."""
    _check_same(visit)
    form = visit.form
    officer = move_officer(
        desk.node, visit.officer, visit.params["login"], office=form.text("office"), role=form.text("role"), language=form.text("language")
    )
    return _go(officer)


def disable(desk: Desk, visit: Visit) -> Answer:
    """Disable an account; its sessions end with the next request."""
    _check_same(visit)
    return _go(stop_officer(desk.node, visit.officer, visit.params["login"], stopped=True))


def enable(desk: Desk, visit: Visit) -> Answer:
    """Enable an account again."""
    _check_same(visit)
    return _go(stop_officer(desk.node, visit.officer, visit.params["login"], stopped=False))


def _check_same(visit: Visit) -> None:
    """Refuse a form that names another account than its address does: what was authorised is what is changed."""
    named = visit.form.text("login", visit.params["login"])
    if named != visit.params["login"]:
        raise InputError(say("The form is about another account than its address."), say("Load the page again, then send the form again."))


def _go(officer: Officer) -> Go:
    return Go(to="/officers", data={"login": officer.login, "office": officer.office, "role": officer.role, "stopped": officer.stopped})


def _page(desk: Desk, visit: Visit, given: str = "", password: str = "") -> Page:
    with desk.node.ledger.reading() as book:
        officers = book.officers()
        passkeys = [each.login for each in book.passkeys()]
    rows = [
        OfficerRow(
            login=each.login, office=each.office, role=each.role, role_name=label(ROLE_NAMES, each.role), language=each.language,
            stopped=each.stopped, once=each.once, passkeys=passkeys.count(each.login), own=each.login == visit.officer.login,
            href=path_to("officers", each.login),
        )
        for each in officers
    ]  # fmt: skip
    shown = ("login", "office", "role", "language", "stopped", "once", "passkeys")
    data: dict[str, object] = {"officers": [{name: getattr(row, name) for name in shown} for row in rows]}
    if given:
        data |= {"login": given, "password": password}
    view = OfficersView(rows=rows, roles={role: ROLE_NAMES[role] for role in ROLES}, languages=LANGUAGES, given=given, password=password)
    return Page(template="officers.html", view=view, data=data)


ROUTES = [
    Route("GET", "/officers", "configure", list_officers),
    Route("POST", "/officers", "configure", add, hashes=True),
    Route("POST", "/officers/{login:str}/post", "configure", move),
    Route("POST", "/officers/{login:str}/disable", "configure", disable),
    Route("POST", "/officers/{login:str}/enable", "configure", enable),
    Route("POST", "/officers/{login:str}/password", "configure", reset, hashes=True),
]
