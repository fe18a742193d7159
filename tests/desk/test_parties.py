# SPDX-License-Identifier: Apache-2.0
"""Trust begins with a card and a fingerprint read aloud, and with nothing less."""

from __future__ import annotations

import base64
import json

import msgspec
import pytest
from tests.conftest import card_of, make_desk
from tests.desk.made import journal_size

from hamsaya.desk.parties import add_officer, create_party, neighbour, officer_of, trust_neighbour
from hamsaya.exchange.acts import read_card, write_card
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.ledger.verify import verify_store
from hamsaya.seal.canonical import canonical
from hamsaya.seal.keys import SigningKey

KEY = SigningKey(b"n" * 32)


def card(desk, key=KEY, **fields):
    made = msgspec.structs.replace(card_of(desk.node, "UTC"), party="north", country="AF", name={"en": "North"}, key=key.public.hex)
    return write_card(msgspec.structs.replace(made, **fields), key)


def trusted(desk):
    with desk.store.reading() as book:
        return [each.card.party for each in book.parties() if not each.own]


@pytest.mark.parametrize("spoken", [str, str.lower, lambda text: text.replace("-", " "), lambda text: text.replace("0", "O").replace("1", "I")])
def test_card_is_trusted_with_its_fingerprint_however_it_was_spoken(desk, spoken):
    party = trust_neighbour(desk.node, card(desk), spoken(KEY.public.fingerprint()))
    assert (party.card.party, party.own, trusted(desk)) == ("north", False, ["north"])


def test_trusting_the_same_card_again_changes_nothing(desk):
    trust_neighbour(desk.node, card(desk), KEY.public.fingerprint())
    before = journal_size(desk)
    trust_neighbour(desk.node, card(desk), KEY.public.fingerprint())
    assert journal_size(desk) == before


def test_new_card_of_the_same_key_replaces_the_old_one(desk):
    trust_neighbour(desk.node, card(desk), KEY.public.fingerprint())
    party = trust_neighbour(desk.node, card(desk, address="192.0.2.1:8444"), KEY.public.fingerprint())
    assert party.card.address == "192.0.2.1:8444"
    assert trusted(desk) == ["north"]
    assert verify_store(desk.store).faults == []


@pytest.mark.parametrize("spoken", ["", "0", SigningKey(b"z" * 32).public.fingerprint(), KEY.public.fingerprint()[:-1]])
def test_wrong_fingerprint_is_refused_and_nothing_changes(desk, spoken):
    before = journal_size(desk)
    with pytest.raises(Refused) as refused:
        trust_neighbour(desk.node, card(desk), spoken)
    assert refused.value.rule == "fingerprint"
    assert (trusted(desk), journal_size(desk)) == ([], before)


def test_own_card_is_refused(desk):
    with desk.store.reading() as book:
        own = book.card_of("west")
    with pytest.raises(InputError):
        trust_neighbour(desk.node, own, desk.node.key.public.fingerprint())


def test_card_of_another_key_under_this_nodes_own_name_is_refused(desk):
    with pytest.raises(InputError):
        trust_neighbour(desk.node, card(desk, party="west"), KEY.public.fingerprint())


def altered(data, **fields):
    envelope = json.loads(data)
    payload = json.loads(base64.b64decode(envelope["payload"])) | fields
    envelope["payload"] = base64.b64encode(canonical(payload)).decode()
    return canonical(envelope)


@pytest.mark.parametrize(
    "fields",
    [{"address": "198.51.100.7:8444"}, {"tls": "another certificate"}, {"age": "age1other"}, {"key": SigningKey(b"z" * 32).public.hex},
     {"key": "zz"}, {"key": ""}, {"country": "PK"}, {"exercise": True}, {"languages": []}],
    ids=["address", "certificate", "age", "key", "no key", "empty key", "country", "exercise", "languages"],
)  # fmt: skip
def test_altered_card_is_refused_with_either_fingerprint(desk, fields):
    for key in (KEY, SigningKey(b"z" * 32)):
        with pytest.raises(InputError):
            trust_neighbour(desk.node, altered(card(desk), **fields), key.public.fingerprint())
    assert trusted(desk) == []


@pytest.mark.parametrize("data", [b"", b"{}", b"\x00", b"[]", b'{"payloadType":"application/vnd.hamsaya.card"}', b"{" * 20_000])
def test_file_that_is_no_card_is_an_input_error(desk, data):
    with pytest.raises(InputError):
        trust_neighbour(desk.node, data, KEY.public.fingerprint())


def test_known_name_under_another_key_is_refused_and_the_first_stays(desk):
    trust_neighbour(desk.node, card(desk), KEY.public.fingerprint())
    other = SigningKey(b"z" * 32)
    with pytest.raises(Refused) as refused:
        trust_neighbour(desk.node, card(desk, other), other.public.fingerprint())
    assert refused.value.rule == "known-key"
    with desk.store.reading() as book:
        assert neighbour(book, "north").card.key == KEY.public.hex


def test_exercise_and_real_nodes_do_not_trust_each_other(desk, tmp_path):
    drill = make_desk(tmp_path, "drill", "IR", exercise=True)
    try:
        for one, data in ((desk, card(desk, exercise=True)), (drill, card(desk))):
            with pytest.raises(Refused) as refused:
                trust_neighbour(one.node, data, KEY.public.fingerprint())
            assert refused.value.rule == "exercise"
    finally:
        drill.store.close()


@pytest.mark.parametrize("name", ["", "n", "North", "a/b", "../west", "no rth", "x" * 32, "9north", "شمال"])
def test_party_whose_name_could_not_stand_in_the_name_of_a_log_is_refused(desk, name):
    with pytest.raises(InputError):
        trust_neighbour(desk.node, card(desk, party=name), KEY.public.fingerprint())
    assert trusted(desk) == []


def test_node_with_such_a_name_cannot_be_made(desk):
    with pytest.raises(InputError):
        create_party(desk.node, read_card(card(desk, party="A/B")))


def test_only_neighbour_needs_no_name_and_one_of_several_does(desk):
    with desk.store.reading() as book, pytest.raises(NotFound):
        neighbour(book)
    trust_neighbour(desk.node, card(desk), KEY.public.fingerprint())
    other = SigningKey(b"z" * 32)
    with desk.store.reading() as book:
        assert neighbour(book).card.party == "north"
    trust_neighbour(desk.node, card(desk, other, party="south"), other.public.fingerprint())
    with desk.store.reading() as book:
        assert neighbour(book, "south").card.party == "south"
        with pytest.raises(InputError):
            neighbour(book)
        with pytest.raises(NotFound):
            neighbour(book, "west")  # its own party is no neighbour


def officer(desk, **fields):
    whole = {"login": "new", "office": "post 12", "role": "officer", "language": "fa", "password": "x"} | fields
    return add_officer(desk.node, **whole, hash_password=lambda password: f"hash of {password}")


def test_officer_is_added_and_found(desk):
    assert officer(desk, office="  post 12 ").office == "post 12"
    with desk.store.reading() as book:
        assert officer_of(book, "new").password == "hash of x"  # noqa: S105  (a test's own)
        with pytest.raises(NotFound):
            officer_of(book, "nobody")


@pytest.mark.parametrize(
    "fields",
    [
        {"login": ""},
        {"login": "New"},
        {"login": "a b"},
        {"login": "x" * 32},
        {"login": "duty"},
        {"role": "root"},
        {"role": ""},
        {"language": "de"},
        {"office": " "},
        {"office": "x" * 201},
        {"office": "post\x1b[2J"},
    ],
    ids=str,
)
def test_officer_without_a_whole_account_is_refused(desk, fields):
    before = journal_size(desk)
    with pytest.raises(InputError):
        officer(desk, **fields)
    assert journal_size(desk) == before
