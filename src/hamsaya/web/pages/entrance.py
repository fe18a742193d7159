# SPDX-License-Identifier: Apache-2.0
"""Coming in and going out: whether the node is ready, login, logout.

A failed login says only that it failed. Failures count for the login and for the address alike, but for loopback
addresses, which all who sit at this machine share: there they count for the login only.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

import msgspec

from hamsaya.desk.holdings import Officer
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Text, say
from hamsaya.web.chrome import first_place
from hamsaya.web.form import Form
from hamsaya.web.passwords import check_password
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class TooManyError(HamsayaError):
    """Too many failed logins. `wait_s` says how long to wait."""

    code = "too-many"

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            say("Too many failed logins. Try again in {seconds} s.", seconds=wait_s),
            say("If it was not you, tell your administrator."),
        )
        self.wait_s = wait_s


class NotLoggedInError(HamsayaError):
    """Nobody is logged in, or the login failed."""

    code = "not-logged-in"


class LoginView(msgspec.Struct, frozen=True):
    """What login.html receives."""

    failed: Text | None = None


class KeptView(msgspec.Struct, frozen=True, kw_only=True):
    """What kept.html receives: the fields of a form that came after its session had ended, and where it goes on."""

    to: str
    fields: list[tuple[str, str]]


class KeptTextView(msgspec.Struct, frozen=True, kw_only=True):
    """What kept_text.html receives: the text of a form that came after its session had ended, and the page it was on."""

    typed: list[tuple[Text, str]]
    back: str


class HealthView(msgspec.Struct, frozen=True):
    """What health.html receives."""

    ready: bool


def health(desk: Desk, visit: Visit) -> Answer:
    """Say whether the ledger can be read."""
    del visit
    with desk.node.ledger.reading() as book:
        book.last_act()
    return Page(template="health.html", view=HealthView(True), data={"ready": True, "party": desk.node.party})


def kept_page(to: str, form: Form) -> Page:
    """Return the page that holds what was sent until its officer has logged in again. The token of the old session is left out."""
    fields = [(name, text) for name, texts in form.texts.items() if name != "csrf" for text in texts]
    return Page(template="kept.html", view=KeptView(to=to, fields=fields), data={"login": "required"}, status=401)


def login_page(desk: Desk, visit: Visit) -> Answer:
    """Show the login form."""
    del desk, visit
    return Page(template="login.html", view=LoginView(), data={"login": "required"})


def login(desk: Desk, visit: Visit) -> Answer:
    """Check login and password and open a session. Raises `NotLoggedInError` or `TooManyError`."""
    name = visit.form.text("login").strip()
    keys = [f"login:{name}", *([] if is_loopback(visit.address) else [f"address:{visit.address}"])]
    wait_s = desk.attempts.wait_s(keys, desk.node.now())
    if wait_s:
        raise TooManyError(wait_s)
    with desk.node.ledger.reading() as book:
        officer = next((each for each in book.officers() if each.login == name), None)
    if not check_password(officer.password if officer else None, visit.form.text("password")) or officer is None or officer.stopped:
        desk.attempts.failed(keys, desk.node.now())
        raise NotLoggedInError(say("Login or password is wrong."), say("After several failures each further try has to wait."))
    desk.attempts.succeeded(keys)
    return let_in(desk, visit, officer)


def let_in(desk: Desk, visit: Visit, officer: Officer) -> Go:
    """Open a session in the place of the one that asked, if any, and lead to the first page of the officer's role."""
    for each in (visit.session, visit.locked):
        if each:
            desk.sessions.close(each.id)
    session = desk.sessions.open(officer, desk.node.now())
    found = desk.sessions.find(session.id, desk.node.now())
    if found is None or found.officer.mark != officer.mark:  # the account was changed between the check and here
        desk.sessions.close(session.id)
        raise NotLoggedInError(say("Login or password is wrong."), say("After several failures each further try has to wait."))
    to = "/account" if officer.once and not desk.node.exercise else first_place(officer.role)
    return Go(to=to, data={"csrf": session.csrf, "office": officer.office, "role": officer.role, "once": officer.once}, cookie=session.id)


def is_loopback(address: str) -> bool:
    """Say whether `address` is this machine's own: 127.0.0.0/8 or ::1, also as an IPv4 address within IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return False
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return (mapped or known).is_loopback


def logout(desk: Desk, visit: Visit) -> Answer:
    """Close the session."""
    if visit.session:
        desk.sessions.close(visit.session.id)
    return Go(to="/login", data={"logged_out": True}, cookie="")


ROUTES = [
    Route("GET", "/health", None, health),
    Route("GET", "/login", None, login_page),
    Route("POST", "/login", None, login, hashes=True),
    Route("POST", "/logout", "", logout),
]
