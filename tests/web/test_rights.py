# SPDX-License-Identifier: Apache-2.0
"""Every route against every role. The table is written out by hand: a route that is not in it fails (law 13)."""

from __future__ import annotations

import pytest

from hamsaya.desk.roles import ROLES

READERS = frozenset({"officer", "approver", "liaison", "analyst", "commander", "auditor", "rights-officer"})
FILERS = frozenset({"officer", "liaison", "analyst"})
RECALLERS = frozenset({"officer", "approver", "liaison", "commander"})
CALLERS = frozenset({"officer", "approver", "liaison", "commander"})
CONFIGURERS = frozenset({"administrator"})
EVERYBODY = frozenset(ROLES)
NOBODY_NEEDED = None

EXPECTED: dict[str, frozenset[str] | None] = {
    "GET /health": NOBODY_NEEDED,
    "GET /login": NOBODY_NEEDED,
    "POST /login": NOBODY_NEEDED,
    "GET /static/{name:str}": NOBODY_NEEDED,
    "GET /locked": NOBODY_NEEDED,
    "POST /unlock": NOBODY_NEEDED,
    "POST /lock": EVERYBODY,
    "POST /logout": EVERYBODY,
    "GET /roles": EVERYBODY,
    "GET /account": EVERYBODY,
    "POST /account/password": EVERYBODY,
    "POST /account/sessions": EVERYBODY,
    "POST /account/passkeys": EVERYBODY,
    "POST /account/passkeys/answer": EVERYBODY,
    "POST /account/passkeys/{passkey:str}/remove": EVERYBODY,
    "POST /login/passkey": NOBODY_NEEDED,
    "POST /login/passkey/answer": NOBODY_NEEDED,
    "GET /officers": CONFIGURERS,
    "POST /officers": CONFIGURERS,
    "POST /officers/{login:str}/post": CONFIGURERS,
    "POST /officers/{login:str}/disable": CONFIGURERS,
    "POST /officers/{login:str}/enable": CONFIGURERS,
    "POST /officers/{login:str}/password": CONFIGURERS,
    "GET /neighbours": CONFIGURERS,
    "POST /neighbours": CONFIGURERS,
    "GET /node": CONFIGURERS,
    "GET /links": EVERYBODY,
    "POST /links/{party:str}/try": EVERYBODY,
    "POST /links/{party:str}/epoch": frozenset({"commander"}),
    "GET /oversight": frozenset({"commander", "auditor", "rights-officer"}),
    "POST /agreements/{agreement:str}/act": frozenset({"commander"}),
    "GET /": READERS,
    "GET /inbox": READERS,
    "POST /inbox/acknowledge": frozenset({"officer", "approver", "liaison"}),
    "GET /distress": READERS,
    "GET /distress/new": CALLERS,
    "POST /distress/new": CALLERS,
    "GET /distress/stop": CALLERS,
    "POST /distress/stop": CALLERS,
    "GET /distress/waiting": NOBODY_NEEDED,
    "GET /distress/{case:str}": READERS,
    "POST /distress/{case:str}/answer": CALLERS,
    "POST /distress/{case:str}/over": CALLERS,
    "POST /distress/{case:str}/review": frozenset({"approver", "commander"}),
    "GET /incidents": READERS,
    "GET /incidents/{incident:str}": READERS,
    "GET /incidents/{incident:str}/comparison": READERS,
    "GET /flags": READERS,
    "POST /incidents/{incident:str}/flag": frozenset({"rights-officer"}),
    "POST /incidents/{incident:str}/comparison/pdf": READERS,
    "POST /incidents/{incident:str}/case": frozenset({"commander"}),
    "POST /incidents/{incident:str}/link": FILERS,
    "POST /incidents/{incident:str}/unlink": FILERS,
    "POST /incidents/{incident:str}/relate": FILERS,
    "POST /incidents/{incident:str}/unrelate": FILERS,
    "POST /records/{record:str}/apart": FILERS,
    "POST /records/{record:str}/back": FILERS,
    "GET /lines": READERS,
    "GET /documents": READERS,
    "GET /documents/{document:str}": READERS,
    "POST /documents": FILERS,
    "GET /drafts": READERS,
    "GET /drafts/{draft:str}": READERS,
    "POST /drafts/{draft:str}/accept": FILERS,
    "POST /drafts/{draft:str}/reject": FILERS,
    "POST /drafts/{draft:str}/undo": FILERS,
    "GET /drafts/{draft:str}/add": FILERS,
    "POST /drafts/{draft:str}/add": FILERS,
    "GET /drafts/{draft:str}/claims/{claim:str}": FILERS,
    "POST /drafts/{draft:str}/claims/{claim:str}": FILERS,
    "GET /search": READERS,
    "GET /reports/new": FILERS,
    "POST /reports/preview": FILERS,
    "POST /reports": FILERS,
    "GET /places": FILERS,
    "GET /records": READERS,
    "GET /records/{record:str}": READERS,
    "GET /releases": READERS,
    "GET /releases/{release:str}": READERS,
    "GET /releases/{release:str}/explain": READERS,
    "GET /records/{record:str}/release": frozenset({"officer", "liaison"}),
    "POST /records/{record:str}/release": frozenset({"officer", "liaison"}),
    "POST /releases": frozenset({"officer", "liaison"}),
    "POST /releases/{release:str}/approve": frozenset({"approver", "commander"}),
    "POST /releases/{release:str}/refuse": frozenset({"approver", "commander"}),
    "POST /releases/{release:str}/review": frozenset({"approver", "commander"}),
    "GET /overdue": READERS,
    "GET /command": READERS,
    "GET /situation": FILERS,
    "POST /situation": FILERS,
    "GET /sections": READERS,
    "GET /statistics": READERS,
    "GET /statistics/csv": READERS,
    "POST /sections": frozenset({"commander"}),
    "GET /sections/{section:str}": READERS,
    "POST /sections/{section:str}/day": frozenset({"officer", "liaison"}),
    "POST /sections/{section:str}/level": frozenset({"commander"}),
    "POST /sections/{section:str}/end": frozenset({"commander"}),
    "GET /requests": READERS,
    "GET /requests/{asked:str}": READERS,
    "POST /requests/{asked:str}/refuse": frozenset({"officer", "liaison"}),
    "POST /requests/{asked:str}/move": frozenset({"officer", "liaison"}),
    "GET /matters": READERS,
    "GET /commitments": READERS,
    "GET /meetings": READERS,
    "GET /meetings/agenda/{party:str}": READERS,
    "POST /meetings/agenda/{party:str}/pdf": READERS,
    "GET /meetings/{meeting:str}/attendance": READERS,
    "POST /meetings/{meeting:str}/attendance": frozenset({"officer", "liaison", "commander"}),
    "GET /matters/new/{kind:str}": READERS,
    "POST /matters/new/{kind:str}": READERS,
    "GET /matters/{matter:str}": READERS,
    "POST /matters/{matter:str}/move": READERS,
    "POST /matters/{matter:str}/refuse": frozenset({"officer", "liaison"}),
    "POST /matters/{matter:str}/stop": frozenset({"officer", "liaison", "approver", "commander"}),
    "GET /matters/{matter:str}/answer/{step:str}": READERS,
    "POST /matters/{matter:str}/answer/{step:str}": READERS,
    "GET /exercises": READERS,
    "GET /encounter": READERS,
    "POST /encounter/pdf": READERS,
    "GET /findings": READERS,
    "GET /findings/{finding:str}": READERS,
    "GET /findings/new/{text:str}": frozenset({"liaison", "commander"}),
    "POST /findings/new/{text:str}": frozenset({"liaison", "commander"}),
    "GET /incidents/{incident:str}/finding": frozenset({"liaison", "commander"}),
    "POST /incidents/{incident:str}/finding": frozenset({"liaison", "commander"}),
    "POST /findings/{finding:str}/text": frozenset({"liaison", "commander"}),
    "POST /findings/{finding:str}/move": READERS,
    "POST /findings/{finding:str}/export": frozenset({"commander"}),
    "POST /findings/{finding:str}/pdf": READERS,
    "GET /consents": READERS,
    "POST /consents/answer": frozenset({"approver", "commander"}),
    "POST /consents/revoke": RECALLERS,
    "GET /records/{record:str}/consent": frozenset({"officer", "liaison"}),
    "POST /records/{record:str}/consent": frozenset({"officer", "liaison"}),
    "POST /records/{record:str}/link": FILERS,
    "GET /records/{record:str}/correct": FILERS,
    "POST /records/{record:str}/correct": FILERS,
    "GET /recalls": READERS,
    "POST /recalls/answer": frozenset({"officer", "approver", "liaison"}),
    "POST /releases/{release:str}/recall": RECALLERS,
    "POST /records/{record:str}/recall": RECALLERS,
    "GET /erasures": READERS,
    "GET /retention": READERS,
    "POST /retention/order": frozenset({"commander", "rights-officer"}),
    "POST /retention/decide": frozenset({"approver", "commander"}),
    "POST /retention/hold": frozenset({"approver", "commander"}),
    "POST /retention/review": frozenset({"approver", "commander"}),
    "POST /erasures/confirm": frozenset({"approver", "commander"}),
    "POST /records/{record:str}/erase": frozenset({"commander", "rights-officer"}),
    "POST /records/{record:str}/erase/decide": frozenset({"approver", "commander"}),
    "GET /agreements": READERS,
    "GET /agreements/{agreement:str}": READERS,
    "GET /agreements/{agreement:str}/simulate": READERS,
    "GET /agreements/new": READERS,
    "POST /agreements/new": READERS,
    "GET /agreements/{agreement:str}/edit": READERS,
    "POST /agreements": frozenset({"liaison", "commander"}),
    "POST /agreements/{agreement:str}/sign": frozenset({"commander"}),
}
GUARDED = {
    route: roles
    for route, roles in EXPECTED.items()
    if roles is not NOBODY_NEEDED and route not in ("POST /logout", "POST /account/sessions", "POST /lock")
}


def routes_of(app) -> set[str]:
    return {f"{method} {route.path_format}" for route in app.routes for handler in route.route_handlers for method in handler.http_methods} - {
        f"OPTIONS {route.path_format}" for route in app.routes
    }


def path_of(route: str) -> tuple[str, str]:
    import re

    method, path = route.split(" ", 1)
    return method, re.sub(r"\{[^}]*\}", "NOT-HERE", path)


def knock(office, route: str, **headers: str):
    method, path = path_of(route)
    return office.client.request(method, path, headers={"accept": "application/json", "x-csrf": office.csrf, **headers}, follow_redirects=False)


def test_table_names_exactly_the_routes_of_the_application(lived_web):
    import re

    plain = {re.sub(r":str\}", "}", route) for route in EXPECTED}
    assert {re.sub(r":str\}", "}", route) for route in routes_of(lived_web.app)} == plain


@pytest.mark.parametrize("role", sorted(ROLES))
def test_role_may_what_the_table_says_and_nothing_else(lived_web, role):
    office = lived_web.login(role)
    for route, roles in GUARDED.items():
        answer = knock(office, route)
        by_role = answer.status_code == 403 and answer.json()["rule"] == "role"
        assert by_role == (role not in roles), f"{route} as {role}: {answer.status_code} {answer.text[:200]}"
        if role in roles:
            assert answer.status_code in (200, 400, 404) or answer.json()["rule"] == "password", f"{route} as {role}: {answer.status_code}"


def test_administrator_reads_nothing_and_releases_nothing(lived_web):
    office = lived_web.login("administrator")
    for route, roles in GUARDED.items():
        method, path = path_of(route)
        if method == "GET":
            page = office.get(path)
            assert page.status_code == (200 if "administrator" in roles else 403)
            assert "WEST-" not in page.text
            assert "Log out" in page.text


def test_nobody_is_led_to_the_login_page(lived_web):
    stranger = lived_web.visitor()
    for route in GUARDED:
        method, path = path_of(route)
        assert knock(stranger, route).status_code == 401
        page = stranger.client.request(method, path, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, "/login")
