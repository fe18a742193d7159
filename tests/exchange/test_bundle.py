# SPDX-License-Identifier: Apache-2.0
"""The one message: from one party to one other, signed as a whole, of a bounded size."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import START
from tests.exchange.made import Neighbour, entry_of

from hamsaya.exchange import bundle as bundles
from hamsaya.exchange.bundle import Bundle, SentEntry, read_bundle, send_entry, take_entry, who_sent, write_bundle
from hamsaya.facts.errors import InputError, NeighbourError
from hamsaya.seal.canonical import canonical
from hamsaya.seal.entries import Entry
from hamsaya.seal.envelope import seal
from hamsaya.seal.keys import SigningKey

EAST = Neighbour()
EAST.add(EAST.link)
DATA = EAST.bundle(have={"link/west/east": 3}, receipts=[EAST.receipt("link/west/east", 0, "00")])


def opened(data, **options):
    return read_bundle(data, options.pop("key", EAST.key.public), sender=options.pop("sender", "east"), receiver=options.pop("receiver", "west"))


def test_bundle_is_read_as_it_was_written():
    bundle = opened(DATA)
    assert (bundle.sender, bundle.receiver, bundle.at, bundle.have) == ("east", "west", START, {"link/west/east": 3})
    assert [take_entry(each) for each in bundle.offers[0].entries] == EAST.logs[EAST.link]
    assert who_sent(DATA) == "east"


@pytest.mark.parametrize(
    "options", [{"sender": "north"}, {"receiver": "north"}, {"sender": "west", "receiver": "east"}, {"key": SigningKey(b"z" * 32).public}], ids=str
)
def test_bundle_of_another_or_for_another_is_refused(options):
    with pytest.raises(NeighbourError):
        opened(DATA, **options)


@pytest.mark.parametrize(
    "raw",
    [{"at": "2026-11-22T09:00:00"}, {"at": None}, {"have": {"link/west/east": "3"}}, {"have": []}, {"offers": {}}, {"receipts": [1]}, {"to": 1}, {"offers": [{}]},
     {"offers": [{"log": "x", "first": 0.0}]}],
    ids=str,
)  # fmt: skip
def test_bundle_that_does_not_fit_is_refused(raw):
    with pytest.raises((NeighbourError, InputError)):
        opened(EAST.bundle(raw=raw))


def test_unknown_field_of_a_later_version_does_not_refuse_the_bundle():
    assert opened(EAST.bundle(raw={"distress": []})).sender == "east"


@pytest.mark.parametrize("kind", ["entry", "receipt", "card", "bundle2"])
def test_other_signed_thing_is_no_bundle(kind):
    data = seal(kind, canonical(Bundle(sender="east", receiver="west", at=START)), EAST.key)
    with pytest.raises(InputError):
        who_sent(data)
    with pytest.raises(NeighbourError):
        opened(data)


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=80) | st.dictionaries(st.sampled_from(["payloadType", "payload", "signatures", "from"]), st.text(max_size=4)).map(canonical)
)
def test_any_other_bytes_are_refused_by_our_errors(data):
    with pytest.raises(InputError):
        who_sent(data)
    with pytest.raises(NeighbourError):
        opened(data)


def test_bundle_beyond_the_limit_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(bundles, "MAX_BYTES", len(DATA) - 1)
    for read in (who_sent, opened):
        with pytest.raises(InputError):
            read(DATA)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.binary(min_size=32, max_size=32), st.booleans())
def test_entry_comes_out_of_its_travel_form_byte_for_byte_and_without_its_salt_where_the_content_was_erased(text, salt, erased):
    made = entry_of(EAST.key, EAST.link, 0, content=text.encode(), salt=salt)
    sent = canonical(send_entry(Entry(made.envelope, made.salt, None if erased else made.content)))
    assert (salt.hex().encode() in sent) is not erased  # with the salt alone, short contents could be guessed
    assert take_entry(json.loads(sent, object_hook=lambda each: SentEntry(**each))) == (Entry(made.envelope, b"", None) if erased else made)


@pytest.mark.parametrize("salt", ["z", "0", "0g", "سلام"])
def test_salt_that_is_no_number_is_an_input_error(salt):
    with pytest.raises(InputError):
        take_entry(SentEntry("{}", salt))


def test_same_bundle_is_written_the_same():
    bundle = opened(DATA)
    assert write_bundle(bundle, EAST.key) == DATA
