# SPDX-License-Identifier: Apache-2.0
"""Who signed what, and when it decides: one altered letter of table or text, or a stranger's hand, and it does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.agreement.made import CLAUSES, FROM, KEYS, NOW, UNTIL, WEST_TO_EAST, agreement, signatures, standing_at, table

from hamsaya.agreement.charter import check_signature, lint, read_agreement, sign, standing, write_text
from hamsaya.agreement.clauses import Deadlines, Exactness, HandlingCeiling, Kinds, Purposes
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import open_envelope, seal

MADE = agreement()


def altered(change, made=MADE):
    """The agreement as a file with something changed in it."""
    body = json.loads(made.body())
    change(body)
    return canonical(body)


def set_in(*path, to):
    def change(body):
        for part in path[:-1]:
            body = body[part]
        body[path[-1]] = to

    return change


def test_what_was_written_is_read_as_it_was():
    again = read_agreement(MADE.body())
    assert again == MADE
    assert (again.hash(), again.hashes()) == (MADE.hash(), MADE.hashes())


def test_signature_covers_the_table_and_the_text():
    signature = check_signature(MADE, signatures(MADE)["west"])
    assert (signature.table, signature.text) == MADE.hashes()
    assert (signature.agreement, signature.party, signature.office, signature.at) == (MADE.hash(), "west", "commander of west", NOW)
    assert len({signature.agreement, signature.table, signature.text}) == 3


@pytest.mark.parametrize(
    "change",
    [
        set_in("text", "en", "1", to="west may send east everything."),
        set_in("text", "fa", "3", to="همه چیز آزاد است."),
        set_in("text", "ur", "7", to=""),
        set_in("text", "en", "99", to="west may do as it likes."),
        set_in("text", "en", to={}),
        set_in("text", to={"en": {}}),
        set_in("table", "clauses", 0, "kinds", to=["incident_account", "intelligence_report"]),
        set_in("table", "clauses", 2, "ceiling", to="red"),
        set_in("table", "clauses", 4, "place_m", to=1),
        set_in("table", "clauses", 6, "acknowledge_min", to=61),
        set_in("table", "clauses", 0, "number", to="11"),
        set_in("table", "clauses", to=[]),
    ],
    ids=["english sentence", "persian sentence", "urdu sentence emptied", "sentence without a clause", "no english", "one language", "kind added",
         "ceiling raised", "exactness", "deadline", "renumbered", "no clauses"],
)  # fmt: skip
def test_table_and_sentences_that_do_not_say_the_same_are_refused(change):
    with pytest.raises(InputError):
        read_agreement(altered(change))


def test_altered_sentence_is_named_by_its_clause_and_language():
    with pytest.raises(InputError, match=r"Clause 3.*\(fa\)"):
        read_agreement(altered(set_in("text", "fa", "3", to="…")))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (set_in("table", "clauses", 1, "type", to="unlimited"), r"clauses\[1\]"),
        (set_in("table", "clauses", 1, "type", to=None), r"clauses\[1\]"),
        (set_in("table", "clauses", 1, to={}), r"clauses\[1\]"),
        (set_in("table", "clauses", 0, "except", to=["complaint"]), r"clauses\[0\]"),
        (set_in("table", "clauses", 0, "kinds", to=["complaint", 5]), r"clauses\[0\]"),
        (set_in("table", "clauses", 4, "place_m", to="1000"), r"clauses\[4\]"),
        (set_in("table", "valid_from", to="2026-01-01T00:00:00"), "valid_from"),
    ],
    ids=["unknown type", "no type", "empty clause", "unknown term", "kind that is a number", "number that is text", "time without a zone"],
)
def test_clause_that_this_node_does_not_know_refuses_the_whole_agreement_and_is_named(change, named):
    with pytest.raises(InputError, match=named):
        read_agreement(altered(change))


@pytest.mark.parametrize(
    "change",
    [
        set_in("later", to="field"),
        set_in("table", "later", to="field"),
        set_in("table", "parties", 0, "later", to=1),
        set_in("table", "exercise", to=False),
    ],
    ids=["beside", "in the table", "in a party", "default written out"],
)
def test_agreement_with_parts_that_are_not_understood_cannot_be_signed_here(change):
    with pytest.raises(InputError):
        read_agreement(altered(change))


FAULTY = [
    ("empty list of kinds", [Kinds(number="1", sender="west", receiver="east", kinds=[])], "Clause 1"),
    ("unknown kind", [Kinds(number="1", sender="west", receiver="east", kinds=["dossier"])], "Clause 1.*dossier"),
    ("unknown sender", [Kinds(number="1", sender="north", receiver="east", kinds=["meeting"])], "Clause 1.*north"),
    ("unknown receiver", [Kinds(number="1", sender="west", receiver="", kinds=["meeting"])], "Clause 1"),
    ("empty list of purposes", [WEST_TO_EAST, Purposes(number="4", purposes=[])], "Clause 4"),
    ("purpose outside the closed list", [WEST_TO_EAST, Purposes(number="4", purposes=["rescue", "targeting"])], "Clause 4.*targeting"),
    ("unknown ceiling", [WEST_TO_EAST, HandlingCeiling(number="3", ceiling="white")], "Clause 3.*white"),
    ("no ceiling", [WEST_TO_EAST, HandlingCeiling(number="3", ceiling="")], "Clause 3"),
    ("place of no size", [WEST_TO_EAST, Exactness(number="5", place_m=0, time_min=1)], "Clause 5.*place_m"),
    ("place beyond measure", [WEST_TO_EAST, Exactness(number="5", place_m=1_000_001, time_min=1)], "Clause 5.*place_m"),
    ("negative time", [WEST_TO_EAST, Exactness(number="5", place_m=1, time_min=-1)], "Clause 5.*time_min"),
    ("time beyond measure", [WEST_TO_EAST, Exactness(number="5", place_m=1, time_min=44_641)], "Clause 5.*time_min"),
    ("no time to acknowledge", [WEST_TO_EAST, Deadlines(number="7", acknowledge_min=0, answer_min=1)], "Clause 7.*acknowledge_min"),
    ("answer before acknowledgement", [WEST_TO_EAST, Deadlines(number="7", acknowledge_min=60, answer_min=59)], "Clause 7.*answer_min"),
    ("version of a later program", [msgspec.structs.replace(WEST_TO_EAST, version=2)], "Clause 1 is of version 2"),
    ("number twice", [WEST_TO_EAST, HandlingCeiling(number="1", ceiling="red")], "Clause 1 stands twice"),
    ("no number", [msgspec.structs.replace(WEST_TO_EAST, number="")], "no number"),
    ("blank number", [msgspec.structs.replace(WEST_TO_EAST, number=" ")], "no number"),
    ("no clause", [], "no clauses"),
]


@pytest.mark.parametrize(("clauses", "named"), [each[1:] for each in FAULTY], ids=[each[0] for each in FAULTY])
def test_faulty_clause_is_refused_and_named(clauses, named):
    with pytest.raises(InputError, match=named):
        write_text(table(clauses))


def test_year_of_another_calendar_is_named():
    faults = [str(fault) for fault in lint(table(valid_from=datetime(1405, 1, 1, tzinfo=UTC), valid_until=datetime(1406, 1, 1, tzinfo=UTC)))]
    assert any("1405 looks like another calendar" in fault for fault in faults)


@pytest.mark.parametrize("parties", [("west",), ("west", "west"), ("west", "east", "east"), ()])
def test_agreement_needs_two_different_parties(parties):
    assert any("two different parties" in str(fault) for fault in lint(table(parties=parties)))


@pytest.mark.parametrize(
    ("valid_from", "valid_until"),
    [
        (UNTIL, FROM),
        (FROM, FROM),
        (FROM.replace(tzinfo=None), UNTIL),
        (FROM, UNTIL.replace(tzinfo=None)),
        (FROM.replace(tzinfo=None), UNTIL.replace(tzinfo=None)),
    ],
)
def test_validity_must_run_forward_and_have_a_zone(valid_from, valid_until):
    with pytest.raises(InputError, match="valid_until"):
        write_text(table(valid_from=valid_from, valid_until=valid_until))


@pytest.mark.parametrize("name", ["", "a/b", "../x", "a b", "west/east", "x" * 101, "-a", "ا", "a\n"])
def test_id_that_could_not_stand_in_the_name_of_a_log_is_refused(name):
    with pytest.raises(InputError, match="id"):
        write_text(table(name=name))


def test_all_faults_are_listed_not_only_the_first():
    faults = lint(table([*CLAUSES, Purposes(number="4", purposes=[]), HandlingCeiling(number="9", ceiling="x")]))
    assert len(faults) == 3


@pytest.mark.parametrize(("party", "key"), [("west", "east"), ("north", "north"), ("west", "stranger"), ("", "west")])
def test_party_that_is_not_named_with_its_key_cannot_sign(party, key):
    with pytest.raises(InputError):
        sign(MADE, party, "office", NOW, KEYS[key])


def forged(**fields):
    """What west would sign, with fields changed, in west's own hand."""
    payload = json.loads(open_envelope(signatures(MADE)["west"]).payload)
    return seal("agreement-signature", canonical(payload | fields), KEYS["west"])


OTHER = agreement([*CLAUSES, HandlingCeiling(number="9", ceiling="green")])


@pytest.mark.parametrize(
    "data",
    [
        forged(table=OTHER.hashes()[0]),
        forged(text=OTHER.hashes()[1]),
        forged(party="east"),
        forged(party=""),
        forged(at="2026-11-22T09:00:00"),
        forged(table=None),
        signatures(OTHER)["west"],
        seal("agreement-signature", open_envelope(signatures(MADE)["west"]).payload, KEYS["stranger"]),
        seal("record", open_envelope(signatures(MADE)["west"]).payload, KEYS["west"]),
        b"",
        b"{}",
    ],
    ids=[
        "other table",
        "other text",
        "for the other party",
        "for nobody",
        "no zone",
        "no table",
        "on another agreement",
        "stranger",
        "other type",
        "empty",
        "{}",
    ],
)
def test_signature_that_is_not_a_partys_over_this_very_text_is_tampered(data):
    with pytest.raises(Tampered):
        check_signature(MADE, data)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_altered_bit_of_a_signature_counts_as_none(data):
    whole = signatures(MADE)
    bit = data.draw(st.integers(0, len(whole["east"]) * 8 - 1))
    changed = bytearray(whole["east"])
    changed[bit // 8] ^= 1 << (bit % 8)
    assert standing(MADE, whole | {"east": bytes(changed)}, NOW).signed_by == ["west"]


@pytest.mark.parametrize(
    ("parties", "now", "state"),
    [
        ((), NOW, "draft"),
        (("west",), NOW, "signed by some"),
        (("east",), NOW, "signed by some"),
        (None, NOW, "in force"),
        (None, FROM, "in force"),
        (None, FROM - timedelta(microseconds=1), "not yet valid"),
        (None, UNTIL - timedelta(microseconds=1), "in force"),
        (None, UNTIL, "expired"),
        (("west",), UNTIL, "signed by some"),
        (None, FROM.astimezone(timezone(timedelta(hours=4, minutes=30))), "in force"),
        (None, datetime.max.replace(tzinfo=UTC), "expired"),
        (None, datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "not yet valid"),
        (None, datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))), "expired"),
    ],
)
def test_standing_by_signatures_and_validity(parties, now, state):
    found = standing_at(MADE, now, parties)
    assert (found.state, found.in_force) == (state, state == "in force")
    assert str(found.reason)


def test_agreement_of_three_is_in_force_only_when_the_third_has_signed():
    made = agreement([WEST_TO_EAST], parties=("west", "east", "north"))
    assert "North" in str(standing_at(made, NOW, ("west", "east")).reason)
    assert standing_at(made, NOW, ("west", "east", "north")).in_force


def test_signature_filed_under_another_partys_name_counts_as_none():
    west = signatures(MADE)["west"]
    assert standing(MADE, {"west": west, "east": west}, NOW).signed_by == ["west"]
    assert standing(MADE, {"east": west}, NOW).state == "draft"
    assert standing(MADE, {"west": west, "east": west, "stranger": west}, NOW).state == "signed by some"


def test_signatures_on_one_agreement_put_no_other_in_force():
    assert standing(OTHER, signatures(MADE), NOW).state == "draft"


def test_reason_of_an_expired_agreement_tells_the_day_and_this_nodes_clock():
    reason = str(standing_at(MADE, UNTIL + timedelta(hours=5)).reason)
    assert "2027-01-01" in reason
    assert "05:00 UTC" in reason
