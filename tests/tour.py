# SPDX-License-Identifier: Apache-2.0
"""A tour of every page of the desk, taken from its table of routes, on two nodes to which everything has happened.

The pictures (`tests/screenshots.py`) and the tests of how pages look (`tests/browser/test_every_page.py`) both go where
this says. A page that the tour cannot reach stops it: a new name in a path needs a line in `EXAMPLES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, Page
from tests.third import corrected_and_taken_back, third_party

from hamsaya.demo.nodes import DemoNode
from hamsaya.demo.run import Story
from hamsaya.desk.roles import ROLES
from hamsaya.web.admit import LANGUAGE_COOKIE
from hamsaya.web.pages import ROUTES

LANGUAGES = ("en", "fa", "ur")
SCHEMES = ("light", "dark")
WIDTHS = {"desktop": 1280, "phone": 390}
HEIGHT = 900
LOCKED = "locked"
LOGINS = {"duty": "officer", "approver": "approver", "commander": "commander", "auditor": "auditor", "admin": "administrator"}
WATCH = """EXERCISE
Report of the duty office, Mirjaveh sector.
Date: 14 November 2026

On 14 November 2026 at 10:30, smugglers fired at a border guard patrol near Mirjaveh. Two civilians were wounded and a vehicle was damaged.

On 15 November 2026 at night, a boat was reportedly seen near Gwatar.
"""
ANSWER = """مشق
تاریخ: 15 نومبر 2026
نوعیت: واقعے کی رپورٹ
منجانب: فرنٹیئر کور، تفتان سیکٹر

اتوار 15 نومبر 2026 کو صبح 7 بج کر 20 منٹ پر تفتان سیکٹر میں اسمگلروں نے گشت پر فائرنگ کی۔ دو پاکستانی شہری زخمی ہوئے۔
"""


def live_in(story: Story) -> None:
    """Add to the demonstration what it tidies away: drafts that are open and rejected, a release that waits, something new in the inbox; and the acts that follow a release."""
    west, east = story.west, story.east
    taken = west.upload("duty", ("watch.txt", WATCH.encode()), basis="own")["drafts"]
    held = west.post("duty", f"/drafts/{taken[0]['draft']}/accept", grade="B2", handling="amber", incident="new")
    west.post("duty", "/releases", record=held["record"]["id"], purpose="settlement", necessity="Both commands must see this account of the night.")
    spare = west.upload("duty", ("second.txt", WATCH.replace("14 November", "16 November").encode()), basis="own")["drafts"]
    west.post("duty", f"/drafts/{spare[0]['draft']}/reject", reason="The same as the report of the 14th.")
    west.upload("duty", ("third.txt", WATCH.replace("15 November", "17 November").encode()), basis="own")
    theirs = east.upload("duty", ("answer.txt", ANSWER.encode()), basis="own")["drafts"]
    record = east.post("duty", f"/drafts/{theirs[0]['draft']}/accept", grade="B3", handling="amber", incident="new")["record"]["id"]
    proposed = east.post("duty", "/releases", record=record, purpose="settlement", necessity="تصفیے کے لیے دونوں کمانوں کو یہ بیان دیکھنا چاہیے۔")
    east.post("approver", f"/releases/{proposed['release']}/approve")
    _ask(east, west, "The same report says that a refugee was turned back at the gate. What is known?")
    _ask(west, east, "Which post saw the boat near Gwatar on 15 November?")
    answered = _ask(west, east, "Why did three boats pass the buoy on 15 November?", kind="explanation_request")
    _answer(east, west, answered, "A drill of the coast guard, which nobody had announced.")
    west.post("duty", f"/requests/{answered}/move", move="close")
    _find(east, west)
    _meet(west)
    called = west.post("duty", "/distress/new", what="medical", where="Mirjaveh", count="2-4", help="medical_team")["calls"][0]["case"]
    east.wait_for("the call arrives", lambda: [each for each in east.get("duty", "/distress")["calls"] if each["case"] == called])
    east.post("duty", f"/distress/{called}/answer", answer="coming", minutes="30")
    west.post("duty", f"/distress/{called}/over", how="over")
    west.post("duty", "/distress/stop", what="fire", whom="all", where="Taftan")
    _complain(west, east)
    _pursue_and_return(west, east)
    _say_daily(west, east)
    _announce(west, east)
    corrected_and_taken_back(story)
    third_party(story, west.folder.parents[1])
    west.wait_for("something new arrives", lambda: [each for each in west.get("duty", "/inbox")["items"] if each["state"] == "new"])


def _meet(west: DemoNode) -> None:
    """Invite the neighbour to a meeting, and to something that is to be done."""
    for kind, fields in (
        ("meeting", {"field_level": "sector", "field_time": "+7d", "field_agenda": "Boats that drift over the line"}),
        (
            "commitment",
            {"field_what": "A joint patrol of the coast", "field_status": "invited", "field_owner": "Sector Commander", "field_due": "+9d"},
        ),
    ):
        record = west.post("duty", f"/matters/new/{kind}", **fields)["record"]
        proposed = west.post("duty", "/releases", record=record, purpose="settlement", necessity="Both commands prepare for it.")
        if kind == "meeting":
            west.post("duty", f"/meetings/{record}/attendance", office="Sector Commander North", name="Officer of the exercise")
        west.post("approver", f"/releases/{proposed['release']}/approve")


def _find(first: DemoNode, other: DemoNode) -> None:
    """Put a finding forward about the incident with most accounts, and sign it once."""
    incident = max(first.get("duty", "/incidents")["incidents"], key=lambda each: each["accounts"])["incident"]
    drafted = first.get("commander", f"/incidents/{incident}/finding")["text"][:9]
    fields = {"kind": [each["kind"] for each in drafted], "text": [each["text"] for each in drafted], "side": [""] * len(drafted)}
    made = first.post("commander", f"/incidents/{incident}/finding", **fields)
    proposed = first.post("duty", "/releases", record=made["record"], purpose="settlement", necessity="Both sides sign what they found about it.")
    first.post("approver", f"/releases/{proposed['release']}/approve")
    finding = made["finding"]
    other.wait_for("the finding arrives", lambda: [each for each in other.get("duty", "/findings")["findings"] if each["finding"] == finding])
    text = other.get("commander", f"/findings/{finding}")["dealings"][0]["text"]
    other.post("commander", f"/findings/{finding}/move", move="sign", on=text)
    first.wait_for("the signature arrives", lambda: [each for each in first.get("duty", "/findings")["findings"] if each["signed_by"]])


def _pursue_and_return(west: DemoNode, east: DemoNode) -> None:
    """Let east tell of a pursuit, which west can stop; and hold what west has to expect."""
    told = {"about": "armed_attack", "direction": "west", "where": "E61.65 N29.05", "forces": "12", "means": "vehicle", "since": "-10m"}
    _open_matter(east, west, "/matters/new/pursuit_notice", **told, office="Duty officer, Taftan post")
    held = {"whose": "we_hold", "what": "livestock", "count": "12", "protection": "no_persons", "since": "-1d"}
    _open_matter(east, west, "/matters/new/return_case", **held, says="They crossed at the dry river bed.")


def _open_matter(first: DemoNode, other: DemoNode, address: str, **fields: Any) -> str:
    """File what opens a matter or moves one on, release it, and wait until it has arrived; returns the record's name."""
    record = first.post("duty", address, **{f"field_{name}": value for name, value in fields.items()})["record"]
    proposed = first.post("duty", "/releases", record=record, purpose="settlement", necessity="Both commands settle what happened.")
    first.post("approver", f"/releases/{proposed['release']}/approve")
    other.wait_for("the record arrives", lambda: [each for each in other.get("duty", "/inbox")["items"] if each["subject"] == record])
    return str(record)


def _complain(west: DemoNode, east: DemoNode) -> None:
    """Let each complain to the other, east reply for the time being, and west write down a call that east confirms."""
    for first, other in ((west, east), (east, west)):
        about = {"subjects": _incidents(first)[0], "degree": "formal_protest", "demand": "explanation", "says": "Shots fell on our side of the line."}
        complaint = _open_matter(first, other, "/matters/new/complaint", **about, due="+2d")
        if first is west:
            _open_matter(east, west, f"/matters/{complaint}/answer/hold", reply="inquiry_under_way", says="The sector commander looks into it.")
    call = {
        "when": "09:40",
        "line": "hotline",
        "caller": "Sector Commander North",
        "called": "Duty office",
        "said": "Two boats drifted over the line.",
    }
    noted = _open_matter(west, east, "/matters/new/hotline_call", **call, read_back="read_back")
    east.post("duty", f"/matters/{noted}/move", move="confirm", party="west")


def _announce(west: DemoNode, east: DemoNode) -> None:
    """Let both plan an exercise in one bay at one time, of which west tells east; and east tell of a patrol there."""
    area = "61.4, 24.9; 61.7, 24.9; 61.7, 25.1; 61.4, 25.1; 61.4, 24.9"
    told = {"domains": "sea", "area": area, "window": "+5d – +8d"}
    theirs = {"name": "گشتی مشق", "contact": "ڈیوٹی ڈیسک گوادر، ہاٹ لائن ۲", **told}
    east.post("duty", "/matters/new/exercise", **{f"field_{name}": value for name, value in theirs.items()})
    more = {"phases": "+5d – +6d: boarding drill", "observers": "Two observers at the port office.", "due": "+2d"}
    invited = _open_matter(
        west, east, "/matters/new/exercise", name="Joint search and rescue exercise", contact="Operations desk, VHF channel 16", **told, **more
    )
    east.post("duty", f"/matters/{invited}/move", move="observe", party="west")
    _open_matter(east, west, "/matters/new/patrol", name="ساحلی گشت", contact="ڈیوٹی افسر گوادر، چینل ۸", **told)


def _say_daily(west: DemoNode, east: DemoNode) -> None:
    """Name sections on both sides, say how today was, and set how tense one is."""
    west.post("commander", "/sections", section="mirjaveh", name="Mirjaveh gate", points="61.4,29.0 61.5,29.3")
    west.post("commander", "/sections", section="gwatar", name="Gwatar bay")
    west.post("commander", "/sections/mirjaveh/level", level="high", reason="Shots were fired at a patrol twice.")
    east.post("commander", "/sections", section="mirjaveh", name="تفتان گیٹ")
    east.post("commander", "/sections", section="taftan", name="تفتان")
    today = west.get("duty", "/sections")["sections"][0]["to_say"][-1]
    west.post("duty", "/sections/gwatar/day", day=today, said="nothing")
    east.post("duty", "/sections/taftan/day", day=east.get("duty", "/sections")["sections"][0]["to_say"][-1], said="nothing")
    west.wait_for("the daily word arrives", lambda: [each for each in west.get("duty", "/sections")["sections"] if each["section"] == "taftan"])


def _ask(asking: DemoNode, asked: DemoNode, remarks: str, kind: str = "request") -> str:
    """Ask the neighbour for information, and wait until it has arrived; returns the request's name."""
    fields = {"remarks": remarks, "kind": kind, "reliability": "A", "credibility": "1"}
    request = asking.post("duty", "/reports", **fields)["record"]["id"]
    proposed = asking.post("duty", "/releases", record=request, purpose="settlement", necessity="Both sides must know what happened.")
    asking.post("approver", f"/releases/{proposed['release']}/approve")
    asked.wait_for("the request arrives", lambda: [each for each in asked.get("duty", "/requests")["requests"] if each["request"] == request])
    return str(request)


def _answer(asked: DemoNode, asking: DemoNode, request: str, remarks: str) -> None:
    """Answer a neighbour's request, and wait until that has arrived."""
    fields = {"remarks": remarks, "kind": "incident_account", "reliability": "B", "credibility": "2", "answers": request}
    record = asked.post("duty", "/reports", **fields)["record"]["id"]
    proposed = asked.post("duty", "/releases", record=record, purpose="settlement", necessity="They asked for it.")
    asked.post("approver", f"/releases/{proposed['release']}/approve")
    asking.wait_for("the answer arrives", lambda: [
        each for each in asking.get("duty", "/requests")["requests"] if each["request"] == request and each["condition"] == "answered"])  # fmt: skip


def _one_of_each(node: DemoNode, path: str, name: str, key: Callable[[Any], str], kind: Callable[[Any], object]) -> list[str]:
    """Return one id for each kind of thing in a list of the desk."""
    found: dict[object, str] = {}
    for each in node.get("duty", path)[name]:
        found.setdefault(kind(each), key(each))
    return list(found.values())


def _incidents(node: DemoNode) -> list[str]:
    """Return the incident with the most accounts and the one with the fewest."""
    listed = sorted(node.get("duty", "/incidents")["incidents"], key=lambda each: each["accounts"])
    return list(dict.fromkeys([listed[-1]["incident"], listed[0]["incident"]]))


EXAMPLES: dict[str, Callable[[DemoNode], list[str]]] = {
    "incident": _incidents,
    "document": lambda node: _one_of_each(node, "/documents", "documents", lambda each: each["document"], lambda each: each["language"]),
    "draft": lambda node: _one_of_each(node, "/drafts", "drafts", lambda each: each["draft"], lambda each: each["state"]),
    "claim": lambda _: ["c1"],
    "record": lambda node: _one_of_each(
        node, "/records", "records", lambda each: each["record"]["id"], lambda each: (each["received_from"], each["record"]["version"] > 1)
    ),
    "case": lambda node: [each["case"] for each in node.get("duty", "/distress")["calls"]],
    "release": lambda node: _one_of_each(node, "/releases", "releases", lambda each: each["release"], lambda each: each["condition"]),
    "asked": lambda node: _one_of_each(node, "/requests", "requests", lambda each: each["request"], lambda each: (each["ours"], each["condition"])),
    "finding": lambda node: _one_of_each(node, "/findings", "findings", lambda each: each["finding"], lambda each: each["state"]),
    "matter": lambda node: [
        *_one_of_each(node, "/matters?kind=complaint", "matters", lambda each: each["matter"], lambda each: (each["ours"], each["state"])),
        *_one_of_each(node, "/matters?kind=pursuit_notice", "matters", lambda each: each["matter"], lambda each: each["state"]),
        *_one_of_each(node, "/matters?kind=return_case", "matters", lambda each: each["matter"], lambda each: each["state"]),
    ],
    "meeting": lambda node: _one_of_each(node, "/meetings", "meetings", lambda each: each["matter"], lambda each: each["state"]),
    "kind": lambda _: ["complaint", "hotline_call", "pursuit_notice", "return_case"],
    "step": lambda _: ["reply"],
    "text": lambda _: ["minutes", "press_line"],
    "party": lambda _: ["east", "west"],
    "section": lambda node: _one_of_each(node, "/sections", "sections", lambda each: each["section"], lambda each: bool(each["own"])),
    "agreement": lambda node: _one_of_each(node, "/agreements", "agreements", *[lambda each: each["agreement"]["table"]["id"]] * 2),
}
"""For each name in a path, the ids under which something is to be seen."""

STEPS = {"pursuit_notice": "allow", "return_case": "expect"}
ASKED = {
    "search-found": "/search?q=Mirjaveh",
    "meeting-invited-to": "/matters/new/meeting?with=east",
    "incidents-filtered": "/incidents?since=2026-11-01",
    "places-found": "/places?q=Mir",
    "exercises-asked": "/exercises?area=61.5,25;62,25;62,25.3;61.5,25&window=%2B6d+%E2%80%93+%2B7d",
    "records-struck": "/records?struck=yes",
}
"""Pages that say more when they are asked something."""


@dataclass(frozen=True)
class Stop:
    """One page: a name for its file, its address, and who looks; nobody is logged in where `login` is empty."""

    name: str
    path: str
    login: str
    status: int = 200


@dataclass
class Tour:
    """The stops on one node's desk. `data` are the paths that answer something else than a page, or lead on to one."""

    node: DemoNode
    stops: list[Stop] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    cookies: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def open(self, browser: Browser, login: str, *, javascript: bool = True) -> BrowserContext:
        """Return a browser in which that officer is logged in."""
        context = browser.new_context(
            viewport={"width": WIDTHS["desktop"], "height": HEIGHT}, base_url=self.node.desk, java_script_enabled=javascript
        )
        context.add_cookies(self.cookies[login])  # type: ignore[arg-type]
        return context

    def visit(self, page: Page, stop: Stop, language: str) -> None:
        """Go to a stop in a language. Raises `AssertionError` for a page that is not what it should be."""
        page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": self.node.desk}])
        answer = page.goto(stop.path)
        assert answer is not None
        assert answer.status == stop.status, f"{stop.path} as {stop.login or 'nobody'}: {answer.status}"
        assert page.locator("html").get_attribute("lang") == language, stop.path


def plan(node: DemoNode) -> Tour:
    """Return the tour of a node's desk: every GET route, with every example. Raises `AssertionError` where one cannot be reached."""
    tour = Tour(node)
    clients = {login: _client(tour, login) for login in ("", *(login for login in LOGINS if login in node.passwords))}
    for route in ROUTES:
        if route.method == "GET":
            login = _who_may(route.verb, clients)
            reached = [_look(tour, clients[login], route.path, number, path, login) for number, path in enumerate(_paths(node, route.path), 1)]
            assert any(reached), f"{route.path} as {login or 'nobody'}: none of its examples can be reached"
    tour.stops += [Stop(name, path, "duty") for name, path in ASKED.items()]
    tour.stops.append(Stop("fault-no-such-record", "/records/WEST-R-NOTHERE", "duty", 404))
    tour.stops.append(Stop("fault-not-this-role", "/records", "admin", 403))
    if "commander" in clients:  # the one who is offered the case file
        tour.stops.append(Stop("incident-to-hand-on", f"/incidents/{_incidents(node)[0]}", "commander"))
    release = _one_of_each(node, "/releases", "releases", lambda each: each["release"], lambda each: each["condition"] == "proposed")
    tour.stops += [Stop(f"release-to-approve-{number}", f"/releases/{each}", "approver") for number, each in enumerate(release[:1])]
    review = node.get("approver", "/releases")["reviews"][0]["release"]
    tour.stops.append(Stop("release-to-review", f"/releases/{review}", "approver"))
    _lock(tour)
    for client in clients.values():
        client.close()
    return tour


def _look(tour: Tour, client: httpx.Client, pattern: str, number: int, path: str, login: str) -> bool:
    """Take a path into the tour, and say whether it was reached; an example of which this is refused, such as what a neighbour owns, is not."""
    answer = client.get(path)
    if answer.status_code in (403, 404):
        return False
    assert answer.is_success or answer.is_redirect, f"{path} as {login or 'nobody'}: {answer.status_code}"
    if answer.is_success and "text/html" in answer.headers["content-type"]:
        tour.stops.append(Stop(_name(pattern, number), path, login))
    else:
        tour.data.append(path)
    return True


def _lock(tour: Tour) -> None:
    """Add the page of a session that is locked: one more of the duty officer's, who is `locked` in this tour."""
    client = _client(tour, "duty", LOCKED)
    token = re.search(r'name="csrf" value="(\w+)"', client.get("/account").text)
    assert token is not None
    assert client.post("/lock", data={"csrf": token[1]}).has_redirect_location
    tour.stops.append(Stop("locked", "/locked", LOCKED))
    client.close()


def _client(tour: Tour, login: str, known_as: str = "") -> httpx.Client:
    node = tour.node
    client = httpx.Client(base_url=node.desk, headers={"accept": "text/html", "origin": node.desk}, timeout=60)
    if login:
        client.post("/login", data={"login": login, "password": node.passwords[login]})
    tour.cookies[known_as or login] = [{"name": name, "value": value, "url": node.desk} for name, value in client.cookies.items()]
    assert bool(client.cookies) == bool(login), login
    return client


def _who_may(verb: str | None, clients: dict[str, httpx.Client]) -> str:
    if verb is None:
        return ""
    able = [login for login, role in LOGINS.items() if login in clients and (not verb or verb in ROLES[role])]
    assert able, f"nobody of the tour may {verb}: give LOGINS a role that may"
    return able[0]


def _paths(node: DemoNode, pattern: str) -> Iterator[str]:
    found = re.search(r"\{(\w+):[^}]*\}", pattern)
    if found is None:
        yield pattern
        return
    assert found[1] in EXAMPLES, f"the tour knows no example of {found[1]}: give EXAMPLES one for {pattern}"
    examples = EXAMPLES[found[1]](node)
    if found[1] == "step":  # each table has its own
        kind = node.get("duty", pattern.split("/answer/", maxsplit=1)[0])["kind"]
        examples = [STEPS[kind]] if kind in STEPS else examples
    assert examples, f"there is no {found[1]} to look at"
    for each in examples:
        yield from _paths(node, pattern.replace(found[0], each, 1))


def _name(pattern: str, number: int) -> str:
    """Return a file name: the route's own words, and which of its examples it is."""
    words = "-".join(part.strip("{}").split(":")[0] for part in pattern.strip("/").split("/")) or "front"
    return f"{words}-{number}" if "{" in pattern else words
