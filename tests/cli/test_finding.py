# SPDX-License-Identifier: Apache-2.0
"""A finding, and a request, from the command line and by memory stick alone: from the draft to two signatures, to closing."""

from __future__ import annotations

import base64
import json

import pypdfium2
from tests.cli.test_keeping import agree, by_hand, release

WHY = ("--purpose", "settlement", "--necessity", "Both sides sign what they found about it.")


def put_out(node, record, to):
    sent = node("release", "propose", record, "--to", to, *WHY, "--json", login="duty")
    assert sent.code == 0, sent.err
    assert node("release", "approve", sent.json["release"], "--json", login="approver").json["condition"] == "logged"


def test_finding_is_drafted_put_forward_signed_and_handed_on_by_stick(two, tmp_path, run):
    west, east = two
    agree(west, east, tmp_path)
    release(west, tmp_path)
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    incident = west("incident", "show", "--json").json[0]["id"]
    drafted = east("finding", "draft", incident, "--language", "fa")
    assert drafted.code == 0
    file = tmp_path / "finding.toml"
    file.write_text(drafted.out + '[[paragraphs]]\nkind = "remark"\ntext = "No patrol was out that night."\n', encoding="utf-8")
    assert east("finding", "propose", incident, file, login="duty").code == 3
    assert east("finding", "propose", "WEST-I-NONE", file, login="commander").code == 2
    for broken in ("", "[[paragraphs]]\nkind = 1\n", "\x00", "paragraphs = []", '[[paragraphs]]\nkind = "verdict"\ntext = "x"\n'):
        bad = tmp_path / "bad.toml"
        bad.write_text(broken)
        ran = east("finding", "propose", incident, bad, login="commander")
        assert (ran.code, "Traceback" in ran.err) == (2, False), broken
    finding = east("finding", "propose", incident, file, "--json", login="commander").json["finding"]
    put_out(east, finding, "west")
    by_hand(east, west, tmp_path / "5.age", tmp_path / "6.age")
    shown = west("finding", "show", finding, "--json").json[0]
    assert (shown["state"], shown["signed_by"]) == ("proposed", [])
    assert "No patrol was out that night." in west("finding", "show", finding).out
    assert west("finding", "sign", finding, "--text", "0" * 24, login="commander").code == 3
    assert west("finding", "sign", finding, "--text", shown["text"], login="duty").code == 3
    for node, other, name in ((west, east, "7"), (east, west, "8")):
        text = node("finding", "show", finding, "--json").json[0]["text"]
        assert text == shown["text"]
        assert node("finding", "sign", finding, "--text", text, login="commander").code == 0
        by_hand(node, other, tmp_path / f"{name}.age", tmp_path / f"{name}b.age")
    for node in two:
        (told,) = node("finding", "list", "--json").json
        assert (told["state"], told["signed_by"]) == ("signed", ["east", "west"])
        assert node("finding", "move", finding, "decline", login="commander").code == 3
        file = tmp_path / f"{node.folder.name}.json"
        words = ("finding", "export", finding, "--out", file, "--to", "Joint commission")
        assert node(*words, "--why", "It meets on Monday about it.", login="duty").code == 3
        assert node(*words, "--why", "Because", login="commander").code == 2
        assert node(*words, "--why", "It meets on Monday about it.", login="commander").code == 0
        checked = run("verify", "--bundle", file, "--json").json
        assert checked["verified"] is True
        held = base64.b64decode(json.loads(file.read_bytes())["payload"])
        assert shown["text"].encode() in held
        assert b"No patrol was out that night." in held
        assert b"wounded" not in held  # the account of the incident is not in it
        assert node("verify").code == 0
    paper = ("finding", "paper", finding, "--out", tmp_path / "finding.pdf", "--language", "fa", "--to", "Joint commission")
    assert west(*paper, "--why", "It meets on Monday about it.", login="duty").code == 3
    assert west(*paper, login="commander").code == 2  # for a third person, and no reason
    assert west(*paper, "--why", "It meets on Monday about it.", login="commander").code == 0
    written = pypdfium2.PdfDocument(tmp_path / "finding.pdf")
    assert [written.get_attachment(0).get_name(), written.count_attachments()] == [f"{finding}.json", 1]
    written.close()


def test_request_is_taken_back_from_the_command_line(two, tmp_path):
    west, east = two
    agree(west, east, tmp_path)
    asked = west(
        "report", "file", "--kind", "explanation_request", "--remarks", "Why did boats pass the buoy?", "--grade", "A1", "--json", login="duty"
    )
    assert asked.code == 0, asked.err
    request = asked.json["record"]["id"]
    assert west("request", "move", request, "withdraw", login="duty").code == 2  # it was asked of nobody yet
    put_out(west, request, "east")
    by_hand(west, east, tmp_path / "3.age", tmp_path / "4.age")
    (told,) = east("request", "list", "--json").json
    assert (told["record"]["kind"], told["condition"], told["answer"]["name"]) == ("explanation_request", "asked", "answer")
    assert "explanation_request" in east("request", "list").out
    assert east("request", "move", request, "withdraw", login="duty").code == 3
    assert west("request", "move", request, "burn", login="duty").code == 2
    assert west("request", "move", request, "close", login="duty").code == 3
    assert west("request", "move", request, "withdraw", "--json", login="duty").json["condition"] == "withdrawn"
    by_hand(west, east, tmp_path / "5.age")
    assert east("request", "list", "--json").json[0]["condition"] == "withdrawn"
