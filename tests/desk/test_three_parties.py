# SPDX-License-Identifier: Apache-2.0
"""An agreement of three parties over links of two: the third sees exactly what its text allows (F6)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest
from tests.conftest import START, Clock, make_desk
from tests.desk.test_refilling import evidence, set_back

from hamsaya.agreement.charter import Signatory, Table, write_text
from hamsaya.agreement.clauses import Kinds
from hamsaya.agreement.lifecycle import AgreementAct, life_of
from hamsaya.desk.agreements import agreement_of, draft_agreement, export_agreement, import_agreement, sign_agreement
from hamsaya.desk.converse import answer, synchronise
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import read_terms, sample_terms
from hamsaya.exchange.acts import AgreementText
from hamsaya.exchange.agreement_acts import AgreementActTold
from hamsaya.exchange.logs import link_log
from hamsaya.facts.errors import Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

NAME = "three"
TERMS = f"""
id = "{NAME}"
title = "Cooperation of three"
place = ""
drafted_on = "2026-11-21"
valid_from = {START - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}
valid_until = {START + timedelta(days=300):%Y-%m-%dT%H:%M:%SZ}
clauses = [
  {{ number = "1", type = "kinds", sender = "west", receiver = "east", kinds = ["incident_account", "complaint"] }},
  {{ number = "2", type = "kinds", sender = "west", receiver = "north", kinds = ["complaint"] }},
  {{ number = "3", type = "handling", ceiling = "amber" }},
  {{ number = "4", type = "purposes", purposes = ["settlement"] }},
]
"""
OPENED = TERMS.replace('receiver = "north", kinds = ["complaint"]', 'receiver = "north", kinds = ["complaint", "incident_account"]')
PARTIES = ("west", "east", "north")


@pytest.fixture
def three(tmp_path):
    clock = Clock()
    desks = {party: make_desk(tmp_path, party, country, clock=clock) for party, country in zip(PARTIES, ("IR", "PK", "AF"), strict=True)}
    for one, other in permutations(desks.values(), 2):
        with other.store.reading() as book:
            trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    yield desks
    for desk in desks.values():
        desk.store.close()


def sync(three, one, other):
    synchronise(three[one].node, other, lambda _, data: answer(three[other].node, data))


def sync_all(three):
    for one, other in (("west", "east"), ("west", "north"), ("east", "north")) * 2:
        sync(three, one, other)


def life(desk):
    with desk.store.reading() as book:
        return life_of(agreement_of(book, NAME).history, desk.clock())


def states(three):
    return [life(three[party]).standing.state for party in PARTIES]


def sign(desk, text=""):
    sign_agreement(desk.node, desk.officers["commander"], NAME, text)


def released(three, to, record=None):
    west = three["west"]
    record = record or west.file().record.id
    made = propose_release(
        west.node, west.officers["duty"], record, receiver=to, purpose="settlement", necessity="Both commands must see this account."
    )
    return approve_release(west.node, west.officers["approver"], made.release) if made.condition == "proposed" else made


def received(desk):
    with desk.store.reading() as book:
        return [held.record.id for held in book.records() if held.received_from]


def check_sound(three):
    for desk in three.values():
        assert verify_store(desk.store).faults == []
        with desk.store.reading() as book:
            assert [(item.kind, str(item.reason)) for item in book.inbox() if item.state == "quarantined"] == []


@pytest.fixture
def bound(three):
    draft_agreement(three["west"].node, TERMS, ["east", "north"])
    sync_all(three)
    for party in PARTIES:
        sign(three[party])
    sync_all(three)
    assert states(three) == ["in force"] * 3
    return three


def test_nothing_is_in_force_with_one_signature_missing_and_it_says_whose(three):
    draft_agreement(three["west"].node, TERMS, ["east", "north"])
    sync_all(three)
    for party in ("west", "east"):
        sign(three[party])
    sync_all(three)
    assert states(three) == ["signed by some"] * 3
    assert {str(life(desk).standing.reason) for desk in three.values()} == {"Not signed by: North"}
    refused = released(three, "east")
    assert (refused.condition, refused.rule) == ("refused", "in-force")
    check_sound(three)


def test_neighbour_that_is_no_party_hears_nothing_of_it(three, tmp_path):
    south = make_desk(tmp_path, "south", "IN", clock=three["west"].clock)
    for desk in three.values():
        for one, other in ((desk, south), (south, desk)):
            with other.store.reading() as book:
                trust_neighbour(one.node, book.card_of(other.node.party), other.node.key.public.fingerprint())
    draft_agreement(three["west"].node, TERMS, ["east", "north"])
    for party in (*PARTIES, ""):
        sync_all(three)
        for desk in three.values():
            synchronise(south.node, desk.node.party, lambda _, data, desk=desk: answer(desk.node, data))
        if party:
            sign(three[party])
    assert states(three) == ["in force"] * 3
    with south.store.reading() as book:
        assert (book.agreements(), book.inbox()) == ([], [])
        assert [log for log, size in book.logs().items() if size and not log.startswith("journal/")] == []
    south.store.close()


def test_the_third_sees_exactly_what_its_text_allows(bound):
    account = bound["west"].file().record.id
    assert released(bound, "east", account).condition == "logged"
    refused = released(bound, "north", account)
    assert (refused.condition, refused.rule) == ("refused", "deny-by-default")
    sync_all(bound)
    assert (received(bound["east"]), received(bound["north"])) == ([account], [])
    check_sound(bound)


def test_amendment_opens_to_the_third_what_it_names_once_all_three_have_signed(bound):
    west, account = bound["west"], bound["west"].file().record.id
    amended = propose_text(west.node, west.officers["commander"], read_terms(OPENED), revises=life(west).governs).hash
    sync_all(bound)
    for party in ("north", "east"):
        sign(bound[party])
        sync_all(bound)
        assert released(bound, "north", account).condition == "refused"
    sign(west, amended)
    sync_all(bound)
    assert released(bound, "north", account).condition == "logged"
    sync_all(bound)
    assert received(bound["north"]) == [account]
    check_sound(bound)


def test_suspension_by_the_third_holds_what_the_first_two_share(bound):
    north = bound["north"]
    made = released(bound, "east")
    act_on_agreement(north.node, north.officers["commander"], NAME, "suspend", "Our post is being moved.")
    sync(bound, "west", "north")
    sync(bound, "west", "east")
    assert received(bound["east"]) == []
    with bound["west"].store.reading() as book:
        assert book.release(made.release).condition == "held"
    act_on_agreement(north.node, north.officers["commander"], NAME, "resume", "It was moved.")
    sync_all(bound)
    assert (states(bound), len(received(bound["east"]))) == (["in force"] * 3, 1)
    check_sound(bound)


@pytest.mark.parametrize("late", [("west", "north"), ("west", "east")])
def test_text_and_what_is_said_of_it_arrive_in_order_whichever_link_is_away(three, late):
    """The proposer's link to one of them is away: the other passes the text on before its own signature."""
    draft_agreement(three["west"].node, TERMS, ["east", "north"])
    reached = "east" if late[1] == "north" else "north"
    sync(three, "west", reached)
    sign(three[reached])
    sync(three, *sorted(("east", "north")))
    assert life(three[late[1]]).standing.state == "signed by some"
    for party in ("west", late[1]):
        sign(three[party])
    sync_all(three)
    assert states(three) == ["in force"] * 3
    check_sound(three)


def test_counter_by_one_reaches_a_third_that_has_not_heard_of_the_first_text(three):
    east = three["east"]
    draft_agreement(three["west"].node, TERMS, ["east", "north"])
    sync(three, "west", "east")
    countered = propose_text(east.node, east.officers["commander"], read_terms(OPENED), revises=life(east).shown).hash
    sync(three, "east", "north")
    assert [each.standing.state for each in life(three["north"]).texts] == ["proposed", "counter-proposed"]
    act_on_agreement(east.node, east.officers["commander"], NAME, "decline", "We proposed another.", text=life(east).texts[0].hash)
    sync_all(three)
    for party in PARTIES:
        sign(three[party], countered)
    sync_all(three)
    assert states(three) == ["in force"] * 3
    assert {life(desk).governs for desk in three.values()} == {countered}
    check_sound(three)


def between(three, parties, name, by, title="Other terms"):
    """A text that the desk of `by` would not write, between parties by their cards."""
    with three[by].store.reading() as book:
        cards = [each.card for each in book.parties() if each.card.party in parties]
    return write_text(Table(
        id=name, title=title, place="", drafted_on="2026-11-21", valid_from=START - timedelta(days=1), valid_until=START + timedelta(days=9),
        parties=[Signatory(party=card.party, country=card.country, key=card.key, names=dict(card.name)) for card in cards],
        clauses=[Kinds(number="1", kinds=["complaint"], sender="west", receiver="east")], proposed_by="west" if len(cards) > 2 else by,
    ))  # fmt: skip


def push(desk, to, kind, content):
    """Send something on the link past the desk's own checks."""
    with desk.store.writing() as pen:
        pen.extend(link_log(desk.node.party, to), kind, canonical(content), desk.officers["commander"])


def quarantined(desk):
    with desk.store.reading() as book:
        return [str(item.reason) for item in book.inbox() if item.state == "quarantined"]


def test_restored_node_keeps_the_acts_of_a_stranger_out_of_an_agreement_whose_name_it_took(three, tmp_path):
    """East takes the name of west's agreement with north while west does not know that one any more."""
    west, east, north = (three[party] for party in PARTIES)
    kept = evidence(west)
    draft_agreement(west.node, sample_terms("west", "north", START - timedelta(days=1)).replace("west-north-2026-11-21", NAME), "north")
    sync(three, "west", "north")
    for desk in (west, north):
        sign(desk)
    sync(three, "west", "north")
    set_back(west, kept, tmp_path)
    text = between(three, ("west", "east"), NAME, "east")
    push(east, "west", "agreement.text", AgreementText(NAME, text.body().decode()))
    act = AgreementAct(agreement=NAME, text=text.hash(), party="east", office="x", at=START, verb="withdraw", reason="x", number=1)
    push(east, "west", "agreement.act", AgreementActTold(NAME, seal("agreement-act", canonical(act), east.node.key).decode()))
    sync(three, "west", "east")
    assert life(west).standing.state == "withdrawn"
    sync(three, "west", "north")
    assert [life(desk).standing.state for desk in (west, north)] == ["in force", "in force"]
    assert life(west).governs == life(north).governs
    with west.store.reading() as book:
        whole = export_agreement(book, NAME)
    assert text.body() not in whole
    assert '"East"' not in whole.decode()
    assert import_agreement(north.node, whole).hash == life(north).governs


def test_nobody_says_that_we_proposed_what_we_did_not(three):
    text = between(three, PARTIES, NAME, "east")
    push(three["east"], "west", "agreement.text", AgreementText(NAME, text.body().decode()))
    sync(three, "west", "east")
    assert quarantined(three["west"]) == ["The text says that another party proposes it than the one that sent it."]


def test_text_that_was_passed_on_to_its_own_proposer_does_no_harm_after_a_restore(three, tmp_path):
    west = three["west"]
    kept = evidence(west)
    draft_agreement(west.node, TERMS, ["east", "north"])
    sync_all(three)
    sign(three["east"])
    sync_all(three)
    set_back(west, kept, tmp_path)
    for other in ("east", "north"):
        sync(three, "west", other)
    sync_all(three)
    assert states(three) == ["signed by some"] * 3
    check_sound(three)


def test_agreement_whose_id_another_neighbour_took_is_told_to_come_under_another_one(three):
    text = between(three, ("west", "east"), "west-north-1", "east")
    push(three["east"], "west", "agreement.text", AgreementText("west-north-1", text.body().decode()))
    sync(three, "west", "east")
    theirs = sample_terms("north", "west", START - timedelta(days=1))
    for name in ("west-north-1", "west-north-2"):
        draft_agreement(three["north"].node, theirs.replace("north-west-2026-11-21", name), "west")
        sync(three, "west", "north")
    assert [each.split(". ")[1] for each in quarantined(three["west"])] == ["This one can be proposed under another id."]
    with three["west"].store.reading() as book:
        assert agreement_of(book, "west-north-2").agreement.party("north")


def test_one_party_does_not_fill_an_agreement_with_texts_without_end(bound, monkeypatch):
    monkeypatch.setattr("hamsaya.desk.agreements.MAX_OPEN", 2)
    east = bound["east"]
    revised = life(east).governs
    for number in range(2):
        propose_text(east.node, east.officers["commander"], read_terms(OPENED.replace("of three", f"of {number}")), revises=revised)
    with pytest.raises(Refused) as refused:
        propose_text(east.node, east.officers["commander"], read_terms(OPENED), revises=revised)
    assert refused.value.rule == "too-many-texts"
    monkeypatch.setattr("hamsaya.desk.agreements.MAX_OPEN", 3)
    propose_text(east.node, east.officers["commander"], read_terms(OPENED), revises=revised)
    monkeypatch.setattr("hamsaya.desk.agreements.MAX_OPEN", 2)
    sync_all(bound)
    assert len(quarantined(bound["west"])) == 1
    west = bound["west"]
    propose_text(west.node, west.officers["commander"], read_terms(OPENED.replace("of three", "of west")), revises=revised)
