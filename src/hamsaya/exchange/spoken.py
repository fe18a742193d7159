# SPDX-License-Identifier: Apache-2.0
"""The keys that a third person was given: read aloud, written down, or as cards. Evidence is compared with these and nothing else.

A file in UTF-8, a line a key; lines that are empty or begin with `#` say nothing:

    west  ABCD-EFGH-…          the fingerprint as it was read aloud (13 groups of four)
    west  03a107bf…            the public key, 64 hexadecimal digits
    {"payload": …}             the party's signed card, as `hamsaya party show --out` writes it

A party may stand there more than once, where it changed its key. A bundle holds no keys: it needs a public key or a card.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from hamsaya.exchange.acts import read_card
from hamsaya.facts.errors import InputError
from hamsaya.facts.words import say
from hamsaya.seal.keys import PublicKey, as_fingerprint, parse_public_key

MAX_KEYS_BYTES: Final = 1024 * 1024
_LINE: Final = re.compile(r"([a-z][a-z0-9-]{1,30})[\s:=]+(\S.*)")


class Spoken(msgspec.Struct, frozen=True):
    """Fingerprints by party, and the public keys where those were given."""

    fingerprints: dict[str, frozenset[str]]
    keys: dict[str, list[PublicKey]]


def read_spoken(data: bytes) -> Spoken:
    """Return the keys in the file. Raises `InputError` that names the line and says what was expected."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(say("The file of keys is not in UTF-8: byte {at} cannot be read.", at=error.start)) from error
    fingerprints: dict[str, set[str]] = {}
    keys: dict[str, list[PublicKey]] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        party, fingerprint, key = _read_line(number, line.strip())
        fingerprints.setdefault(party, set()).add(fingerprint)
        if key is not None:
            keys.setdefault(party, []).append(key)
    if not fingerprints:
        raise InputError(
            say("The file of keys names no party."),
            say("Write a line a party: its name and the fingerprint that it read aloud, or its card."),
        )
    return Spoken({party: frozenset(each) for party, each in fingerprints.items()}, keys)


def _read_line(number: int, line: str) -> tuple[str, str, PublicKey | None]:
    if line.startswith("{"):
        card = read_card(line.encode())
        return card.party, card.public.fingerprint(), card.public
    found = _LINE.fullmatch(line)
    if found is not None:
        party, told = found[1], found[2].strip()
        if re.fullmatch(r"[0-9a-fA-F]{64}", told):
            key = parse_public_key(told.lower())
            return party, key.fingerprint(), key
        fingerprint = as_fingerprint(told)
        if fingerprint:
            return party, fingerprint, None
    raise InputError(
        say("Line {number} of the keys: expected a party with its fingerprint (13 groups of four) or key (64 hex digits), or a card; {came} came.",
            number=number, came=line[:60]),
        say("Example: west ABCD-EFGH-…; `hamsaya party show` prints the fingerprint, `--out FILE` writes the card."),
    )  # fmt: skip
