# SPDX-License-Identifier: Apache-2.0
"""The signed envelope: DSSE as published, and no altered bit, other type or other key passes."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.seal import envelope
from hamsaya.seal.canonical import canonical
from hamsaya.seal.envelope import open_envelope, pre_authentication, seal, unseal, write_envelope
from hamsaya.seal.keys import PublicKey, SigningKey

KEY, STRANGER = SigningKey(b"k" * 32), SigningKey(b"s" * 32)
KINDS = ["entry", "checkpoint", "receipt", "bundle", "card", "record", "agreement-signature", "proof"]
# Payloads of every length modulo 3, so that base 64 ends with no, one and two signs of padding.
SEALED = [seal("entry", payload, KEY) for payload in (b'{"a":1}', b'{"a":12}', b'{"a":123}')]


def altered(data, bit):
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def with_part(data, **parts):
    return canonical(json.loads(data) | parts)


def test_pre_authentication_is_the_published_vector(monkeypatch):
    monkeypatch.setattr(envelope, "PREFIX", "http://example.com/")
    assert pre_authentication("HelloWorld", b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


@pytest.mark.parametrize(
    ("kind", "payload", "covered"),
    [
        ("entry", b"", b"DSSEv1 29 application/vnd.hamsaya.entry 0 "),
        ("receipt", "مرز".encode(), b"DSSEv1 31 application/vnd.hamsaya.receipt 6 \xd9\x85\xd8\xb1\xd8\xb2"),
        ("a b", b"1 2", b"DSSEv1 27 application/vnd.hamsaya.a b 3 1 2"),
    ],
)
def test_lengths_are_those_of_bytes(kind, payload, covered):
    assert pre_authentication(kind, payload) == covered


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(KINDS))
def test_what_is_sealed_comes_out_as_it_was(payload, kind):
    assert unseal(seal(kind, payload, KEY), kind, KEY.public) == payload


PART = st.text(st.sampled_from('az09-=+"\\{}[],: é'), max_size=12)


@settings(max_examples=200, deadline=None)
@given(PART, st.binary(max_size=20), PART, PART)
def test_envelope_is_written_in_the_one_form_whatever_its_parts_hold(kind, payload, keyid, sig):
    wire = {
        "payloadType": f"application/vnd.hamsaya.{kind}",
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"keyid": keyid, "sig": sig}],
    }
    assert write_envelope(kind, payload, keyid, sig) == canonical(wire)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=20), st.sampled_from([*KINDS, "a b", "x.y", ""]), st.sampled_from(["ab", "AB", "a-b", '"', ""]))
def test_envelope_is_read_the_same_however_its_json_is_written(payload, kind, keyid):
    data = write_envelope(kind, payload, keyid, base64.b64encode(b"s" * 64).decode())
    otherwise = json.dumps(json.loads(data), indent=1, ensure_ascii=True).encode()
    assert open_envelope(data) == open_envelope(otherwise)
    assert (open_envelope(data).kind, open_envelope(data).payload, open_envelope(data).keyid) == (kind, payload, keyid)


@pytest.mark.parametrize("data", SEALED, ids=["padding 1", "padding 0", "padding 2"])
def test_every_single_flipped_bit_is_refused(data):
    passed = []
    for bit in range(len(data) * 8):
        try:
            unseal(altered(data, bit), "entry", KEY.public)
        except (InputError, Tampered):
            continue
        passed.append(bit)
    assert passed == []


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEALED), st.lists(st.tuples(st.integers(0, 10_000), st.sampled_from(["flip", "cut", "add", "swap"])), min_size=1, max_size=4))
def test_any_damage_is_refused_or_leaves_the_payload_and_its_signature_whole(data, damages):
    changed = data
    for place, how in damages:
        at = place % max(len(changed), 1)
        match how:
            case "flip":
                changed = altered(changed, at * 8 + place % 8) if changed else b"\x00"
            case "cut":
                changed = changed[:at]
            case "add":
                changed = changed[:at] + bytes([place % 256]) + changed[at:]
            case "swap":
                changed = changed[at:] + changed[:at]
    try:
        payload = unseal(changed, "entry", KEY.public)
    except (InputError, Tampered):
        return
    assert payload == unseal(data, "entry", KEY.public)  # white space about the envelope, or damage undone


@pytest.mark.parametrize("padding", ["{}=", "{}==", "={}", "{}\n", " {}", "{}A==="])
def test_base_64_that_is_not_written_the_one_way_is_refused(padding):
    wire = json.loads(SEALED[1])
    with pytest.raises(InputError):
        open_envelope(with_part(SEALED[1], payload=padding.format(wire["payload"])))


def test_url_safe_base_64_is_refused():
    payload = b'{"a":"\xc3\xbf\xc3\xbf\xc3\xbf"}'
    data = seal("entry", payload, KEY)
    with pytest.raises(InputError):
        open_envelope(with_part(data, payload=base64.b64encode(payload, b"-_").decode().replace("=", "-")))


@pytest.mark.parametrize("signed", KINDS)
def test_signature_of_one_type_is_never_taken_for_another(signed):
    data = seal(signed, b"{}", KEY)
    for wanted in KINDS:
        if wanted == signed:
            continue
        with pytest.raises(InputError):
            unseal(data, wanted, KEY.public)
        relabelled = with_part(data, payloadType=f"application/vnd.hamsaya.{wanted}")
        with pytest.raises(Tampered):
            unseal(relabelled, wanted, KEY.public)


def test_type_and_payload_cannot_be_shifted_into_each_other():
    assert pre_authentication("entry", b"x") != pre_authentication("entry 1", b"x")
    data = seal("entry", b" 1 x", KEY)
    with pytest.raises(Tampered):
        unseal(with_part(data, payloadType="application/vnd.hamsaya.entry 1", payload=base64.b64encode(b"x").decode()), "entry 1", KEY.public)


def test_other_key_is_refused_even_when_it_borrows_the_name_of_the_trusted_one():
    data = seal("entry", b"{}", STRANGER)
    with pytest.raises(Tampered):
        unseal(data, "entry", KEY.public)
    signature = json.loads(data)["signatures"][0] | {"keyid": KEY.public.keyid}
    with pytest.raises(Tampered):
        unseal(with_part(data, signatures=[signature]), "entry", KEY.public)


@pytest.mark.parametrize("signatures", [[], "two", None, [{}], [{"keyid": "x"}], {"keyid": "x", "sig": ""}])
def test_envelope_has_exactly_one_whole_signature(signatures):
    one = json.loads(SEALED[0])["signatures"][0]
    with pytest.raises(InputError):
        open_envelope(with_part(SEALED[0], signatures=[one, one] if signatures == "two" else signatures))


@pytest.mark.parametrize("kind", ["application/json", "", "application/vnd.other.entry", "text/html"])
def test_foreign_payload_type_is_refused(kind):
    with pytest.raises(InputError):
        open_envelope(with_part(SEALED[0], payloadType=kind))


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_signature_of_another_length_is_refused(length):
    one = {"keyid": KEY.public.keyid, "sig": base64.b64encode(b"x" * length).decode()}
    with pytest.raises(Tampered):
        unseal(with_part(SEALED[0], signatures=[one]), "entry", KEY.public)


@pytest.mark.parametrize("raw", ["", "00", "zz" * 32, "00" * 31, "00" * 33])
def test_key_that_is_none_verifies_nothing(raw):
    with pytest.raises(Tampered):
        PublicKey(raw).verify(b"x" * 64, b"")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80) | st.dictionaries(st.sampled_from(["payloadType", "payload", "signatures"]), st.text(max_size=5)).map(canonical))
def test_anything_else_is_no_envelope(data):
    with pytest.raises(InputError):
        open_envelope(data)


def test_unknown_field_beside_the_envelope_does_no_harm():
    assert unseal(with_part(SEALED[0], later="of a later version"), "entry", KEY.public) == b'{"a":1}'
