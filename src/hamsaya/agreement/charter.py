# SPDX-License-Identifier: Apache-2.0
"""One text of an agreement: its table, its sentences, and who signed it. What becomes of its texts: `lifecycle`.

    drafted ──sign (first party)──▶ signed by some ──sign (last party)──▶ in force ──▶ expired
    A signature is over both hashes: that of the table, and that of the sentences in every language.

An agreement keeps its id as long as it lives; a text of it is known by its hash, and says by `revises` which text it builds on.

Rules of reading: an unknown clause type, a clause number that stands twice, an unknown party, an empty list, a
sentence that is not what its clause renders, or a sentence without a clause refuses the whole agreement.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal

import msgspec

from hamsaya.agreement.clause import VERSION, Names
from hamsaya.agreement.clauses import Clause
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.soundness import YEARS, is_plain
from hamsaya.facts.values import Aware
from hamsaya.facts.words import LANGUAGES, Language, Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey, parse_public_key

SIGNATURE: Final = "agreement-signature"
"""What a signature is sealed as."""
ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""An agreement's id stands in the names of its release logs, whose parts are divided by slashes."""

_HASH: Final = re.compile(r"(?:[0-9a-f]{64})?")
_FIRST_YEAR: Final = 1947
_LAST_YEAR: Final = 2200

State = Literal[
    "draft", "proposed", "counter-proposed", "signed by some", "declined", "in force", "suspended", "withdrawn", "not yet valid", "expired",
    "replaced",
]  # fmt: skip


class Signatory(msgspec.Struct, frozen=True, kw_only=True):
    """One party to the agreement: who it is and the key that signs for it."""

    party: str
    names: dict[Language, str]
    """Its name as each language writes it, as on its card."""
    country: str
    key: str
    """Raw public key, hexadecimal: the agreement binds keys, not only names."""

    def called(self, language: Language = "en") -> str:
        """Return its name in that language, else in English, else its short name."""
        return self.names.get(language) or self.names.get("en") or self.party


class Table(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the machine enforces."""

    id: str
    title: str
    place: str
    drafted_on: str
    valid_from: Aware
    valid_until: Aware
    parties: list[Signatory]
    clauses: list[Clause]
    exercise: bool = False
    revises: str = ""
    """Hash of the text that this one builds on; empty for the first text of an agreement."""
    proposed_by: str = ""
    """The party that proposed this text, by its short name; empty where it is not told."""


class Agreement(msgspec.Struct, frozen=True):
    """The whole text: the table, and each clause as one sentence a language, by clause number."""

    table: Table
    text: dict[Language, dict[str, str]]

    def body(self) -> bytes:
        """Return the canonical bytes of table and text."""
        return canonical(self)

    def hashes(self) -> tuple[str, str]:
        """Return the SHA-256 of the table and of the text, hexadecimal."""
        return _sha256(canonical(self.table)), _sha256(canonical(self.text))

    def hash(self) -> str:
        """Return the one hash by which both parties know this agreement."""
        return _sha256(self.body())

    def party(self, party: str) -> Signatory | None:
        """Return the signatory of that name."""
        return next((signatory for signatory in self.table.parties if signatory.party == party), None)


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """What a party signs."""

    agreement: str
    table: str
    text: str
    party: str
    office: str
    at: Aware


class Standing(msgspec.Struct, frozen=True):
    """Whether an agreement decides anything now, and why."""

    state: State
    reason: Text
    signed_by: list[str]

    @property
    def in_force(self) -> bool:
        """Say whether releases can be made."""
        return self.state == "in force"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def write_text(table: Table) -> Agreement:
    """Return the agreement with each clause rendered in every language. Raises `InputError` naming faulty clauses."""
    faults = lint(table)
    if faults:
        raise InputError(faults[0], say("The agreement has {n} faults; nothing was kept.", n=len(faults)))
    names: Names = {code: {each.party: each.called(code) for each in table.parties} for code in LANGUAGES}
    sentences = {clause.number: clause.sentences(names) for clause in table.clauses}
    text = {code: {number: each[code] for number, each in sentences.items()} for code in LANGUAGES}
    return Agreement(table, text)


def lint(table: Table) -> list[Text]:
    """Return every fault of the table, each naming its clause."""
    names = [signatory.party for signatory in table.parties]
    faults = []
    if not ID.fullmatch(table.id):
        faults.append(say("An agreement's id has 1 to 100 of a–z, A–Z, 0–9, dot, hyphen, underscore; this came: {came}", came=table.id[:40] or "—"))
    if len(set(names)) < 2 or len(set(names)) != len(names):
        faults.append(say("An agreement needs two different parties; this one names: {names}", names=", ".join(names) or "—"))
    if table.valid_from.tzinfo is None or table.valid_until.tzinfo is None or table.valid_until <= table.valid_from:
        faults.append(say("valid_until must come after valid_from, both with a time zone."))
    if table.valid_from.year < _FIRST_YEAR or table.valid_until.year > _LAST_YEAR:
        faults.append(
            say("valid_from and valid_until are Gregorian years from {first} to {last}; {came} looks like another calendar.",
                first=_FIRST_YEAR, last=_LAST_YEAR, came=min(table.valid_from.year, table.valid_until.year))
        )  # fmt: skip
    if not _HASH.fullmatch(table.revises) or table.proposed_by not in ("", *names):
        faults.append(say("The agreement names no proper text that it revises, or no party to it as the one that proposes it."))
    if not table.clauses:
        faults.append(say("The agreement has no clauses, so it would let nothing through."))
    faults += _faults_of_parties(table)
    numbers = [clause.number for clause in table.clauses]
    faults += [say("Clause {number} stands twice.", number=number) for number in sorted({n for n in numbers if numbers.count(n) > 1})]
    if not all(number.strip() for number in numbers):
        faults.append(say("A clause has no number, so no release could name it."))
    for clause in table.clauses:
        if clause.version != VERSION:
            faults.append(say("Clause {number} is of version {came}; this node enforces version {known}.", number=clause.number,
                              came=clause.version, known=VERSION))  # fmt: skip
        faults += [say("Clause {number}: {fault}", number=clause.number, fault=fault) for fault in clause.faults(names)]
    return faults


def _faults_of_parties(table: Table) -> list[Text]:
    faults = []
    for signatory in table.parties:
        try:
            parse_public_key(signatory.key)
        except InputError as error:
            faults.append(say("The key of {party}: {why}", party=signatory.party[:40], why=error.what))
        if not all(is_plain(name, 120) for name in signatory.names.values()):
            faults.append(say("A name of {party} is too long, or holds control characters.", party=signatory.party[:40]))
    if not all(is_plain(text, 200) for text in (table.id, table.title, table.place, table.drafted_on)):
        faults.append(say("The id, title, place or date of drafting is too long, or holds control characters."))
    return faults


def read_agreement(body: bytes) -> Agreement:
    """Return the agreement in `body`, checked by the rules of reading. Raises `InputError`."""
    agreement = read(body, Agreement)
    rendered = write_text(agreement.table)
    for code, sentences in rendered.text.items():
        held = agreement.text.get(code, {})
        for number in sentences | held:
            if held.get(number) != sentences.get(number):
                raise InputError(
                    say("Clause {number}: the sentence ({language}) does not say what the clause enforces.", number=number, language=code),
                    say("The text was altered after it was drafted. Ask for the agreement again."),
                )
    if agreement.body() != body:
        raise InputError(say("The agreement holds parts that this node does not know; it cannot be signed here."))
    return agreement


def sign(agreement: Agreement, party: str, office: str, at: datetime, key: SigningKey) -> bytes:
    """Return the signature of `party` over both hashes. Raises `InputError` if the agreement does not name its key."""
    signatory = agreement.party(party)
    if signatory is None or signatory.key != key.public.hex:
        raise InputError(say("The agreement does not name {party} with this node's key.", party=party))
    table, text = agreement.hashes()
    return seal(SIGNATURE, canonical(Signature(agreement=agreement.hash(), table=table, text=text, party=party, office=office, at=at)), key)


def check_signature(agreement: Agreement, data: bytes) -> Signature:
    """Return the signature in `data` if a party to `agreement` made it over this text. Raises `Tampered`, or `InputError` for an impossible time."""
    return _check_signature(agreement, (agreement.hash(), *agreement.hashes()), data)


def _check_signature(agreement: Agreement, hashes: tuple[str, str, str], data: bytes) -> Signature:
    for signatory in agreement.table.parties:
        try:
            signature = read(_unsealed(data, signatory.key), Signature)
        except (InputError, Tampered):
            continue
        if signature.party != signatory.party or (signature.agreement, signature.table, signature.text) != hashes:
            raise Tampered(say("{party} signed another text than this one.", party=signatory.called()))
        if signature.at.year not in YEARS:
            raise InputError(say("The time on an act or a signature is in no year that this node knows."))
        return signature
    raise Tampered(say("A signature on the agreement is of no party to it, or was altered."))


@lru_cache(maxsize=1024)
def _unsealed(data: bytes, key: str) -> bytes:
    """Return what was signed. The same letters are asked again with every release."""
    return unseal(data, SIGNATURE, PublicKey(key))


def signed_hash(data: bytes) -> str:
    """Return the hash of the text that a signature says it is over, unverified. Raises `InputError`."""
    return read(open_envelope(data).payload, Signature).agreement


def standing(agreement: Agreement, signatures: Mapping[str, bytes], now: datetime) -> Standing:
    """Return whether this text, taken alone, is in force at `now`: all parties have signed, and the validity holds.

    A signature that does not verify counts as none.
    """
    signed = list(signatures_that_hold(agreement, signatures))
    missing = [signatory.called() for signatory in agreement.table.parties if signatory.party not in signed]
    if not signed:
        return Standing("draft", say("No party has signed."), [])
    if missing:
        return Standing("signed by some", say("Not signed by: {names}", names=", ".join(missing)), signed)
    return validity(agreement.table, signed, now)


def signatures_that_hold(agreement: Agreement, signatures: Mapping[str, bytes]) -> dict[str, Signature]:
    """Return by party what was signed, of those signatures that verify as that party's over this text."""
    held, hashes = {}, (agreement.hash(), *agreement.hashes())
    for party, data in signatures.items():
        try:
            signature = _check_signature(agreement, hashes, data)
        except (InputError, Tampered):
            continue
        if signature.party == party:
            held[party] = signature
    return held


def validity(table: Table, signed: list[str], now: datetime) -> Standing:
    """Return whether a text that all parties signed is valid at `now`."""
    stamp = f"{now:%Y-%m-%d %H:%M} {now.tzname()}"
    if now < table.valid_from:
        return Standing("not yet valid", say("Valid from {day}; this node's clock says {now}.", day=table.valid_from.date(), now=stamp), signed)
    if now >= table.valid_until:
        return Standing("expired", say("Expired on {day}; this node's clock says {now}.", day=table.valid_until.date(), now=stamp), signed)
    return Standing("in force", say("Signed by all parties and valid until {day}.", day=table.valid_until.date()), signed)
