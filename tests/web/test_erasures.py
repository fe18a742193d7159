# SPDX-License-Identifier: Apache-2.0
"""Erasing from the pages: two persons here, one at the neighbour, and every page says what was erased, when and why."""

from __future__ import annotations

import re

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.test_erasing import erase

from hamsaya.desk.converse import receive
from hamsaya.desk.offering import write_for
from hamsaya.exchange.bundle import read_bundle, write_bundle
from hamsaya.exchange.packing import unpack
from hamsaya.facts.errors import NeighbourError
from hamsaya.web.pages.erasures import anchor_of

WHY = "the time for which it may be kept has run out"


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.fixture
def sides(agreed, webs):
    """West's and east's desks; west released a record, which east has."""
    held = release(agreed.west, agreed.west.file().record.id)
    agreed.sync()
    return agreed, webs(agreed.west), webs(agreed.east), held


def test_two_persons_erase_and_the_neighbour_confirms_and_every_page_says_so(sides):
    pair, west, east, held = sides
    rights, second, reader = west.login("rights-officer"), west.login("approver"), west.login("officer")
    page = f"/records/{held.record}"
    assert "Order that it be erased" in rights.get(page).text
    assert "Order that it be erased" not in reader.get(page).text
    assert rights.post(f"{page}/erase", data={"reason": "because"}).status_code == 400
    assert rights.post(f"{page}/erase", json=False, data={"reason": "retention"}).headers["location"] == page
    assert rights.post(f"{page}/erase", data={"reason": "retention"}).status_code == 409
    assert WHY in words_of(second.get("/erasures").text)
    assert "Erase the content" in second.get(page).text
    assert "Erase the content" not in reader.get(page).text
    assert second.post(f"{page}/erase/decide", data={"outcome": "perhaps"}).status_code == 400
    assert second.post(f"{page}/erase/decide", data={"outcome": "erase"}).json()["state"] == "erased"
    assert west.logged == ["east"]
    assert second.post(f"{page}/erase/decide", data={"outcome": "erase"}).status_code == 409
    pair.sync()
    theirs, watch = east.login("approver"), east.login("officer")
    anchor = anchor_of(held.log, held.seq)
    assert f"/erasures#{anchor}" in theirs.get("/inbox").text
    assert f'id="{anchor}"' in theirs.get("/erasures").text
    assert "Erase our copy, and confirm" not in watch.get("/erasures").text
    assert "wounded" in words_of(theirs.get(page).text).lower()
    assert theirs.post("/erasures/confirm", data={"log": held.log, "seq": "x"}).status_code == 400
    assert theirs.post("/erasures/confirm", data={"log": held.log, "seq": "0", "erase": "EAST-R-0"}).status_code == 400
    assert theirs.post("/erasures/confirm", json=False, data={"log": held.log, "seq": "0"}).headers["location"] == f"/erasures#{anchor}"
    assert theirs.post("/erasures/confirm", data={"log": held.log, "seq": "0"}).status_code == 409
    pair.sync()
    with pair.west.store.reading() as book:
        (version,) = book.versions(held.record)
    for office, paths in (
        (reader, [page, "/erasures", f"/releases/{held.release}", f"/releases/{held.release}/explain", f"/incidents/{version.record.incident}", "/records"]),
        (watch, [page, "/erasures", f"/releases/{held.release}/explain", f"/incidents/{version.record.incident}", "/records", "/inbox"]),
    ):  # fmt: skip
        for path in paths:
            shown = office.get(path)
            assert shown.status_code == 200, path
            assert "wounded" not in words_of(shown.text).lower(), path
            if path not in ("/records", "/inbox") and not path.startswith("/incidents"):
                assert "erased" in words_of(shown.text), path
    for office in (reader, watch):
        assert office.json("/erasures").json()["erasures"][0]["confirmed"]["office"] == "approver desk"
        for path in (page, "/erasures", f"/releases/{held.release}/explain"):
            assert WHY in words_of(office.get(path).text), path
    assert "Exactly the bytes" not in reader.get(f"/releases/{held.release}").text  # of what is left of it, nobody approved the bytes
    assert "Who holds it" not in reader.get(page).text
    assert "erasure confirmed" in words_of(reader.get("/releases").text)
    assert "Propose a release" not in reader.get(page).text
    commander = west.login("commander")
    assert "Take it back" not in commander.get(f"/releases/{held.release}").text  # what is erased needs no recall beside it
    assert commander.post(f"/releases/{held.release}/recall", data={"reason": "It was a mistake."}).status_code == 403


def test_same_person_does_not_confirm_and_a_declined_order_erases_nothing(sides):
    _, west, _, held = sides
    commander, second = west.login("commander"), west.login("approver")
    page = f"/records/{held.record}"
    commander.post(f"{page}/erase", data={"reason": "ordered"})
    assert "another person must confirm" in words_of(commander.get(page).text)
    refused = commander.post(f"{page}/erase/decide", data={"outcome": "erase"})
    assert (refused.status_code, refused.json()["rule"]) == (403, "second-officer")
    assert second.post(f"{page}/erase/decide", data={"outcome": "decline"}).json()["state"] == "declined"
    assert "wounded" in words_of(second.get(page).text).lower()
    assert "Order that it be erased" in commander.get(page).text


def test_who_is_to_confirm_reads_that_evidence_against_the_neighbour_goes_with_the_copy(agreed, webs):
    held = release(agreed.west, agreed.west.file().record.id)
    with agreed.west.store.reading() as book:
        good = read_bundle(unpack(write_for(agreed.west.node, book, "east"), 1 << 24), agreed.west.node.key.public, sender="west", receiver="east")
    with pytest.raises(NeighbourError):
        receive(agreed.east.node, write_bundle(msgspec.structs.replace(good, receipts=["{}"]), agreed.west.node.key))
    agreed.sync()
    other = release(agreed.west, agreed.west.file(REPORT.replace("12 November", "14 November")).record.id)
    agreed.sync()
    for each in (held, other):
        erase(agreed.west, each.record)
    agreed.sync()
    east = webs(agreed.east)
    says = "kept here as evidence against West that hold this copy, and go with it: 1"
    for role in ("approver", "officer"):
        assert words_of(east.login(role).get("/erasures").text).count(says) == 1  # of the two, one is in that bundle
    office = east.login("approver")
    assert {each["record"]: each["evidence"] for each in office.json("/erasures").json()["erasures"]} == {held.record: 1, other.record: 0}
    for each in (held, other):
        assert office.post("/erasures/confirm", data={"log": each.log, "seq": str(each.seq)}).status_code == 200
    assert "as evidence against" not in words_of(office.get("/erasures").text)
    with agreed.east.store.reading() as book:
        assert [book.document_bytes(each.bundle) for each in book.quarantined()] == [None]
