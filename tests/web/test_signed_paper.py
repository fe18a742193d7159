# SPDX-License-Identifier: Apache-2.0
"""Minutes on paper: both texts side by side, who signed and with what key, the signed file inside, and on every page what is not signed yet."""

from __future__ import annotations

import importlib.util
import unicodedata

import pypdfium2
from tests.conftest import release
from tests.desk.made import journal_size
from tests.desk.test_meetings import INVITED, opened
from tests.desk.test_minutes import AGREED, DECIDED, MARKED, OURS, THEIRS, head, put, stands

from hamsaya.desk.findings import propose_minutes, put_forward, sign_finding
from hamsaya.exchange.third_person import check_file
from hamsaya.settlement.finding import Paragraph
from hamsaya.web.admit import LANGUAGE_COOKIE

UNSIGNED = {"NOT", "SIGNED", "BY", "BOTH", "SIDES"}  # beside words that run the other way they come out of a PDF in whatever order
LONG = [Paragraph("agreed_text", f"{number}. " + "The boats that drifted over the line were returned on the day. " * 12) for number in range(9)]


def pages(content):
    """Return the text of each page, and the files that are in the paper by name."""
    paper = pypdfium2.PdfDocument(content)
    text = [unicodedata.normalize("NFKC", page.get_textpage().get_text_range()) for page in paper]
    files = {each.get_name(): bytes(each.get_data()) for each in map(paper.get_attachment, range(paper.count_attachments()))}
    paper.close()
    return text, files


def printed(office, minutes, language="en", **form):
    office.client.cookies.set(LANGUAGE_COOKIE, language)
    answer = office.post(f"/findings/{minutes}/{'export' if form else 'pdf'}", json=False, data=form)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text[:300]
    return pages(answer.content)


def squeezed(text):
    return "".join(text.split())


def test_minutes_on_paper_tell_on_every_page_what_is_not_signed_and_then_hold_both_signatures(agreed, webs):
    west, east = agreed.west, agreed.east
    meeting = opened(west, "meeting", INVITED)
    agreed.sync()
    minutes = put(west, propose_minutes(west.node, head(west), "minutes", [*LONG, OURS, DECIDED], about=meeting).record.id)
    agreed.sync()
    release(east, put_forward(east.node, head(east), minutes, [*LONG, Paragraph("remark", OURS.text, "IR"), THEIRS, AGREED]).record.id)
    agreed.sync()
    sign_finding(east.node, head(east), minutes, stands(east, minutes)[2])
    agreed.sync()
    web = webs(west)
    office, lead = web.login("officer"), web.login("commander")
    assert office.post(f"/findings/{minutes}/export", data={**MARKED, "as": "pdf"}).status_code == 403
    assert lead.post(f"/findings/{minutes}/export", data={**MARKED, "as": "pdf"}).json()["rule"] == "signed"
    text, files = printed(office, minutes)
    assert len(text) > 1
    assert all(set(each.split()) >= UNSIGNED for each in text), "on every page"
    assert files == {}
    whole = squeezed(" ".join(text))
    assert whole.count("hasnotsignedthistext") == 1
    assert "provesnothing" in whole
    for each in (OURS, THEIRS, AGREED, DECIDED):  # what west had put forward stands beside what came in its place
        assert squeezed(each.text) in whole
    sign_finding(west.node, head(west), minutes, stands(west, minutes)[2])
    agreed.sync()
    before = journal_size(west)
    text, files = printed(lead, minutes, "fa", **MARKED, **{"as": "pdf"})
    assert journal_size(west) == before + 1, "that it was handed on stands in the journal"
    whole = squeezed(" ".join(text))
    assert not any(set(each.split()) >= UNSIGNED for each in text)
    for each in (OURS, THEIRS, AGREED):
        assert squeezed(each.text) in whole
    assert squeezed(DECIDED.text) not in whole
    checked = check_file(files[f"{minutes}.json"], None)
    assert (checked.faults, len(checked.proven)) == ([], 1)
    for fingerprint in (west.node.key.public.fingerprint(), east.node.key.public.fingerprint()):
        assert fingerprint in whole
        assert fingerprint in checked.fingerprints.values(), "what the paper names is what the file proves"
    assert stands(west, minutes)[2] in whole


def test_paper_that_cannot_be_written_hands_nothing_on(agreed, webs, monkeypatch):
    west, east = agreed.west, agreed.east
    line = put(west, propose_minutes(west.node, head(west), "press_line", [Paragraph("press_text", "Both sectors have met.")]).record.id)
    agreed.sync()
    for desk in (west, east):
        sign_finding(desk.node, head(desk), line, stands(desk, line)[2])
        agreed.sync()
    lead = webs(west).login("commander")
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name == "weasyprint" else find(name, *rest))
    before = journal_size(west)
    answer = lead.post(f"/findings/{line}/export", data={**MARKED, "as": "pdf"})
    assert (answer.status_code, "hamsaya[pdf]" in answer.json()["hint"]) == (503, True)
    assert journal_size(west) == before
