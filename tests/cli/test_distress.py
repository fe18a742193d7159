# SPDX-License-Identifier: Apache-2.0
"""`hamsaya distress`: a call without an agreement, by a stick, to its review; and nothing typed keeps it from leaving."""

from __future__ import annotations


def carry(one, other, tmp_path):
    stick = tmp_path / "stick.age"
    assert one("sync", "--to-file", stick).code == 0
    assert other("sync", "--from-file", stick).code == 0


def test_call_goes_by_stick_and_comes_to_its_review(two, tmp_path):
    west, east = two
    sent = west(
        "distress", "send", "--what", "vessel", "--at", "Gwatar", "--count", "4-6", "--help-asked", "rescue_boat", "--help-asked", "helicopter",
        "--since", "-15m", "--no-contact", "--json", login="duty",
    )  # fmt: skip
    assert sent.code == 0, sent.err
    assert (sent.json["case"], sent.json["condition"]) == ("west.east.0", "logged")
    carry(west, east, tmp_path)
    (came,) = east("distress", "list", "--json").json
    assert (came["call"]["what"], came["call"]["help"], came["call"]["count"]) == (
        ["vessel"],
        ["rescue_boat", "helicopter"],
        {"type": "count", "low": 4, "high": 6},
    )
    unseen = east("doctor", "--json").json["findings"]
    assert "distress-unseen" in {each["code"] for each in unseen}
    answered = east("distress", "answer", "west.east.0", "coming", "--minutes", "30", "--no-contact", login="duty")
    assert "west.east.0: answered (help is coming)" in answered.out
    assert "distress-unseen" not in {each["code"] for each in east("doctor", "--json").json["findings"]}
    carry(east, west, tmp_path)
    assert west("distress", "over", "west.east.0", "--no-contact", login="duty").code == 0
    words = ("distress", "review", "west.east.0", "--verdict", "right", "--note", "They were found.")
    assert west(*words, login="duty").code == 3
    assert west(*words, login="commander").code == 0
    carry(west, east, tmp_path)
    assert [each["condition"] for each in east("distress", "list", "--json").json] == ["reviewed"]
    assert west("verify").code == east("verify").code == 0


def test_stop_and_what_cannot_be_read(two):
    west, _ = two
    told = west(
        "distress", "stop", "--what", "fire", "--what", "approach", "--at", "behind the third hill", "--since", "lately", "--no-contact", login="duty"
    )
    assert told.code == 0, told.err
    assert told.err  # the time was not understood, and it left all the same
    assert west("distress", "list", "--json").json[0]["call"]["place"]["words"] == "behind the third hill"
    for words in (
        ("send", "--what", "meteor", "--at", "Taftan"),
        ("send", "--what", "fire", "--at", " "),
        ("stop", "--what", "fire", "--whom", "ghosts", "--at", "x"),
    ):
        assert west("distress", *words, "--no-contact", login="duty").code == 2, words
    assert west("distress", "answer", "west.east.9", "--no-contact", login="duty").code == 2


def test_neighbour_that_cannot_be_reached_stops_nothing(two):
    west, _ = two
    sent = west("distress", "send", "--what", "medical", "--at", "Mirjaveh", login="duty")
    assert sent.code == 0
    assert "west.east.0: logged" in sent.out
    assert "tried again" in sent.err
    findings = {each["code"]: each["severity"] for each in west("doctor", "--json").json["findings"]}
    assert findings["distress-unreceipted"] == "fault"
