# SPDX-License-Identifier: Apache-2.0
"""Keeping the accounts: what an administrator may do to one, and what an officer may do to their own.

1. An administrator changes accounts and reads nothing; every change is an act in the journal, which auditors see.
2. One administrator who is not stopped always remains.
3. Nobody changes the role of their own account or stops it: another administrator must.
4. A password that somebody else set is marked `once`: its officer has to choose another. Passkeys go with it.
5. Each change of an account ends its sessions: `mark` is another then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from hamsaya.desk.acts_access import (
    OfficerMoved,
    OfficerStopped,
    PasskeyAdded,
    PasskeyRemoved,
    PasskeyUsed,
    PasswordSet,
    SessionsEnded,
)
from hamsaya.desk.event import Event
from hamsaya.desk.holdings import Officer, PasskeyHeld
from hamsaya.desk.parties import check_post, officer_of
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.roles import require
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.words import say

MOST_PASSKEYS: Final = 10
MAX_NAME: Final = 60


def move_officer(node: Node, by: Officer, login: str, *, office: str, role: str, language: str) -> Officer:
    """Give an account another office, role or language. Raises `NotFound`, `InputError`, or `Refused` by the rules 2 and 3."""
    require(by.role, "configure")
    check_post(office, role, language)
    with node.ledger.writing() as pen:
        before = officer_of(pen, login)
        if role != before.role:
            _check_not_own(by, login)
            _check_one_remains(pen, before)
        return _changed(pen, OfficerMoved(login=login, office=office.strip(), role=role, language=language), by, login)


def stop_officer(node: Node, by: Officer, login: str, *, stopped: bool) -> Officer:
    """Disable an account, or enable it again. Raises `NotFound`, or `Refused` by the rules 2 and 3, or if it is so already."""
    require(by.role, "configure")
    with node.ledger.writing() as pen:
        before = officer_of(pen, login)
        if before.stopped == stopped:
            raise Refused(say("The account “{login}” is so already.", login=login), rule="decided")
        if stopped:
            _check_not_own(by, login)
            _check_one_remains(pen, before)
        return _changed(pen, OfficerStopped(login=login, stopped=stopped), by, login)


def reset_password(node: Node, by: Officer, login: str, *, password: str, hash_password: Callable[[str], str]) -> Officer:
    """Give an account a password for once, and take its passkeys away. Raises `NotFound`, or `Refused` for one's own account."""
    require(by.role, "configure")
    with node.ledger.reading() as book:
        officer_of(book, login)
    if _is_own(by, login):
        raise Refused(say("This is your own account."), say("Change its password on the page of your account."), rule="own-account")
    hashed = hash_password(password)
    with node.ledger.writing() as pen:
        officer_of(pen, login)
        return _changed(pen, PasswordSet(login=login, password=hashed, once=True), by, login)


def choose_password(node: Node, officer: Officer, hashed: str) -> Officer:
    """Set the officer's own password, already checked and hashed. Raises `Refused` if the account changed meanwhile."""
    with node.ledger.writing() as pen:
        _check_same(pen, officer)
        return _changed(pen, PasswordSet(login=officer.login, password=hashed), officer, officer.login)


def end_sessions(node: Node, officer: Officer) -> Officer:
    """End every session of the officer."""
    with node.ledger.writing() as pen:
        return _changed(pen, SessionsEnded(login=officer.login), officer, officer.login)


def add_passkey(node: Node, officer: Officer, *, credential: str, public_key: str, name: str, host: str, count: int) -> PasskeyHeld:
    """Register a passkey whose response was verified. Raises `InputError` for a bad name, a known credential, or one too many."""
    if not name.strip() or not is_plain(name, MAX_NAME) or "\n" in name:
        raise InputError(say("A passkey needs a name of up to {n} letters, such as that of the device.", n=MAX_NAME))
    with node.ledger.writing() as pen:
        _check_same(pen, officer)
        if pen.passkeys(credential=credential):
            raise InputError(say("This passkey is registered already."))
        if len(pen.passkeys(login=officer.login)) >= MOST_PASSKEYS:
            raise InputError(say("An account may have {n} passkeys.", n=MOST_PASSKEYS), say("Remove one first."))
        pen.journal(
            PasskeyAdded(login=officer.login, credential=credential, public_key=public_key, name=name.strip(), host=host, count=count), officer
        )
        return pen.passkeys(credential=credential)[0]


def remove_passkey(node: Node, officer: Officer, credential: str) -> PasskeyHeld:
    """Take one of the officer's own passkeys away. Raises `NotFound`, also for somebody else's."""
    with node.ledger.writing() as pen:
        held = next(iter(pen.passkeys(login=officer.login, credential=credential)), None) if credential else None
        if held is None:
            raise NotFound(say("Your account has no such passkey."))
        pen.journal(PasskeyRemoved(login=officer.login, credential=credential), officer)
        return held


def count_passkey(node: Node, officer: Officer, held: PasskeyHeld, count: int) -> None:
    """Keep the passkey's signature counter. Raises `Refused` where it did not go on: there may be a copy of the passkey."""
    with node.ledger.writing() as pen:
        now = next(iter(pen.passkeys(login=officer.login, credential=held.credential)), None)
        if now is None or (count <= now.count and (count or now.count)):
            raise Refused(
                say("The passkey's counter went back."), say("It may have been copied: remove it and tell your administrator."), rule="login"
            )
        if count != now.count:
            pen.journal(PasskeyUsed(credential=held.credential, count=count), officer)


def _changed(pen: Pen, event: Event, by: Officer, login: str) -> Officer:
    pen.journal(event, by)
    return officer_of(pen, login)


def _is_own(by: Officer, login: str) -> bool:
    """Say whether it is their own account; the node's operator, who stands in no journal entry, has none."""
    return by.mark > 0 and by.login == login


def _check_not_own(by: Officer, login: str) -> None:
    if _is_own(by, login):
        raise Refused(say("This is your own account."), say("Another administrator changes its role or disables it."), rule="own-account")


def _check_one_remains(pen: Pen, leaving: Officer) -> None:
    others = [each for each in pen.officers() if each.role == "administrator" and not each.stopped and each.login != leaving.login]
    if leaving.role == "administrator" and not leaving.stopped and not others:
        raise Refused(
            say("“{login}” is the last administrator of this node.", login=leaving.login),
            say("Add another administrator first; one always remains."),
            rule="last-administrator",
        )


def _check_same(pen: Pen, officer: Officer) -> None:
    now = officer_of(pen, officer.login)
    if now.mark != officer.mark or now.stopped:
        raise Refused(say("The account was changed meanwhile."), say("Log in again."), rule="stale")
