# SPDX-License-Identifier: Apache-2.0
"""The idle lock: a page that nobody touches covers itself and asks for the password again; what was being written stays on it.

- The page knows when it was last touched, so it says when to lock; the node keeps the lock, so that loading the page again,
  another tab or another program reads and does nothing either.
- The password of the session's own account opens it, and nobody else's; wrong ones count as failed logins. A passkey, or somebody
  else, logs in anew, which ends the locked session.
- Without script nothing locks: the session ends half an hour after its last request.
"""

from __future__ import annotations

import msgspec

from hamsaya.facts.errors import HamsayaError, Refused
from hamsaya.facts.words import Text, say
from hamsaya.web.chrome import first_place, keeper_of
from hamsaya.web.pages.entrance import NotLoggedInError, TooManyError
from hamsaya.web.passwords import check_password
from hamsaya.web.session import Session
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class LockedView(msgspec.Struct, frozen=True, kw_only=True):
    """What locked.html receives."""

    login: str
    failed: Text | None = None


def lock(desk: Desk, visit: Visit) -> Answer:
    """Lock the session that asks; it may be locked already, by another of its pages."""
    if visit.session is not None:
        desk.sessions.lock(visit.session.id)
    return Go(to="/locked", data={"locked": True})


def locked_page(desk: Desk, visit: Visit) -> Answer:
    """Ask for the password; where nothing is locked, lead to where one would be. A program is told whether this session has to be opened."""
    if visit.locked is None:
        return Go(
            to=first_place(visit.officer.role) if visit.session else "/login",
            data={"locked": visit.session is None, "keeper": _keeper(desk, visit.session)},
        )
    return Page(template="locked.html", view=LockedView(login=visit.locked.officer.login), data={"locked": True})


def unlock(desk: Desk, visit: Visit) -> Answer:
    """Go on with the session, for its own officer. Raises `NotLoggedInError` where it has ended, `Refused` or `TooManyError`."""
    session = visit.locked or visit.session
    if session is None:
        raise NotLoggedInError(say("Nobody is logged in, or the session has ended."), say("Log in, then do it again."))
    wrong = _wrong(desk, visit, session.officer.login, session.officer.password)
    if wrong is not None and visit.form.text("page"):
        status = 429 if isinstance(wrong, TooManyError) else 403
        return Page(template="locked.html", view=LockedView(login=session.officer.login, failed=wrong.what), data={"locked": True}, status=status)
    if wrong is not None:
        raise wrong
    desk.sessions.unlock(session.id, desk.node.now())
    return Go(to=first_place(session.officer.role), data={"locked": False, "keeper": _keeper(desk, session)})


def _keeper(desk: Desk, session: Session | None) -> str:
    """Return whose page it has to be that this session opens, as pages name it."""
    return keeper_of(desk.node.party, session.officer.login) if session else ""


def _wrong(desk: Desk, visit: Visit, login: str, password: str) -> HamsayaError | None:
    """Return why the password does not open the lock."""
    keys = [f"login:{login}"]
    wait_s = desk.attempts.wait_s(keys, desk.node.now())
    if wait_s:
        return TooManyError(wait_s)
    if not check_password(password, visit.form.text("password")):
        desk.attempts.failed(keys, desk.node.now())
        return Refused(say("The password is wrong."), say("After several failures each further try has to wait."), rule="password")
    desk.attempts.succeeded(keys)
    return None


ROUTES = [
    Route("POST", "/lock", "", lock, also_locked=True),
    Route("GET", "/locked", None, locked_page),
    Route("POST", "/unlock", None, unlock, hashes=True),
]
