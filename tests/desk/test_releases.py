# SPDX-License-Identifier: Apache-2.0
"""Two officers let a version leave, as it stood when it was proposed, or the refusal is kept (laws 1, 11, 13)."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import msgspec
import pytest
from tests.conftest import START, release
from tests.desk.made import WORDS, file, journal_size
from tests.facts.made import claim, code, count, minute, point

from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.converse import synchronise
from hamsaya.desk.holdings import Officer
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.incidents import link_incident
from hamsaya.desk.release import approve_release, propose_release, refuse_release, release_of
from hamsaya.desk.terms import sample_terms
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.bundle import MAX_BYTES
from hamsaya.exchange.packing import unpack
from hamsaya.facts.claims import Speaker
from hamsaya.facts.errors import NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import read

NECESSITY = "Both commands must see this account."
TERMS = sample_terms("west", "east", START - timedelta(days=1))
LOG = "release/west-east-2026-11-21/west/east"


def propose(desk, record, **options):
    asked = {"purpose": "settlement", "necessity": NECESSITY} | options
    return propose_release(desk.node, desk.officers["duty"], record, **asked)


def approve(desk, held, login="approver"):
    return approve_release(desk.node, desk.officers[login], held.release)


def now(desk, held):
    with desk.store.reading() as book:
        return release_of(book, held.release)


def logs(desk):
    with desk.store.reading() as book:
        return book.logs()


def sent(held):
    return read(held.content, ReleasedRecord).record


def second_agreement(pair, changes):
    text = TERMS.replace('id = "west-east-2026-11-21"', 'id = "second"')
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    draft_agreement(pair.west.node, text)
    for side in (pair.west, pair.east):
        pair.sync()
        sign_agreement(side.node, side.officers["commander"], "second")
    pair.sync()


def test_two_officers_let_a_version_leave_by_a_clause(agreed):
    held = propose(agreed.west, file(agreed.west).record.id)
    assert (held.condition, held.clause, held.log, held.seq) == ("proposed", "", "", -1)
    assert LOG not in logs(agreed.west)
    done = approve(agreed.west, held)
    assert (done.condition, done.clause, done.rule, done.log, done.seq) == ("logged", "1", "", LOG, 0)
    assert (done.proposed_by, done.proposed_office, done.decided_office) == ("duty", "duty office", "approver office")
    with agreed.west.store.reading() as book:
        about = book.entries(LOG, 0, 1)[0].header().about
    assert (about["clause"], about["purpose"], about["necessity"], about["release"]) == ("1", "settlement", NECESSITY, done.release)


@pytest.mark.parametrize("office", ["duty office", "another office of the same person"])
def test_same_person_is_not_the_second_officer_whatever_the_office_and_role(agreed, office):
    west = agreed.west
    held = propose(west, file(west).record.id)
    same = Officer(login="duty", office=office, role="commander", password="", language="en")
    with pytest.raises(Refused) as refused:
        approve_release(west.node, same, held.release)
    assert refused.value.rule == "two-officers"
    assert now(west, held).condition == "proposed"
    assert LOG not in logs(west)


def test_release_is_decided_once(agreed):
    west = agreed.west
    record = file(west).record.id
    allowed, said_no = propose(west, record), propose(west, record)
    approve(west, allowed)
    refuse_release(west.node, west.officers["approver"], said_no.release, "too early")
    before = journal_size(west)
    for held in (allowed, said_no):
        for again in (approve, lambda desk, each: refuse_release(desk.node, desk.officers["commander"], each.release, "no")):
            with pytest.raises(Refused) as refused:
                again(west, held)
            assert refused.value.rule == "decided"
    assert (journal_size(west), logs(west)[LOG]) == (before, 1)
    assert (now(west, said_no).condition, now(west, said_no).rule) == ("refused", "second-officer")
    assert "too early" in str(now(west, said_no).reason)


@pytest.mark.parametrize(
    ("options", "rule"),
    [
        ({"purpose": "targeting"}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"necessity": ""}, "necessity"),
        ({"necessity": "ask Colonel Ahmadi please"}, "screen"),
    ],
    ids=str,
)
def test_refusal_is_kept_with_its_rule_and_never_reaches_a_log(agreed, options, rule):
    west = agreed.west
    held = propose(west, file(west).record.id, **options)
    assert (held.condition, held.rule) == ("refused", rule)
    assert str(held.reason)
    with pytest.raises(Refused):
        approve(west, held)
    agreed.sync()
    assert (now(west, held).condition, LOG in logs(west), LOG in logs(agreed.east)) == ("refused", False, False)
    assert verify_store(west.store).faults == []


def test_necessity_of_several_lines_arrives(agreed):
    west = agreed.west
    approve(west, propose(west, file(west).record.id, necessity="Both commands\r\nmust see this.\r\n"))
    agreed.sync()
    with agreed.east.store.reading() as book:
        (item,) = [item for item in book.inbox() if item.kind == "release"]
    assert (item.state, item.necessity) == ("new", "Both commands\nmust see this.\n")


def test_without_an_agreement_nothing_leaves(pair):
    held = propose(pair.west, file(pair.west).record.id)
    assert (held.condition, held.rule, held.content) == ("refused", "in-force", b"")


def test_agreement_that_the_neighbour_has_not_signed_lets_nothing_leave(pair):
    draft_agreement(pair.west.node, TERMS)
    sign_agreement(pair.west.node, pair.west.officers["commander"], "west-east-2026-11-21")
    assert propose(pair.west, file(pair.west).record.id).rule == "in-force"


def test_ungraded_claim_keeps_its_record_at_home(agreed):
    assert propose(agreed.west, file(agreed.west, grade="").record.id).rule == "grade"


def test_agreement_that_expired_between_the_two_officers_holds_the_release_and_logs_nothing(agreed):
    west = agreed.west
    held = propose(west, file(west).record.id)
    west.clock.at = START + timedelta(days=365)
    done = approve(west, held)
    assert (done.condition, done.rule) == ("held", "in-force")
    assert LOG not in logs(west)
    with pytest.raises(Refused):
        approve(west, held)


def test_agreement_that_expired_is_not_replaced_by_another_under_which_the_bytes_were_not_made(agreed):
    west = agreed.west
    record = file(west, claim("place", point(61.4567, 29.0123, 10), grade=None)).record.id
    held = propose(west, record)
    second_agreement(agreed, {"place_m = 1000": "place_m = 50000", "valid_until = 2027": "valid_until = 2028"})
    west.clock.at = START + timedelta(days=365)
    done = approve(west, held)
    assert (done.condition, done.rule, done.agreement) == ("held", "in-force", "west-east-2026-11-21")
    assert LOG not in logs(west)
    again = approve(west, propose(west, record))
    assert (again.condition, again.agreement, again.log) == ("logged", "second", "release/second/west/east")
    assert sent(again).claims[0].value.radius_m >= 50_000


def test_second_agreement_may_allow_what_the_first_does_not(agreed):
    west = agreed.west
    record = file(west, shape={"kind": "intelligence_report"}).record.id
    assert propose(west, record).rule == "deny-by-default"
    second_agreement(agreed, {'"incident_account", ': '"intelligence_report", '})
    done = approve(west, propose(west, record))
    assert (done.condition, done.agreement, done.log) == ("logged", "second", "release/second/west/east")
    agreed.sync()
    assert now(west, done).condition == "receipted"
    with agreed.east.store.reading() as book:
        assert book.versions(record)[0].released_in == "release/second/west/east#0"


def test_version_leaves_as_it_stood_when_it_was_proposed(agreed):
    west, east = agreed.west, agreed.east
    first = file(west, claim("killed", count(1, 1), grade=None))
    held = propose(west, first.record.id)
    file(west, claim("killed", count(2, 2), grade=None), revises=first.record.id, reason="Only this is sure.")
    done = approve(west, held)
    assert done.content == held.content
    agreed.sync()
    with east.store.reading() as book:
        (there,) = book.versions(first.record.id)
    assert (there.record.version, there.record.claims[0].value.low) == (1, 1)
    assert there.record == sent(held)


def test_each_version_arrives_beside_the_one_before(agreed):
    west, east = agreed.west, agreed.east
    first = file(west, claim("killed", count(1, 1), grade=None))
    release(west, first.record.id)
    file(west, claim("killed", count(2, 2), grade=None), revises=first.record.id, reason="Only this is sure.")
    release(west, first.record.id)
    agreed.sync()
    with east.store.reading() as book:
        assert [(each.record.version, each.record.claims[0].value.low) for each in book.versions(first.record.id)] == [(1, 1), (2, 2)]
        assert [each.record.version for each in book.records()] == [2]


def test_version_released_twice_is_shown_twice_and_kept_once(agreed):
    west, east = agreed.west, agreed.east
    record = file(west).record
    release(west, record.id)
    again = release(west, record.id)
    agreed.sync()
    with east.store.reading() as book:
        items = [item for item in book.inbox() if item.kind == "release"]
        assert len(book.versions(record.id)) == 1
    assert [(item.state, item.subject, item.incident) for item in items] == [("new", record.id, record.incident)] * 2
    acknowledge(east.node, east.officers["duty"], again.log, again.seq)
    agreed.sync()
    assert now(west, again).condition == "opened"


def test_version_released_again_under_a_coarser_agreement_and_another_incident_name_is_the_same_version(agreed):
    west, east = agreed.west, agreed.east
    first = file(
        west, claim("place", point(61.4567, 29.0123, 3000, words="near Taftan"), grade=None), claim("killed", count(1, 1), grade=None)
    ).record
    release(west, first.id)
    agreed.sync()
    second_agreement(agreed, {"place_m = 1000": "place_m = 50000", "allowed = true": "allowed = false", "valid_until = 2027": "valid_until = 2028"})
    link_incident(west.node, west.officers["duty"], first.incident, file(west).record.incident)
    west.clock.at = START + timedelta(days=365)
    done = approve(west, propose(west, first.id))
    assert (done.condition, done.agreement) == ("logged", "second")
    agreed.sync()
    with east.store.reading() as book:
        assert [item.state for item in book.inbox() if item.kind == "release"] == ["new", "new"]
        assert len(book.versions(first.id)) == 1


def test_neighbours_record_is_not_released_on_by_whoever_received_it(agreed):
    west, east = agreed.west, agreed.east
    record = file(east).record
    release(east, record.id)
    agreed.sync()
    before = journal_size(west)
    with pytest.raises(Refused) as refused:
        propose(west, record.id)
    assert refused.value.rule == "originator"
    assert journal_size(west) == before


@pytest.mark.parametrize("options", [{"record": "WEST-R-NONE"}, {"record": ""}, {"receiver": "north"}, {"receiver": "west"}], ids=str)
def test_unknown_record_or_neighbour_is_not_found(agreed, options):
    record = file(agreed.west).record.id
    with pytest.raises(NotFound):
        propose(agreed.west, **{"record": record, **options})


def test_unknown_release_is_not_found(agreed):
    with pytest.raises(NotFound):
        approve_release(agreed.west.node, agreed.west.officers["approver"], "WEST-S-NONE")


def everything(data):
    """Every byte of a bundle, also what stands in base 64 or in a text within it."""
    found = [data]
    try:
        value = json.loads(data)
    except ValueError:
        try:
            return [data, *everything(base64.b64decode(data, validate=True))] if len(data) > 8 else [data]
        except ValueError:
            return [data]
    stack = [value]
    while stack:
        each = stack.pop()
        if isinstance(each, dict):
            stack += [*each.keys(), *each.values()]
        elif isinstance(each, list):
            stack += each
        elif isinstance(each, str):
            found += everything(each.encode())
    return found


@pytest.mark.parametrize("handle", ["KESTREL-44", "شاهین ۴۴", "شاہین بازار والا"])
def test_no_byte_that_is_sent_tells_the_source_or_what_was_withheld(pair, handle):
    pair.agree(
        TERMS.replace("allowed = true", "allowed = false").replace("place_m = 1000", "place_m = 10000").replace("time_min = 1\n", "time_min = 60\n")
    )
    west, east = pair.west, pair.east
    spoken = Speaker(kind="source", side="IR", handle=handle)
    record = file(
        west, claim("action", code("raid"), grade=None, speaker=spoken),
        claim("place", point(61.4567, 29.0123, 10, words="at 29.0123 N"), grade=None), claim("occurred", minute("2026-11-12T09:31", words="at 09:31"), grade=None),
    ).record  # fmt: skip
    done = release(west, record.id)
    assert done.condition == "logged"
    bundles = []

    def listened(party, data):
        answer = pair.carry(west, east)(party, data)
        bundles.extend([unpack(data, MAX_BYTES), unpack(answer, MAX_BYTES)])
        return answer

    synchronise(west.node, "east", listened)
    whole = b"\n".join(part for bundle in bundles for part in everything(bundle))
    assert record.id.encode() in whole
    for secret in (handle, json.dumps(handle)[1:-1], WORDS, "29.0123", "290123", "614567", "at 09:31", "09:31"):
        assert secret.encode() not in whole, secret
    with east.store.reading() as book:
        (item,) = [each for each in book.inbox() if each.kind == "release"]
    assert item.withheld == done.withheld == sent(done).withheld == 6  # a source, three sentences, and the words of the place and the time


@pytest.mark.parametrize(
    "text",
    [
        "Report.\r\nDate: 12 November 2026\r\n\r\nOn 12 November 2026 armed smugglers fired at a border\r\nguard patrol near Mirjaveh.\r\n",
        "Report.\nDate: 12 November 2026\n\nOn 12 November 2026 \u200farmed smugglers\u200e fired at a \u202bpatrol\u202c near Mirjaveh.\n",
    ],
    ids=["line ends of another machine", "directional marks"],
)
def test_sentence_of_any_document_arrives_and_is_applied(agreed, text):
    done = release(agreed.west, agreed.west.file(text).record.id)
    assert done.condition == "logged"
    assert "near Mirjaveh" in sent(done).claims[0].quote
    agreed.sync()
    with agreed.east.store.reading() as book:
        assert [item.state for item in book.inbox() if item.kind == "release"] == ["new"]


def test_sentence_leaves_only_where_the_agreement_lets_it(agreed):
    held = propose(agreed.west, file(agreed.west).record.id)
    assert [each.quote for each in sent(held).claims] == [WORDS, WORDS]


def test_what_arrives_is_the_very_record_that_the_second_officer_approved(agreed):
    west, east = agreed.west, agreed.east
    done = release(west, file(west).record.id)
    agreed.sync()
    with west.store.reading() as ours, east.store.reading() as theirs:
        (mine,), (there,) = ours.entries(LOG, 0, 10), theirs.entries(LOG, 0, 10)
        assert msgspec.structs.astuple(mine) == msgspec.structs.astuple(there)
        assert mine.content == done.content
        assert theirs.versions(done.record)[0].record == sent(done)


def test_condition_goes_from_logged_to_receipted_to_opened_and_never_back(agreed):
    west, east = agreed.west, agreed.east
    done = release(west, file(west).record.id)
    seen = [now(west, done).condition]
    agreed.sync()
    seen.append(now(west, done).condition)
    acknowledge(east.node, east.officers["duty"], done.log, done.seq)
    agreed.sync()
    seen.append(now(west, done).condition)
    since = now(west, done).condition_at
    release(west, file(west).record.id)
    agreed.sync()
    agreed.sync()
    assert [*seen, now(west, done).condition] == ["logged", "receipted", "opened", "opened"]
    assert now(west, done).condition_at == since


def test_receipt_repeats_purpose_and_necessity(agreed):
    done = release(agreed.west, file(agreed.west).record.id)
    agreed.sync()
    with agreed.west.store.reading() as book:
        (receipt,) = [each for each in book.receipts() if each.log == LOG]
    stored = json.loads(base64.b64decode(json.loads(receipt.envelope)["payload"]))["stored"]
    assert stored == [{"seq": done.seq, "purpose": "settlement", "necessity": "Both commands must see this account."}]
