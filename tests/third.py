# SPDX-License-Identifier: Apache-2.0
"""What needs more than a release to be seen on the desk: corrections and recalls, and a third party with its own agreement.

After it, on west's desk: a record in two versions of which the neighbour holds both; a recall of ours that was answered and one of
the neighbour's that waits; a consent of east's that holds and a request of east's that waits; a release to the third party
that is held, since the agreement with it is suspended; and a warning to it that one officer let leave, which waits for its review.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hamsaya.demo.nodes import DemoNode
from hamsaya.demo.run import Story

NORTH = {
    "party": "north", "country": "AF", "zone": "Asia/Kabul", "languages": "fa,en",
    "name": {"en": "Northern Border Police", "fa": "پلیس مرزی شمال", "ur": "شمالی سرحدی پولیس"},
    "officers": [{"login": "commander", "role": "commander", "language": "fa", "office": "Border Police Commander"}],
}  # fmt: skip
SEEN = """EXERCISE
Report of the duty office.
Date: {day} November 2026

On {day} November 2026 at 09:30, smugglers fired at a border guard patrol near Mirjaveh. {count} civilians were wounded.
"""
STANDING = """
[[clauses]]
number = "20"
type = "standing-approval"
kinds = ["warning"]
ceiling = "green"
review_h = 6
"""
WHY = "Both sides must know what happened that night."


def filed(node: DemoNode, day: int, count: str) -> str:
    """File a record of what was seen, and return its name."""
    drafts = node.upload("duty", ("seen.txt", SEEN.format(day=day, count=count).encode()), basis="own")["drafts"]
    return str(node.post("duty", f"/drafts/{drafts[0]['draft']}/accept", grade="B2", handling="amber", incident="new")["record"]["id"])


def released(node: DemoNode, record: str, to: str) -> str:
    """Let two officers release a record."""
    proposed = node.post("duty", "/releases", record=record, receiver=to, purpose="settlement", necessity=WHY)["release"]
    node.post("approver", f"/releases/{proposed}/approve")
    return str(proposed)


def arrived(node: DemoNode, record: str, version: int = 1) -> dict[str, Any]:
    """Wait until a version of a record has arrived, and return the neighbour's release as the inbox has it."""

    def look() -> list[dict[str, Any]]:
        held = [each["record"] for each in node.get("duty", "/records")["records"]]
        return [each for each in held if (each["id"], each["version"]) == (record, version)]

    found: dict[str, Any] = node.wait_for(f"record {record} arrives", look)[0]
    return found


def corrected_and_taken_back(story: Story) -> None:
    """Correct a record that the neighbour holds; take another back, which it answers; and it takes one back, which we do not."""
    west, east = story.west, story.east
    twice, wrong, theirs = filed(west, 3, "Two"), filed(west, 4, "Three"), filed(east, 5, "Two")
    released(west, twice, "east")
    gone = released(west, wrong, "east")
    doubted = released(east, theirs, "west")
    arrived(east, twice)
    west.post("duty", f"/records/{twice}/correct", **{"c1.grade": "A1"})
    released(west, twice, "east")
    arrived(east, twice, 2)
    arrived(east, wrong)
    west.post("duty", f"/releases/{gone}/recall", reason="It did not happen on that day.")
    (told,) = east.wait_for("the recall arrives", lambda: [each for each in east.get("duty", "/recalls")["recalls"] if each["record"] == wrong])
    east.post("duty", "/recalls/answer", log=told["log"], seq=str(told["seq"]))
    arrived(west, theirs)
    east.post("duty", f"/releases/{doubted}/recall", reason="The place was another one.")
    west.wait_for("their recall arrives", lambda: [each for each in west.get("duty", "/recalls")["recalls"] if each["record"] == theirs])
    west.wait_for("the answer arrives", lambda: west.get("duty", f"/releases/{gone}")["condition"] == "recall answered")


def third_party(story: Story, home: Path) -> None:
    """Make a third node that west and east trust, ask for consents to tell it something, and suspend west's agreement with it."""
    west, east, north = story.west, story.east, DemoNode(home / "north" / "node", NORTH)
    try:
        north.make()
        north.serve()
        for one, other in ((west, north), (east, north), (north, west)):
            card = one.folder.parent / f"of-{other.party}.card"
            card.write_bytes(other.card.read_bytes())
            one.run("party", "trust", str(card), "--fingerprint", other.fingerprint)
        north.wait()
        agreement = _agreed(west, north, home)
    finally:
        north.stop()
    _consents(west, east)
    warned = west.post(
        "duty", "/reports", remarks="The pillar will be painted on both sides.", kind="warning", handling="green", reliability="B", credibility="2"
    )  # fmt: skip
    alone = west.post("duty", "/releases", record=warned["record"]["id"], receiver="north", purpose="prevention", necessity=WHY, alone="yes")
    assert alone["condition"] == "logged", alone
    record = filed(west, 6, "Two")
    released(west, record, "north")
    west.post("commander", f"/agreements/{agreement}/act", verb="suspend", reason="Their officer for liaison has changed.")


def _agreed(west: DemoNode, north: DemoNode, home: Path) -> str:
    terms = home / "north.toml"
    whole = west.get("duty", "/agreements")["agreements"][0]["agreement"]["table"]["id"]
    told = (home / "terms.toml").read_text("utf-8").replace('"east"', '"north"').replace(whole, "west-north-exercise") + STANDING
    terms.write_text(told, "utf-8")
    drafted = west.run("agreement", "draft", str(terms), "--with", "north")
    name = str(drafted["id"])
    west.post("commander", f"/agreements/{name}/sign", text=drafted["hash"])

    def of(node: DemoNode, signatures: int) -> list[Any]:
        found = node.get("commander", "/agreements")["agreements"]
        return [each for each in found if each["agreement"]["table"]["id"] == name and len(each["signatures"]) >= signatures]

    north.wait_for("the agreement arrives", lambda: of(north, 1))
    north.post("commander", f"/agreements/{name}/sign", text=drafted["hash"])
    west.wait_for("it is signed by both", lambda: of(west, 2))
    return name


def _consents(west: DemoNode, east: DemoNode) -> None:
    """Each asks the other whether something may go on to the third party; east grants, west has not answered."""
    for asking, asked, day in ((west, east, 7), (east, west, 8)):
        told = filed(asked, day, "Two")
        released(asked, told, asking.party)
        arrived(asking, told)
        own = asking.post("duty", f"/records/{told}/link")["record"]["id"]
        asking.post("duty", f"/records/{own}/consent", receiver="north", purpose="settlement", necessity="The third party must see it, too.")
        (held,) = asked.wait_for("the request arrives", lambda asked=asked, told=told: [
            each for each in asked.get("duty", "/consents")["consents"] if each["asked"]["record"] == told
        ])  # fmt: skip
        if asked is east:
            east.post("approver", "/consents/answer", asker="west", request=held["asked"]["request"], answer="grant")
            west.wait_for("the consent arrives", lambda: [each for each in west.get("duty", "/consents")["consents"] if each["state"] == "granted"])
