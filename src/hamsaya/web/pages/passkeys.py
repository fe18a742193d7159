# SPDX-License-Identifier: Apache-2.0
"""Making a passkey and logging in with one. Each takes two steps: ask for a challenge, send the device's answer.

The first answer is a page that holds what the device is asked, so that script needs no request of its own.
"""

from __future__ import annotations

from typing import Any

import msgspec

from hamsaya.desk.logins import add_passkey, count_passkey
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.words import say
from hamsaya.web.pages.account import check_old
from hamsaya.web.pages.entrance import NotLoggedInError, TooManyError, is_loopback, let_in
from hamsaya.web.passkeys import (
    challenge_in,
    credential_in,
    login_options,
    own_name,
    registration_options,
    verify_login,
    verify_registration,
)
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit


class PasskeyView(msgspec.Struct, frozen=True, kw_only=True):
    """What passkey.html receives: `options` is what the device is asked, as JSON; `kind` is `register` or `login`."""

    kind: str
    options: str
    to: str
    back: str
    name: str = ""


def begin_login(desk: Desk, visit: Visit) -> Answer:
    """Give a challenge for a login."""
    own_name(visit.host)
    options = login_options(host=visit.host, challenge=desk.challenges.give(visit.now))
    view = PasskeyView(kind="login", options=options, to="/login/passkey/answer", back="/login")
    return Page(template="passkey.html", view=view, data={"options": _json(options)})


def finish_login(desk: Desk, visit: Visit) -> Answer:
    """Open a session for whose passkey answered. Raises `NotLoggedInError` or `TooManyError`."""
    keys = [] if is_loopback(visit.address) else [f"address:{visit.address}"]
    wait_s = desk.attempts.wait_s(keys, visit.now)
    if wait_s:
        raise TooManyError(wait_s)
    try:
        return _log_in(desk, visit, visit.form.text("credential"))
    except (InputError, Refused) as error:
        desk.attempts.failed(keys, visit.now)
        raise NotLoggedInError(
            say("The passkey was not accepted."), say("Nothing was changed. Try again, or use the password.")
        ) from error  # fmt: skip


def _log_in(desk: Desk, visit: Visit, answer: str) -> Go:
    challenge = challenge_in(answer)
    asked = desk.challenges.take(challenge, visit.now)
    name = credential_in(answer)
    with desk.node.ledger.reading() as book:
        held = next(iter(book.passkeys(credential=name)), None) if name else None
        officer = next((each for each in book.officers() if held and each.login == held.login), None)
    if asked is None or held is None or officer is None or officer.stopped or held.host != own_name(visit.host):
        raise Refused(say("The passkey was not accepted."), rule="passkey")
    count = verify_login(answer, held, challenge=challenge, host=visit.host, party=desk.node.party)
    count_passkey(desk.node, officer, held, count)
    return let_in(desk, visit, officer)


def begin_registration(desk: Desk, visit: Visit) -> Answer:
    """Give a challenge for a new passkey, to who knows the password. Raises `Refused` where it is wrong."""
    check_old(desk, visit)
    name = visit.form.text("name").strip()
    if not name:
        raise InputError(say("A passkey needs a name of up to {n} letters, such as that of the device.", n=60))
    with desk.node.ledger.reading() as book:
        known = book.passkeys(login=visit.officer.login)
    own_name(visit.host)
    challenge = desk.challenges.give(visit.now, session=_session(visit), name=name)
    options = registration_options(visit.officer, known, host=visit.host, party=desk.node.party, challenge=challenge)
    view = PasskeyView(kind="register", options=options, to="/account/passkeys/answer", back="/account", name=name)
    return Page(template="passkey.html", view=view, data={"options": _json(options)})


def finish_registration(desk: Desk, visit: Visit) -> Answer:
    """Register the passkey that answered. Raises `InputError` or `Refused`."""
    answer = visit.form.text("credential")
    challenge = challenge_in(answer)
    asked = desk.challenges.take(challenge, visit.now, session=_session(visit))
    if asked is None:
        raise Refused(say("This challenge is not one of yours, or it is over."), say("Begin again."), rule="passkey")
    fresh = verify_registration(answer, challenge=challenge, host=visit.host)
    held = add_passkey(
        desk.node,
        visit.officer,
        credential=fresh.credential,
        public_key=fresh.public_key,
        name=asked.name,
        host=own_name(visit.host),
        count=fresh.count,
    )
    return Go(to="/account#passkeys", data={"credential": held.credential, "name": held.name, "host": held.host})


def _session(visit: Visit) -> str:
    """Return the session in which the officer asks; a passkey is never registered outside one."""
    if visit.session is None:
        raise NotLoggedInError(say("Nobody is logged in, or the session has ended."), say("Log in, then do it again."))
    return visit.session.id


def _json(options: str) -> Any:
    return msgspec.json.decode(options)


ROUTES = [
    Route("POST", "/login/passkey", None, begin_login),
    Route("POST", "/login/passkey/answer", None, finish_login),
    Route("POST", "/account/passkeys", "", begin_registration, hashes=True),
    Route("POST", "/account/passkeys/answer", "", finish_registration),
]
