# SPDX-License-Identifier: Apache-2.0
"""What was sent and received, as one file that anyone can check offline with the parties' fingerprints (law 5).

Holds the cards, and per link and release log every entry, the last checkpoint, and the receipts. It does not hold
the journal, which is a node's own. Altering anything in it is found, and the entry is named.

An entry stands in the file in one of three ways: with its content; without its content and salt, as a salted commitment
of them; or as the hash of its leaf alone. All three add up to the same signed root, so that what is not for the
reader can be left out. The bytes are written down in docs/reference/evidence.md, for whoever writes another verifier.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from hamsaya.exchange.acts import Card, read_card
from hamsaya.exchange.bundle import SentEntry, take_entry
from hamsaya.exchange.letters import read_letter
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.proof_epochs import epoch_faults
from hamsaya.exchange.proven_findings import proven_findings
from hamsaya.facts.errors import HamsayaError, InputError, Tampered
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Entry, Header, check_checkpoint, check_entry, check_receipt
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keyline import KeyLine, Span
from hamsaya.seal.keys import Keys, PublicKey, SigningKey
from hamsaya.seal.merkle import Frontier, leaf_hash

FORMAT: Final = "hamsaya-proof-1"
MAX_PROOF_BYTES: Final = 256 * 1024 * 1024

Wrong = Literal["card", "key", "log", "signature", "order", "commitment", "leaf", "checkpoint", "receipt", "tree", "missing", "file", "page"]
"""What does not hold: the card's own signature; the key read aloud; the log's name; an entry's signature, place or content; the hash that stands
for an entry; the signature on a checkpoint or receipt; entries that are not those which a checkpoint or receipt was signed over; entries that
it was signed over and that are not there; the file's signature; what the page of a case file shows."""


class ProvenEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry in the file. Without content where that was erased or left out; the leaf alone where all of it was left out."""

    envelope: str = ""
    salt: str = ""
    content: str | None = None
    leaf: str = ""
    """SHA-256 of the leaf, hexadecimal; only where there is no envelope."""


class ProvenLog(msgspec.Struct, frozen=True, kw_only=True):
    """One log as held by whoever wrote the proof."""

    log: str
    checkpoint: str
    entries: list[ProvenEntry]
    receipts: list[str]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """What a case file is about, beside its evidence: for whom and why it was made, and the digest of what its page shows."""

    incident: str
    to: str
    why: str
    handling: str
    """The strictest TLP level of what is shown."""
    page: str
    """`pages.digest_of` the readable part."""


class Proof(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The whole file."""

    format: str
    written_by: str
    at: Aware
    exercise: bool = msgspec.field()
    cards: list[str] = msgspec.field()
    logs: list[ProvenLog] = msgspec.field()
    case: Case | None = None
    letters: list[str] = []
    """The letters by which keys followed one another (`exchange/letters.py`), each party's in their order."""


class ProofFault(msgspec.Struct, frozen=True):
    """One thing that does not hold; `entry` is `log#number`, or what it is about."""

    entry: str
    what: Text
    wrong: Wrong = "file"


class LogShown(msgspec.Struct, frozen=True, kw_only=True):
    """What a file shows of one log: entries `first` to `first + entries - 1`, whose signatures they bear, and how far it is receipted."""

    log: str
    sender: str
    receiver: str
    first: int
    entries: int
    with_content: int
    left_out: int
    """Entries of which only the hash of the leaf is there."""
    root: str
    """Hexadecimal; empty where it cannot be computed, since the file begins in the middle of the log."""
    receipts: int
    receipted: int
    """So many entries, from the first of the log, the receiver signed for."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a file shows: fingerprints to compare, the logs, and faults, first one first."""

    written_by: str
    fingerprints: dict[str, str]
    compared: list[str]
    """The parties whose fingerprint is the one that was read aloud."""
    shown: list[LogShown]
    receipts: int
    faults: list[ProofFault]
    exercise: bool
    case: Case | None = None
    proven: list[Text] = []
    """What it proves besides, where nothing was altered: that both signed one text of a finding (`proven_findings.py`); of a file of
    contradictions, who signed two things in one place (`doubt_file.py`)."""

    @property
    def logs(self) -> dict[str, int]:
        """Return how many entries of each log are in the file."""
        return {log.log: log.entries for log in self.shown}


def write_proof(proof: Proof, key: SigningKey) -> bytes:
    """Return the signed file."""
    return seal("proof", canonical(proof), key)


def prove_entry(entry: Entry, *, content: bool = True) -> ProvenEntry:
    """Return an entry as it stands in the file. The salt goes with the content: with it, short contents could be guessed."""
    if entry.content is None or not content:
        return ProvenEntry(envelope=entry.envelope.decode())
    return ProvenEntry(envelope=entry.envelope.decode(), salt=entry.salt.hex(), content=entry.content.decode())


def check_proof(data: bytes, spoken: Mapping[str, frozenset[str]] | None = None) -> Checked:
    """Return what the file shows; `spoken` are the fingerprints read aloud, by party. Raises `InputError` for a file that is no proof.

    1. Each card is signed by its own key. A key that took over from another did so by a letter that it signed, and that the other signed too
       where it was planned; from then on each entry, checkpoint and receipt is asked of the key of its place.
    2. Where fingerprints are given, each card's key has one that was read aloud for its party.
    3. Each entry is signed by the log's sender, stands at its place, and opens its commitment where its content is there.
    4. Each log's checkpoint is signed by its sender, each receipt by its receiver.
    5. The entries add up to the root of the checkpoint and of each receipt.
    6. The file is signed by the key on the card of the party that wrote it.
    7. A log that was begun anew says of the closed ones what they add up to.
    """
    proof = _read(data)
    faults: list[ProofFault] = []
    cards: dict[str, Card] = {}
    for number, text in enumerate(proof.cards):
        try:  # 1
            card = read_card(text.encode())
        except InputError as error:
            faults.append(ProofFault(f"card-{number}", error.what, "card"))
            continue
        cards[card.party] = card
        faults += check_spoken(f"card-{number}", card.party, card.public, spoken)  # 2
    lines = key_lines(proof.letters, cards, faults)
    shown = [_check_log(log, lines, faults) for log in proof.logs]
    faults += _check_epochs(proof.logs)  # 7
    try:  # 6
        author = cards.get(proof.written_by)
        if author is None:
            raise Tampered(say("The file holds no card of the party that wrote it."))
        unseal(data, "proof", author.public)
    except HamsayaError as error:
        faults.append(ProofFault("file", error.what, "file"))
    fingerprints = {party: card.public.fingerprint() for party, card in cards.items()}
    return Checked(
        written_by=proof.written_by, fingerprints=fingerprints, shown=shown, receipts=sum(log.receipts for log in shown), faults=faults,
        compared=[party for party, fingerprint in fingerprints.items() if fingerprint in (spoken or {}).get(party, ())],
        exercise=proof.exercise, case=proof.case,
        proven=[] if faults else proven_findings({log.log: [each.content for each in log.entries] for log in proof.logs}),
    )  # fmt: skip


def check_spoken(where: str, party: str, key: PublicKey, spoken: Mapping[str, frozenset[str]] | None) -> list[ProofFault]:
    """Return the fault if the key is none that was read aloud for the party; none where nothing was read aloud at all."""
    if spoken is None:
        return []
    known = spoken.get(party)
    if not known:
        names = ", ".join(sorted(spoken)) or "—"
        what = say("Expected the key of {party} in the keys that were given; they name {known}.", party=party, known=names)
        return [ProofFault(where, what, "key")]
    if key.fingerprint() in known:
        return []
    what = say(
        "Expected of {party} the key that was given, {expected}; the file has {came}. Compare them with {party} aloud.",
        party=party, expected=", ".join(sorted(known)), came=key.fingerprint(),
    )  # fmt: skip
    return [ProofFault(where, what, "key")]


def _read(data: bytes) -> Proof:
    envelope = open_envelope(data)
    if envelope.kind != "proof":
        raise InputError(say("Expected a file that `hamsaya verify --export` wrote; a {came} came.", came=envelope.kind[:40]))
    proof = read(envelope.payload, Proof)
    if proof.format != FORMAT:
        raise InputError(
            say("Expected the format {expected}; this file is {came}.", expected=FORMAT, came=proof.format[:40]),
            say("Check it with the version of this program that its writer uses."),
        )
    return proof


def key_lines(letters: list[str], cards: Mapping[str, Card], faults: list[ProofFault]) -> dict[str, KeyLine]:
    """Return which key of each party signs what: from the one on its card back over the letters that lead to it. Adds what does not hold."""
    spans = {party: [Span(card.public)] for party, card in cards.items()}
    for number, text in reversed(list(enumerate(letters))):
        try:
            letter, card = read_letter(text)
            held = spans.get(letter.party, [])
            later = next((place for place, span in enumerate(held) if span.key.hex == card.key), None)
            if later is None:
                raise InputError(say("It leads to no key that is known from the cards."))
        except InputError as error:
            faults.append(ProofFault(f"letter-{number}", error.what, "key"))
            continue
        held[later] = Span(held[later].key, {**held[later].starts, **letter.starts()})
        if not any(span.key.hex == letter.old for span in held):
            held.insert(later, Span(PublicKey(letter.old)))
    return {party: KeyLine(tuple(held)) for party, held in spans.items()}


def _check_log(log: ProvenLog, lines: Mapping[str, KeyLine], faults: list[ProofFault]) -> LogShown:
    """Add the faults of a log; return what is shown of it."""
    name = parse_log(log.log)
    sender, receiver = (lines.get(name.sender), lines.get(name.receiver)) if name else (None, None)
    frontier, roots = Frontier(), {0: Frontier().root().hex()}
    receipted = 0
    if name is None or sender is None or receiver is None:
        faults.append(ProofFault(f"{log.log}#0", say("The log is of no party whose card is in the file."), "log"))
    else:
        for seq, each in enumerate(log.entries):  # 3
            where = f"{log.log}#{seq}"
            faults += _check_leaf(where, each) if each.leaf else check_sent(where, each, sender, log.log, seq)
            frontier.append(_leaf_of(each))
            roots[frontier.size] = frontier.root().hex()
        signed = _signed_roots(log, sender, receiver, faults)  # 4
        faults += _check_roots(log.log, signed, roots)  # 5
        receipted = max((size for _, size, root in signed[1:] if roots.get(size) == root), default=0)
    return LogShown(
        log=log.log, sender=name.sender if name else "", receiver=name.receiver if name else "", first=0, entries=len(log.entries),
        with_content=sum(each.content is not None for each in log.entries), left_out=sum(bool(each.leaf) for each in log.entries),
        root=frontier.root().hex() if frontier.size == len(log.entries) else "", receipts=len(log.receipts), receipted=receipted,
    )  # fmt: skip


def _check_epochs(logs: list[ProvenLog]) -> list[ProofFault]:
    first = {each.log: (each.entries[0].envelope.encode(), (each.entries[0].content or "").encode() or None) for each in logs if each.entries}
    leaves = {each.log: [_leaf_of(entry) for entry in each.entries] for each in logs}
    return [ProofFault(where, what, "tree") for where, what in epoch_faults(first, leaves)]


def check_sent(where: str, sent: ProvenEntry | SentEntry, key: Keys, log: str, seq: int) -> list[ProofFault]:
    """Return what is wrong with an entry that has an envelope; nothing where it holds."""
    entry = Entry(sent.envelope.encode(), b"", None)
    try:
        header: Any = read(unseal(entry.envelope, "entry", key.of_entry(log, seq)), Header)
    except HamsayaError as error:
        return [ProofFault(where, error.what, "signature")]
    wrong: Wrong = "order" if (header.log, header.seq) != (log, seq) else "commitment"
    try:
        check_entry(take_entry(SentEntry(sent.envelope, sent.salt, sent.content)), key, log=log, seq=seq)
    except HamsayaError as error:
        return [ProofFault(where, error.what, wrong)]
    return []


def _check_leaf(where: str, each: ProvenEntry) -> list[ProofFault]:
    if not each.envelope and not each.salt and each.content is None and _as_hash(each.leaf) is not None:
        return []
    return [ProofFault(where, say("Expected the 64 hexadecimal digits of a leaf's hash and nothing else in place of the entry."), "leaf")]


def _leaf_of(each: ProvenEntry) -> bytes:
    return (_as_hash(each.leaf) or bytes(32)) if each.leaf else leaf_hash(each.envelope.encode())


def _as_hash(text: str) -> bytes | None:
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        return None
    return bytes.fromhex(text)


def _signed_roots(log: ProvenLog, sender: Keys, receiver: Keys, faults: list[ProofFault]) -> list[tuple[str, int, str]]:
    """Return the sizes and roots that were signed: the checkpoint first (size -1 where it does not hold), then the receipts."""
    found = [("", -1, "")]
    try:
        checkpoint = check_checkpoint(log.checkpoint.encode(), sender, log.log)
        found = [(f"{log.log}#checkpoint", checkpoint.size, checkpoint.root)]
    except HamsayaError as error:
        faults.append(ProofFault(f"{log.log}#checkpoint", error.what, "checkpoint"))
    for number, text in enumerate(log.receipts):
        where = f"{log.log}#receipt-{number}"
        try:
            receipt = check_receipt(text.encode(), receiver)
            if receipt.log != log.log or receipt.size < 0:
                raise Tampered(say("A receipt of {by} covers another log {log} than is stored.", by=receipt.by, log=receipt.log))
            found.append((where, receipt.size, receipt.root))
        except HamsayaError as error:
            faults.append(ProofFault(where, error.what, "receipt"))
    return found


def _check_roots(log: str, signed: list[tuple[str, int, str]], roots: Mapping[int, str]) -> list[ProofFault]:
    """Return the fault of the smallest signed size that the entries do not add up to: it names the first entry that can be another."""
    held, last = 0, max(roots)
    for _, size, root in sorted((each for each in signed if each[1] >= 0), key=lambda each: each[1:]):
        if size > last:
            what = say("Log {log} has {came} entries here; what was signed covers {size}.", log=log, came=last, size=size)
            return [ProofFault(f"{log}#{last}", what, "missing")]
        if roots[size] != root:
            what = say("Entries {first} to {last} of log {log} are not those that were signed as a whole: at least one was put in another's place.",
                       first=held, last=max(size - 1, held), log=log)  # fmt: skip
            return [ProofFault(f"{log}#{held}" if size - held <= 1 else f"{log}#{held}-{size - 1}", what, "tree")]
        held = size
    checkpoint = signed[0]
    if 0 <= checkpoint[1] < last:
        what = say("Log {log} has {came} entries here; what was signed covers {size}.", log=log, came=last, size=checkpoint[1])
        return [ProofFault(f"{log}#{checkpoint[1]}", what, "tree")]
    return []
