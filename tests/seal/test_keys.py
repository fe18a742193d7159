# SPDX-License-Identifier: Apache-2.0
"""Keys, and the fingerprint that officers read aloud."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hamsaya.facts.errors import InputError, Tampered
from hamsaya.seal.keys import SigningKey, parse_public_key, same_fingerprint

# RFC 8032 section 7.1, test 1
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SIGNATURE = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
FINGERPRINT = "47Z3-3QX1-AJH6-2RKB-Z1A0-8VYJ-4WDQ-QVAB-DAZ4-BAJR-GXZF-8ZWQ-46WG"


def test_published_vector_of_ed25519():
    key = SigningKey(SEED)
    assert key.public.hex == PUBLIC
    assert key.sign(b"").hex() == SIGNATURE
    key.public.verify(bytes.fromhex(SIGNATURE), b"")
    with pytest.raises(Tampered):
        key.public.verify(bytes.fromhex(SIGNATURE), b"x")


def test_fingerprint_of_a_known_key_never_changes():
    assert SigningKey(SEED).public.fingerprint() == FINGERPRINT


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_fingerprint_is_thirteen_groups_of_letters_that_survive_a_telephone(seed):
    fingerprint = SigningKey(seed).public.fingerprint()
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){12}[0-9A-HJKMNP-TV-Z]{4}", fingerprint)
    assert fingerprint[-1] in "0G"  # 256 bits fill 51 letters and one bit of the last
    assert same_fingerprint(fingerprint, fingerprint)


@pytest.mark.parametrize(
    "spoken",
    [
        FINGERPRINT.lower(),
        FINGERPRINT.replace("-", ""),
        FINGERPRINT.replace("-", " "),
        f"  {FINGERPRINT}\n",
        " ".join(FINGERPRINT),
        FINGERPRINT.replace("0", "O"),
        FINGERPRINT.replace("0", "o").replace("1", "l"),
        FINGERPRINT.replace("1", "I"),
        FINGERPRINT.replace("V", "U"),
        FINGERPRINT.lower().replace("v", "u").replace("-", "."),
    ],
)
def test_fingerprint_is_known_however_it_was_spoken(spoken):
    assert same_fingerprint(spoken, FINGERPRINT)


@pytest.mark.parametrize(
    "spoken",
    ["", "-", FINGERPRINT[:-1], FINGERPRINT[:-5], FINGERPRINT + "0", FINGERPRINT[5:], "4" * 52, FINGERPRINT.replace("V", "W"), FINGERPRINT[::-1]],
)
def test_other_or_shortened_fingerprint_is_refused(spoken):
    assert not same_fingerprint(spoken, FINGERPRINT)


def test_every_one_wrong_letter_is_noticed():
    for place, letter in enumerate(FINGERPRINT):
        if letter != "-":
            wrong = FINGERPRINT[:place] + ("7" if letter != "7" else "8") + FINGERPRINT[place + 1 :]
            assert not same_fingerprint(wrong, FINGERPRINT)


@pytest.mark.parametrize("text", ["", "00", "zz" * 32, PUBLIC[:-2], PUBLIC + "00", "کلید", PUBLIC[:-1] + "g"])
def test_text_that_is_no_key_is_an_input_error(text):
    with pytest.raises(InputError):
        parse_public_key(text)


def test_key_is_read_however_its_digits_were_typed():
    assert parse_public_key(PUBLIC.upper()).hex == PUBLIC
