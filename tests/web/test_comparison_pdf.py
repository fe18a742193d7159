# SPDX-License-Identifier: Apache-2.0
"""The comparison on paper: laid out offline in three languages, with a file attached that the keys prove, and a plain word where it cannot be made."""

from __future__ import annotations

import importlib.util
import unicodedata

import msgspec
import pypdfium2
import pytest
from tests.conftest import REPORT, RIGHTS, release

from hamsaya.desk.comparing import comparison_of
from hamsaya.desk.comparison_signed import sign_comparison
from hamsaya.desk.flags import close_flag
from hamsaya.desk.incidents import view_incident
from hamsaya.exchange.comparison_file import COMPARISON, read_comparison
from hamsaya.exchange.third_person import check_file
from hamsaya.facts.errors import InputError, OperatorError
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import open_envelope, seal
from hamsaya.web import paper
from hamsaya.web.admit import LANGUAGE_COOKIE
from hamsaya.web.paper import print_pdf
from hamsaya.web.paper_worker import FONTS, packaged


@pytest.fixture
def both_sides(agreed):
    """An incident of which west holds its own account and the one that east released."""
    west, east = agreed.west, agreed.east
    held = west.file()
    release(west, held.record.id)
    agreed.sync()
    theirs = east.file(REPORT.replace("One", "Two"), incident=held.record.incident)
    release(east, theirs.record.id)
    agreed.sync()
    return west, held.record.incident


def signed_of(desk, incident):
    with desk.store.reading() as book:
        return sign_comparison(desk.node, book, desk.officers["duty"], comparison_of(view_incident(book, incident)))


def spoken(data):
    return {party: frozenset({fingerprint}) for party, fingerprint in check_file(data, None).fingerprints.items()}


def test_signed_comparison_proves_each_account_with_the_keys_read_aloud(both_sides):
    desk, incident = both_sides
    data = signed_of(desk, incident)
    checked = check_file(data, None)
    assert checked.faults == []
    assert sorted(each.blanks["party"] for each in checked.proven) == ["east", "west"]
    file = read_comparison(data)
    assert (file.written_by, file.handling, file.comparison["id"]) == ("west", "amber", incident)
    with desk.store.reading() as book:
        assert {str(party): party in str(checked.fingerprints) for party in ("west", "east")} == {"west": True, "east": True}
        assert file.accounts[0].signed == book.signed_version(file.accounts[0].record, 1).decode()
    assert b"rights_flag" not in data, "the flag never leaves the node, also not in a file that may be handed on"


@pytest.mark.parametrize("what", ["comparison", "account", "entry", "author", "version"])
def test_altered_comparison_is_found(both_sides, what):
    desk, incident = both_sides
    payload = open_envelope(signed_of(desk, incident)).payload
    plain = msgspec.json.decode(payload)
    own, theirs = (next(each for each in plain["accounts"] if bool(each.get("signed")) == mine) for mine in (True, False))
    match what:
        case "comparison":
            plain["comparison"]["agree"] = []
        case "account":
            other = "B" if own["signed"][-40] == "A" else "A"
            own["signed"] = own["signed"][:-40] + other + own["signed"][-39:]
        case "entry":
            theirs["entry"]["content"] = theirs["entry"]["content"].replace("2", "3", 1)
        case "author":
            plain["written_by"] = "east"
        case "version":
            own["version"] = 7
    bare = msgspec.json.decode(signed_of(desk, incident))
    resealed = seal(COMPARISON, canonical(plain), desk.node.key)
    kept = canonical({**bare, "payload": msgspec.json.decode(resealed)["payload"]})  # the old signature over other bytes
    assert check_file(kept, None).faults, "altered by somebody without the key"
    named = [fault.entry for fault in check_file(resealed, None).faults]
    expected = {
        "comparison": [],
        "account": [f"{own['record']}@1"],
        "entry": [f"{theirs['record']}@1"],
        "author": ["file"],
        "version": [f"{own['record']}@7"],
    }
    assert named == expected[what], "whoever holds the node's key can say anything of its own, and nothing of what others signed"


def test_paper_in_three_languages_has_title_pages_words_and_the_file_that_verifies(both_sides, webs):
    desk, incident = both_sides
    close_flag(desk.node, RIGHTS, incident, "Both wounded men were treated at home.")
    officer = webs(desk).login()
    for language, words in (
        ("en", "nobody wins"),
        ("fa", "مقایسه"),
        ("ur", ""),
    ):  # no text comes out of Nastaliq again: that is why a file is attached
        officer.client.cookies.set(LANGUAGE_COOKIE, language)
        answer = officer.post(f"/incidents/{incident}/comparison/pdf", json=False)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert f'filename="{incident}.pdf"' in answer.headers["content-disposition"]
        paper_ = pypdfium2.PdfDocument(answer.content)
        assert len(paper_) >= 1
        assert incident in paper_.get_metadata_value("Title")
        assert "TLP:AMBER" in paper_.get_metadata_value("Title")
        text = unicodedata.normalize("NFKC", "".join(paper_[number].get_textpage().get_text_range() for number in range(len(paper_))))
        assert incident in text
        assert words in text
        if language != "en":
            assert any(unicodedata.bidirectional(letter) == "AL" for letter in text)
        (attached,) = [paper_.get_attachment(number) for number in range(paper_.count_attachments())]
        assert attached.get_name() == f"{incident}-comparison.json"
        data = bytes(attached.get_data())
        checked = check_file(data, None)
        assert (checked.faults, checked.written_by, len(checked.proven)) == ([], "west", 2)
        paper_.close()


def test_nothing_is_loaded_from_anywhere():
    assert packaged(f"font:{FONTS[0].file}") == FONTS[0].path.read_bytes()
    for url in ("https://example.org/x.png", "file:///etc/passwd", "font:../secret", "data:text/plain,x", "font:"):
        with pytest.raises(ValueError, match="not a packaged font"):
            packaged(url)
    with pytest.raises(OperatorError, match="could not be laid out"):
        print_pdf("<img src='file:///etc/passwd'>", name="x.json", attached=b"{}", described="x")


def test_page_that_takes_too_long_is_given_up_and_the_next_is_laid_out():
    with pytest.raises(OperatorError, match=r"took longer than 0 s"):
        print_pdf("<p>x</p>", name="x.json", attached=b"{}", described="x", limit_s=0.01)
    assert print_pdf("<p>x</p>", name="x.json", attached=b"{}", described="x").startswith(b"%PDF-")


def test_without_the_extra_it_is_said_what_to_install(both_sides, webs, monkeypatch):
    desk, incident = both_sides
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "weasyprint" else find(name, *rest))
    answer = webs(desk).login().post(f"/incidents/{incident}/comparison/pdf")
    assert answer.status_code == 503
    assert "hamsaya[pdf]" in answer.json()["hint"]
    monkeypatch.undo()
    monkeypatch.setattr(paper, "FONTS", [FONTS[0]._replace(file="not-here.woff2")])
    with pytest.raises(OperatorError, match="fonts"):
        print_pdf("<p>x</p>", name="x.json", attached=b"{}", described="x")


def test_administrator_signs_and_reads_nothing(both_sides, webs):
    desk, incident = both_sides
    web = webs(desk)
    assert web.login("administrator").post(f"/incidents/{incident}/comparison/pdf").status_code == 403
    assert web.login("officer").post("/incidents/NOT-HERE/comparison/pdf").status_code == 404
    with pytest.raises(InputError):
        read_comparison(seal("proof", b"{}", desk.node.key))
