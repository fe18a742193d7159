# SPDX-License-Identifier: Apache-2.0
"""Keeping the accounts: who may change which, what always remains, and what every change leaves for those who check."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from tests.conftest import START

from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.logins import (
    MOST_PASSKEYS,
    add_passkey,
    choose_password,
    count_passkey,
    end_sessions,
    move_officer,
    remove_passkey,
    reset_password,
    stop_officer,
)
from hamsaya.desk.parties import add_officer, officer_of, trust_neighbour
from hamsaya.desk.roles import ROLES
from hamsaya.desk.working import Challenge
from hamsaya.facts.errors import InputError, NotFound, Refused


def hashed(password: str) -> str:
    return f"hash of {password}"


def now(desk, login):
    with desk.store.reading() as book:
        return officer_of(book, login)


def add(desk, login, role="officer", **more):
    return add_officer(desk.node, login=login, office=f"{login} office", role=role, language="en", password="x", hash_password=hashed, **more)


def key(desk, login="duty", credential="Y3JlZA", name="Key", count=3):
    return add_passkey(desk.node, now(desk, login), credential=credential, public_key="a2V5", name=name, host="localhost", count=count)


CHANGES = {
    "add": lambda desk, by: add(desk, "new", by=by),
    "move": lambda desk, by: move_officer(desk.node, by, "duty", office="Other", role="analyst", language="fa"),
    "stop": lambda desk, by: stop_officer(desk.node, by, "duty", stopped=True),
    "reset": lambda desk, by: reset_password(desk.node, by, "duty", password="y", hash_password=hashed),
    "trust": lambda desk, by: trust_neighbour(desk.node, b"{}", "", by),
}


@pytest.mark.parametrize("change", CHANGES)
def test_only_who_configures_changes_accounts_and_neighbours(desk, change):
    with desk.store.reading() as book:
        before = book.officers()
    for role in (*ROLES, "", "root"):
        if role != "administrator":
            with pytest.raises(Refused) as refused:
                CHANGES[change](desk, replace(desk.officers["duty"], role=role))
            assert refused.value.rule == "role"
    with desk.store.reading() as book:
        assert book.officers() == before


@pytest.mark.parametrize("change", ["stop", "move"])
def test_last_administrator_remains(desk, change):
    def leave(by, login):
        if change == "stop":
            return stop_officer(desk.node, by, login, stopped=True)
        return move_officer(desk.node, by, login, office="x", role="officer", language="en")

    with pytest.raises(Refused) as refused:
        leave(OPERATOR, "admin")
    assert refused.value.rule == "last-administrator"
    second = add(desk, "second", "administrator")
    stop_officer(desk.node, second, "admin", stopped=True)
    with pytest.raises(Refused) as refused:
        leave(OPERATOR, "second")
    assert refused.value.rule == "last-administrator"
    stop_officer(desk.node, second, "admin", stopped=False)
    leave(now(desk, "admin"), "second")


def test_nobody_changes_their_own_role_or_stops_themselves(desk):
    add(desk, "second", "administrator")
    admin = desk.officers["admin"]
    for change in (
        lambda: stop_officer(desk.node, admin, "admin", stopped=True),
        lambda: move_officer(desk.node, admin, "admin", office="x", role="commander", language="en"),
        lambda: reset_password(desk.node, admin, "admin", password="y", hash_password=hashed),
    ):
        with pytest.raises(Refused) as refused:
            change()
        assert refused.value.rule == "own-account"
    assert now(desk, "admin") == admin
    assert move_officer(desk.node, admin, "admin", office="Keeper of the node", role="administrator", language="fa").office == "Keeper of the node"


def test_reset_gives_a_password_for_once_and_takes_the_passkeys(desk):
    key(desk)
    key(desk, "approver", "b3RoZXI")
    reset = reset_password(desk.node, desk.officers["admin"], "duty", password="fresh", hash_password=hashed)
    assert (reset.password, reset.once) == ("hash of fresh", True)
    with desk.store.reading() as book:
        assert [each.login for each in book.passkeys()] == ["approver"]
    chosen = choose_password(desk.node, reset, "hash of mine")
    assert (chosen.password, chosen.once) == ("hash of mine", False)


def test_every_change_gives_the_account_another_mark(desk):
    marks = [desk.officers["duty"].mark]
    admin = desk.officers["admin"]
    marks.append(move_officer(desk.node, admin, "duty", office="x", role="officer", language="en").mark)
    marks.append(stop_officer(desk.node, admin, "duty", stopped=True).mark)
    marks.append(stop_officer(desk.node, admin, "duty", stopped=False).mark)
    marks.append(reset_password(desk.node, admin, "duty", password="y", hash_password=hashed).mark)
    marks.append(choose_password(desk.node, now(desk, "duty"), "mine").mark)
    marks.append(end_sessions(desk.node, now(desk, "duty")).mark)
    assert marks == sorted(set(marks))


def test_account_that_was_changed_meanwhile_sets_no_password_and_no_passkey(desk):
    stale = desk.officers["duty"]
    stop_officer(desk.node, desk.officers["admin"], "duty", stopped=True)
    for act in (lambda: choose_password(desk.node, stale, "mine"), lambda: choose_password(desk.node, now(desk, "duty"), "mine"), lambda: add_passkey(
        desk.node, stale, credential="x", public_key="y", name="n", host="localhost", count=0)):  # fmt: skip
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.rule == "stale"
    assert now(desk, "duty").password == stale.password


def test_passkey_belongs_to_one_account(desk):
    held = key(desk)
    with pytest.raises(InputError):
        key(desk, "approver")
    for other in ("approver", "admin"):
        with pytest.raises(NotFound):
            remove_passkey(desk.node, now(desk, other), held.credential)
    with pytest.raises(NotFound):
        remove_passkey(desk.node, now(desk, "duty"), "")
    remove_passkey(desk.node, now(desk, "duty"), held.credential)
    with desk.store.reading() as book:
        assert book.passkeys() == []


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "two\nlines", "turned \u202e round"])
def test_passkey_needs_a_plain_name(desk, name):
    with pytest.raises(InputError):
        key(desk, name=name)


def test_passkeys_of_an_account_are_few(desk):
    for number in range(MOST_PASSKEYS):
        key(desk, credential=f"k{number}")
    with pytest.raises(InputError):
        key(desk, credential="more")


@pytest.mark.parametrize(("before", "shown", "goes"), [(3, 4, True), (3, 3, False), (3, 2, False), (3, 0, False), (0, 0, True), (0, 1, True)])
def test_counter_of_a_passkey_never_goes_back(desk, before, shown, goes):
    held = key(desk, count=before)
    if goes:
        count_passkey(desk.node, now(desk, "duty"), held, shown)
    else:
        with pytest.raises(Refused):
            count_passkey(desk.node, now(desk, "duty"), held, shown)
    with desk.store.reading() as book:
        assert book.passkeys()[0].count == (shown if goes else before)


def test_those_who_check_see_every_act_with_who_did_it(desk):
    admin = desk.officers["admin"]
    key(desk)
    add(desk, "new", "analyst", by=admin, once=True)
    stop_officer(desk.node, admin, "new", stopped=True)
    with desk.store.reading() as book:
        acts = book.access_acts()
    assert [(each.kind, each.about, each.detail, each.login) for each in acts[:3]] == [
        ("officer.stopped", "new", "stopped", "admin"),
        ("officer.added", "new", "analyst", "admin"),
        ("passkey.added", "duty", "Key", "duty"),
    ]
    assert {each.login for each in acts[3:]} == {"operator"}
    with desk.store.reading() as book:
        assert book.access_acts(before=acts[0].seq, count=2) == acts[1:3]


def test_challenge_is_taken_once_and_the_oldest_give_way(desk):
    now = START
    for number in range(5):
        with desk.store.working() as work:
            work.give_challenge(f"c{number}", Challenge(until=now + timedelta(minutes=5 + number), name=f"n{number}"), now, most=3)
    with desk.store.working() as work:
        assert [work.take_challenge(f"c{number}", now) is not None for number in range(5)] == [False, False, True, True, True]
    with desk.store.working() as work:
        assert work.take_challenge("c4", now) is None
        work.give_challenge("late", Challenge(until=now + timedelta(minutes=5)), now, most=3)
        assert work.take_challenge("late", now + timedelta(minutes=5)) is None
