# SPDX-License-Identifier: Apache-2.0
"""A party of three that tells the two others different things about their agreement is found out, and what it signed counts at each (law 5)."""

from __future__ import annotations

from itertools import permutations

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.agreement.made import KEYS
from tests.conftest import START
from tests.desk.test_refilling import evidence, holds, set_back
from tests.desk.test_three_parties import (  # noqa: F401  (fixtures)
    NAME,
    OPENED,
    PARTIES,
    TERMS,
    between,
    bound,
    check_sound,
    life,
    push,
    quarantined,
    received,
    released,
    sign,
    states,
    sync,
    sync_all,
    three,
)

from hamsaya.agreement.charter import sign as sign_text
from hamsaya.agreement.charter import write_text
from hamsaya.agreement.contradictions import contradictions
from hamsaya.agreement.lifecycle import AgreementAct
from hamsaya.desk.agreements import agreement_of, draft_agreement, export_agreement, import_agreement
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.negotiate import propose_text
from hamsaya.desk.standing_acts import act_on_agreement
from hamsaya.desk.terms import read_terms
from hamsaya.exchange.acts import AgreementSignature, AgreementText
from hamsaya.exchange.agreement_acts import AgreementActTold, AgreementHeard
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import open_envelope, seal

LINKS = [("west", "east"), ("west", "north"), ("east", "north")]


def history(desk):
    with desk.store.reading() as book:
        return agreement_of(book, NAME).history


def told(desk):
    """What every node must show alike; who told whom is each one's own."""
    found = life(desk)
    texts = [(each.hash, each.standing, each.open, each.signed) for each in found.texts]
    return found.standing, found.governs, found.acts, texts, contradictions(history(desk))


def made(desk, verb, number=1, *, text="", reason="Shots near the line.", key=None, party=""):
    """An act as this desk's party signs it, kept nowhere."""
    act = AgreementAct(agreement=NAME, text=text or life(desk).shown, party=party or desk.node.party, office="commander office", at=desk.clock(),
                       verb=verb, reason=reason, number=number)  # fmt: skip
    return seal("agreement-act", canonical(act), key or desk.node.key).decode()


def tell(desk, to, envelope):
    push(desk, to, "agreement.act", AgreementActTold(NAME, envelope))


def pass_on(desk, to, envelope, *, direct=True):
    push(desk, to, "agreement.heard", AgreementHeard(NAME, envelope, direct))


def check_alike(three, *, state, parties=PARTIES):  # noqa: F811
    """All three show the same, or those two that were told differently, and stand by what they can prove.

    What east's desk was made to sign past it, that desk knows only where two such things contradict each other.
    """
    for _ in range(2):
        sync_all(three)
    shown = [told(three[party]) for party in parties]
    assert all(each == shown[0] for each in shown)
    assert {each[0].state for each in shown} == {state}
    check_sound(three)


HONEST = ("west", "north")


@pytest.mark.parametrize("verb", ["suspend", "withdraw"])
def test_what_stops_and_was_told_to_one_only_counts_at_every_node(bound, verb):  # noqa: F811
    """East tells west that it stopped, and north nothing."""
    tell(bound["east"], "west", made(bound["east"], verb))
    sync(bound, "west", "east")
    sync(bound, "west", "north")
    assert states(bound)[::2] == ["suspended" if verb == "suspend" else "withdrawn"] * 2
    assert released(bound, "north").condition == "refused"
    check_alike(bound, state="suspended" if verb == "suspend" else "withdrawn", parties=HONEST)


def test_end_of_a_suspension_that_was_told_to_one_only_reaches_the_other(bound):  # noqa: F811
    east = bound["east"]
    act_on_agreement(east.node, east.officers["commander"], NAME, "suspend", "Shots near the line.")
    sync_all(bound)
    tell(east, "west", made(east, "resume", 2))
    check_alike(bound, state="in force", parties=HONEST)


def test_suspended_to_one_and_resumed_to_the_other_under_one_number_stands_suspended_and_is_named_everywhere(bound):  # noqa: F811
    east = bound["east"]
    act_on_agreement(east.node, east.officers["commander"], NAME, "suspend", "Shots near the line.")
    sync_all(bound)
    one, other = made(east, "suspend", 2), made(east, "resume", 2)
    tell(east, "west", one)
    tell(east, "north", other)
    sync(bound, "west", "east")
    sync(bound, "east", "north")
    assert states(bound) == ["suspended", "suspended", "in force"]
    check_alike(bound, state="suspended")
    for desk in bound.values():
        assert [(each.party, each.number, len(each.signed)) for each in contradictions(history(desk))] == [("east", 2, 2)]


@pytest.fixture
def drafted(three):  # noqa: F811
    draft_agreement(three["west"].node, TERMS, ["east", "north"])
    sync_all(three)
    return three


def test_text_that_was_declined_to_one_only_is_declined_everywhere(drafted):
    for party in ("west", "north"):
        sign(drafted[party])
    east = drafted["east"]
    push(east, "north", "agreement.signature", AgreementSignature(NAME, signed(east)))
    tell(east, "west", made(east, "decline"))
    check_alike(drafted, state="declined", parties=HONEST)


def signed(desk, office="commander office"):
    text = history(desk).texts[life(desk).shown]
    return sign_text(text, desk.node.party, office, desk.clock(), desk.node.key).decode()


def test_signature_that_was_told_to_one_only_puts_the_text_in_force_at_both(drafted):
    for party in ("west", "north"):
        sign(drafted[party])
    sync_all(drafted)
    push(drafted["east"], "west", "agreement.signature", AgreementSignature(NAME, signed(drafted["east"])))
    sync(drafted, "west", "east")
    sync(drafted, "west", "north")
    assert states(drafted) == ["in force", "signed by some", "in force"]
    check_alike(drafted, state="in force", parties=HONEST)


def test_text_signed_otherwise_to_each_is_named_and_one_signature_counts_at_both(drafted):
    for party in ("west", "north"):
        sign(drafted[party])
    sync_all(drafted)
    east = drafted["east"]
    for to, office in (("west", "Office A"), ("north", "Office B")):
        push(east, to, "agreement.signature", AgreementSignature(NAME, signed(east, office)))
    check_alike(drafted, state="in force")
    for desk in drafted.values():
        assert [(each.party, each.text == life(desk).governs) for each in contradictions(history(desk))] == [("east", True)]


@pytest.mark.parametrize("verb", ["", "decline"])
def test_text_proposed_to_one_only_is_known_to_all(drafted, verb):
    """East proposes another text to west alone; north gets it of west, and what is said of it after it."""
    east = drafted["east"]
    text = between(drafted, PARTIES, NAME, "east", "Only for west")
    text = write_text(msgspec.structs.replace(text.table, revises=life(east).shown, proposed_by="east"))
    push(east, "west", "agreement.text", AgreementText(NAME, text.body().decode()))
    if verb:
        tell(east, "west", made(east, verb, text=text.hash()))
    sync(drafted, "west", "east")
    sync(drafted, "west", "north")
    assert [each.hash for each in life(drafted["north"]).texts] == [each.hash for each in life(drafted["west"]).texts]
    assert text.hash() in [each.hash for each in life(drafted["north"]).texts]
    check_alike(drafted, state="proposed" if verb else "counter-proposed", parties=HONEST)


def test_amendment_is_signed_to_one_only(bound):  # noqa: F811
    west, east = bound["west"], bound["east"]
    amended = propose_text(west.node, west.officers["commander"], read_terms(OPENED), revises=life(west).governs).hash
    sync_all(bound)
    for party in ("west", "north"):
        sign(bound[party], amended)
    sync_all(bound)
    text = history(east).texts[amended]
    push(east, "north", "agreement.signature", AgreementSignature(NAME, sign_text(text, "east", "x", START, east.node.key).decode()))
    sync(bound, "east", "north")
    sync(bound, "west", "north")
    assert {life(bound[party]).governs for party in ("west", "north")} == {amended}


@pytest.mark.parametrize("order", list(permutations(LINKS)), ids=lambda order: " ".join("-".join(each[0] for each in link) for link in order))
def test_in_whatever_order_links_are_there_all_three_come_to_the_same(bound, order):  # noqa: F811
    east = bound["east"]
    tell(east, "west", made(east, "suspend", 1))
    tell(east, "north", made(east, "resume", 1))
    tell(east, "north", made(east, "suspend", 2))
    tell(east, "west", made(east, "resume", 3))
    for one, other in order * 3:
        sync(bound, one, other)
    assert told(bound["west"]) == told(bound["north"])
    assert [act.number for act in life(bound["north"]).acts] == [1, 1, 2, 3]
    assert states(bound)[::2] == ["in force"] * 2
    for desk in bound.values():
        assert [(each.party, each.number) for each in contradictions(history(desk))] == [("east", 1)]
    check_sound(bound)


@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.sampled_from(["suspend", "resume", "decline"]), st.integers(1, 3), st.sampled_from(HONEST)), min_size=1, max_size=4),
    order=st.lists(st.sampled_from(LINKS), max_size=6),
)
def test_whatever_is_told_to_whom_in_whatever_order_both_come_to_the_same(bound, acts, order):  # noqa: F811
    """Acts pile up from one example to the next: whatever was told before, the two others agree after they have talked."""
    east = bound["east"]
    for number, (verb, at, to) in enumerate(acts):
        tell(east, to, made(east, verb, at, reason=f"For reason {number} of {len(acts)}."))
    for one, other in (*order, *LINKS, *LINKS):
        sync(bound, one, other)
    assert told(bound["west"]) == told(bound["north"])
    check_sound(bound)


def quiet(desk):
    """What stands in this desk's agreement, and how many entries it has sent."""
    with desk.store.reading() as book:
        return told(desk), {log: size for log, size in book.logs().items() if log.startswith(f"link/{desk.node.party}/")}


def test_nothing_goes_on_for_ever_and_each_thing_goes_twice_at_most(bound):  # noqa: F811
    north = bound["north"]
    act_on_agreement(north.node, north.officers["commander"], NAME, "suspend", "Our post is being moved.")
    for _ in range(2):
        sync_all(bound)
    before = {party: quiet(desk) for party, desk in bound.items()}
    for _ in range(2):
        sync_all(bound)
    assert {party: quiet(desk) for party, desk in bound.items()} == before
    with bound["west"].store.reading() as book:
        found = [each for each in book.tellings(NAME) if each.what == "act"]
    assert sorted((each.teller, each.hearer, each.direct) for each in found) == [
        ("east", "west", True), ("north", "west", True), ("west", "east", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    ["forged", "of no party", "its own", "unknown text", "another agreement", "nothing", "another letter"],
)
def test_what_is_passed_on_without_right_stands_in_quarantine_and_changes_nothing(bound, wrong):  # noqa: F811
    west, east, north = (bound[party] for party in PARTIES)
    before = told(north)
    envelope = {
        "forged": lambda: made(west, "withdraw", party="east"),
        "of no party": lambda: made(west, "withdraw", party="south", key=KEYS["stranger"]),
        "its own": lambda: made(west, "withdraw"),
        "unknown text": lambda: made(east, "withdraw", text="0" * 64),
        "another agreement": lambda: made(east, "withdraw"),
        "nothing": lambda: "{}",
        "another letter": lambda: seal("card", open_envelope(made(east, "withdraw").encode()).payload, east.node.key).decode(),
    }[wrong]()
    heard = AgreementHeard("another" if wrong == "another agreement" else NAME, envelope, direct=True)
    push(west, "north", "agreement.heard", heard)
    sync(bound, "west", "north")
    assert len(quarantined(north)) == 1
    assert told(north) == before
    assert verify_store(north.store).faults == []


def test_who_is_no_party_to_a_text_cannot_pass_anything_on_about_it(three):  # noqa: F811
    """West and east have an agreement of two; north, whom west trusts, carries an act of east's on it."""
    text = between(three, ("west", "east"), "two", "east")
    push(three["east"], "west", "agreement.text", AgreementText("two", text.body().decode()))
    sync(three, "west", "east")
    act = AgreementAct(agreement="two", text=text.hash(), party="east", office="x", at=START, verb="decline", reason="x", number=1)
    push(
        three["north"], "west", "agreement.heard", AgreementHeard("two", seal("agreement-act", canonical(act), three["east"].node.key).decode(), True)
    )
    sync(three, "west", "north")
    assert quarantined(three["west"]) == ["north passes on what is not another party's word on an agreement of both."]


def test_agreement_of_two_is_passed_on_to_nobody(three):  # noqa: F811
    """North, whom both trust, hears nothing of an agreement between west and east, nor of what they do to it."""
    west, east, north = (three[party] for party in PARTIES)
    terms = TERMS.replace(', receiver = "north", kinds = ["complaint"]', ', receiver = "east", kinds = ["complaint"]')
    draft_agreement(west.node, terms, ["east"])
    sync_all(three)
    for desk in (west, east):
        sign(desk)
    sync_all(three)
    act_on_agreement(east.node, east.officers["commander"], NAME, "suspend", "Shots near the line.")
    sync_all(three)
    with north.store.reading() as book:
        assert book.agreements() == []
        assert [log for log, size in book.logs().items() if size and not log.startswith("journal/")] == []


def test_nothing_of_what_two_release_to_each_other_reaches_the_third(bound):  # noqa: F811
    account = bound["west"].file().record.id
    assert released(bound, "east", account).condition == "logged"
    act_on_agreement(bound["east"].node, bound["east"].officers["commander"], NAME, "suspend", "Shots near the line.")
    sync_all(bound)
    with bound["north"].store.reading() as book:
        came = b"".join(
            (entry.envelope + (entry.content or b"")) for log, size in book.logs().items() if not log.startswith("journal/")
            for entry in book.entries(log, 0, size)
        )  # fmt: skip
    assert b"agreement-act" in came
    for word in (account.encode(), b"release/", b"link/west/east", b"link/east/west"):
        assert word not in came


def test_replayed_acts_change_nothing(bound):  # noqa: F811
    east = bound["east"]
    envelope = made(east, "suspend")
    tell(east, "west", envelope)
    sync_all(bound)
    before = told(bound["north"])
    for _ in range(2):
        pass_on(bound["west"], "north", envelope)
        tell(east, "west", envelope)
    sync_all(bound)
    assert told(bound["north"]) == before
    check_sound(bound)


@pytest.mark.parametrize("which", ["west", "north"])
def test_restored_node_knows_again_what_was_told_differently(bound, tmp_path, which):  # noqa: F811
    kept = evidence(bound[which])
    east = bound["east"]
    tell(east, "west", made(east, "suspend", 1))
    tell(east, "north", made(east, "resume", 1))
    check_alike(bound, state="suspended")
    before = told(bound[which])
    set_back(bound[which], kept, tmp_path)
    for _ in range(2):
        sync_all(bound)
    assert holds(bound[which]) == []
    assert told(bound[which]) == before
    check_alike(bound, state="suspended")


def test_what_waits_for_a_held_link_is_passed_on_once_it_is_free(bound):  # noqa: F811
    east = bound["east"]
    hold_link(bound["west"].node, "north", "The machine was set back to a snapshot.")
    tell(east, "west", made(east, "suspend"))
    sync(bound, "west", "east")
    assert states(bound)[::2] == ["suspended", "in force"]
    sync(bound, "west", "north")
    sync(bound, "west", "north")
    assert states(bound)[::2] == ["suspended"] * 2
    check_sound(bound)


def test_what_was_carried_by_hand_is_passed_on_and_contradicts_as_well(bound):  # noqa: F811
    west, east, north = (bound[party] for party in PARTIES)
    tell(east, "north", made(east, "resume"))
    sync(bound, "east", "north")
    whole = msgspec.json.decode(export(east))
    import_agreement(west.node, canonical(whole | {"acts": [made(east, "suspend")]}))
    sync(bound, "west", "north")
    assert states(bound)[::2] == ["suspended"] * 2
    assert [each.number for each in contradictions(history(north))] == [1]


def export(desk):
    with desk.store.reading() as book:
        return export_agreement(book, NAME)
