# SPDX-License-Identifier: Apache-2.0
"""Every endpoint × role × side × sort of name × form of answer, made from the table of routes (law 13).

A name is one's own, received from the neighbour, held by the neighbour only, of another kind of thing, unknown, or
crafted to lead elsewhere. Who may not is told the same for each of them, so that no answer says what exists; who may
finds what this node holds, and nothing else. Nothing of it changes anything.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.conftest import REPORT
from tests.desk.made import file
from tests.facts.made import claim
from tests.web.conftest import open_web
from tests.web.walk import TRAVERSAL, UNKNOWN, fill, filled, gets, names_of, params, posts

from hamsaya.desk.distress import send_distress
from hamsaya.desk.documents import add_document
from hamsaya.desk.logins import add_passkey
from hamsaya.desk.opening import Sheet, open_matter
from hamsaya.desk.parties import add_officer
from hamsaya.desk.release import propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.roles import ROLES, may
from hamsaya.desk.sections import define_section
from hamsaya.desk.typed_report import TypedReport
from hamsaya.facts.distress import Call
from hamsaya.facts.values import Place, Words

JSON = {"accept": "application/json"}
FOUND = {200, 303}
NOT_FOUND = {400, 404}


@pytest.fixture(scope="module")
def both(lived_in) -> dict:
    """Both desks; each holds something of every kind that the other has never seen, and a proposed release."""
    for desk, other in ((lived_in.west, lived_in.east), (lived_in.east, lived_in.west)):
        held = desk.file(REPORT.replace("One civilian", f"{desk.node.party.title()} says: one civilian").replace("12 November", "20 November"))
        propose_release(desk.node, desk.officers["duty"], held.record.id, purpose="settlement", necessity=f"{other.node.party} must see it.")
        typed = TypedReport(remarks="Who saw it?", grade="A1")
        file_report(desk.node, desk.officers["duty"], typed, kind="request")  # asked of nobody yet
        file(desk, claim("open_point", Words(text="From where the shot came."), grade=None), shape={"kind": "finding"})  # nor put forward
        about = {"subjects": held.record.incident, "degree": "complaint", "demand": "explanation", "says": "What was it?"}
        open_matter(desk.node, desk.officers["duty"], "complaint", Sheet(typed=about))  # nor lodged
        open_matter(desk.node, desk.officers["duty"], "meeting", Sheet(typed={"level": "sector", "time": "+7d"}))  # nor invited to
        open_one = REPORT.replace("12 November", "21 November").replace("civilian", f"soldier of {desk.node.party}")
        add_document(desk.node, desk.officers["duty"], open_one.encode(), name="open.txt", basis="own")
        add_officer(desk.node, login=f"only-{desk.node.party}", office="x", role="analyst", language="en", password="x", hash_password=str)
        define_section(desk.node, desk.officers["commander"], f"of-{desk.node.party}", "Not told yet")
        send_distress(desk.node, desk.officers["duty"], Call(what=["flood"], place=Place(words="Taftan", precision="unknown")))
        key = f"b25seS0{desk.node.party}"
        add_passkey(desk.node, desk.officers["approver"], credential=key, public_key="a2V5", name="Key", host="localhost", count=0)
    return {desk.node.party: open_web(desk) for desk in (lived_in.west, lived_in.east)}


def names(web):
    """Return the names of each kind that this node holds; they are read anew when something was written."""
    with web.desk.store.reading() as book:
        now = book.logs()
        if now != getattr(web, "named_at", None):
            web.named_at, web.named = now, names_of(book)
    return web.named


def state(web):
    """Everything that an act could change."""
    with web.desk.store.reading() as book:
        return book.logs()


def sorts(web, other, parameter: str) -> dict[str, list[str]]:
    """Return names of each sort for one parameter: the first is of this node's own or received, the rest are foreign."""
    here, there = names(web), names(other)
    kinds = {name: held for name, held in here.items() if name != parameter and not set(held) & set(here[parameter])}
    return {
        "of this node": here[parameter][: 2 if parameter == "matter" else 3],  # the third was not lodged yet: nothing answers it
        "of the neighbour only": [name for name in there[parameter] if name not in here[parameter]][:3],
        "of another kind": [held[0] for held in kinds.values() if held and not any(name.startswith(held[0]) for name in here[parameter])],
        "unknown": UNKNOWN,
        "leading elsewhere": TRAVERSAL,
    }


def addresses(web, other, path: str) -> Iterator[tuple[str, str]]:
    """Yield (sort, address): one parameter is of that sort, the others are this node's own."""
    wanted, own = params(path), names(web)
    for parameter in wanted:
        for sort, values in sorts(web, other, parameter).items():
            for value in values:
                yield sort, fill(path, {name: own[name][0] for name in wanted} | {parameter: value})


def test_every_parameter_has_names_of_each_sort(both):
    west, east = both["west"], both["east"]
    for parameter in {name for route in (*gets(), *posts()) for name in params(route.path)}:
        for sort, values in sorts(west, east, parameter).items():
            both_know = (
                parameter in ("agreement", "claim", "kind", "step", "text") and sort == "of the neighbour only"
            )  # one agreement; claims are c1, c2 on every node
            assert values or both_know, (parameter, sort)


@pytest.mark.parametrize("side", ["west", "east"])
@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_route_with_every_sort_of_name(both, side, role):
    web, other = both[side], both["east" if side == "west" else "west"]
    office, before = web.login(role), state(web)
    for route in (*gets(), *posts()):
        if not params(route.path) or route.verb is None:
            continue
        allowed = not route.verb or may(role, route.verb)
        told = set()
        for sort, address in addresses(web, other, route.path):
            if allowed and route.method == "POST" and sort == "of this node":
                continue  # it would act: the tests of each verb do that
            answer = office.client.request(route.method, address, headers={**JSON, "x-csrf": office.csrf}, follow_redirects=False)
            where = f"{route.method} {route.path} as {role} of {side}, {sort}: {address[:80]} → {answer.status_code}"
            if "%2F" in address:
                assert answer.status_code == 404, where  # the server takes it for more steps: the address is that of no route
            elif not allowed:
                assert (answer.status_code, answer.json()["rule"]) == (403, "role"), where
                told.add(answer.text)
            elif sort == "of this node":
                refused = answer.status_code == 403 and answer.json()["rule"] not in (
                    "role",
                    "csrf",
                    "origin",
                )  # a neighbour's record is not ours to release
                assert refused or answer.status_code in ({200, 409} if "{claim:str}" in route.path else {200}), (
                    where
                )  # claims of a decided draft stay
            elif route.path.endswith("/explain") and answer.status_code == 200:
                assert answer.json()["receiver"] == side, where  # the neighbour sent it here, so that it is accounted for here too
            else:
                assert answer.status_code in NOT_FOUND, where
                assert "traceback" not in answer.text.lower(), where
        assert len(told) <= 1, f"{route.path}: answers differ, so they tell what exists"
    assert state(web) == before


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_pages_answer_as_their_json_does(both, role):
    web, other = both["west"], both["east"]
    office = web.login(role)
    for route in gets():
        if route.verb is None:
            continue
        for sort, address in [*addresses(web, other, route.path), ("none", route.path)] if params(route.path) else [("none", route.path)]:
            told, page = office.json(address), office.get(address)
            same = {told.status_code} | ({303} if told.status_code == 200 else set())
            assert page.status_code in same, f"{address} ({sort}): {told.status_code} as JSON, {page.status_code} as a page"
            if page.status_code == 403:
                assert not [name for name in names(web)["record"] if name in page.text and name not in address], address


def test_address_decides_and_the_form_does_not(both):
    """Authorise one thing, change another: the address names nothing, the form names all that there is."""
    web = both["west"]
    own = names(web)
    form = {name: held[-1] for name, held in own.items()} | {"id": own["record"][0], "grade": "B2", "reason": "no", "into": own["incident"][-1]}
    form |= {"office": "Taken", "role": "commander", "language": "en", "password": "correct horse"}
    before, officers = state(web), web.login("administrator").json("/officers").json()
    for route in posts():
        if params(route.path) and route.verb is not None:
            role = next(role for role in ROLES if not route.verb or may(role, route.verb))
            answer = web.login(role).post(fill(route.path, dict.fromkeys(params(route.path), "NOT-HERE")), data=form)
            assert answer.status_code in NOT_FOUND, f"{route.path}: {answer.status_code} {answer.text[:200]}"
    assert state(web) == before
    assert web.login("administrator").json("/officers").json() == officers


@pytest.mark.parametrize("sort", ["of the neighbour only", "of another kind", "unknown", "leading elsewhere"])
def test_form_that_names_something_foreign_changes_nothing(both, sort):
    web, other = both["west"], both["east"]
    before = state(web)
    officer = web.login()
    for value in sorts(web, other, "record")[sort]:
        answer = officer.post("/releases", data={"record": value, "receiver": "east", "purpose": "settlement", "necessity": "Both must see it."})
        assert answer.status_code in NOT_FOUND | {403}, value
    own_draft = next(draft for draft in names(web)["draft"])
    for parameter, field in (("incident", "incident"), ("record", "revises")):
        for value in sorts(web, other, parameter)[sort]:
            answer = officer.post(f"/drafts/{own_draft}/accept", data={"grade": "B2", field: value})
            assert answer.status_code in NOT_FOUND | {409}, (field, value)
    for value in sorts(web, other, "incident")[sort]:
        own = names(web)["incident"][0]
        assert officer.post(f"/incidents/{own}/link", data={"into": value}).status_code in NOT_FOUND, value
    for log in ("release/none/east/west", "journal/west", "journal/east", "link/west/east", "../x"):
        assert officer.post("/inbox/acknowledge", data={"log": log, "seq": "0"}).status_code in NOT_FOUND, log
    assert state(web) == before


def test_record_of_the_neighbour_is_neither_released_nor_revised_as_our_own(both):
    web = both["west"]
    with web.desk.store.reading() as book:
        received = next(held.record.id for held in book.records() if held.received_from)
        draft = book.drafts()[-1].draft
    before, officer = state(web), web.login()
    form = {"record": received, "receiver": "east", "purpose": "settlement", "necessity": "Both must see it."}
    assert officer.post("/releases", data=form).status_code in {400, 403, 404}
    assert officer.post(f"/drafts/{draft}/accept", data={"grade": "B2", "revises": received}).status_code in {404, 409}
    assert state(web) == before


def test_every_form_needs_the_token_of_its_own_session(both):
    web = both["west"]
    own, before = names(web), state(web)
    for route in posts():
        if route.verb is None or route.harmless:
            continue
        role = next(role for role in ROLES if not route.verb or may(role, route.verb))
        office, other = web.login(role), web.login(role)
        address = filled(route.path, own)
        assert address
        for token in ("", "0" * 64, other.csrf, office.csrf[:-1]):
            for json in (True, False):
                answer = office.post(address, json=json, csrf=token, data={"csrf": token})
                assert answer.status_code == 403, f"{route.path} with {token[:8] or 'no token'}"
                if json:
                    assert answer.json()["rule"] == "csrf", route.path
    assert state(web) == before


def test_form_that_needs_no_token_is_on_this_list_and_changes_nothing(both):
    web = both["west"]
    own, before = names(web), state(web)
    found = [route for route in posts() if route.harmless]
    assert {route.path for route in found} == {"/reports/preview", "/agreements/new"}
    for route in found:
        role = next(role for role in ROLES if not route.verb or may(role, route.verb))
        form = {"size": "several", "location": "Taftan", "time": "-15m", "grade": "C3", "activity": "shots", "title": "Terms", "partner": "east"}
        assert web.login(role).post(filled(route.path, own), csrf="", data=form).status_code < 500, route.path
    assert state(web) == before


def test_no_form_is_taken_from_another_site(both):
    web = both["west"]
    own, before = names(web), state(web)
    for route in posts():
        role = next(role for role in ROLES if not route.verb or may(role, route.verb))
        office = web.login(role)
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site", "origin": "null"}):
            answer = office.client.post(filled(route.path, own), headers={**JSON, "x-csrf": office.csrf, **headers}, data={"csrf": office.csrf})
            assert (answer.status_code, answer.json()["rule"]) == (403, "origin"), route.path
    assert state(web) == before


def test_nothing_is_changed_by_reading(both):
    web = both["west"]
    own, before = names(web), state(web)
    for route in gets():
        if route.verb is not None:
            role = next(role for role in ROLES if not route.verb or may(role, route.verb))
            assert web.login(role).json(filled(route.path, own)).status_code == 200, route.path
    assert state(web) == before


def answers_of_every_sort(web):
    own = names(web)
    stranger = web.visitor()
    for route in gets():
        role = next(role for role in ROLES if not route.verb or may(role, route.verb))
        office = web.login(role)
        address = filled(route.path, own)
        yield route.path, office.get(address)
        yield route.path, office.json(address)
        yield route.path, stranger.get(address)
    for route in posts():
        yield route.path, stranger.client.post(filled(route.path, own))
    for path in ("/nowhere", "/static/desk.css", "/static/none.js", "/static/../app.py"):
        yield path, stranger.get(path)
    yield "PUT", stranger.client.put("/login")


def test_content_security_policy_stands_on_every_answer_and_lets_nothing_else_in(both):
    web = both["west"]
    for path, answer in answers_of_every_sort(web):
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", path
        assert policy["script-src"] == policy["form-action"] == "'self'", path
        for directive, sources in policy.items():
            assert set(sources.split()) <= {"'self'", "'none'"}, f"{path}: {directive} {sources}"
        assert answer.headers["x-content-type-options"] == "nosniff", path
        assert answer.headers["referrer-policy"] == "no-referrer", path
        assert "access-control-allow-origin" not in answer.headers, path


def test_no_answer_holds_a_password_or_its_hash(both):
    web = both["west"]
    with web.desk.store.reading() as book:
        secrets = {officer.password for officer in book.officers()}
    for path, answer in answers_of_every_sort(web):
        assert not any(secret in answer.text for secret in secrets if len(secret) > 8), path
        assert "$argon2" not in answer.text, path
