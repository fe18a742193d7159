# SPDX-License-Identifier: Apache-2.0
"""A case file checks itself in a browser without network: from a file, in three languages, and every alteration is named."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.browser.accessibility import axe_faults
from tests.conftest import REPORT, START, Clock, Pair, make_desk, release
from tests.desk.test_findings import FACT, POINT, THEIRS, propose, sign
from tests.desk.test_key_change import change

from hamsaya.desk.cases import export_case
from hamsaya.desk.parties import trust_neighbour
from hamsaya.exchange.pages import evidence_in
from hamsaya.exchange.third_person import check_file
from hamsaya.seal.canonical import canonical
from hamsaya.web.case_file import CaseSheet

pytestmark = pytest.mark.browser
LANGUAGES = ("en", "fa", "ur")


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Iterator[dict[str, bytes]]:
    """The case file of an exercise in each language: two accounts, and other entries in both logs."""
    folder, clock = tmp_path_factory.mktemp("case"), Clock(START)
    pair = Pair(make_desk(folder, "west", "IR", clock=clock, exercise=True), make_desk(folder, "east", "PK", clock=clock, exercise=True))
    for one, other in ((pair.west, pair.east), (pair.east, pair.west)):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    pair.agree()
    first = pair.west.file()
    release(pair.west, pair.west.file(REPORT.replace("12 November", "13 November")).record.id)
    release(pair.west, first.record.id)
    pair.sync()
    release(pair.east, pair.east.file(REPORT.replace("One", "Two"), incident=first.record.incident).record.id)
    pair.sync()
    west, told = pair.west, {"to": "the joint commission <b>of both</b>", "why": "Both sides asked it to settle this."}
    made = {}
    for language in LANGUAGES:
        page = CaseSheet(language, "Asia/Tehran")
        made[language] = export_case(west.node, west.officers["commander"], first.record.incident, page=page, **told)[1]
    finding = propose(pair.east, first.record.incident, FACT, POINT, THEIRS)
    release(pair.east, finding)
    pair.sync()
    for desk in (pair.west, pair.east):
        sign(desk, finding)
        pair.sync()
    for language in LANGUAGES:
        page = CaseSheet(language, "Asia/Tehran")
        made[f"found {language}"] = export_case(west.node, west.officers["commander"], first.record.incident, page=page, **told)[1]
    change(pair.west)
    pair.sync()
    page = CaseSheet("en", "Asia/Tehran")
    made["changed"] = export_case(pair.west.node, west.officers["commander"], first.record.incident, page=page, **told)[1]
    yield made
    pair.west.store.close()
    pair.east.store.close()


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open bytes as a file, offline; no request may leave it, and the console stays silent unless a test says why not."""
    contexts, asked, complaints = [], [], []

    def opening(data: bytes, *, javascript: bool = True, before: str = "", loud: bool = False) -> Page:
        file = tmp_path / f"case-{len(contexts)}.html"
        file.write_bytes(data)
        context = chromium.new_context(java_script_enabled=javascript, offline=True, viewport={"width": 1100, "height": 900})
        contexts.append(context)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url) if request.url != file.as_uri() else None)
        if not loud:
            page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(file.as_uri())
        return page

    yield opening
    for context in contexts:
        context.close()
    assert asked == []
    assert complaints == []


def state(page: Page) -> str:
    page.wait_for_selector("#checks:not([data-state=none])", state="attached")
    return page.locator("#checks").get_attribute("data-state") or ""


def proof_in(data: bytes) -> dict:
    return json.loads(base64.b64decode(json.loads(evidence_in(data))["payload"]))


def with_proof(data: bytes, proof: dict) -> bytes:
    """The file with this in the place of its evidence, under the old signature."""
    envelope = json.loads(evidence_in(data))
    envelope["payload"] = base64.b64encode(canonical(proof)).decode()
    return data.replace(evidence_in(data), canonical(envelope))


def flipped(text: str, at: int) -> str:
    return text[:at] + ("0" if text[at] != "0" else "1") + text[at + 1 :]


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_file_is_green_without_network_in_every_language(pages, opened, language):
    page = opened(pages[language])
    assert state(page) == "good"
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("body").get_attribute("dir") == ("ltr" if language == "en" else "rtl")
    told = page.locator("#checks").inner_text()
    assert all(fingerprint in told for fingerprint in check_file(pages[language], None).fingerprints.values())
    assert page.locator("#checks pre").count() == 2
    assert page.locator("#checks .fault").count() == 0
    assert "تمرین" in page.locator("#case .watermark").inner_text()
    assert page.locator("#case .marking").inner_text().startswith("TLP:AMBER")
    assert page.locator("main b").count() == 0
    assert page.locator("header").inner_text().startswith("EXERCISE")
    assert axe_faults(page) == []


def test_one_altered_byte_in_any_entry_names_that_entry(pages, opened):
    data = pages["en"]
    proof, seen = proof_in(data), 0
    for log in proof["logs"]:
        for seq, entry in enumerate(log["entries"]):
            for part, text in list(entry.items()):
                entry[part] = flipped(text, len(text) // 2)
                changed = with_proof(data, proof)
                entry[part] = text
                page = opened(changed)
                assert state(page) == "bad"
                first = page.locator("#checks .fault .code").first.inner_text()
                ours = check_file(changed, None).faults[0]
                assert first == ours.entry
                assert first.split("#")[0] == log["log"]
                if part != "leaf":  # a hash that stands for an entry is known to be wrong by the tree alone
                    assert first == f"{log['log']}#{seq}"
                assert page.locator("#checks pre").count() == (2 if part == "leaf" else 1)
                seen += 1
    assert seen >= 7


@pytest.mark.parametrize("language", LANGUAGES)
def test_finding_is_proven_in_the_browser_and_an_altered_signature_is_named(pages, opened, language):
    data = pages[f"found {language}"]
    page = opened(data)
    assert state(page) == "good"
    (proven,) = check_file(data, None).proven
    text = str(proven).rsplit(" ", 1)[1]
    assert f"SHA-256 {text}" in page.locator("#checks li").filter(has_text=text).inner_text()
    assert page.locator("#case").inner_text().count(THEIRS.text) == 1
    assert axe_faults(page) == []
    proof = proof_in(data)
    for log in proof["logs"]:
        for seq, entry in enumerate(log["entries"]):
            if log["log"].startswith("link/") and "content" in entry:
                kept = entry["content"]
                entry["content"] = kept.replace('"move":"sign"', '"move":"skip"')
                changed = opened(with_proof(data, proof))
                entry["content"] = kept
                assert state(changed) == "bad"
                assert changed.locator("#checks .fault .code").first.inner_text() == f"{log['log']}#{seq}"
                assert text not in changed.locator("#checks li").all_inner_texts()


def test_altered_card_checkpoint_receipt_and_page_are_named(pages, opened):
    data = pages["en"]
    proof = proof_in(data)
    log = proof["logs"][0]
    for where, changed in (
        ("card-0", {**proof, "cards": [flipped(proof["cards"][0], 90), *proof["cards"][1:]]}),
        (f"{log['log']}#checkpoint", {**proof, "logs": [{**log, "checkpoint": flipped(log["checkpoint"], 60)}, *proof["logs"][1:]]}),
        (f"{log['log']}#receipt-0", {**proof, "logs": [{**log, "receipts": [flipped(log["receipts"][0], 60)]}, *proof["logs"][1:]]}),
        ("file", {**proof, "at": "2026-11-22T09:00:01Z"}),
    ):
        page = opened(with_proof(data, changed))
        assert state(page) == "bad"
        assert page.locator("#checks .fault .code").first.inner_text() == where
    page = opened(data.replace(b"Mirjaveh", b"Mirjavah", 1))
    assert (state(page), page.locator("#checks .fault .code").all_inner_texts()) == ("bad", ["page"])


def test_what_was_signed_with_the_key_before_holds_by_the_letter_of_its_change(pages, opened):
    data = pages["changed"]
    proof = proof_in(data)
    assert len(proof["letters"]) == 1
    assert state(opened(data)) == "good"
    page = opened(with_proof(data, {**proof, "letters": [flipped(proof["letters"][0], 200)]}))
    assert state(page) == "bad"
    assert page.locator("#checks .fault .code").first.inner_text() == "letter-0"


@pytest.mark.parametrize("at", [0.02, 0.4, 0.98])
def test_evidence_that_cannot_be_read_proves_nothing(pages, opened, at):
    evidence = evidence_in(pages["en"])
    cut = int(len(evidence) * at)
    page = opened(pages["en"].replace(evidence, evidence[:cut]))
    assert state(page) == "bad"
    assert "Nothing of it is proven" in page.locator(".verdict").inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_script_the_file_says_that_nothing_was_checked(pages, opened, language):
    page = opened(pages[language], javascript=False)
    assert page.locator("#checks").get_attribute("data-state") == "none"
    assert page.locator("#checks .verdict.unable").is_visible()
    assert page.locator("#checks .good").count() == 0
    assert page.locator("#case tbody tr").count() > 3


def test_browser_without_ed25519_claims_nothing(pages, opened):
    page = opened(pages["en"], before="crypto.subtle.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))")
    assert state(page) == "unable"
    assert "nothing was checked" in page.locator("#checks").inner_text()


def test_browser_that_takes_every_signature_claims_nothing(pages, opened):
    page = opened(pages["en"], before="crypto.subtle.verify = () => Promise.resolve(true)")
    assert state(page) == "unable"


def test_another_script_in_the_page_does_not_run(pages, opened):
    changed = pages["en"].replace(b"</body>", b"<script>document.getElementById('checks').dataset.state = 'good'</script></body>")
    changed = changed.replace(b'"use strict";', b'"use strict"; ')
    page = opened(changed, loud=True)
    page.wait_for_load_state()
    assert page.locator("#checks").get_attribute("data-state") == "none"
