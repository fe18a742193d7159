# SPDX-License-Identifier: Apache-2.0
"""The commands of `docs/how-to/meeting.md` and `minutes.md`: the agenda and the pack of a meeting, and minutes that both sign by memory stick."""

from __future__ import annotations

import shlex
from pathlib import Path

import pypdfium2
from tests.cli.test_finding import put_out
from tests.cli.test_keeping import agree, by_hand

PAGES = Path(__file__).resolve().parents[2] / "docs/how-to"
TEXT = '[[paragraphs]]\nkind = "agreed_text"\ntext = "Both sectors clear the drain."\n\n[[paragraphs]]\nkind = "decided"\ntext = "The hotline is tested."\n'
LINE = '[[paragraphs]]\nkind = "press_text"\ntext = "Both sectors have met."\n'


def on_the_page(page, *words):
    """The command of a page that begins with these words."""
    lines = (shlex.split(line.strip()[2:]) for line in (PAGES / page).read_text("utf-8").splitlines() if line.strip().startswith("$ hamsaya"))
    return next(each[1:] for each in lines if each[1 : 1 + len(words)] == list(words))


def both_sign(two, record, tmp_path):
    """Let each sign the text that stands, and carry it over; returns its name."""
    (west, east), names = two, set()
    for node, other in ((west, east), (east, west)):
        names.add(node("finding", "show", record, "--json").json[0]["text"])
        assert node("finding", "sign", record, "--text", *names, login="commander").code == 0
        by_hand(node, other, tmp_path / f"{record}-{node.folder.name}.age")
    return names.pop()


def test_meeting_from_its_agenda_to_minutes_that_both_signed_by_stick(two, tmp_path, run):
    west, east = two
    agree(west, east, tmp_path)
    words = on_the_page("meeting.md", "matter", "open")
    invited = west(*words[: words.index("--as")], "--json", login="duty")
    assert invited.code == 0, invited.err
    meeting = invited.json["record"]
    put_out(west, meeting, "east")
    by_hand(west, east, tmp_path / "3.age")
    assert east("matter", "move", meeting, "accept", "--json", login="duty").json["state"] == "accepted"
    by_hand(east, west, tmp_path / "4.age")
    for node in two:
        (listed,) = node("meeting", "list", "--json").json
        assert (listed["meeting"], listed["state"], listed["time"] is not None) == (meeting, "accepted", True)
    assert west("meeting", "pack", "--with", "east", "--out", tmp_path / "agenda.pdf", "--json").code == 2  # nobody asks
    packed = west("meeting", "pack", "--with", "east", "--out", tmp_path / "agenda.pdf", "--json", login="duty")
    assert packed.code == 0, packed.err
    paper = pypdfium2.PdfDocument(tmp_path / "agenda.pdf")
    assert 1 <= len(paper) <= 2
    assert "Agenda" in "".join(page.get_textpage().get_text_range() for page in paper)
    paper.close()
    assert west("meeting", "agenda", "--with", "north").code == 2

    file = tmp_path / "minutes.toml"
    file.write_text(TEXT, encoding="utf-8")
    asked = ("meeting", "minutes", file, "--about")
    assert west(*asked, meeting, login="duty").code == 3
    assert west(*asked, "WEST-R-NONE", login="commander").code == 2
    assert west(*asked, meeting, "--kind", "finding", login="commander").code == 2
    minutes = west(*asked, meeting, "--json", login="commander").json["record"]
    put_out(west, minutes, "east")
    by_hand(west, east, tmp_path / "5.age")
    out = ("finding", "export", minutes, "--out", tmp_path / "minutes.json", "--to", "Joint commission", "--why", "It meets on Monday about it.")
    assert west(*out, login="commander").code == 3  # not before both have signed
    name = both_sign(two, minutes, tmp_path)
    for node in two:
        told = {each["finding"]: (each["state"], each["signed_by"], each["text"]) for each in node("finding", "list", "--json").json}
        assert told == {minutes: ("signed", ["east", "west"], name)}
        assert "The hotline is tested." in node("finding", "show", minutes).out
    assert west(*out, login="commander").code == 0
    assert run("verify", "--bundle", tmp_path / "minutes.json", "--json").json["verified"] is True

    file.write_text(LINE, encoding="utf-8")
    line = east("meeting", "minutes", file, "--kind", "press_line", "--json", login="commander").json["record"]
    put_out(east, line, "west")
    by_hand(east, west, tmp_path / "6.age")
    both_sign(two, line, tmp_path)
    assert [node("finding", "show", line, "--json").json[0]["state"] for node in two] == ["signed", "signed"]
    assert west("verify").code == east("verify").code == 0
