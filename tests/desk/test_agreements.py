# SPDX-License-Identifier: Apache-2.0
"""An agreement on its way: drafted, carried on the link or by hand, signed by both, never exchanged for another text."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import get_args

import pytest
from tests.conftest import START, make_desk
from tests.desk.made import journal_size

from hamsaya.agreement.clauses import Clause
from hamsaya.desk.agreements import (
    agreement_of,
    draft_agreement,
    export_agreement,
    import_agreement,
    sign_agreement,
    standing_of,
)
from hamsaya.desk.terms import sample_terms
from hamsaya.facts.errors import InputError, NotFound, Refused, Tampered
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical

TERMS = sample_terms("west", "east", START - timedelta(days=1))
KINDS = re.findall(r"kinds = \[[^]]*\]", TERMS)[0]
NAME = "west-east-2026-11-21"


def held(desk, name=NAME):
    with desk.store.reading() as book:
        return agreement_of(book, name)


def state(desk, name=NAME):
    return standing_of(held(desk, name), desk.clock()).state


def known(desk):
    with desk.store.reading() as book:
        return [each.agreement.table.id for each in book.agreements()]


def exported(desk, name=NAME):
    with desk.store.reading() as book:
        return export_agreement(book, name)


def quarantined(desk):
    with desk.store.reading() as book:
        return [item for item in book.inbox() if item.state == "quarantined"]


def sign(desk, name=NAME):
    return sign_agreement(desk.node, desk.officers["commander"], name)


def test_sample_holds_every_type_of_clause_and_can_be_signed_with_all_of_them(pair):
    whole = TERMS.replace("\n# ", "\n")
    whole = whole[whole.index("id =") :].replace(next(line for line in whole.splitlines() if line.startswith("The clauses below")), "")
    draft_agreement(pair.west.node, whole)
    sign(pair.west)
    made = held(pair.west).agreement
    assert {type(clause) for clause in made.table.clauses} == set(get_args(Clause))
    assert {clause.number for clause in made.table.clauses} == set(made.text["ur"])


def test_agreement_is_in_force_on_both_sides_only_when_both_have_signed_and_heard_of_it(pair):
    west, east = pair.west, pair.east
    draft_agreement(west.node, TERMS)
    pair.sync()
    assert (state(west), state(east)) == ("proposed", "proposed")
    sign(west)
    pair.sync()
    assert (state(west), state(east)) == ("signed by some", "signed by some")
    sign(east)
    assert (state(west), state(east)) == ("signed by some", "in force")
    pair.sync()
    assert (state(west), state(east)) == ("in force", "in force")
    assert held(west).hash == held(east).hash
    assert held(west).signatures == held(east).signatures
    for side in (west, east):
        assert verify_store(side.store).faults == []


def test_agreement_carried_by_hand_is_the_same_one(pair):
    west, east = pair.west, pair.east
    draft_agreement(west.node, TERMS)
    sign(west)
    import_agreement(east.node, exported(west))
    sign(east)
    import_agreement(west.node, exported(east))
    assert (state(west), state(east)) == ("in force", "in force")
    pair.sync()  # the link brings what the file had brought before
    assert quarantined(west) == quarantined(east) == []
    assert held(west).signatures == held(east).signatures
    for side in (west, east):
        assert verify_store(side.store).faults == []


def test_importing_the_same_file_again_changes_nothing(pair):
    draft_agreement(pair.west.node, TERMS)
    sign(pair.west)
    import_agreement(pair.east.node, exported(pair.west))
    before = journal_size(pair.east)
    import_agreement(pair.east.node, exported(pair.west))
    assert journal_size(pair.east) == before


def replaced(data, **parts):
    return canonical(json.loads(data) | parts)


def body_with(data, old, new):
    whole = json.loads(data)
    assert old in whole["body"]
    return canonical(whole | {"body": whole["body"].replace(old, new)})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"ceiling":"amber"', '"ceiling":"red"'),
        ("Nothing marked above TLP:AMBER is shared.", "Everything is shared."),
        ('"place_m":1000', '"place_m":1'),
        ('"valid_until":"2027', '"valid_until":"2037'),
        ('"kinds":["incident_account"', '"kinds":["intelligence_report","incident_account"'),
    ],
    ids=["term", "sentence", "exactness", "validity", "kind"],
)
def test_altered_text_is_refused_and_nothing_is_kept(pair, old, new):
    draft_agreement(pair.west.node, TERMS)
    sign(pair.west)
    before = journal_size(pair.east)
    with pytest.raises((InputError, Tampered)):
        import_agreement(pair.east.node, body_with(exported(pair.west), old, new))
    assert (known(pair.east), journal_size(pair.east)) == ([], before)


def test_altered_or_foreign_signature_is_refused_and_the_text_is_not_kept(pair):
    west, east = pair.west, pair.east
    draft_agreement(west.node, TERMS)
    sign(west)
    whole = exported(west)
    signature = json.loads(whole)["signatures"]["west"]
    for wrong in ({"west": signature[:-20] + "AAAA" + signature[-16:]}, {"east": signature}, {"west": "{}"}, {"west": signature, "north": signature}):
        with pytest.raises((InputError, Tampered)):
            import_agreement(east.node, replaced(whole, signatures=wrong))
        assert known(east) == []


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"body":"","signatures":{}}', b'{"body":"{}","signatures":{}}', b"\xff", b"[" * 20_000])
def test_file_that_is_no_agreement_is_an_input_error(pair, data):
    with pytest.raises(InputError):
        import_agreement(pair.east.node, data)


def test_agreement_of_a_party_that_is_not_trusted_is_refused(strangers, pair, tmp_path):
    del strangers
    draft_agreement(pair.west.node, TERMS)
    south = make_desk(tmp_path, "south", "IR")
    try:
        with pytest.raises(Refused) as refused:
            import_agreement(south.node, exported(pair.west))
        assert refused.value.rule == "party"
        assert known(south) == []
    finally:
        south.store.close()


def test_second_text_under_a_known_id_is_refused_by_hand_and_when_drafted(pair):
    west, east = pair.west, pair.east
    draft_agreement(west.node, TERMS)
    draft_agreement(east.node, TERMS.replace('ceiling = "amber"', 'ceiling = "red"'))
    with pytest.raises(Refused) as refused:
        import_agreement(east.node, exported(west))
    assert refused.value.rule == "known-text"
    with pytest.raises(Refused) as refused:
        draft_agreement(west.node, TERMS.replace('title = "', 'title = "Another '))
    assert refused.value.rule == "known-text"


def test_second_text_under_a_known_id_is_quarantined_on_the_link_and_never_in_force(pair):
    west, east = pair.west, pair.east
    draft_agreement(west.node, TERMS)
    draft_agreement(east.node, TERMS.replace('ceiling = "amber"', 'ceiling = "red"'))
    sign(west)
    sign(east)
    pair.sync()
    assert [item.kind for item in quarantined(west)] == ["agreement.signature", "agreement.text"]
    assert [item.kind for item in quarantined(east)] == ["agreement.signature", "agreement.text"]
    assert (state(west), state(east)) == ("signed by some", "signed by some")
    for side in (west, east):
        assert verify_store(side.store).faults == []


def test_party_signs_once(pair):
    draft_agreement(pair.west.node, TERMS)
    sign(pair.west)
    before = journal_size(pair.west)
    with pytest.raises(Refused) as refused:
        sign(pair.west)
    assert refused.value.rule == "signed"
    assert journal_size(pair.west) == before


def test_unknown_agreement_cannot_be_signed_or_exported(pair):
    with pytest.raises(NotFound):
        sign(pair.west, "no-such")
    with pytest.raises(NotFound):
        exported(pair.west, "no-such")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('type = "handling"', 'type = "everything"'),
        ('ceiling = "amber"', 'ceiling = "amber"\nexcept = "red"'),
        ('ceiling = "amber"', 'ceiling = "white"'),
        ('number = "2"', 'number = "1"'),
        ('purposes = ["prevention", "settlement", "rescue", "return"]', "purposes = []"),
        ('purposes = ["prevention", "settlement", "rescue", "return"]', 'purposes = ["targeting"]'),
        (KINDS, "kinds = []"),
        ('receiver = "east"', 'receiver = "north"'),
        ('id = "west-east-2026-11-21"', 'id = "west/east"'),
        ('id = "west-east-2026-11-21"', 'id = ""'),
        ("T00:00:00Z", "T00:00:00"),
        ("place_m = 1000", "place_m = 1000.5"),
        ("place_m = 1000", "place_m = inf"),
        ('title = "Cooperation on the joint border"', ""),
        ("[[clauses]]", "[[clauses"),
    ],
)
def test_faulty_terms_are_an_input_error_and_nothing_is_kept_or_offered(pair, old, new):
    assert old in TERMS
    before = journal_size(pair.west)
    with pytest.raises(InputError):
        draft_agreement(pair.west.node, TERMS.replace(old, new))
    with pair.west.store.reading() as book:
        assert list(book.logs()) == ["journal/west"]
    assert journal_size(pair.west) == before


def test_exercise_agreement_does_not_come_onto_a_real_node(pair):
    draft_agreement(pair.west.node, TERMS)
    whole = json.loads(exported(pair.west))
    drill = whole | {"body": whole["body"].replace(',"id":', ',"exercise":true,"id":')}
    with pytest.raises(Refused) as refused:
        import_agreement(pair.east.node, canonical(drill))
    assert refused.value.rule == "exercise"
    assert known(pair.east) == []


def test_terms_are_signed_with_the_keys_that_were_read_aloud(pair):
    table = draft_agreement(pair.west.node, TERMS).agreement.table
    assert {each.party: each.key for each in table.parties} == {"west": pair.west.node.key.public.hex, "east": pair.east.node.key.public.hex}
    assert not table.exercise


def test_expired_agreement_shows_itself_as_expired(agreed):
    assert state(agreed.west) == "in force"
    agreed.west.clock.at = START + timedelta(days=365)
    assert state(agreed.west) == "expired"
