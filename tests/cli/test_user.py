# SPDX-License-Identifier: Apache-2.0
"""`hamsaya user`: the same accounts as at the desk, from the machine's command line."""

from __future__ import annotations

import msgspec
import pytest

from hamsaya.assemble.settings import Settings, write_settings
from hamsaya.cli.user import Roster, Wanted


def listed(node, login):
    return next(each for each in node("user", "list", "--json").json if each["login"] == login)


def test_disabled_account_acts_no_more_until_it_is_enabled(west, tmp_path):
    report = tmp_path / "report.txt"
    report.write_text("Report.\nDate: 12 November 2026\n\nOn 12 November 2026 smugglers fired at a patrol near Mirjaveh.\n")
    assert west("user", "disable", "duty", "--json").json == {"login": "duty", "disabled": True, "exercise": False}
    assert listed(west, "duty")["disabled"] is True
    ran = west("document", "add", report, "--as", "duty", login="duty")
    assert ran.code == 3
    assert west("user", "disable", "duty").code == 3
    assert west("user", "enable", "duty").code == 0
    assert west("document", "add", report, "--as", "duty", login="duty").code == 0


def test_reset_prints_a_new_password_once_and_the_old_one_is_over(west):
    before = west.passwords["approver"]
    given = west("user", "reset", "approver", "--json").json
    assert given["password"] != before
    assert listed(west, "approver")["one_time_password"] is True
    assert given["password"] not in west("user", "list", "--json").out
    assert west("release", "approve", "NONE", "--as", "approver", login="approver").code == 3
    west.passwords["approver"] = given["password"]
    assert west("release", "approve", "NONE", "--as", "approver", login="approver").code == 2


def test_change_keeps_what_is_not_named(west):
    assert west("user", "change", "duty", "--role", "analyst").code == 0
    assert listed(west, "duty")["role"] == "analyst"
    assert listed(west, "duty")["office"] == "duty office"
    assert west("user", "change", "duty", "--role", "king").code == 2
    assert west("user", "change", "nobody", "--role", "analyst").code == 2


def test_last_administrator_is_not_disabled(west):
    west("user", "add", "admin", "--office", "Keeper", "--role", "administrator")
    ran = west("user", "disable", "admin", "--json")
    assert (ran.code, ran.json["rule"]) == (3, "last-administrator")
    assert west("user", "change", "admin", "--role", "officer").code == 3


@pytest.mark.parametrize("line", ['password = "Welcome12345"', 'hash = "x"', "once = false"])
def test_roster_holds_no_password(west, tmp_path, line):
    roster = tmp_path / "officers.toml"
    roster.write_text(f'[[officers]]\nlogin = "new"\noffice = "New"\nrole = "officer"\n{line}\n')
    assert west("user", "add", "--from", roster).code == 2
    assert "new" not in west("user", "list").out


def test_neither_roster_nor_settings_know_a_password():
    names = {field.name for struct in (Roster, Wanted, Settings) for field in msgspec.structs.fields(struct)}
    assert not [name for name in names if "pass" in name or "secret" in name]
    written = write_settings(Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC"))
    said = [line for line in written.splitlines() if not line.startswith("#")]
    assert not [line for line in said if "pass" in line or "secret" in line]
