# SPDX-License-Identifier: Apache-2.0
"""One story from an incident to what both did about it, in one browser on two live desks: neither wire, stick nor who leaves loses anything.

In its middle an officer's account is stopped, and the link is cut while a meeting is held: the minutes go by memory stick alone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from hamsaya.assemble.node import open_node
from hamsaya.demo.nodes import DemoNode, free_port
from hamsaya.desk.statistics import statistics
from hamsaya.desk.statistics_csv import write_csv
from hamsaya.exchange.third_person import check_file
from hamsaya.ledger.verify import verify_store

pytestmark = [pytest.mark.browser, pytest.mark.live]
OFFER = "File it, and propose its release"
NECESSITY = "Both commands must see <b>this</b> account."
OURS, THEIRS = "The line runs where our chart has it.", "The line runs three miles to the east of that."
DECIDED = "A joint patrol goes along the road to the mark within a month."
AREA = "61.4, 28.9; 61.7, 28.9; 61.7, 29.1; 61.4, 29.1; 61.4, 28.9"


def filled(page: Page, address: str, **fields: str) -> str:
    """Fill in a form of a matter and file it; returns the record's name."""
    if address:
        page.goto(address)
    for name, value in fields.items():
        field = page.locator(f"[name=field_{name}]")
        if field.first.get_attribute("type") == "checkbox":
            page.check(f"[name=field_{name}][value={value}]")
        elif field.evaluate("field => field.localName") == "select":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name=OFFER).click()
    page.wait_for_url(re.compile(r"/records/[^/]+/release$"))
    return page.url.split("/")[-2]


def let_go(node: DemoNode, record: str) -> None:
    """Let two officers release a record, as another test does with the browser."""
    made = node.post("duty", "/releases", record=record, purpose="settlement", necessity="Both commands settle it together.")
    node.post("approver", f"/releases/{made['release']}/approve")


def sent(node: DemoNode, other: DemoNode, record: str) -> str:
    """Release a record, and wait until the neighbour has it."""
    let_go(node, record)
    other.wait_for("the record arrives", lambda: [each for each in other.get("duty", "/inbox")["items"] if each["subject"] == record])
    return record


def press(page: Page, record: str, label: str) -> None:
    """Press a button of a matter's page."""
    page.goto(f"/matters/{record}")
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("button", name=label, exact=True)).to_have_count(0)


def state(node: DemoNode, record: str, kind: str = "matters") -> str:
    return str(node.get("duty", f"/{kind}/{record}")["dealings"][0]["state"])


def both_tell(story, record: str, expected: str, kind: str = "matters") -> None:
    for node in story.nodes:
        node.wait_for(f"{record} is {expected}", lambda node=node: state(node, record, kind) == expected)


def by_stick(sender: DemoNode, receiver: DemoNode, folder: Path) -> None:
    bundle = str(folder / f"{len(list(folder.iterdir()))}.age")
    sender.run("sync", receiver.party, "--to-file", bundle)
    receiver.run("sync", sender.party, "--from-file", bundle)


def move_gates(story, pages: list[Page], ports: tuple[int, int]) -> None:
    """Start both nodes again with gates at these ports: where the cards do not say them, neither finds the other."""
    for page in pages:
        page.goto("about:blank")  # an open page asks its desk all the time, and the browser complains where none answers
    for node, port in zip(story.nodes, ports, strict=True):
        node.stop()
        settings = node.folder / "hamsaya.toml"
        settings.write_text(re.sub(rf"(?m)^port = {node.gate_port}$", f"port = {port}", settings.read_text("utf-8")), "utf-8")
        node.gate_port = port
        node.serve()
    for node, page in zip(story.nodes, pages, strict=False):
        node.wait()
        page.goto(f"{node.desk}/inbox")
        expect(page.locator("form.office")).to_be_visible()  # who was logged in still is


def report_to_opened(story, west: Page, east: Page, open_desk, report: Path) -> tuple[str, str]:
    """Upload, accept, propose, approve as another officer, arrive, acknowledge, see it opened; returns incident and record."""
    west.goto("/documents")
    west.locator("details.action summary").click()
    west.set_input_files("#file", report)
    west.select_option("#basis", "own")
    west.click("form[action='/documents'] button[type=submit]")
    expect(west.locator(".text")).to_contain_text("<script>document.title='taken'</script>")
    assert "taken" not in west.title()
    draft = west.locator("article.card", has=west.locator("form")).first
    draft.locator("select[name=reliability]").select_option("B")
    draft.locator("select[name=credibility]").select_option("2")
    draft.locator("button", has_text="Accept and file").click()
    expect(west.locator("h1")).to_contain_text("WEST-R-")
    record = west.locator("h1 .name").inner_text()
    west.get_by_role("link", name="Propose a release").click()
    send = west.locator("[data-send]")
    expect(send).to_be_disabled()
    shown = west.locator("pre.bytes").inner_text()
    west.select_option("#purpose", "settlement")
    west.fill("#necessity", NECESSITY)
    west.get_by_role("button", name="Ask the agreement").click()
    expect(west.locator("#decision .badge")).to_have_text("allowed")
    send.click()
    release = west.locator("h1 .name").inner_text()
    expect(west.locator("button", has_text="Approve")).to_have_count(0)
    approver = open_desk(story.west, "approver")
    approver.goto(f"/releases/{release}")
    leaving = approver.locator("pre.bytes").inner_text()
    assert leaving == shown
    assert "Two civilians were wounded" in leaving
    approver.locator("button", has_text="Approve").click()
    expect(approver.locator(".card .badge").first).not_to_have_text("Proposed")
    approver.context.close()
    story.east.wait_for("it arrives", lambda: [each for each in story.east.get("duty", "/inbox")["items"] if each["subject"] == record])
    east.goto("/inbox")
    card = east.locator("li.card", has_text=NECESSITY).filter(has=east.locator("button", has_text="Acknowledge"))
    expect(card).to_have_count(1)
    card.locator("button", has_text="Acknowledge").click()
    story.west.wait_for("it is opened there", lambda: story.west.get("duty", f"/releases/{release}")["condition"] == "opened")
    west.goto(f"/releases/{release}")
    expect(west.locator(".card .badge").first).to_have_text("opened")
    held = next(each["record"] for each in story.west.get("duty", "/records")["records"] if each["record"]["id"] == record)
    return held["incident"], record


def complain_call_pursue_ask(story, west: Page, east: Page, open_desk, incident: str) -> dict[str, str]:
    """Let east complain and an officer answer who then leaves; a call; a pursuit that is stopped; a question. Returns how each has to stand."""
    told = {"subjects": incident, "degree": "formal_protest", "demand": "explanation", "says": "Shots fell on our side of the line.", "due": "+3d"}
    complaint = sent(story.east, story.west, filled(east, "/matters/new/complaint", **told))
    (made,) = story.west.run("user", "add", "leaver", "--role", "officer", "--office", "Night Desk, Mirjaveh", "--language", "en")
    story.west.passwords["leaver"] = made["password"]
    leaver = open_desk(story.west, "leaver")
    reply = filled(leaver, f"/matters/{complaint}/answer/reply", reply="regret", says="The post has orders not to fire towards the line.")
    story.west.run("user", "disable", "leaver")
    leaver.goto("/inbox")
    expect(leaver.locator("#password")).to_be_visible()
    leaver.context.close()
    sent(story.west, story.east, reply)  # what the officer left behind goes on by the word of those who stay
    east.goto(f"/records/{reply}")
    expect(east.locator("main")).to_contain_text("Night Desk, Mirjaveh")
    press(east, complaint, "Close it")

    noted = {"when": "-15m", "line": "hotline", "caller": "Duty officer, Mirjaveh", "called": "Duty officer, Taftan", "read_back": "read_back"}
    call = sent(story.west, story.east, filled(west, "/matters/new/hotline_call", said="A patrol goes along the line tonight.", **noted))
    press(east, call, "Confirm: so it was")

    notice = {"about": "smuggling", "direction": "east", "where": "E61.45 N29.05", "forces": "12", "means": "vehicle", "since": "-10m"}
    pursuit = sent(story.west, story.east, filled(west, "/matters/new/pursuit_notice", office="Duty officer, Mirjaveh", **notice))
    west.goto("/reports/new")
    west.fill("#field-remarks", "what I was typing")
    east.goto(f"/matters/{pursuit}")
    east.locator(".stop-first button").click()
    east.wait_for_url("**/distress/**")
    panel = west.locator(".alarm")
    expect(panel).to_contain_text("STOP from")  # on the pursuer's screen, whatever page is open
    expect(panel).to_contain_text(pursuit)
    panel.get_by_role("button", name="stopped", exact=True).click()
    expect(panel).to_have_count(0)
    assert west.input_value("#field-remarks") == "what I was typing"
    both_tell(story, pursuit, "stop_seen")
    press(west, pursuit, "It has ended")
    after = {"ended": "-1m", "how": "called_off", "crossed": "not_crossed", "shots": "not_fired"}
    sent(story.west, story.east, filled(west, f"/matters/{pursuit}/answer/report", **after))
    press(east, pursuit, "Close it")

    asked = {"remarks": "Which post saw the vehicle on 14 November?", "reliability": "A", "credibility": "1"}
    request = sent(story.east, story.west, story.east.post("duty", "/reports", kind="request", **asked)["record"]["id"])
    answer = story.west.post("duty", "/reports", kind="notice", answers=request, **asked | {"remarks": "The post at the mark, at 16:30."})
    sent(story.west, story.east, answer["record"]["id"])
    east.goto(f"/requests/{request}")
    expect(east.locator("main")).to_contain_text("answered")
    return {complaint: "closed", call: "confirmed", pursuit: "closed"}


def meet(story, west: Page, east: Page, incident: str) -> str:
    """Invite with the agenda that one click gathers, and accept; returns the meeting."""
    west.goto("/meetings/agenda/east")
    west.get_by_role("link", name="Invite with this agenda").click()
    assert incident in west.input_value("[name=field_items]")
    meeting = sent(story.west, story.east, filled(west, "", level="sector", time="+7d", place="Taftan", offices="Sector Commander"))
    press(east, meeting, "Accept")
    both_tell(story, meeting, "accepted")
    return meeting


def write(page: Page, number: int, kind: str, text: str) -> None:
    """Write a paragraph into one of the four that end the form empty."""
    paragraph = page.locator("fieldset.paragraph").nth(number)
    paragraph.locator("select").select_option(kind)
    paragraph.locator("textarea").fill(text)


def minutes_by_stick(story, west: Page, east: Page, meeting: str, stick: Path) -> str:
    """Draft, word it otherwise on the other side, sign on both; the link is cut, and a stick carries all. Returns the minutes."""
    west.goto(f"/matters/{meeting}")
    west.get_by_role("link", name="Draft the minutes").click()
    write(west, -4, "decided", DECIDED)
    write(west, -3, "remark", OURS)
    west.get_by_role("button", name=OFFER).click()
    west.wait_for_url("**/findings/WEST-R-*")
    minutes = west.url.rsplit("/", 1)[-1]
    let_go(story.west, minutes)
    by_stick(story.west, story.east, stick)
    east.goto(f"/findings/{minutes}")
    expect(east.locator("main")).to_contain_text(OURS)
    east.locator("details.action summary", has_text="Put another text forward").click()
    write(east, -1, "remark", THEIRS)
    east.get_by_role("button", name=OFFER).click()
    expect(east.locator("main")).to_contain_text("has not left yet")
    let_go(story.east, story.east.get("commander", f"/findings/{minutes}")["waiting"][0])
    by_stick(story.east, story.west, stick)
    for page, node, other in ((west, story.west, story.east), (east, story.east, story.west)):
        page.goto(f"/findings/{minutes}")
        for text in (OURS, THEIRS, DECIDED):
            expect(page.get_by_label("Text", exact=True).first).to_contain_text(text)
        page.get_by_role("button", name="Sign this text").click()
        expect(page.get_by_role("button", name="Sign this text")).to_have_count(0)
        by_stick(node, other, stick)
    assert [state(node, minutes, "findings") for node in story.nodes] == ["signed", "signed"]
    return minutes


def on_paper(page: Page, minutes: str) -> None:
    """Hand the minutes on as a PDF, out of which anybody takes the file that proves them."""
    page.goto(f"/findings/{minutes}")
    page.locator("details.action summary", has_text="Hand it on to a third person").click()
    page.fill("[name=to]", "Joint commission")
    page.fill("[name=why]", "It meets on Monday about this.")
    with page.expect_download() as download:
        page.get_by_role("button", name="As PDF, with the file in it").click()
    paper = pypdfium2.PdfDocument(download.value.path())
    checked = check_file(bytes(paper.get_attachment(0).get_data()), None)
    paper.close()
    assert (checked.faults, len(checked.proven), sorted(checked.fingerprints)) == ([], 1, ["east", "west"])


def promise_and_invite(story, west: Page, east: Page, minutes: str) -> dict[str, str]:
    """Open what was decided as a commitment, and invite to an exercise. Returns how each has to stand."""
    west.goto(f"/findings/{minutes}")
    west.get_by_role("link", name="Open it as a commitment").click()
    assert west.input_value("[name=field_what]") == DECIDED
    patrol = sent(story.west, story.east, filled(west, "", owner="Sector Commander", due="+30d"))
    press(east, patrol, "Accept")
    both_tell(story, patrol, "accepted")
    press(west, patrol, "Confirm as agreed")
    planned = {"name": "Joint rescue exercise", "domains": "search_and_rescue", "area": AREA, "window": "+9d – +12d", "contact": "Operations desk"}
    exercise = sent(story.west, story.east, filled(west, "/matters/new/exercise", **planned))
    press(east, exercise, "Send observers")
    return {patrol: "agreed", exercise: "observing"}


def figures(node: DemoNode) -> str:
    """Return the figures of the day as this node prints them once it is over, and verify all that it holds."""
    with open_node(node.folder) as opened:
        later = replace(opened.node, now=lambda: opened.node.now() + timedelta(days=2))
        today = opened.node.now().date()
        with opened.store.reading() as book:
            printed = write_csv(statistics(later, book, today - timedelta(days=1), today + timedelta(days=1)))
        assert verify_store(opened.store).faults == []
    return printed.decode()


def test_two_commands_settle_an_incident_from_the_report_to_what_both_count(story, open_desk, report, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    west, east = open_desk(story.west), open_desk(story.east)
    incident, _ = report_to_opened(story, west, east, open_desk, report)
    stands = complain_call_pursue_ask(story, west, east, open_desk, incident)
    meeting = meet(story, west, east, incident)
    lead, chief = open_desk(story.west, "commander"), open_desk(story.east, "commander")
    gates = story.west.gate_port, story.east.gate_port
    everybody = [west, east, lead, chief]
    move_gates(story, everybody, (free_port(), free_port()))
    press(west, meeting, "It was held")
    minutes = minutes_by_stick(story, lead, chief, meeting, stick)
    assert state(story.east, meeting) == "held", "the stick carried that as well"
    move_gates(story, everybody, gates)
    on_paper(lead, minutes)
    stands |= promise_and_invite(story, west, east, minutes) | {meeting: "held"}
    for record, expected in stands.items():
        both_tell(story, record, expected)
    printed = [figures(node) for node in story.nodes]
    assert printed[0] == printed[1]
    for kind in ("complaint", "hotline_call", "pursuit_notice", "meeting", "minutes", "commitment", "exercise", "stop"):
        assert kind in printed[0]
