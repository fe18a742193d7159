# SPDX-License-Identifier: Apache-2.0
"""The life of an agreement between two desks: countered, amended, declined, suspended, resumed, withdrawn; the same on both."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from tests.agreement.made import KEYS
from tests.conftest import START, card_of
from tests.desk.made import journal_size
from tests.desk.test_refilling import evidence, holds, logs, set_back

from hamsaya.agreement.charter import sign as sign_text
from hamsaya.agreement.contradictions import contradictions
from hamsaya.agreement.lifecycle import AgreementAct, life_of
from hamsaya.desk.agreements import agreement_of, draft_agreement, export_agreement, import_agreement, sign_agreement
from hamsaya.desk.events import PartyTrusted
from hamsaya.desk.holdings import OPERATOR
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import read_terms, sample_terms
from hamsaya.exchange.acts import AgreementSignature, write_card
from hamsaya.exchange.agreement_acts import AgreementActTold
from hamsaya.exchange.logs import link_log
from hamsaya.facts.errors import HamsayaError, InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal

TERMS = sample_terms("west", "east", START - timedelta(days=1))
STRICTER = TERMS.replace('ceiling = "amber"', 'ceiling = "green"')
LAXER = TERMS.replace('ceiling = "amber"', 'ceiling = "red"')
NAME = "west-east-2026-11-21"
WHY = "Shots near the line."


def life(desk, name=NAME):
    with desk.store.reading() as book:
        return life_of(agreement_of(book, name).history, desk.clock())


def told(desk, name=NAME):
    """What both desks must show alike."""
    found = life(desk, name)
    return (
        found.standing, found.governs, found.shown, found.acts,
        [(each.hash, each.standing.state, each.open, {party: (made.office, made.at) for party, made in each.signed.items()}) for each in found.texts],
    )  # fmt: skip


def state(desk, name=NAME):
    return life(desk, name).standing.state


def propose(desk, terms=STRICTER, revises="", login="commander"):
    return propose_text(desk.node, desk.officers[login], read_terms(terms), revises=revises or life(desk).shown)


def act(desk, verb, reason=WHY, **options):
    return act_on_agreement(desk.node, desk.officers["commander"], NAME, verb, reason, **options)


def sign(desk, text=""):
    return sign_agreement(desk.node, desk.officers["commander"], NAME, text)


def exported(desk):
    with desk.store.reading() as book:
        return export_agreement(book, NAME)


def quarantined(desk):
    with desk.store.reading() as book:
        return [(item.kind, str(item.reason)) for item in book.inbox() if item.state == "quarantined"]


@pytest.fixture
def drafted(pair):
    draft_agreement(pair.west.node, TERMS)
    pair.sync()
    return pair


def check_alike(pair):
    pair.sync()
    assert told(pair.west) == told(pair.east)
    for side in (pair.west, pair.east):
        assert quarantined(side) == []
        assert verify_store(side.store).faults == []


def test_counter_proposal_is_seen_signed_and_in_force_on_both_sides(drafted):
    west, east = drafted.west, drafted.east
    assert (state(west), state(east)) == ("proposed", "proposed")
    countered = propose(east)
    assert countered.agreement.table.proposed_by == "east"
    drafted.sync()
    assert (state(west), state(east)) == ("counter-proposed", "counter-proposed")
    for side in (west, east):
        sign(side, life(side).shown[:12])
        drafted.sync()
    assert (state(west), life(west).governs) == ("in force", countered.hash)
    check_alike(drafted)


def test_counter_that_crosses_the_signatures_on_the_first_text_stays_as_an_amendment(drafted):
    west, east = drafted.west, drafted.east
    first = life(west).shown
    sign(west)
    countered = propose(east).hash  # before west's signature arrives
    sign(east, first)
    check_alike(drafted)
    assert (state(west), life(west).governs) == ("in force", first)
    assert [(each.hash, each.open) for each in life(east).texts if each.open] == [(countered, True)]
    for side in (west, east):
        sign(side)
    check_alike(drafted)
    assert life(west).governs == countered


def test_two_concurrent_counters_stand_side_by_side_and_signing_needs_the_hash(drafted):
    west, east = drafted.west, drafted.east
    one, two = propose(west, STRICTER).hash, propose(east, LAXER).hash
    check_alike(drafted)
    assert {each.hash for each in life(west).texts if each.open} >= {one, two}
    with pytest.raises(InputError):
        sign(west)
    with pytest.raises(NotFound):
        sign(west, "f" * 64)
    for side in (west, east):
        sign(side, two)
    check_alike(drafted)
    assert life(west).governs == two
    with pytest.raises(Refused) as refused:
        sign(west, one)
    assert refused.value.rule == "closed"


def test_amendment_governs_once_both_have_signed(agreed):
    before = life(agreed.west).governs
    amended = propose(agreed.west).hash
    check_alike(agreed)
    assert (state(agreed.east), life(agreed.east).governs) == ("in force", before)
    sign(agreed.east)
    check_alike(agreed)
    assert life(agreed.east).governs == before
    sign(agreed.west)
    check_alike(agreed)
    assert (state(agreed.east), life(agreed.east).governs) == ("in force", amended)


def test_each_side_declines_or_takes_back(drafted):
    west, east = drafted.west, drafted.east
    act(east, "decline", "Clause 3 goes too far.")
    check_alike(drafted)
    assert (state(west), str(life(west).standing.reason)[:16]) == ("declined", "Declined by East")
    with pytest.raises(Refused) as refused:
        sign(west, life(west).shown)
    assert refused.value.rule == "closed"
    with pytest.raises(InputError):
        act(east, "decline")
    again = propose(west).hash  # a declined text can be countered: so negotiations go on
    act(west, "decline", "A mistake in clause 3.", text=again)
    check_alike(drafted)
    assert str(life(east).standing.reason).startswith("Taken back by West")


def test_suspension_and_its_end_show_on_both_sides_with_office_time_and_reason(agreed):
    west, east = agreed.west, agreed.east
    act(east, "suspend")
    check_alike(agreed)
    assert state(west) == "suspended"
    assert str(life(west).standing.reason) == f"Suspended by East (commander office) on 2026-11-22 09:00 UTC: {WHY}"
    act(west, "suspend", "So do we.")
    act(east, "resume", "It was settled.")
    check_alike(agreed)
    assert (state(east), life(east).suspended_by) == ("suspended", ["west"])
    act(west, "resume", "It was settled.")
    check_alike(agreed)
    assert state(east) == "in force"
    assert [(each.party, each.number, each.verb) for each in life(east).acts] == [
        ("east", 1, "suspend"), ("east", 2, "resume"), ("west", 1, "suspend"), ("west", 2, "resume"),
    ]  # fmt: skip


def test_withdrawal_ends_it_for_both_and_nothing_revives_it(agreed):
    west, east = agreed.west, agreed.east
    act(west, "withdraw", "The command was dissolved.")
    check_alike(agreed)
    assert state(east) == "withdrawn"
    for side, verb in ((west, "withdraw"), (east, "withdraw"), (east, "suspend"), (west, "resume")):
        with pytest.raises(Refused) as refused:
            act(side, verb)
        assert refused.value.rule == "withdrawn"
    with pytest.raises(Refused) as refused:
        propose(east)
    assert refused.value.rule == "withdrawn"


@pytest.mark.parametrize(("verb", "rule"), [("suspend", "in-force"), ("resume", "in-force"), ("withdraw", "in-force")])
def test_what_is_not_in_force_cannot_be_suspended_or_withdrawn(drafted, verb, rule):
    with pytest.raises(Refused) as refused:
        act(drafted.west, verb)
    assert refused.value.rule == rule


def test_only_the_party_that_suspended_resumes_and_it_suspends_once(agreed):
    act(agreed.west, "suspend")
    agreed.sync()
    for side, verb in ((agreed.east, "resume"), (agreed.west, "suspend")):
        before = journal_size(side)
        with pytest.raises(Refused) as refused:
            act(side, verb)
        assert (refused.value.rule, journal_size(side)) == ("suspended", before)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001, "Mr. Ahmad Rezai shot at us.", "Call +98 912 345 6789."])
def test_reason_must_be_given_and_tells_of_no_person(agreed, reason):
    before = journal_size(agreed.west)
    with pytest.raises(InputError):
        act(agreed.west, "suspend", reason)
    assert journal_size(agreed.west) == before


def test_reason_is_kept_without_what_could_repaint_it(agreed):
    act(agreed.west, "suspend", "Shots\u202e near\r\nthe line.")
    assert life(agreed.west).acts[0].reason == "Shots near\nthe line."


@pytest.mark.parametrize("login", ["duty", "approver", "admin", "auditor"])
def test_only_who_may_negotiates_and_acts(drafted, login):
    officer = drafted.west.officers[login]
    with pytest.raises(Refused) as refused:
        propose(drafted.west, login=login)
    assert refused.value.rule == "role"
    with pytest.raises(Refused) as refused:
        act_on_agreement(drafted.west.node, officer, NAME, "decline", WHY)
    assert refused.value.rule == "role"


def test_text_that_has_no_place_is_not_proposed(agreed):
    west = agreed.west
    old = life(west).governs
    with pytest.raises(InputError):
        propose(west, TERMS)  # it changes nothing
    with pytest.raises(NotFound):
        propose(west, revises="0" * 64)
    with pytest.raises(Refused) as refused:
        propose_text(west.node, west.officers["commander"], read_terms(STRICTER))
    assert refused.value.rule == "known-text"
    with pytest.raises(InputError):
        propose(west, STRICTER.replace("2027-11-21", "2026-11-22"))
    propose(west)
    agreed.sync()
    for side in (agreed.east, west):
        sign(side)
        agreed.sync()
    with pytest.raises(Refused) as refused:
        propose(west, LAXER, revises=old)
    assert refused.value.rule == "replaced"


def test_jalali_years_are_named_as_such(drafted):
    with pytest.raises(InputError) as wrong:
        propose(drafted.west, STRICTER.replace("valid_from = 2026", "valid_from = 1405").replace("valid_until = 2027", "valid_until = 2028"))
    assert "calendar" in str(wrong.value.what)


def test_agreement_that_has_expired_on_arrival_shows_it_and_is_not_signed(drafted):
    for side in (drafted.west, drafted.east):
        side.clock.at = START + timedelta(days=400)
    with pytest.raises(Refused) as refused:
        sign(drafted.east)
    assert refused.value.rule == "expired"


def with_another_key(desk, party):
    """Let the desk trust the neighbour with another key, as after the old one was revoked."""
    card = msgspec.structs.replace(card_of(party.node, "UTC"), key=KEYS["stranger"].public.hex)
    with desk.store.writing() as pen:
        pen.journal(PartyTrusted(card=write_card(card, KEYS["stranger"]).decode(), fingerprint="x"), OPERATOR)


def test_key_revoked_between_proposal_and_signature_binds_nobody(drafted):
    west, east = drafted.west, drafted.east
    sign(east)
    whole = exported(east)
    with_another_key(west, east)
    with pytest.raises(Refused) as refused:
        sign(west)
    assert refused.value.rule == "party"
    with pytest.raises(Refused) as refused:
        import_agreement(west.node, whole)
    assert refused.value.rule == "party"
    assert state(west) == "proposed"


def forged(desk, made, **parts):
    """Send an act on the link as it is, past the desk's own checks."""
    other = "west" if desk.node.party == "east" else "east"
    envelope = seal("agreement-act", canonical(msgspec.structs.replace(made, **parts)), desk.node.key)
    with desk.store.writing() as pen:
        pen.extend(
            link_log(desk.node.party, other), "agreement.act", canonical(AgreementActTold(NAME, envelope.decode())), desk.officers["commander"]
        )


@pytest.fixture
def suspended(agreed):
    act(agreed.east, "suspend")
    agreed.sync()
    return agreed, life(agreed.east).acts[0]


@pytest.mark.parametrize(
    "parts",
    [
        {"party": "west"},
        {"party": "north"},
        {"text": "0" * 64},
        {"agreement": "another"},
        {"number": 0},
        {"reason": "\u202eother"},
    ],
    ids=["for the other", "no signatory", "unknown text", "other agreement", "number 0", "reordered"],
)
def test_act_that_has_no_place_stands_in_quarantine_and_changes_nothing(suspended, parts):
    pair, made = suspended
    forged(pair.east, made, **({"number": 2} | parts))
    pair.sync()
    assert [kind for kind, _ in quarantined(pair.west)] == ["agreement.act"]
    assert state(pair.west) == "suspended"
    assert verify_store(pair.west.store).faults == []


def test_another_act_under_the_same_number_is_kept_and_named_and_what_stops_counts(suspended):
    pair, made = suspended
    forged(pair.east, made, verb="resume")
    pair.sync()
    assert (quarantined(pair.west), state(pair.west)) == ([], "suspended")
    with pair.west.store.reading() as book:
        assert [(each.party, each.number) for each in contradictions(agreement_of(book, NAME).history)] == [("east", 1)]
    assert verify_store(pair.west.store).faults == []


def test_resume_by_the_wrong_party_is_kept_and_ends_nothing(suspended):
    pair, made = suspended
    with pair.west.store.writing() as pen:
        wrong = AgreementAct(agreement=NAME, text=made.text, party="west", office="x", at=START, verb="resume", reason="x", number=1)
        told_it = AgreementActTold(NAME, seal("agreement-act", canonical(wrong), pair.west.node.key).decode())
        pen.extend(link_log("west", "east"), "agreement.act", canonical(told_it), pair.west.officers["commander"])
    pair.sync()
    assert (state(pair.east), len(life(pair.east).acts), quarantined(pair.east)) == ("suspended", 2, [])


def test_act_whose_number_leaves_some_out_counts_on_the_other_side(suspended):
    pair, made = suspended
    forged(pair.east, made, number=5, verb="resume")
    pair.sync()
    assert state(pair.west) == "in force"


def test_act_that_comes_again_is_noted_and_changes_nothing(suspended):
    pair, made = suspended
    before = told(pair.west)
    forged(pair.east, made)
    pair.sync()
    assert (told(pair.west), quarantined(pair.west)) == (before, [])


def test_everything_can_be_carried_by_hand(drafted):
    west, east = drafted.west, drafted.east
    propose(west)
    for side, other in ((west, east), (east, west)):
        sign(side, life(west).shown)
        import_agreement(other.node, exported(side))
    act(east, "suspend")
    import_agreement(west.node, exported(east))
    before = journal_size(west)
    import_agreement(west.node, exported(east))
    assert (state(west), journal_size(west)) == ("suspended", before)
    check_alike(drafted)


def test_file_with_a_forged_act_is_refused_and_nothing_of_it_is_kept(suspended):
    pair, made = suspended
    strangers = seal("agreement-act", canonical(msgspec.structs.replace(made, number=9)), pair.west.node.key).decode()
    whole = msgspec.json.decode(exported(pair.east))
    before = journal_size(pair.west)
    for wrong in (strangers, "{}"):
        with pytest.raises(HamsayaError):
            import_agreement(pair.west.node, canonical(whole | {"acts": [wrong]}))
    assert journal_size(pair.west) == before


@pytest.mark.parametrize("side", ["west", "east"])
def test_restored_node_knows_every_text_signature_and_act_again(agreed, tmp_path, side):
    """The one that acted gets its own acts back from the other's mirror; the other gets them again as they were sent."""
    set_side = getattr(agreed, side)
    kept = evidence(set_side)
    propose(agreed.west)
    act(agreed.west, "suspend")
    agreed.sync()
    sign(agreed.east)
    act(agreed.east, "suspend", "So do we.")
    agreed.sync()
    before, theirs = told(agreed.west), logs(agreed.west)
    set_back(set_side, kept, tmp_path)
    agreed.sync()
    assert (holds(set_side), logs(set_side)) == ([], theirs)
    assert told(agreed.west) == told(agreed.east) == before
    act(set_side, "resume")
    check_alike(agreed)
    assert [each.number for each in life(agreed.east).acts if each.party == side] == [1, 2]


def test_what_was_signed_is_over_the_hash_of_its_text(agreed):
    with agreed.west.store.reading() as book:
        held = agreement_of(book, NAME)
    for envelope in held.signatures.values():
        assert read(open_envelope(envelope).payload, dict)["agreement"] == held.hash


def signed_past_the_desk(desk, text):
    """Sign a text and send it to west, whatever this desk says of it."""
    with desk.store.writing() as pen:
        agreement = agreement_of(pen, NAME).history.texts[text]
        envelope = sign_text(agreement, desk.node.party, "x", desk.clock(), desk.node.key).decode()
        pen.extend(
            link_log(desk.node.party, "west"), "agreement.signature", canonical(AgreementSignature(NAME, envelope)), desk.officers["commander"]
        )


def test_text_that_we_signed_and_then_took_back_is_not_put_in_force_by_the_other_alone(drafted):
    west, east = drafted.west, drafted.east
    first = life(west).shown
    sign(west)
    drafted.sync()
    act(west, "decline", text=first)  # its own text, signature and all
    drafted.sync()
    assert (state(west), state(east)) == ("declined", "declined")
    signed_past_the_desk(east, first)
    drafted.sync()
    assert state(west) == "declined"


def test_decline_that_crosses_the_last_signature_ends_the_text_on_both_sides(drafted):
    west, east = drafted.west, drafted.east
    first = life(west).shown
    sign(west)
    drafted.sync()
    act(west, "decline", text=first)
    sign(east, first)
    check_alike(drafted)
    assert state(east) == "declined"
    with pytest.raises(Refused):
        sign(west, first)
    propose(east, revises=first)
    drafted.sync()
    for side in (west, east):
        sign(side)
    check_alike(drafted)
    assert state(west) == "in force"


def test_what_all_have_signed_is_not_declined(agreed):
    with pytest.raises(Refused) as refused:
        act(agreed.west, "decline", text=life(agreed.west).governs)
    assert refused.value.rule == "closed"


def test_laxer_text_that_was_replaced_is_not_brought_back_by_the_others_late_signature(drafted):
    west, east = drafted.west, drafted.east
    first = life(west).shown
    lax = propose(west, LAXER, revises=first).hash
    sign(west, lax)  # west would have signed that as well
    strict = propose(west, STRICTER, revises=first).hash
    drafted.sync()
    for side in (east, west):
        sign(side, strict)
        check_alike(drafted)
    assert (state(west), life(west).governs, life(east).text(lax).standing.state) == ("in force", strict, "declined")
    signed_past_the_desk(east, lax)
    drafted.sync()
    assert life(west).governs == strict


def test_signing_one_text_leaves_the_signature_on_the_one_that_it_revises(drafted):
    west, east = drafted.west, drafted.east
    first = life(west).shown
    sign(west)
    countered = propose(east).hash
    drafted.sync()
    sign(west, countered)
    check_alike(drafted)
    assert [each.verb for each in life(west).acts] == []
    assert ["west" in life(east).text(each).signed for each in (first, countered)] == [True, True]


def test_restored_node_takes_the_neighbours_suspension_though_its_own_later_act_names_a_text_not_back_yet(agreed, tmp_path):
    west, east = agreed.west, agreed.east
    kept = evidence(west)
    act(east, "suspend")
    agreed.sync()
    amendment = propose(east).hash
    agreed.sync()
    act(west, "decline", text=amendment)
    agreed.sync()
    set_back(west, kept, tmp_path)
    agreed.sync()
    check_alike(agreed)
    assert state(west) == "suspended"


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))), datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-14)))]
)
def test_time_of_an_act_at_the_end_of_the_calendar_does_not_stop_the_exchange(suspended, at):
    pair, made = suspended
    forged(pair.east, made, number=2, at=at)
    pair.sync()
    assert [kind for kind, _ in quarantined(pair.west)] == ["agreement.act"]
    act(pair.east, "resume")
    pair.sync()
    assert state(pair.west) == "in force"


def test_signature_carried_by_hand_names_an_office_in_plain_letters(drafted):
    west, east = drafted.west, drafted.east
    with east.store.reading() as book:
        text = agreement_of(book, NAME).agreement
    made = sign_text(text, "east", "\u202eevil", east.clock(), east.node.key).decode()
    with pytest.raises(InputError):
        import_agreement(west.node, canonical({"body": text.body().decode(), "signatures": {"east": made}}))
    assert state(west) == "proposed"
