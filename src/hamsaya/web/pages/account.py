# SPDX-License-Identifier: Apache-2.0
"""An officer's own account: another password, passkeys, logging out everywhere.

The old password is asked for before a new one is set and before a passkey is registered, so that a desk left alone
for a minute is not taken over. Wrong ones count as failed logins. Afterwards all sessions have ended but a fresh one.
"""

from __future__ import annotations

import msgspec

from hamsaya.desk.holdings import Officer, PasskeyHeld
from hamsaya.desk.logins import choose_password, end_sessions, remove_passkey
from hamsaya.desk.roles import ROLE_NAMES
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.labels import label
from hamsaya.web.pages.entrance import TooManyError
from hamsaya.web.passphrase import SHORTEST, check_choice
from hamsaya.web.passwords import check_password, hash_password
from hamsaya.web.standing import must_choose
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """What account.html receives. `must_choose`: nothing else is open until a password was chosen. `once`: somebody else knows it."""

    login: str
    office: str
    role: Text
    passkeys: list[PasskeyHeld]
    once: bool
    must_choose: bool
    shortest: int


def show_account(desk: Desk, visit: Visit) -> Answer:
    """Show the officer's own account."""
    officer = visit.officer
    with desk.node.ledger.reading() as book:
        passkeys = book.passkeys(login=officer.login)
    view = AccountView(
        login=officer.login, office=officer.office, role=label(ROLE_NAMES, officer.role), passkeys=passkeys, once=officer.once,
        must_choose=must_choose(desk, visit), shortest=SHORTEST,
    )  # fmt: skip
    shown = [{"credential": each.credential, "name": each.name, "host": each.host, "added_at": each.added_at.isoformat()} for each in passkeys]
    data = {"login": officer.login, "office": officer.office, "role": officer.role, "once": officer.once, "passkeys": shown}
    return Page(template="account.html", view=view, data=data)


def change_password(desk: Desk, visit: Visit) -> Answer:
    """Set a new password. Raises `InputError` for one that may not be chosen, `Refused` where the old one is wrong."""
    form, officer = visit.form, visit.officer
    check_old(desk, visit)
    new = form.text("new")
    if new != form.text("again"):
        raise InputError(say("The two new passwords are not the same."), say("Type the new one twice."))
    if new == form.text("password"):
        raise InputError(say("The new password is the old one."))
    check_choice(new, [officer.login, officer.office, desk.node.party])
    return renewed(desk, visit, choose_password(desk.node, officer, hash_password(new)))


def log_out_everywhere(desk: Desk, visit: Visit) -> Answer:
    """End every session of this account, this one too."""
    end_sessions(desk.node, visit.officer)
    return Go(to="/login", data={"logged_out": True}, cookie="")


def take_passkey_away(desk: Desk, visit: Visit) -> Answer:
    """Remove one of the officer's own passkeys."""
    held = remove_passkey(desk.node, visit.officer, visit.params["passkey"])
    return Go(to="/account", data={"removed": held.credential})


def check_old(desk: Desk, visit: Visit) -> None:
    """Return if the form's `password` is the account's. Raises `Refused` or `TooManyError`."""
    keys = [f"login:{visit.officer.login}"]
    wait_s = desk.attempts.wait_s(keys, visit.now)
    if wait_s:
        raise TooManyError(wait_s)
    if not check_password(visit.officer.password, visit.form.text("password")):
        desk.attempts.failed(keys, visit.now)
        raise Refused(say("The password that you have now is wrong."), say("Nothing was changed."), rule="password")
    desk.attempts.succeeded(keys)


def renewed(desk: Desk, visit: Visit, officer: Officer) -> Go:
    """Return to the account with a fresh session: the one that asked ended with the change."""
    if visit.session:
        desk.sessions.close(visit.session.id)
    session = desk.sessions.open(officer, desk.node.now())
    known = builtins(officer)
    return Go(to="/account", data={"csrf": session.csrf, **{name: known[name] for name in ("login", "office", "role", "once")}}, cookie=session.id)


ROUTES = [
    Route("GET", "/account", "", show_account),
    Route("POST", "/account/password", "", change_password, hashes=True),
    Route("POST", "/account/sessions", "", log_out_everywhere),
    Route("POST", "/account/passkeys/{passkey:str}/remove", "", take_passkey_away),
]
