# SPDX-License-Identifier: Apache-2.0
"""Law 15 at the desk: every page of every route says what kind of node it is of. Made from the table of routes."""

from __future__ import annotations

import pytest
from tests.web.conftest import open_web
from tests.web.walk import filled, gets, names_of, posts

from hamsaya.desk.roles import ROLES, may

WORDS = ("EXERCISE", "تمرین", "مشق")


@pytest.fixture(scope="module", params=["exercise", "real"])
def node(request, lived_in):
    """Each side of a pair to whom everything has happened, opened as the one kind and as the other."""
    exercise = request.param == "exercise"
    return open_web(lived_in.west if exercise else lived_in.east, exercise=exercise), exercise


def answers(web):
    """Every route that is read, as whoever may, in HTML of three languages and in JSON."""
    with web.desk.store.reading() as book:
        names = names_of(book)
    offices = {}
    for route in gets():
        role = next(role for role in ROLES if not route.verb or may(role, route.verb))
        path = filled(route.path, names)
        if path is None:
            path = filled(route.path, {name: held or ["NONE"] for name, held in names.items()})
        office = offices.setdefault(role, web.login(role))
        for language in ("en", "fa", "ur"):
            yield route.path, office.client.get(f"{path}?lang={language}", follow_redirects=True)
        yield route.path, office.json(path)


def test_every_page_carries_the_mark_of_its_node_and_no_other(node):
    web, exercise = node
    seen = set()
    for path, answer in answers(web):
        assert answer.status_code < 500, path
        assert answer.headers["x-exercise"] == str(exercise).lower(), path
        if answer.headers["content-type"].startswith("text/html"):
            banner = answer.text.split('<div class="watermark"', 1)[1].split("</div>", 1)[0] if exercise else ""
            assert all(word in banner for word in WORDS) is exercise, path
            assert ('<div class="watermark"' in answer.text) is exercise, path
            assert ("<title>[EXERCISE · تمرین · مشق]" in answer.text) is exercise, path
            assert f'class="{"exercise" if exercise else "real"}"' in answer.text, path
        elif answer.headers["content-type"].startswith("application/json"):
            assert answer.json()["exercise"] is exercise, path
        seen.add(path)
    assert seen == {route.path for route in gets()}


def test_every_refusal_carries_the_mark_too(node):
    web, exercise = node
    stranger = web.visitor()
    for route in posts():
        path = route.path.replace("{", "").replace("}", "").replace(":str", "")
        answer = stranger.client.post(path, headers={"accept": "application/json"})
        assert answer.json()["exercise"] is exercise, path
    for answer in (stranger.get("/nowhere"), stranger.client.put("/login"), stranger.get("/login")):
        assert all(word in answer.text for word in WORDS) is exercise
