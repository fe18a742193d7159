# SPDX-License-Identifier: Apache-2.0
"""The life of an agreement: what its texts, signatures and acts come to, in whatever order they arrive."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CEILING, CLAUSES, EAST_TO_WEST, KEYS, NOW, UNTIL, WEST_TO_EAST, signatures, table

from hamsaya.agreement.charter import sign, write_text
from hamsaya.agreement.lifecycle import ACT_VERBS, AgreementAct, History, ancestors, check_act, life_of, text_shown, write_act
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import seal

PAIR = ("west", "east")
HOUR = timedelta(hours=1)


def revised(made, title, *, by="east", **options):
    parties = tuple(each.party for each in made.table.parties)
    whole = table(CLAUSES, parties=parties, **options)
    return write_text(msgspec.structs.replace(whole, title=title, revises=made.hash(), proposed_by=by))


FIRST = write_text(msgspec.structs.replace(table(), proposed_by="west"))
COUNTER = revised(FIRST, "Counter")
OTHER_COUNTER = revised(FIRST, "Another counter", by="west")
AMENDED = revised(COUNTER, "Amended")
TEXTS = {"first": FIRST, "counter": COUNTER, "other": OTHER_COUNTER, "amended": AMENDED}


def act(made, party, verb, number=1, *, at=NOW, reason="Shots near the line.", key=None, **parts):
    told = AgreementAct(
        agreement=made.table.id, text=made.hash(), party=party, office=f"commander of {party}", at=at, verb=verb, reason=reason, number=number
    )
    told = msgspec.structs.replace(told, **parts)
    return seal("agreement-act", canonical(told), key or KEYS[party])


def history(*texts, signed=None, acts=()):
    by = {each.hash(): each for each in texts}
    return History(texts=by, signatures={made.hash(): signatures(made, *parties) for made, parties in (signed or [])}, acts=list(acts))


def state(found, now=NOW):
    return life_of(found, now).standing.state


def test_first_text_is_proposed_then_signed_by_some_then_in_force():
    assert state(history(FIRST)) == "proposed"
    assert state(history(FIRST, signed=[(FIRST, ["west"])])) == "signed by some"
    assert state(history(FIRST, signed=[(FIRST, PAIR)])) == "in force"


def test_counter_proposal_and_first_text_both_stand_until_one_is_signed_by_all():
    life = life_of(history(FIRST, COUNTER, signed=[(FIRST, ["west"])]), NOW)
    assert [(each.standing.state, each.open) for each in life.texts] == [("signed by some", True), ("counter-proposed", True)]
    assert (life.governs, life.shown) == ("", COUNTER.hash())
    life = life_of(history(FIRST, COUNTER, signed=[(FIRST, PAIR)]), NOW)
    assert (life.governs, life.standing.state) == (FIRST.hash(), "in force")
    assert [(each.standing.state, each.open) for each in life.texts] == [("in force", False), ("proposed", True)]  # an amendment, now


def test_amendment_in_force_replaces_the_text_that_it_revises():
    life = life_of(history(FIRST, COUNTER, signed=[(FIRST, PAIR), (COUNTER, PAIR)]), NOW)
    assert (life.governs, [each.standing.state for each in life.texts]) == (COUNTER.hash(), ["replaced", "in force"])


def test_of_two_amendments_signed_by_all_the_one_signed_last_governs():
    early = {COUNTER.hash(): signatures(COUNTER, at=NOW), OTHER_COUNTER.hash(): signatures(OTHER_COUNTER, at=NOW + HOUR)}
    texts = {each.hash(): each for each in (FIRST, COUNTER, OTHER_COUNTER)}
    assert life_of(History(texts=texts, signatures=early), NOW).governs == OTHER_COUNTER.hash()
    same = {COUNTER.hash(): signatures(COUNTER), OTHER_COUNTER.hash(): signatures(OTHER_COUNTER)}
    assert life_of(History(texts=texts, signatures=same), NOW).governs == max(COUNTER.hash(), OTHER_COUNTER.hash())


def test_text_that_builds_on_a_counter_replaces_all_before_it():
    life = life_of(history(FIRST, COUNTER, AMENDED, signed=[(FIRST, PAIR), (AMENDED, PAIR)]), NOW)
    assert life.governs == AMENDED.hash()
    assert [each.standing.state for each in life.texts] == ["replaced", "replaced", "in force"]
    assert not any(each.open for each in life.texts)


def test_suspension_stands_until_each_party_that_suspended_resumes():
    signed = [(FIRST, PAIR)]
    both = [act(FIRST, "west", "suspend"), act(FIRST, "east", "suspend")]
    assert state(history(FIRST, signed=signed, acts=both[:1])) == "suspended"
    one_back = [*both, act(FIRST, "west", "resume", 2)]
    life = life_of(history(FIRST, signed=signed, acts=one_back), NOW)
    assert (life.standing.state, life.suspended_by) == ("suspended", ["east"])
    assert state(history(FIRST, signed=signed, acts=[*one_back, act(FIRST, "east", "resume", 2)])) == "in force"


def test_resume_by_the_other_party_ends_nothing():
    acts = [act(FIRST, "west", "suspend"), act(FIRST, "east", "resume")]
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=acts)) == "suspended"


def test_suspension_says_who_when_and_why():
    life = life_of(history(FIRST, signed=[(FIRST, PAIR)], acts=[act(FIRST, "east", "suspend")]), NOW)
    assert str(life.standing.reason) == "Suspended by East (commander of east) on 2026-11-22 09:00 UTC: Shots near the line."


def test_suspension_outlives_an_amendment():
    acts = [act(FIRST, "east", "suspend")]
    assert state(history(FIRST, COUNTER, signed=[(FIRST, PAIR), (COUNTER, PAIR)], acts=acts)) == "suspended"


def test_numbers_and_not_clocks_order_the_acts_of_a_party():
    acts = [act(FIRST, "west", "suspend", 1, at=NOW + HOUR), act(FIRST, "west", "resume", 2, at=NOW - HOUR)]
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=acts)) == "in force"
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=[act(FIRST, "west", "suspend", at=NOW + HOUR)])) == "suspended"


def test_act_whose_number_leaves_some_out_counts():
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=[act(FIRST, "west", "suspend", 7)])) == "suspended"


def test_withdrawal_is_final_for_all_parties():
    acts = [act(FIRST, "west", "withdraw"), act(FIRST, "west", "resume", 2), act(FIRST, "west", "withdraw", 3)]
    life = life_of(history(FIRST, COUNTER, signed=[(FIRST, PAIR), (COUNTER, PAIR)], acts=acts), NOW)
    assert (life.standing.state, [each.open for each in life.texts]) == ("withdrawn", [False, False])
    assert "for good" in str(life.standing.reason)


def test_expired_agreement_is_expired_also_when_suspended_and_after_a_withdrawal_withdrawn():
    suspended = [act(FIRST, "west", "suspend")]
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=suspended), UNTIL) == "expired"
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=[*suspended, act(FIRST, "west", "withdraw", 2)]), UNTIL) == "withdrawn"


def test_declined_text_says_by_whom_and_its_proposer_takes_it_back():
    declined = life_of(history(FIRST, acts=[act(FIRST, "east", "decline")]), NOW)
    assert (declined.standing.state, declined.texts[0].open) == ("declined", False)
    assert str(declined.standing.reason).startswith("Declined by East")
    assert str(life_of(history(FIRST, acts=[act(FIRST, "west", "decline")]), NOW).standing.reason).startswith("Taken back by West")
    life = life_of(history(FIRST, COUNTER, acts=[act(FIRST, "east", "decline")]), NOW)
    assert (life.shown, life.standing.state) == (COUNTER.hash(), "counter-proposed")


def test_decline_takes_the_partys_own_signature_back_for_good():
    life = life_of(history(FIRST, signed=[(FIRST, PAIR)], acts=[act(FIRST, "west", "decline")]), NOW)
    assert (life.standing.state, life.governs, list(life.texts[0].signed)) == ("declined", "", ["east"])
    assert str(life.standing.reason).startswith("Taken back by West")


def test_decline_of_what_all_signed_brings_nothing_back_that_it_replaced():
    signed = [(FIRST, PAIR), (COUNTER, PAIR)]
    life = life_of(history(FIRST, COUNTER, signed=signed, acts=[act(COUNTER, "east", "decline")]), NOW)
    assert (life.governs, life.standing.state) == ("", "declined")
    again = life_of(history(FIRST, COUNTER, AMENDED, signed=[*signed, (AMENDED, PAIR)], acts=[act(COUNTER, "east", "decline")]), NOW)
    assert (again.governs, again.standing.state) == (AMENDED.hash(), "in force")


def test_decline_of_a_text_that_not_all_signed_leaves_the_one_in_force():
    found = history(FIRST, COUNTER, signed=[(FIRST, PAIR), (COUNTER, ["west"])], acts=[act(COUNTER, "west", "decline")])
    assert (life_of(found, NOW).governs, state(found)) == (FIRST.hash(), "in force")


def test_text_that_was_replaced_can_be_declined_by_who_signed_it_alone():
    found = history(FIRST, COUNTER, OTHER_COUNTER, signed=[(COUNTER, PAIR), (OTHER_COUNTER, ["west"])])
    replaced, governs = life_of(found, NOW).text(OTHER_COUNTER.hash()), life_of(found, NOW).text(COUNTER.hash())
    assert (replaced.standing.state, replaced.open) == ("replaced", False)
    assert (replaced.can_be_declined("west"), replaced.can_be_declined("east"), governs.can_be_declined("west")) == (True, False, False)


@pytest.mark.parametrize(
    "forged",
    [
        act(FIRST, "east", "suspend", key=KEYS["west"]),
        act(FIRST, "stranger", "suspend"),
        act(FIRST, "east", "suspend", 0),
        act(FIRST, "east", "suspend", agreement="another"),
        act(FIRST, "east", "suspend", text="0" * 64),
        act(FIRST, "east", "suspend", reason="x" * 1001),
        act(FIRST, "east", "suspend", office="\u202eevil"),
        act(FIRST, "east", "suspend", at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        act(FIRST, "east", "suspend", at=datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-14)))),
        b"{}",
        sign(FIRST, "east", "commander", NOW, KEYS["east"]),
    ],
    ids=[
        "other key",
        "no party",
        "number 0",
        "other id",
        "unknown text",
        "long reason",
        "office reordered",
        "year 1",
        "year 9999",
        "no envelope",
        "a signature",
    ],
)
def test_act_that_does_not_verify_counts_as_none(forged):
    with pytest.raises((InputError, Tampered)):
        check_act({FIRST.hash(): FIRST}, forged)
    assert state(history(FIRST, signed=[(FIRST, PAIR)], acts=[forged])) == "in force"


def test_act_is_made_only_with_the_key_that_the_text_names():
    told = msgspec.json.decode(msgspec.json.encode(check_act({FIRST.hash(): FIRST}, act(FIRST, "east", "suspend"))), type=AgreementAct)
    with pytest.raises(InputError):
        write_act(FIRST, told, KEYS["west"])
    assert check_act({FIRST.hash(): FIRST}, write_act(FIRST, told, KEYS["east"])) == told


def test_signature_of_an_impossible_time_counts_as_none():
    at = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    found = history(FIRST, signed=[(FIRST, ["west"])])
    found.signatures[FIRST.hash()]["east"] = sign(FIRST, "east", "office", at, KEYS["east"])
    assert state(found) == "signed by some"


def test_signature_over_one_text_is_none_over_another():
    lent = History(texts={COUNTER.hash(): COUNTER}, signatures={COUNTER.hash(): signatures(FIRST)})
    assert state(lent) == "proposed"


def test_three_parties_are_bound_only_with_the_third_signature():
    three = write_text(table([WEST_TO_EAST, EAST_TO_WEST, CEILING], parties=("west", "east", "north"), name="three"))
    life = life_of(history(three, signed=[(three, PAIR)]), NOW)
    assert (life.standing.state, str(life.standing.reason)) == ("signed by some", "Not signed by: North")
    assert state(history(three, signed=[(three, (*PAIR, "north"))], acts=[act(three, "north", "suspend")])) == "suspended"


def test_who_is_named_only_in_a_text_that_was_proposed_neither_suspends_nor_withdraws():
    three = write_text(
        msgspec.structs.replace(table(CLAUSES, parties=("west", "east", "north")), title="Three", revises=FIRST.hash(), proposed_by="east")
    )
    for verb in ("suspend", "withdraw"):
        found = history(FIRST, three, signed=[(FIRST, PAIR), (three, ["north"])], acts=[act(three, "north", verb)])
        assert state(found) == "in force"
    joined = history(FIRST, three, signed=[(FIRST, PAIR), (three, (*PAIR, "north"))], acts=[act(three, "north", "suspend")])
    assert state(joined) == "suspended"


def test_text_that_leaves_out_a_party_of_one_in_force_never_replaces_it():
    three = write_text(table(CLAUSES, parties=("west", "east", "north")))
    two = write_text(msgspec.structs.replace(table(CLAUSES), title="Two", revises=three.hash(), proposed_by="west"))
    life = life_of(history(three, two, signed=[(three, (*PAIR, "north")), (two, PAIR)]), NOW)
    assert (life.governs, life.standing.state) == (three.hash(), "in force")
    assert str(life.text(two.hash()).standing.reason) == "Not signed by: North"


def test_other_first_text_under_the_same_id_and_acts_on_it_are_another_matter():
    """Two first texts meet under one id where a node was set back and a neighbour took the id in between."""
    stranger = write_text(msgspec.structs.replace(table(), title="Taken", proposed_by="east"))
    acts = [act(stranger, "east", verb, number) for number, verb in enumerate(("suspend", "withdraw"), 1)]
    life = life_of(history(FIRST, stranger, signed=[(FIRST, PAIR)], acts=acts), NOW)
    assert (life.governs, life.standing.state) == (FIRST.hash(), "in force")
    life = life_of(history(FIRST, stranger, signed=[(FIRST, ["west"])], acts=acts), NOW)
    assert (life.shown, life.text(FIRST.hash()).open, life.text(FIRST.hash()).standing.state) == (FIRST.hash(), True, "signed by some")
    assert life.text(stranger.hash()).standing.state == "withdrawn"


class Counting(dict):
    """Texts by hash that count how often one is asked for."""

    asked = 0

    def __getitem__(self, name):
        self.asked += 1
        return super().__getitem__(name)

    def __contains__(self, name):
        self.asked += 1
        return super().__contains__(name)


def test_the_work_grows_with_the_number_of_texts_and_not_faster():
    def asked(length):
        texts, last = Counting({FIRST.hash(): FIRST}), FIRST
        for number in range(length):
            last = msgspec.structs.replace(FIRST, table=msgspec.structs.replace(FIRST.table, revises=last.hash(), title=str(number)))
            texts[last.hash()] = last
        assert len(life_of(History(texts=texts, signatures={last.hash(): signatures(last)}), NOW).texts) == length + 1
        return texts.asked

    assert asked(80) < 3 * asked(40)


facts = st.lists(
    st.one_of(
        st.tuples(st.just("text"), st.sampled_from(sorted(TEXTS)), st.just("")),
        st.tuples(st.just("sign"), st.sampled_from(sorted(TEXTS)), st.sampled_from([*PAIR, "stranger"])),
        st.tuples(st.sampled_from(ACT_VERBS), st.sampled_from(sorted(TEXTS)), st.sampled_from([*PAIR, "stranger"])),
    ),
    max_size=14,
)
SIGNED = {(name, party): sign(made, party, "office", NOW, KEYS[party]) for name, made in TEXTS.items() for party in PAIR}


def gathered(told):
    """What a node holds once it has taken in these facts, one after the other. The first text is known before anything else."""
    held, numbers = History(texts={FIRST.hash(): FIRST}, signatures={}, acts=[]), {}
    for what, name, party in told:
        made = TEXTS[name]
        if what == "text":
            held.texts[made.hash()] = made
        elif what == "sign":
            held.signatures.setdefault(made.hash(), {})[party] = SIGNED.get((name, party), SIGNED[name, "west"])
        else:
            number = numbers[party] = numbers.get(party, 0) + 1
            held.acts.append(act(made, party, what, number))
    return held


@settings(deadline=None)
@given(facts, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(told, rng):
    held = gathered(told)

    def shuffled(mapping):
        keys = list(mapping)
        rng.shuffle(keys)
        return {key: mapping[key] for key in keys}

    other = History(
        texts=shuffled(held.texts), signatures={name: shuffled(each) for name, each in shuffled(held.signatures).items()},
        acts=rng.sample(held.acts, len(held.acts)),
    )  # fmt: skip
    one, two = life_of(held, NOW), life_of(other, NOW)
    assert (one.governs, one.shown, one.standing.state, one.standing.reason, one.suspended_by, one.acts) == (
        two.governs, two.shown, two.standing.state, two.standing.reason, two.suspended_by, two.acts,
    )  # fmt: skip
    assert [(each.hash, each.standing.state, each.open) for each in one.texts] == [(each.hash, each.standing.state, each.open) for each in two.texts]


@given(facts)
def test_nothing_is_in_force_without_all_signatures_on_that_text(told):
    held = gathered(told)
    life = life_of(held, NOW)
    for each in life.texts:
        if each.standing.in_force:
            assert set(each.signed) == {*PAIR}
            assert each.hash == life.governs
    if life.standing.in_force:
        assert held.signatures[life.governs].keys() >= {*PAIR}
        assert not any(what == "decline" and party in PAIR and TEXTS[name].hash() == life.governs for what, name, party in told)
        assert not any(what == "withdraw" and party in PAIR and TEXTS[name].hash() in held.texts for what, name, party in told)
    assert sum(each.standing.in_force for each in life.texts) <= 1
    assert text_shown(held) == life.shown


@given(facts, st.sampled_from(sorted(TEXTS)), st.sampled_from([*PAIR, "stranger"]))
def test_a_suspension_more_never_puts_anything_in_force(told, name, party):
    before = gathered(told)
    after = gathered([*told, ("suspend", name, party)])
    assert life_of(before, NOW).standing.in_force or not life_of(after, NOW).standing.in_force


@given(facts, st.sampled_from(sorted(TEXTS)), st.sampled_from([*PAIR, "stranger"]))
def test_a_decline_more_never_brings_back_what_was_replaced(told, name, party):
    before, held = life_of(gathered(told), NOW), gathered([*told, ("decline", name, party)])
    after = life_of(held, NOW)
    assert after.governs not in ancestors(held.texts, before.governs)
    assert before.governs or not after.governs
