# SPDX-License-Identifier: Apache-2.0
"""Every page, in every language: direction, headers, marks, and that nothing hostile comes through."""

from __future__ import annotations

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from hamsaya.desk.contacts import note_failed
from hamsaya.facts.errors import OperatorError
from hamsaya.facts.words import say

LANGUAGES = {"en": "ltr", "fa": "rtl", "ur": "rtl"}
LISTS = ["/", "/inbox", "/incidents", "/documents", "/drafts", "/records", "/releases", "/agreements"]


def all_paths(web) -> list[str]:
    with web.desk.store.reading() as book:
        return [
            *LISTS,
            *(f"/incidents/{name}" for name in book.incidents()),
            *(f"/documents/{held.document}" for held in book.documents()),
            *(f"/records/{held.record.id}" for held in book.records()),
            *(f"/releases/{held.release}" for held in book.releases()),
            *(f"/agreements/{held.agreement.table.id}" for held in book.agreements()),
        ]


class Tags(HTMLParser):
    """Collects tags, and checks that every one that is opened is closed."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_renders_in_the_readers_direction(lived_web, language):
    office = lived_web.login()
    for path in all_paths(lived_web):
        page = office.get(f"{path}?lang={language}")
        assert page.status_code == 200, path
        found = Tags(page.text).tags
        assert ("html", {"lang": language}) in found
        body = next(attrs for tag, attrs in found if tag == "body")
        assert body["dir"] == LANGUAGES[language]
        assert not [
            tag for tag, attrs in found if tag in ("style", "iframe", "base") or "style" in attrs or any(name.startswith("on") for name in attrs)
        ]
        assert all(attrs.get("src", "").startswith("/static/") for tag, attrs in found if tag == "script")
        outside = [
            value for _, attrs in found for name in ("href", "src", "action") if (value := attrs.get(name)) and not value.startswith(("/", "#"))
        ]
        assert outside == []
        for tag, attrs in found:
            if tag == "form" and attrs.get("method") == "post":
                assert 'name="csrf"' in page.text
        switches = {attrs["lang"]: attrs["href"] for tag, attrs in found if tag == "a" and "lang" in attrs}
        assert switches == {code: f"{path}?lang={code}" for code in LANGUAGES}


@pytest.mark.parametrize("language", ["fa", "ur"])
def test_no_sentence_of_the_house_stays_english(lived_web, language):
    office = lived_web.login()
    for path in LISTS:
        page = office.get(f"{path}?lang={language}").text
        for english in ("Log out", "last proven contact", "Incidents", "Agreements"):
            assert f">{english}<" not in page


def test_language_is_remembered_and_defaults_to_the_officers(webs, desk):
    office = webs(desk, language="ur").login()
    assert '<html lang="ur">' in office.get("/").text
    office.get("/?lang=fa")
    assert '<html lang="fa">' in office.get("/incidents").text
    assert '<html lang="fa">' in office.get("/incidents?lang=xx").text


def test_unknown_things_are_not_here(lived_web):
    office = lived_web.login()
    for room in ("incidents", "documents", "drafts", "records", "releases", "agreements"):
        answer = office.json(f"/{room}/NOT-HERE")
        assert (answer.status_code, answer.json()["error"]) == (404, "not-found")
        assert answer.json()["what"]
        page = office.get(f"/{room}/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
        assert page.status_code == 404
        assert "<script>alert" not in page.text
    for path in ("/nowhere", "/static/../app.py", "/static/app.py", "/incidents/a/b/c"):
        assert office.json(path).status_code == 404
        assert office.json(path).json()["error"] == "not-found"
    assert office.client.delete("/inbox", headers={"accept": "application/json"}).json()["error"] == "method"


CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


def answers(web):
    """One answer of every sort: page, JSON, redirect, error, static file, unknown path, wrong method, our own bug."""
    office, stranger = web.login(), web.visitor()
    yield office.get("/")
    yield office.json("/incidents")
    yield office.get("/releases/NONE")
    yield office.json("/releases/NONE")
    yield office.post("/releases", csrf="")
    yield stranger.get("/")
    yield stranger.json("/")
    yield stranger.get("/login")
    yield stranger.json("/health")
    yield stranger.get("/health")
    yield stranger.get("/static/desk.css")
    yield stranger.get("/nowhere")
    yield stranger.json("/nowhere")
    yield stranger.client.put("/login")
    yield stranger.client.post("/login", data={"login": "x", "password": "y"})
    yield office.client.post("/documents", content=b"x" * (13 << 20), headers={"x-csrf": office.csrf, "content-type": "text/plain"})


def test_every_answer_carries_the_headers(lived_web):
    for answer in answers(lived_web):
        assert answer.headers["content-security-policy"] == CSP
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        is_static = answer.request.url.path.startswith("/static/") and answer.status_code == 200
        assert answer.headers["cache-control"] == ("no-cache" if is_static else "no-store")


def test_exercise_is_marked_on_every_page_and_in_every_json(webs, desk):
    for answer in answers(webs(desk, exercise=True)):
        assert answer.headers["x-exercise"] == "true"
        if answer.headers.get("content-type", "").startswith("text/html"):
            assert all(word in answer.text for word in ("EXERCISE", "تمرین", "مشق"))
        elif answer.headers.get("content-type", "").startswith("application/json"):
            assert answer.json()["exercise"] is True


def test_real_node_is_not_marked_as_exercise(lived_web):
    for answer in answers(lived_web):
        assert answer.headers["x-exercise"] == "false"
        assert 'class="watermark"' not in answer.text
        if answer.headers.get("content-type", "").startswith("application/json"):
            assert answer.json()["exercise"] is False


HOSTILE = """Report of the duty office.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers <script>alert(1)</script> fired at a border guard patrol near Mirjaveh "><img src=x onerror=alert(2)>.
One civilian was wounded. {{ 7 * 7 }} {message} \u202e reversed \u202c
"""


def test_hostile_document_is_shown_as_text_only(web, work):
    office = web.login()
    held = work.take_in(office, HOSTILE)
    record = office.post(f"/drafts/{held['drafts'][0]['draft']}/accept", data={"grade": "B2"}).json()["record"]
    for path in (f"/documents/{held['document']['document']}", f"/records/{record['id']}", f"/incidents/{record['incident']}"):
        page = office.get(path).text
        Tags(page)
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "{{ 7 * 7 }}" in page or path.startswith(("/records", "/incidents"))
    assert "&lt;script&gt;" in office.get(f"/documents/{held['document']['document']}").text


def test_hostile_words_of_officers_and_neighbours_are_escaped(web, work):
    office = web.login()
    record = work.file_record(office)
    bad = "<script>alert(1)</script> {x} {0} %s is why we need it"
    held = work.propose(office, record["id"], necessity=bad)
    page = office.get(f"/releases/{held['release']}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    refused = work.propose(office, record["id"], purpose="<b>{purpose}</b>")
    page = office.get(f"/releases/{refused['release']}?lang=fa").text
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in office.get("/releases").text


def test_huge_document_is_cut_with_a_notice(web, work):
    office = web.login()
    held = work.take_in(office, work.REPORT + "\n" + "A quiet day. " * 20_000, language="en")
    page = office.get(f"/documents/{held['document']['document']}").text
    assert "Too long to show whole" in page
    assert len(page) < 400_000
    assert "<mark>" in page


def test_broken_ledger_answers_503_without_a_trace(web, monkeypatch):
    office = web.login()

    def broken(*_):
        raise OperatorError(say("The ledger cannot be read: {why}", why="disk"), say("Restore a backup."))

    monkeypatch.setattr(type(web.desk.store), "reading", broken)
    answer = office.json("/inbox")
    assert (answer.status_code, answer.json()["error"]) == (503, "operator")
    page = office.get("/inbox")
    assert page.status_code == 503
    assert "Restore a backup." in page.text
    assert office.json("/health").status_code == 503


def test_bug_answers_500_without_a_trace(web, monkeypatch):
    office = web.login()

    def bug(*_):
        raise ZeroDivisionError("a secret detail")

    monkeypatch.setattr(type(web.desk.store), "reading", bug)
    for answer in (office.json("/inbox"), office.get("/inbox")):
        assert answer.status_code == 500
        assert "secret detail" not in answer.text
        assert "Traceback" not in answer.text


def test_json_of_an_error_names_what_hint_and_rule(web):
    office = web.login("auditor")
    body = office.post("/releases").json()
    assert set(body) == {"error", "what", "hint", "rule", "exercise"}
    assert (body["error"], body["rule"]) == ("refused", "role")
    assert body["hint"]


def test_every_page_and_the_page_of_links_tell_the_last_proven_contact_and_what_failed(webs, agreed):
    office = webs(agreed.west).login()
    page = office.get("/inbox").text
    assert "last proven contact" in page
    assert f"{agreed.west.clock.at:%H:%M}" in page
    assert 'class="dot on"' in page
    proven = office.json("/links").json()["links"][0]
    assert (proven["state"], proven["by"]) == ("proven", "called")
    agreed.west.clock.at += timedelta(seconds=56)
    note_failed(agreed.west.node, "east", say("The clock of {party} is wrong.", party="east"))
    page = office.get("/inbox").text
    assert "contact lost" in page
    assert "The clock of" in page
    assert 'class="dot off"' in page
    lost = office.json("/links").json()["links"][0]
    assert (lost["state"], lost["why"], lost["failures"]) == ("silent", "The clock of east is wrong.", 1)
    assert office.json("/distress/waiting").json()["links"] in page  # by which an open page finds that it should show the links anew
    assert "Contact lost" in office.get("/links").text


def test_anyone_at_the_desk_may_have_a_neighbour_called_now(webs, agreed):
    web = webs(agreed.west)
    answer = web.login("administrator").post("/links/east/try")
    assert (answer.json()["trying"], web.logged) == (True, ["east"])
    assert web.login().post("/links/nobody/try").status_code == 404
