# SPDX-License-Identifier: Apache-2.0
"""What a neighbour, a crafted address or one faulty record may do to the pages: nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace

import msgspec
import pytest
from litestar.testing import TestClient

from hamsaya.desk.sheets import Sheet
from hamsaya.facts.errors import OperatorError, Tampered
from hamsaya.facts.words import say
from hamsaya.ledger.book import SqlBook
from hamsaya.web.chrome import bare_chrome
from hamsaya.web.pages import incidents
from hamsaya.web.pages.entrance import is_loopback
from hamsaya.web.tongue import Tongue

JSON = {"accept": "application/json"}


def test_correction_that_says_nothing_of_handling_keeps_it(web, work):
    duty = web.login()
    record = work.file_record(duty, handling="red")
    assert record["handling"] == "red"
    document = work.take_in(duty, work.REPORT.replace("One civilian was", "Two civilians were"))
    page = duty.get(f"/documents/{document['document']['document']}").text
    select = page.split('<select name="handling">', 1)[1].split("</select>", 1)[0]
    assert select.startswith('<option value="">as usual (amber, or as before)</option>')
    assert "selected" not in select
    draft = document["drafts"][0]["draft"]
    form = {"grade": "B2", "handling": "", "revises": record["id"]}
    corrected = duty.post(f"/drafts/{draft}/accept", data=form).json()["record"]
    assert (corrected["version"], corrected["handling"]) == (2, "red")


@pytest.mark.parametrize("path", ["//evil.com/x", "///evil.com", "/\\evil.com", "/%5Cevil.com", "/%09/evil.com", "//evil.com%2F..%2F"])
def test_language_links_stay_on_this_host(lived_web, path):
    page = lived_web.visitor().client.get(f"http://testserver.local{path}").text
    links = re.findall(r'<a href="([^"]*)" lang=', page)
    assert len(links) == 3
    assert all(re.match(r"/[A-Za-z0-9%.]", link) for link in links), links
    assert not any(re.search(r"[\\\t\n]", link) for link in links)


@pytest.mark.parametrize("path", ["//evil.com/x", "/\\/evil.com/x", "\\\\evil.com/x"])
def test_language_links_of_a_crafted_path(lived_web, path):
    visit = SimpleNamespace(session=None, language="en", now=datetime(2026, 1, 1, tzinfo=UTC))
    chrome = bare_chrome(SimpleNamespace(node=lived_web.desk.node), visit, path, {"q": "1"})
    assert [switch.href for switch in chrome.switches] == [f"/evil.com/x?q=1&lang={code}" for code in ("en", "fa", "ur")]


def from_address(app, address):
    async def at(scope, receive, send):
        await app({**scope, "client": (address, 1)} if scope["type"] == "http" else scope, receive, send)

    return TestClient(at, raise_server_exceptions=False)


def attempt(client, login, password="wrong"):  # noqa: S107  (a test's own)
    return client.post("/login", data={"login": login, "password": password}, headers=JSON, follow_redirects=False).status_code


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
def test_failures_at_this_machine_do_not_lock_everybody_out(desk, webs, work, address):
    assert is_loopback(address)
    client = from_address(webs(desk).app, address)
    for _ in range(5):
        assert attempt(client, "web-approver") == 401
    assert attempt(client, "web-approver", work.PASSWORD) == 429
    assert attempt(client, "web-officer", work.PASSWORD) == 200


def test_success_forgets_the_failures_of_login_and_address(desk, webs, work):
    assert not is_loopback("192.0.2.7")
    assert not is_loopback("testclient")
    client = from_address(webs(desk).app, "192.0.2.7")
    for _ in range(3):
        for _ in range(4):
            assert attempt(client, "web-officer") == 401
        assert attempt(client, "web-officer", work.PASSWORD) == 200
    for number in range(5):
        assert attempt(client, f"nobody{number}") == 401
    assert attempt(client, "web-officer", work.PASSWORD) == 429


HOSTILE = "</bdi><b>\u202e\u2067X"


def test_country_that_is_none_is_isolated_and_escaped():
    shown = str(Tongue("fa", "UTC").country(HOSTILE))
    assert shown == "<bdi>&lt;/bdi&gt;&lt;b&gt;\u202e\u2067X</bdi>"
    assert Tongue("en", "UTC").country("IR") == "<bdi>Iran</bdi>"
    assert not Tongue("en", "UTC").country("")


def test_hostile_side_is_isolated_on_every_page(web, work, monkeypatch):
    office = web.login()
    record = work.file_record(office)
    for name in ("records_page", "records_of", "versions"):
        real = getattr(SqlBook, name)

        def altered(self, *args, real=real, **options):
            def turn(held):
                return msgspec.structs.replace(held, record=msgspec.structs.replace(held.record, side=HOSTILE))

            found = real(self, *args, **options)
            return found.map(turn) if isinstance(found, Sheet) else [turn(held) for held in found]

        monkeypatch.setattr(SqlBook, name, altered)
    for path in ("/records", f"/records/{record['id']}", "/incidents", f"/incidents/{record['incident']}"):
        page = office.get(path).text
        assert "<b>" not in page, path
        assert "<bdi>&lt;/bdi&gt;&lt;b&gt;\u202e\u2067X</bdi>" in page, path
        bare = re.sub(r"<bdi>[^<]*</bdi>|<[^>]*>", "", page)
        assert "\u202e" not in bare, path
        assert "&lt;bdi&gt;" not in page, path


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
@pytest.mark.parametrize("zone", ["Asia/Tehran", "America/New_York"])
@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_times_at_the_ends_of_the_calendar_are_shown(language, zone, at):
    tongue = Tongue(language, zone)
    assert "<time" in tongue.lately(at, datetime(2026, 1, 1, tzinfo=UTC))
    assert "<time" in tongue.lately(datetime(2026, 1, 1, tzinfo=UTC), at)
    assert "<time" in tongue.time(at)
    assert tongue.clock(at)


@pytest.mark.parametrize("error", [ZeroDivisionError("boom"), Tampered(say("Stored bytes were altered."))])
def test_one_faulty_incident_does_not_hide_the_others(web, work, monkeypatch, error):
    office = web.login()
    good, bad = work.file_record(office)["incident"], work.file_record(office, work.REPORT.replace("Mirjaveh", "Taftan"))["incident"]
    real = incidents.view_of

    def view(name, *rest):
        if name == bad:
            raise error
        return real(name, *rest)

    monkeypatch.setattr(incidents, "view_of", view)
    page = office.get("/incidents")
    assert page.status_code == 200
    assert good in page.text
    assert bad in page.text
    assert "boom" not in page.text
    told = "Stored bytes were altered." if isinstance(error, Tampered) else "This incident cannot be shown; the log has the cause."
    assert told in page.text
    rows = {each["incident"]: each for each in office.json("/incidents").json()["incidents"]}
    assert (rows[bad]["fault"], rows[good]["fault"]) == (told, "")
    assert rows[good]["accounts"] == 1


def test_value_that_cannot_be_shown_is_a_fault_of_its_row(web, work, monkeypatch):
    office = web.login()
    incident = work.file_record(office)["incident"]
    monkeypatch.setattr(Tongue, "value", lambda *_: 1 / 0)
    page = office.get("/incidents")
    assert page.status_code == 200
    assert incident in page.text
    assert "cannot be shown" in page.text


def test_unreadable_ledger_is_told_and_not_taken_for_a_faulty_row(web, work, monkeypatch):
    office = web.login()
    work.file_record(office)

    def view(*_):
        raise OperatorError(say("The disk cannot be read."))

    monkeypatch.setattr(incidents, "view_of", view)
    assert office.json("/incidents").status_code == 503
