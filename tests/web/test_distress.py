# SPDX-License-Identifier: Apache-2.0
"""Distress and STOP on the desk: filed at once, shown to every officer on every page until somebody has seen it, in each reader's language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.desk.test_distress import HOSTILE, Forger

from hamsaya.desk.distress import send_distress, send_stop
from hamsaya.facts.distress import Call
from hamsaya.facts.values import Place

HTML = {"accept": "text/html"}
PANEL = 'role="alertdialog"'
FORM = {"what": "vessel", "where": "Gwatar", "count": "4-6", "help": ["rescue_boat", "helicopter"], "since": "-15m"}


@pytest.fixture
def west(pair, webs):
    return webs(pair.west)


def from_east(pair, **form):
    """Let east call; it arrives at west."""
    place = Place(words="Gwatar", precision="settlement", name="Gwatar")
    (sent,) = send_distress(pair.east.node, pair.east.officers["duty"], Call(**{"what": ["medical"], "place": place, "help": ["search"], **form}))
    pair.sync()
    return sent.case


def test_form_becomes_a_call_without_an_agreement_and_the_courier_is_told_at_once(pair, west):
    made = west.login("officer").post("/distress/new", data=FORM).json()["calls"]
    assert [(each["condition"], each["neighbour"]) for each in made] == [("logged", "east")]
    assert west.logged == ["east"]
    pair.sync()
    with pair.east.store.reading() as book:
        came = book.calls()[0].call
    assert (came.what, came.help, came.count.low, came.count.high) == (["vessel"], ["rescue_boat", "helicopter"], 4, 6)
    assert came.place.ref
    assert came.since.start < pair.west.clock.at - timedelta(minutes=14)


def test_what_cannot_be_read_is_told_once_and_then_leaves_as_it_is(west):
    office = west.login("officer")
    typed = {"what": "medical", "where": "behind the third hill", "count": "umpteen", "since": "lately", "token": "t"}
    page = office.post("/distress/new", json=False, data=typed)
    assert page.status_code == 400
    assert "It was not sent yet." in page.text
    assert all(f'value="{each}"' in page.text for each in ("behind the third hill", "umpteen", "lately"))
    sent = office.post("/distress/new", data={**typed, "again": "yes"}).json()["calls"][0]
    assert (sent["call"]["place"]["words"], sent["call"].get("count")) == ("behind the third hill", None)
    again = office.post("/distress/new", data={**typed, "again": "yes"}).json()["calls"][0]
    assert again["case"] == sent["case"]  # the button was pressed twice
    for missing in ({"where": "Taftan"}, {"what": "medical"}):
        assert office.post("/distress/new", data={**missing, "again": "yes"}).status_code == 400


@pytest.mark.parametrize("path", ["/inbox", "/reports/new", "/records", "/account", "/roles", "/distress/new", "/nowhere"])
def test_call_covers_every_page_of_who_may_answer(pair, west, path):
    case = from_east(pair)
    page = west.login("officer").get(path, headers=HTML)
    covered = PANEL in page.text and f"/distress/{case}/answer" in page.text
    assert covered or path == "/nowhere"


def test_each_role_is_told_what_it_may_know(pair, west):
    from_east(pair, what=["other"], words="a burning boat")
    for role, covered, told in (
        ("officer", True, True), ("liaison", True, True), ("approver", True, True), ("commander", True, True),
        ("analyst", False, False), ("auditor", False, False), ("administrator", False, False),
    ):  # fmt: skip
        page = west.login(role).get("/account", headers=HTML).text
        assert (PANEL in page, "a burning boat" in page) == (covered, told), role
        assert covered or "A call of a neighbour waits" in page, role
    stranger = west.visitor()
    page = stranger.get("/login", headers=HTML).text
    assert "A call of a neighbour waits" in page
    assert "boat" not in page
    assert set(stranger.json("/distress/waiting").json()) == {"waiting", "mark", "links", "exercise"}
    assert west.login("administrator").json("/distress").status_code == 403


def test_one_key_says_that_it_was_seen_and_the_pages_are_free_again(pair, west):
    case = from_east(pair)
    office, stranger = west.login("officer"), west.visitor()
    before = stranger.json("/distress/waiting").json()
    assert before["waiting"] == 1
    assert office.post(f"/distress/{case}/answer", data={"answer": "seen"}).json()["condition"] == "seen"
    after = stranger.json("/distress/waiting").json()
    assert after["waiting"] == 0
    assert after["mark"] != before["mark"]
    assert PANEL not in office.get("/inbox", headers=HTML).text
    answered = office.post(f"/distress/{case}/answer", data={"answer": "coming", "minutes": "30"}).json()
    assert answered["condition"] == "answered"
    pair.sync()
    with pair.east.store.reading() as book:
        assert [(step.code, step.minutes, step.office) for step in book.calls()[0].steps] == [
            ("seen", None, "officer desk"),
            ("coming", 30, "officer desk"),
        ]


def test_our_own_call_stands_on_every_page_until_it_is_over_and_then_waits_for_its_review(pair, west):
    office, commander = west.login("officer"), west.login("commander")
    case = office.post("/distress/new", data=FORM).json()["calls"][0]["case"]
    assert "Distress call to" in commander.get("/records", headers=HTML).text
    assert office.post(f"/distress/{case}/review", data={"verdict": "right", "reason": "x"}).status_code == 403
    office.post(f"/distress/{case}/over", data={"how": "over"})
    assert "Distress call to" not in commander.get("/records", headers=HTML).text
    assert "to be reviewed" in commander.get("/distress", headers=HTML).text
    pair.west.clock.at += timedelta(hours=25)
    commander = west.login("commander")
    assert "its review is overdue" in commander.get("/distress", headers=HTML).text
    reviewed = commander.post(f"/distress/{case}/review", data={"verdict": "right", "reason": "The boat was found."}).json()
    assert reviewed["condition"] == "reviewed"
    assert "The boat was found." in commander.get(f"/distress/{case}", headers=HTML).text


@pytest.mark.parametrize(("language", "words"), [("fa", ("فوریت پزشکی", "گروه جست‌وجو")), ("ur", ("طبی ہنگامی حالت", "تلاش کی ٹیم"))])
def test_every_code_reads_in_the_readers_own_language(pair, west, language, words):
    from_east(pair)
    send_stop(pair.east.node, pair.east.officers["duty"], Call(what=["pursuit"], whom=["drone"], place=Place(words="x", precision="unknown")))
    pair.sync()
    page = west.login("officer").get(f"/inbox?lang={language}", headers=HTML).text
    assert all(word in page for word in words)
    assert not [code for code in ("medical emergency", "search team", "pursuit", ">drone") if code in page]


def test_page_asks_again_by_itself_without_script(west):
    assert '<noscript><meta http-equiv="refresh"' in west.login("officer").get("/inbox", headers=HTML).text


@pytest.mark.parametrize("content", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_call_is_shown_and_contained(pair, west, content):
    forger = Forger(pair)
    forger.add("distress.sent", content, office="<b>\u202eO</b>")
    forger.send()
    office = west.login("officer")
    for path in ("/inbox", "/distress", "/distress/east.west.0"):
        page = office.get(path, headers=HTML)
        assert page.status_code == 200
        assert PANEL in page.text
        assert "<script>\u2066" not in page.text
        assert "<b>" not in page.text
        assert not [letter for letter in "\u202e\u2066\x00" if letter in page.text]
        assert len(page.text) < 60_000


def test_code_of_a_newer_program_is_shown_as_a_code(pair, west):
    forger = Forger(pair)
    forger.add("distress.sent", HOSTILE["codes of tomorrow"])
    forger.send()
    page = west.login("officer").get("/inbox", headers=HTML).text
    assert "code “<bdi>volcano</bdi>”" in page
    assert "code “<bdi>robot</bdi>”" in page


def test_exercise_marks_the_panel_too(pair, webs):
    case = from_east(pair)
    page = webs(pair.west, exercise=True).login("officer").get("/inbox", headers=HTML).text
    panel = page.split(PANEL)[1].split("</section>")[0]
    assert case in panel
    assert all(mark in panel for mark in ("EXERCISE", "تمرین", "مشق"))
