# SPDX-License-Identifier: Apache-2.0
"""A case file: what is in it, who may write it, and that whatever is altered in it is named."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import msgspec
import pytest
from tests.conftest import REPORT, release
from tests.desk.made import file
from tests.desk.test_erasing import confirm, erase
from tests.desk.test_findings import FACT, OURS, POINT, THEIRS, propose, sign
from tests.facts.made import claim, text
from tests.seal import independent_verifier as stranger

from hamsaya.desk.cases import export_case
from hamsaya.desk.events import CaseExported, read_event
from hamsaya.desk.findings import put_forward
from hamsaya.desk.recalls import recall_release
from hamsaya.exchange.pages import evidence_in
from hamsaya.exchange.third_person import check_file
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import open_envelope
from hamsaya.settlement.finding import Paragraph
from hamsaya.web.case_file import CaseSheet

TO, WHY = "the joint commission", "Both sides asked it to settle this."


def write(desk, incident, *, officer="commander", to=TO, why=WHY, language="en", **options):
    return export_case(desk.node, desk.officers[officer], incident, to=to, why=why, page=CaseSheet(language, desk.node.zone), **options)


@pytest.fixture
def both(agreed):
    """An incident with two accounts that both sides hold; west has a third that never left."""
    west, east = agreed.west, agreed.east
    first = west.file()
    release(west, first.record.id)
    agreed.sync()
    second = east.file(REPORT.replace("One", "Two"), incident=first.record.incident)
    release(east, second.record.id)
    agreed.sync()
    west.file(REPORT.replace("near Mirjaveh", "near Zahedan, it is said"), incident=first.record.incident)
    agreed.sync()
    return agreed, first.record.incident


def text_of(page):
    return re.sub(r"<[^>]*>", " ", page.decode().split('<script type="application/json"')[0])


def proof_in(page):
    return json.loads(open_envelope(evidence_in(page)).payload)


def test_case_holds_both_accounts_with_receipts_and_is_checked_by_both_verifiers(both):
    pair, incident = both
    held, page = write(pair.west, incident)
    checked = check_file(page, None)
    assert checked.faults == []
    assert stranger.verify(evidence_in(page).decode()) == []
    assert len(held.entries) == 2
    assert {log.receipted > 0 for log in checked.shown} == {True}
    assert held.sha256 == hashlib.sha256(page).hexdigest()
    assert checked.case.to == TO
    shown = text_of(page)
    assert "Mirjaveh" in shown
    assert "never released" in shown
    assert "Zahedan" not in page.decode()
    assert "TLP:AMBER" in shown


def test_neighbour_writes_the_same_two_accounts_and_the_same_comparison(both):
    pair, incident = both
    west, east = (write(desk, incident)[1].decode() for desk in (pair.west, pair.east))
    table = re.compile(r"<tr class=\"(agree|differ|silent)\"><th scope=\"row\">(.*?)<", re.DOTALL)
    assert sorted(table.findall(west)) == sorted(table.findall(east)) != []


def test_other_entries_of_the_log_are_there_as_hashes_alone(both):
    pair, incident = both
    other = pair.west.file(REPORT.replace("12 November", "13 November").replace("Mirjaveh", "Saravan"))
    secret = release(pair.west, other.record.id)
    pair.sync()
    page = write(pair.west, incident)[1]
    log = next(each for each in proof_in(page)["logs"] if each["log"] == secret.log)
    assert set(log["entries"][secret.seq]) == {"leaf"}
    assert other.record.id not in evidence_in(page).decode()
    assert check_file(page, None).faults == []


def test_only_the_commander_hands_on_and_it_stands_in_the_journal(both):
    pair, incident = both
    for officer in set(pair.west.officers) - {"commander"}:
        with pytest.raises(Refused):
            write(pair.west, incident, officer=officer)
    held, _ = write(pair.west, incident)
    with pair.west.store.reading() as book:
        size = book.logs()["journal/west"]
        (entry,) = book.entries("journal/west", size - 1, 1)
        assert book.case_files(incident) == [held]
    event = read_event(entry.header().kind, entry.content)
    assert isinstance(event, CaseExported)
    assert (event.to, event.why, event.sha256) == (TO, WHY, held.sha256)
    assert verify_store(pair.west.store).faults == []


@pytest.mark.parametrize(
    ("to", "why"),
    [("", WHY), ("x" * 121, WHY), ("two\nlines", WHY), (TO, "because"), (TO, ""), (TO, "Ask Mr Ahmad Rezai, phone 0912 345 6789, about it.")],
)
def test_reader_and_reason_are_asked_for_and_screened(both, to, why):
    pair, incident = both
    with pytest.raises(InputError):
        write(pair.west, incident, to=to, why=why)


def test_incident_of_which_nothing_was_released_gives_no_case(agreed):
    record = agreed.west.file().record
    with pytest.raises(Refused) as caught:
        write(agreed.west, record.incident)
    assert caught.value.rule == "released"
    with pytest.raises(NotFound):
        write(agreed.west, "WEST-I-NONE")


def test_what_was_taken_back_is_not_in_the_case(both):
    pair, incident = both
    with pair.west.store.reading() as book:
        mine = next(each for each in book.releases() if each.log)
    recall_release(pair.west.node, pair.west.officers["duty"], mine.release, "It was another post.")
    pair.sync()
    held, page = write(pair.west, incident)
    assert held.entries == [each for each in held.entries if "/east/west#" in each]
    assert mine.record not in evidence_in(page).decode()


def test_red_goes_no_further_than_who_has_it(both, monkeypatch):
    """The sample's ceiling is below red, so what came is read as red here: its words stay at home, its proof is in the file."""
    pair, incident = both
    west = pair.west
    real = type(west.store.reading().__enter__()).records

    def reddened(self, **asked):
        rows = real(self, **asked)
        return [
            msgspec.structs.replace(each, record=msgspec.structs.replace(each.record, handling="red")) if each.received_from else each
            for each in rows
        ]

    monkeypatch.setattr("hamsaya.ledger.book.SqlBook.records", reddened)
    held, page = write(west, incident)
    assert check_file(page, None).faults == []
    log = next(each for each in proof_in(page)["logs"] if each["log"].endswith("/east/west"))
    assert {frozenset(each) for each in log["entries"]} == {frozenset({"envelope"})}
    assert held.handling != "red"
    assert "not what they say" in text_of(page)


def test_without_content_only_the_proofs_are_there(both):
    pair, incident = both
    page = write(pair.west, incident, content=False)[1]
    assert check_file(page, None).faults == []
    assert "Mirjaveh" not in page.decode()
    assert all("content" not in each and "salt" not in each for log in proof_in(page)["logs"] for each in log["entries"])


def test_altered_words_of_the_page_are_found_and_so_is_each_altered_byte_of_evidence(both):
    pair, incident = both
    page = write(pair.west, incident)[1]
    changed = page.replace(b"Mirjaveh", b"Mirjavah", 1)
    assert [each.wrong for each in check_file(changed, None).faults] == ["page"]
    hidden = page.replace(b'<tr class="differ"', b'<tr hidden class="differ"', 1)
    assert [each.wrong for each in check_file(hidden, None).faults] == ["page"]
    evidence = evidence_in(page)
    for at in range(0, len(evidence), 211):
        flipped = evidence[:at] + (b"A" if evidence[at : at + 1] != b"A" else b"B") + evidence[at + 1 :]
        try:
            assert check_file(page.replace(evidence, flipped), None).faults
        except InputError:
            continue


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_hostile_words_stay_words(both, language):
    pair, _ = both
    hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>"&amp;</main>'
    mine = file(pair.west, claim("statement", text(hostile), grade=None))
    release(pair.west, mine.record.id)
    pair.sync()
    page = write(pair.west, mine.record.incident, to=f"the {hostile[:60]}", language=language)[1]
    assert check_file(page, None).faults == []
    assert page.count(b"<script") == 3
    assert b"<img" not in page
    assert f'<html lang="{language}">'.encode() in page
    assert (b'<body dir="rtl">' in page) == (language != "en")
    assert not re.search(rb"<[a-z][^>]* (?:src|href|action)=", page)


def test_exercise_is_marked(both):
    """The mark stands in the page, in its title, and in the evidence."""
    pair, incident = both
    played = replace(pair.west, node=replace(pair.west.node, exercise=True))
    page = write(played, incident)[1]
    assert check_file(page, None).exercise
    assert page.count("تمرین".encode()) == 3
    assert "تمرین".encode() not in write(pair.west, incident)[1]


def test_account_that_was_erased_is_named_as_erased_at_both_and_its_proof_holds(agreed):
    west, east = agreed.west, agreed.east
    marked = west.file(REPORT.replace("near Mirjaveh", "near Zahedan"))
    sent = release(west, marked.record.id)
    agreed.sync()
    release(east, east.file(incident=marked.record.incident).record.id)
    agreed.sync()
    before = {desk.node.party: write(desk, marked.record.incident)[1] for desk in (west, east)}
    erase(west, marked.record.id)
    agreed.sync()
    confirm(east, sent)
    agreed.sync()
    for desk in (west, east):
        assert "Zahedan" in text_of(before[desk.node.party])
        assert "content erased" not in text_of(before[desk.node.party])
        held, page = write(desk, marked.record.incident)
        assert f"{sent.log}#{sent.seq}" in held.entries
        shown = " ".join(text_of(page).split())
        assert f"{marked.record.id} · version 1 · TLP:AMBER · content erased" in shown
        assert shown.count("content erased") == 2  # in the list of accounts, and with its release
        assert "Mirjaveh" in shown  # the neighbour's account stays
        assert "Zahedan" not in page.decode() + open_envelope(evidence_in(page)).payload.decode()
        (log,) = [each for each in proof_in(page)["logs"] if each["log"] == sent.log]
        assert log["entries"][sent.seq].get("content") is None
        assert not log["entries"][sent.seq].get("salt")
        assert check_file(page, None).faults == []
        assert stranger.verify(evidence_in(page).decode()) == []
        assert verify_store(desk.store).faults == []


def test_case_of_which_the_only_account_was_erased_is_its_proof(agreed):
    west = agreed.west
    sent = release(west, west.file().record.id)
    agreed.sync()
    with west.store.reading() as book:
        (version,) = book.versions(sent.record)
    erase(west, sent.record)
    page = write(west, version.record.incident)[1]
    assert text_of(page).count("content erased") == 2
    assert "Mirjaveh" not in page.decode() + open_envelope(evidence_in(page)).payload.decode()
    assert check_file(page, None).faults == []
    assert stranger.verify(evidence_in(page).decode()) == []


@pytest.fixture
def found(both):
    """East put a text forward, west another one; both signed the second."""
    pair, incident = both
    offered = Paragraph("open_point", "Whether somebody came over the line.")
    finding = propose(pair.east, incident, FACT, offered, THEIRS)
    release(pair.east, finding)
    pair.sync()
    release(pair.west, put_forward(pair.west.node, pair.west.officers["commander"], finding, [FACT, POINT, THEIRS, OURS]).record.id)
    pair.sync()
    for desk in (pair.west, pair.east):
        sign(desk, finding)
        pair.sync()
    return pair, incident, finding


def test_finding_that_both_signed_stands_in_it_with_its_text_and_both_signatures_and_their_entries(found):
    pair, incident, finding = found
    for desk in (pair.west, pair.east):
        held, page = write(desk, incident)
        checked = check_file(page, None)
        assert checked.faults == stranger.verify(evidence_in(page).decode()) == []
        assert [str(each)[-26:] for each in checked.proven] == [f": {proof_text(page)}"]
        shown = " ".join(text_of(page).split())
        assert f"Joint finding {finding}" in shown
        for said in (FACT.text, POINT.text, "Remark of one side · Pakistan", THEIRS.text, OURS.text):
            assert said in shown, said
        signatures = [each for each in held.entries if each.startswith("link/")]
        assert sorted(each.split("/")[1] for each in signatures) == ["east", "west"]
        assert all(each in shown for each in signatures)
        assert "came over the line" not in page.decode() + open_envelope(evidence_in(page)).payload.decode()
        assert "that are not in this file: 1" in shown
        assert "never released, and are not in this file: 1" in shown or desk is pair.east  # west's third account; a finding is none


def proof_text(page):
    """The name of the signed text: what the signatures in the evidence are on."""
    acts = [json.loads(entry["content"]) for log in proof_in(page)["logs"] for entry in log["entries"] if "content" in entry]
    (name,) = {act["on"] for act in acts if act.get("move") == "sign"}
    return name


def test_each_altered_entry_of_a_finding_is_named(found):
    pair, incident, _ = found
    page = write(pair.west, incident)[1]
    proof, seen = proof_in(page), set()
    for log in proof["logs"]:
        for seq, entry in enumerate(log["entries"]):
            for part in entry.keys() & {"content", "envelope"}:
                kept, at = entry[part], len(entry[part]) // 2
                entry[part] = kept[:at] + ("0" if kept[at] != "0" else "1") + kept[at + 1 :]
                evidence = json.loads(evidence_in(page))
                evidence["payload"] = base64.b64encode(canonical(proof)).decode()
                checked = check_file(page.replace(evidence_in(page), canonical(evidence)), None)
                assert checked.faults[0].entry == f"{log['log']}#{seq}"
                assert checked.proven == []
                entry[part] = kept
                seen.add(log["log"].split("/")[0])
    assert seen == {"link", "release"}


def test_finding_that_one_side_signed_is_counted_and_not_shown(both):
    pair, incident = both
    finding = propose(pair.east, incident, FACT, POINT, THEIRS)
    release(pair.east, finding)
    pair.sync()
    sign(pair.west, finding)
    pair.sync()
    for desk in (pair.west, pair.east):
        held, page = write(desk, incident)
        shown = " ".join(text_of(page).split())
        assert "that are not in this file: 1" in shown
        assert finding not in page.decode() + open_envelope(evidence_in(page)).payload.decode()
        assert not [each for each in held.entries if each.startswith("link/")]
    sign(pair.east, finding)
    page = write(pair.east, incident)[1]  # it holds for a third person before the neighbour has heard of it
    assert len(check_file(page, None).proven) == 1
    assert "that are not in this file: 1" not in text_of(page)


def test_without_words_a_finding_tells_who_signed_it_and_when_it_was_erased_too(found):
    pair, incident, finding = found
    bare = write(pair.west, incident, content=False)[1]
    assert all("content" not in each for log in proof_in(bare)["logs"] for each in log["entries"])
    with pair.west.store.reading() as book:
        answer = next(held.record.id for held in book.answers_to(finding) if not held.received_from)
        sent = next(each for each in book.releases_of(answer) if each.log)
    erase(pair.west, answer)
    pair.sync()
    confirm(pair.east, sent)
    pair.sync()
    for page in (bare, write(pair.west, incident)[1], write(pair.east, incident)[1]):
        shown = " ".join(text_of(page).split())
        assert f"Joint finding {finding} Both sides have signed the very same text. Its words are not in this file." in shown
        assert OURS.text not in page.decode() + open_envelope(evidence_in(page)).payload.decode()
        assert check_file(page, None).faults == stranger.verify(evidence_in(page).decode()) == []
