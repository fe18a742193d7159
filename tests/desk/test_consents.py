# SPDX-License-Identifier: Apache-2.0
"""What west told east goes on to north only with west's signed consent: retyped, edited, restored, whatever the order (F4)."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.conftest import REPORT
from tests.desk.forged import copy_of, forge, renamed
from tests.desk.test_refilling import evidence, set_back
from tests.desk.three import NECESSITY, ask, grant, inbox, make_three, quarantine, send, talk

from hamsaya.agreement.charter import Signatory, Table, write_text
from hamsaya.agreement.clauses import Kinds, OriginatorControl
from hamsaya.desk.agreements import Carried, import_agreement, sign_agreement
from hamsaya.desk.consents import ask_consent, consent_of, consents_with, revoke_consent
from hamsaya.desk.importing import import_records, read_json_lines
from hamsaya.desk.inbox import acknowledge
from hamsaya.desk.linked import link_received
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.reports import file_report
from hamsaya.desk.simulate import simulate
from hamsaya.desk.typed_report import TypedReport
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.consents import Consent, ConsentAsked, ConsentGiven, claimed_consent, write_consent
from hamsaya.exchange.logs import link_log, release_log
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Derived
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical, read

TYPED = TypedReport(size="3", activity="crossing", location="Taftan", time="-15m", grade="C3")


@pytest.fixture
def told(three):
    """West told east; returns the record's name."""
    record = three.west.file().record.id
    send(three.west, record, "east")
    three.sync(("west", "east"))
    return record


@pytest.fixture
def linked(three, told):
    """East filed it as its own, linked; returns that record's name."""
    return link_received(three.east.node, three.east.officers["duty"], told)[0].record.id


def consented_to(three, record):
    (held,) = ask(three.east, record)
    three.sync(("east", "west"))
    grant(three.west, "east", held.asked.request)
    three.sync(("east", "west"))
    return held.asked.request


def left(desk, to):
    """The copies that left for a neighbour."""
    with desk.store.reading() as book:
        logs = [log for log in book.logs() if log.startswith("release/") and log.endswith(f"/{desk.node.party}/{to}")]
        return [read(entry.content, ReleasedRecord) for log in logs for entry in book.entries(log, 0, 1000) if entry.content]


def holding(desk, record):
    with desk.store.reading() as book:
        return book.versions(record)


def test_refused_until_consent_arrives_and_then_it_leaves_with_the_consent(three, told, linked):
    east, north = three.east, three.north
    held = holding(east, linked)[0].record
    assert held.derived == [Derived(record=told, version=1, party="west")]
    assert (held.basis, held.side, held.party) == ("attributed", "IR", "east")
    assert {claim.speaker.kind for claim in held.claims} == {"side"}  # told of, never signed (law 6)
    refused = send(east, linked, "north")
    assert (refused.condition, refused.rule) == ("refused", "originator")
    (asked,) = ask(east, linked)
    three.sync()
    assert send(east, linked, "north").rule == "originator"  # asked for, not given
    (item,) = inbox(three.west, "consent.asked")
    assert (item.state, item.purpose, item.subject) == ("new", "settlement", asked.asked.request)
    grant(three.west, "east", asked.asked.request)
    assert inbox(three.west, "consent.asked")[0].state == "acknowledged"
    assert send(east, linked, "north").rule == "originator"  # given, not yet here
    three.sync()
    assert send(east, linked, "north").condition == "logged"
    three.sync()
    (came,) = holding(north, linked)
    assert came.record.derived == held.derived
    with north.store.reading() as book:
        log, _, number = came.released_in.rpartition("#")
        ((consent, checked),) = consents_with(book, book.entries(log, int(number), 1)[0].content)
    assert (consent.originator, consent.receiver, checked) == ("west", "north", True)
    for desk in (three.west, east, north):
        assert verify_store(desk.store).faults == []
        assert quarantine(desk) == []


def test_back_to_the_originator_needs_no_consent(three, linked):
    assert send(three.east, linked, "west").condition == "logged"
    three.sync()
    assert quarantine(three.west) == []


def test_received_record_itself_stays_and_the_hint_says_what_to_do(three, told):
    with pytest.raises(Refused) as named:
        send(three.east, told, "north")
    assert named.value.rule == "originator"
    assert "linked" in str(named.value.hint)


def test_same_button_twice_files_one_record(three, told):
    first, second = (link_received(three.east.node, three.east.officers["duty"], told) for _ in range(2))
    assert first[0] == second[0]
    assert (first[1], second[1]) == (False, True)


def test_retyped_with_a_link_is_refused_too_and_a_next_version_keeps_the_link(three, told):
    east = three.east
    retyped = file_report(east.node, east.officers["duty"], TYPED, based_on=[told]).held.record
    assert retyped.derived == [Derived(record=told, version=1, party="west")]
    assert send(east, retyped.id, "north", danger=True).rule == "originator"
    second = east.file(REPORT.replace("One", "Two"), revises=east.file().record.id)
    assert second.record.derived == []
    once_more = file_report(east.node, east.officers["duty"], TYPED, based_on=[retyped.id, second.record.id]).held.record
    assert once_more.derived == retyped.derived  # through a record of its own
    line = {"kind": "warning", "side": "PK", "based_on": [retyped.id],
            "claims": [{"id": "c1", "predicate": "action", "value": {"type": "coded", "code": "crossing"}, "speaker": {"kind": "press"}, "grade": "B2"}]}  # fmt: skip
    done = import_records(east.node, east.officers["duty"], lambda: read_json_lines([canonical(line)]))
    assert done.filed == 1
    with east.store.reading() as book:
        (imported,) = (each.record for each in book.records() if each.record.kind == "warning")
    assert imported.derived == retyped.derived


def test_unknown_record_cannot_be_linked_to(three):
    with pytest.raises(NotFound):
        file_report(three.east.node, three.east.officers["duty"], TYPED, based_on=["WEST-R-000000"])
    with pytest.raises(NotFound):
        link_received(three.east.node, three.east.officers["duty"], "WEST-R-000000")


def test_circle_of_links_is_a_flat_list(three, told, linked):
    west, east = three.west, three.east
    send(east, linked, "west")
    three.sync()
    again = file_report(west.node, west.officers["duty"], TYPED, based_on=[linked]).held.record
    assert again.derived == [Derived(record=linked, version=1, party="east")]  # what west itself told needs nobody
    assert told not in {link.record for link in again.derived}


def test_consent_covers_what_was_asked_and_no_more(three, told, linked):
    east = three.east
    consented_to(three, linked)
    assert send(east, linked, "north", purpose="rescue").rule == "originator"
    wider = file_report(east.node, east.officers["duty"], TYPED, based_on=[told]).held.record.id
    assert send(east, wider, "north", danger=True).rule == "originator"  # it has a field that was not asked about
    assert send(east, linked, "north").condition == "logged"
    send(three.west, three.west.file(REPORT.replace("One civilian", "Two civilians"), revises=told).record.id, "east")
    three.sync()
    newer = link_received(east.node, east.officers["duty"], told)[0].record
    assert newer.derived == [Derived(record=told, version=2, party="west")]
    assert send(east, newer.id, "north").rule == "originator"  # another version was consented to


def test_consent_runs_out_and_is_taken_back(three, linked):
    west, east = three.west, three.east
    (held,) = ask(east, linked)
    three.sync()
    request = held.asked.request
    with pytest.raises(InputError):
        grant(west, "east", request, until=west.clock.at - timedelta(hours=1))
    grant(west, "east", request, until=west.clock.at + timedelta(hours=1))
    three.sync()
    assert send(east, linked, "north").condition == "logged"
    west.clock.at += timedelta(hours=2)
    assert send(east, linked, "north").rule == "originator"
    (second,) = ask(east, linked)
    three.sync()
    grant(west, "east", second.asked.request)
    three.sync()
    proposed = propose_release(
        east.node, east.officers["duty"], linked, receiver="north", purpose="settlement", necessity="Both must see this account."
    )
    assert proposed.condition == "proposed"
    revoke_consent(west.node, west.officers["duty"], "east", second.asked.request)
    three.sync()
    late = approve_release(east.node, east.officers["approver"], proposed.release)
    assert (late.condition, late.rule) == ("refused", "originator")
    with east.store.reading() as book:
        assert consent_of(book, "east", second.asked.request).state(east.clock.at) == "revoked"
        assert consent_of(book, "east", request).state(east.clock.at) == "expired"
    with pytest.raises(Refused):
        revoke_consent(west.node, west.officers["duty"], "east", second.asked.request)


def test_refusal_carries_no_reason_and_can_become_a_consent(three, linked):
    (held,) = ask(three.east, linked)
    with pytest.raises(Refused):
        ask(three.east, linked)  # it waits
    three.sync()
    grant(three.west, "east", held.asked.request, granted=False)
    with pytest.raises(Refused):
        grant(three.west, "east", held.asked.request, granted=False)
    three.sync()
    with three.east.store.reading() as book:
        answer = consent_of(book, "east", held.asked.request)
    assert answer.state(three.east.clock.at) == "refused"
    assert "reason" not in msgspec.to_builtins(answer.answers[0])
    grant(three.west, "east", held.asked.request)
    three.sync()
    assert send(three.east, linked, "north").condition == "logged"


@pytest.mark.parametrize("who", ["auditor", "admin", "commander"])
def test_roles(three, linked, who):
    east = three.east
    with pytest.raises(Refused) as named:
        ask_consent(east.node, east.officers[who], linked, receiver="north", purpose="settlement", necessity="Both must see this account.")
    assert named.value.rule == "role"


def test_asking_needs_reasons_and_somebody_to_ask(three, linked):
    east = three.east
    for purpose, necessity in (("targeting", "Both must see this account."), ("settlement", "must"), ("settlement", "Call Colonel Ahmad Khan now")):
        with pytest.raises(InputError):
            ask_consent(east.node, east.officers["duty"], linked, receiver="north", purpose=purpose, necessity=necessity)
    with pytest.raises(Refused):
        ask(east, east.file().record.id)
    with pytest.raises(Refused):
        ask(east, linked, to="west")


def test_request_is_not_acknowledged_but_answered(three, linked):
    ask(three.east, linked)
    three.sync()
    (item,) = inbox(three.west, "consent.asked")
    with pytest.raises(Refused) as named:
        acknowledge(three.west.node, three.west.officers["duty"], item.log, item.seq)
    assert named.value.rule == "answer"


def push(desk, to, kind, content, log=""):
    """Put an entry into a log as a node would whose program does not check."""
    with desk.store.writing() as pen:
        pen.extend(log or link_log(desk.node.party, to), kind, canonical(content), desk.officers["duty"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": "WEST-R-000000"}, {"version": 2}, {"receiver": "west"}, {"receiver": "east"}, {"receiver": "N/../"}, {"purpose": "targeting"},
        {"necessity": "no"}, {"fields": []}, {"fields": ["../x"]}, {"request": "x y"}, {"office": "a\u202eb"}, {"version": 0},
    ],
    ids=str,
)  # fmt: skip
def test_bad_request_stands_in_quarantine(three, told, wrong):
    asked = ConsentAsked(request="EAST-C-000001", record=told, version=1, receiver="north", purpose="settlement", necessity="Both must see it.",
                         fields=["action"], copy="", office="duty", at=three.east.clock())  # fmt: skip
    push(three.east, "west", "consent.asked", msgspec.structs.replace(asked, **wrong))
    three.sync(("east", "west"))
    assert len(quarantine(three.west)) == 1
    push(three.east, "west", "consent.asked", asked)
    three.sync(("east", "west"))
    assert len(quarantine(three.west)) == 1
    push(three.east, "west", "consent.asked", asked)  # once more: known
    push(three.east, "west", "consent.asked", msgspec.structs.replace(asked, fields=["killed"]))  # under the same name: another
    three.sync(("east", "west"))
    assert len(quarantine(three.west)) == 2
    with three.west.store.reading() as book:
        assert [each.asked for each in book.consent_requests()] == [asked]
    assert verify_store(three.west.store).faults == []


def consent(three, told, name, **wrong):
    made = Consent(request=name, number=1, originator="west", holder="east", receiver="north", record=told, version=1, purpose="settlement",
                   fields=sorted({claim.predicate for claim in holding(three.east, told)[0].record.claims}), granted=True, office="x",
                   at=three.west.clock())  # fmt: skip
    return msgspec.structs.replace(made, **wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": "WEST-R-000000"}, {"version": 2}, {"receiver": "east"}, {"holder": "north"}, {"originator": "east"}, {"number": 2}, {"number": 0},
        {"fields": ["killed"]}, {"purpose": "rescue"}, {"request": "EAST-C-000000"}, {"office": "a\u202eb"},
    ],
    ids=str,
)  # fmt: skip
def test_bad_consent_stands_in_quarantine_and_lets_nothing_go(three, told, linked, wrong):
    (held,) = ask(three.east, linked)
    three.sync()
    push(three.west, "east", "consent.given", ConsentGiven(write_consent(consent(three, told, held.asked.request, **wrong), three.west.node.key)))
    three.sync()
    assert len(quarantine(three.east)) == 1
    assert send(three.east, linked, "north").rule == "originator"


def test_consent_with_another_key_or_from_a_third_party_is_none(three, told, linked):
    (held,) = ask(three.east, linked)
    three.sync()
    forged = write_consent(consent(three, told, held.asked.request), three.north.node.key)
    push(three.west, "east", "consent.given", ConsentGiven(forged))
    push(three.north, "east", "consent.given", ConsentGiven(forged))
    three.sync()
    assert len(quarantine(three.east)) == 2
    assert send(three.east, linked, "north").rule == "originator"


def test_consent_before_it_was_asked_for_is_none(three, told, linked):
    push(three.west, "east", "consent.given", ConsentGiven(write_consent(consent(three, told, "EAST-C-000001"), three.west.node.key)))
    three.sync()
    assert len(quarantine(three.east)) == 1
    assert send(three.east, linked, "north").rule == "originator"


def test_consent_that_comes_twice_is_kept_once(three, linked):
    request = consented_to(three, linked)
    with three.east.store.reading() as book:
        envelope = consent_of(book, "east", request).envelopes[0]
    push(three.west, "east", "consent.given", ConsentGiven(envelope))
    three.sync()
    with three.east.store.reading() as book:
        assert len(consent_of(book, "east", request).answers) == 1
    assert quarantine(three.east) == []


def smuggle(three, linked, consents):
    """Let east release as a program would that does not ask for consent."""
    east = three.east
    record = holding(east, linked)[0].record
    with east.store.reading() as book:
        (agreement,) = (each.agreement.table for each in book.agreements() if any(party.party == "north" for party in each.agreement.table.parties))
    clause = next(each.number for each in agreement.clauses if isinstance(each, Kinds) and each.receiver == "north")
    about = {
        "agreement": agreement.id,
        "clause": clause,
        "purpose": "settlement",
        "necessity": "Both commands must see this account.",
        "release": "EAST-S-1",
    }
    with east.store.writing() as pen:
        pen.extend(
            release_log(agreement.id, "east", "north"),
            "release",
            canonical(ReleasedRecord("EAST-S-1", record, consents)),
            east.officers["duty"],
            about,
        )
    three.sync(("east", "north"))


@pytest.mark.parametrize(
    "wrong", [None, {"record": "WEST-R-000000"}, {"version": 2}, {"receiver": "south"}, {"holder": "south"}, {"granted": False}, {"purpose": "rescue"},
              {"fields": ["killed"]}, {"until": "past"}, {"key": "other"}], ids=str,
)  # fmt: skip
def test_receiver_checks_consent_itself(three, told, linked, wrong):
    options, key = dict(wrong or {}), three.west.node.key
    if options.get("until"):
        options["until"] = three.west.clock.at - timedelta(hours=1)
    if options.pop("key", ""):
        key = three.east.node.key
    smuggle(three, linked, [] if wrong is None else [write_consent(consent(three, told, "EAST-C-000001", **options), key)])
    assert len(quarantine(three.north)) == 1
    assert holding(three.north, linked) == []


def test_consents_beyond_what_the_record_rests_on_are_quarantined_and_never_shown_as_checked(three):
    """West sends east consents forged in north's name, or no consents at all, beyond the links of the record."""
    west, east = three.west, three.east
    held = send(west, west.file().record.id, "east")
    talk(west, east)
    forged = Consent(request="X-C-1", number=1, originator="north", holder="west", receiver="east", record="NORTH-R-1", version=1,
                     purpose="settlement", fields=["action"], granted=True, office="x", at=west.clock())  # fmt: skip
    for name, envelope in (("WEST-R-1", write_consent(forged, west.node.key)), ("WEST-R-2", "no envelope")):
        made = renamed(msgspec.structs.replace(copy_of(west, held), consents=[envelope]), name)
        forge(west, held, made)
        talk(west, east)
        assert holding(east, name) == []
        with east.store.reading() as book:
            assert [checked for _, checked in consents_with(book, made)] == [False] * (name == "WEST-R-1")
    assert len(quarantine(east)) == 2


def test_consent_that_leaves_is_the_one_that_holds(three, linked):
    """Proposed under one consent, which is taken back and given anew with an end: those bytes would carry the one that was taken back."""
    west, east = three.west, three.east
    request = consented_to(three, linked)
    waits = propose_release(east.node, east.officers["duty"], linked, receiver="north", purpose="settlement", necessity=NECESSITY)
    revoke_consent(west.node, west.officers["duty"], "east", request)
    grant(west, "east", request, until=west.clock.at + timedelta(hours=1))
    talk(east, west)
    done = approve_release(east.node, east.officers["approver"], waits.release)
    assert (done.condition, done.rule) == ("refused", "consents")
    again = send(east, linked, "north")
    (envelope,) = copy_of(east, again).consents
    assert claimed_consent(envelope).number == 3
    talk(east, three.north)
    assert quarantine(three.north) == []


def test_request_for_consent_has_a_size(three, told):
    asked = ConsentAsked(request="EAST-C-000001", record=told, version=1, receiver="north", purpose="settlement", necessity="Both must see it.",
                         fields=["action"] * 200_000, copy="", office="duty", at=three.east.clock())  # fmt: skip
    push(three.east, "west", "consent.asked", asked)
    talk(three.east, three.west)
    assert len(quarantine(three.west)) == 1


def test_receiver_that_does_not_know_the_originator_says_so(tmp_path, places):
    three = make_three(tmp_path, places, known=False)
    record = three.west.file().record.id
    send(three.west, record, "east")
    three.sync()
    linked = link_received(three.east.node, three.east.officers["duty"], record)[0].record.id
    consented_to(three, linked)
    assert send(three.east, linked, "north").condition == "logged"
    three.sync()
    (came,) = holding(three.north, linked)
    with three.north.store.reading() as book:
        log, _, number = came.released_in.rpartition("#")
        ((_, checked),) = consents_with(book, book.entries(log, int(number), 1)[0].content)
    assert not checked
    for desk in (three.west, three.east, three.north):
        desk.store.close()


def of_three(three, consent_for, more=()):
    """An agreement of all three, signed by all."""
    names = ("west", "east", "north")
    with three.east.store.reading() as book:
        cards = {party.card.party: party.card for party in book.parties()}
    clauses = [Kinds(number=f"{number}", sender=one, receiver=other, kinds=["incident_account"])
               for number, (one, other) in enumerate(((a, b) for a in names for b in names if a != b), 1)]  # fmt: skip
    made = write_text(Table(
        id="of-three", title="Three", place="x", drafted_on="2026-11-20", valid_from=three.east.clock.at - timedelta(days=1),
        valid_until=three.east.clock.at + timedelta(days=9), clauses=[*clauses, OriginatorControl(number="9", answer_min=60, consent_for=consent_for), *more],
        parties=[Signatory(party=each, names=cards[each].name, country=cards[each].country, key=cards[each].key) for each in names],
    ))  # fmt: skip
    carried = canonical(Carried(made.body().decode(), {}))
    for each in names:
        desk = getattr(three, each)
        import_agreement(desk.node, carried)
        sign_agreement(desk.node, desk.officers["commander"], "of-three")
    three.sync()
    three.sync(("west", "north"))
    return made


def test_clause_of_an_agreement_of_all_three_is_the_consent(three):
    of_three(three, ["north"])
    west, east = three.west, three.east
    records = [west.file(REPORT.replace("12 November", f"{day} November")).record.id for day in (12, 14)]
    under = []
    for record, agreement in zip(records, ("of-three", ""), strict=True):
        send(west, record, "east")
        del agreement
    three.sync()
    for record in records:
        linked = link_received(east.node, east.officers["duty"], record)[0].record.id
        came = holding(east, record)[0].released_in
        held = send(east, linked, "north")
        under.append(came.split("/")[1])
        assert (held.rule or held.condition) == ("logged" if under[-1] == "of-three" else "originator")
    three.sync()
    assert quarantine(three.north) == []


def test_stricter_of_two_clauses_wins_and_another_agreement_lends_nothing(three, told, linked):
    made = of_three(three, ["north"], [OriginatorControl(number="10", answer_min=60)])
    assert send(three.east, linked, "north").rule == "originator"
    text = write_text(msgspec.structs.replace(made.table, clauses=made.table.clauses[:-1]))
    for record, allowed in ((made, False), (text, True)):
        (found,) = (each for each in simulate(three.east.node, record, records=[linked]) if each.receiver == "north")
        assert found.decision.allowed == allowed
        assert allowed or found.decision.rule == "originator"
    assert told


@pytest.mark.parametrize("when", ["before", "after"])
def test_restored_node_refuses_until_consent_is_back(three, linked, tmp_path, when):
    east = three.east
    if when == "after":
        request = consented_to(three, linked)
    kept = evidence(east)
    if when == "before":
        request = consented_to(three, linked)
    set_back(east, kept, tmp_path)
    if when == "before":
        with pytest.raises(Refused):
            approve_release(east.node, east.officers["approver"], send(east, linked, "north").release)
        assert left(east, "north") == []
    three.sync()
    three.sync()
    with east.store.reading() as book:
        assert consent_of(book, "east", request).state(east.clock.at) == "granted"
    assert send(east, linked, "north").condition == "logged"
    three.sync()
    assert quarantine(three.north) == quarantine(east) == []
    assert verify_store(east.store).faults == []


def test_restored_originator_has_its_answer_back_and_is_not_asked_twice(three, linked, tmp_path):
    west = three.west
    kept = evidence(west)
    request = consented_to(three, linked)
    set_back(west, kept, tmp_path)
    three.sync()
    three.sync(("west", "north"), ("west", "east"))
    with west.store.reading() as book:
        assert consent_of(book, "east", request).state(west.clock.at) == "granted"
    assert [item.state for item in inbox(west, "consent.asked")] == ["noted"]
    revoke_consent(west.node, west.officers["duty"], "east", request)
    three.sync()
    assert send(three.east, linked, "north").rule == "originator"
    assert verify_store(west.store).faults == []
