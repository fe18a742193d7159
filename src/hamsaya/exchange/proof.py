# SPDX-License-Identifier: Apache-2.0
"""What was sent and received, as one file that anyone can check offline with the parties' fingerprints (law 5).

Holds the cards, and per link and release log every entry, the last checkpoint, and the receipts. It does not hold
the journal, which is a node's own. Altering anything in it is found, and the entry is named.
"""

from __future__ import annotations

from typing import Final

import msgspec

from hamsaya.exchange.acts import Card, read_card
from hamsaya.exchange.bundle import SentEntry, take_entry
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.errors import HamsayaError, InputError, Tampered
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import check_checkpoint, check_entry, check_receipt
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey
from hamsaya.seal.merkle import Frontier, leaf_hash

FORMAT: Final = "hamsaya-proof-1"


class ProvenLog(msgspec.Struct, frozen=True, kw_only=True):
    """One log as held by whoever wrote the proof."""

    log: str
    checkpoint: str
    entries: list[SentEntry]
    receipts: list[str]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    format: str
    written_by: str
    at: Aware
    exercise: bool
    cards: list[str]
    logs: list[ProvenLog]


class ProofFault(msgspec.Struct, frozen=True):
    """One thing that does not hold; `entry` is `log#number`, or what it is about."""

    entry: str
    what: Text


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a proof shows: fingerprints to compare, sizes of the logs, and faults, first one first."""

    written_by: str
    fingerprints: dict[str, str]
    logs: dict[str, int]
    receipts: int
    faults: list[ProofFault]


def write_proof(proof: Proof, key: SigningKey) -> bytes:
    """Return the signed file."""
    return seal("proof", canonical(proof), key)


def check_proof(data: bytes) -> Checked:
    """Return what the file shows. Raises `InputError` for a file that is no proof.

    1. The file is signed by the key on the card of the party that wrote it.
    2. Each card is signed by its own key (whose key it is, the fingerprint tells).
    3. Each log is complete, each entry signed by the log's sender and opening its commitment.
    4. Each log adds up to its sender's checkpoint.
    5. Each receipt is signed by the log's receiver and covers a root of the log.
    """
    proof = _read(data)
    faults: list[ProofFault] = []
    cards: dict[str, Card] = {}
    for number, text in enumerate(proof.cards):  # 2
        try:
            card = read_card(text.encode())
            cards[card.party] = card
        except InputError as error:
            faults.append(ProofFault(f"card#{number}", error.what))
    for log in proof.logs:
        faults += _check_log(log, cards)
    try:  # 1
        author = cards.get(proof.written_by)
        if author is None:
            raise Tampered(say("The file holds no card of the party that wrote it."))
        unseal(data, "proof", author.public)
    except HamsayaError as error:
        faults.append(ProofFault("file", error.what))
    return Checked(
        written_by=proof.written_by,
        fingerprints={party: card.public.fingerprint() for party, card in cards.items()},
        logs={log.log: len(log.entries) for log in proof.logs},
        receipts=sum(len(log.receipts) for log in proof.logs),
        faults=faults,
    )


def _read(data: bytes) -> Proof:
    envelope = open_envelope(data)
    proof = read(envelope.payload, Proof)
    if envelope.kind != "proof" or proof.format != FORMAT:
        raise InputError(say("Expected a file that `hamsaya verify --export` wrote; a {came} came.", came=envelope.kind[:40]))
    return proof


def _check_log(log: ProvenLog, cards: dict[str, Card]) -> list[ProofFault]:
    name = parse_log(log.log)
    sender, receiver = (cards.get(name.sender), cards.get(name.receiver)) if name else (None, None)
    if sender is None or receiver is None:
        return [ProofFault(f"{log.log}#0", say("The log is of no party whose card is in the file."))]
    faults, frontier, roots = [], Frontier(), {0: Frontier().root().hex()}
    for seq, sent in enumerate(log.entries):  # 3
        try:
            entry = take_entry(sent)
            check_entry(entry, sender.public, log=log.log, seq=seq)
        except HamsayaError as error:
            faults.append(ProofFault(f"{log.log}#{seq}", error.what))
        frontier.append(leaf_hash(sent.envelope.encode()))
        roots[frontier.size] = frontier.root().hex()
    last = f"{log.log}#{max(frontier.size - 1, 0)}"
    try:  # 4
        checkpoint = check_checkpoint(log.checkpoint.encode(), sender.public, log.log)
        if checkpoint.size != frontier.size or checkpoint.root != roots[frontier.size]:
            faults.append(
                ProofFault(last, say("Log {log} does not add up to its signed checkpoint of size {size}.", log=log.log, size=checkpoint.size))
            )
    except HamsayaError as error:
        faults.append(ProofFault(last, error.what))
    return faults + [fault for text in log.receipts for fault in _check_receipt(log.log, text, receiver.public, roots)]  # 5


def _check_receipt(log: str, text: str, key: PublicKey, roots: dict[int, str]) -> list[ProofFault]:
    try:
        receipt = check_receipt(text.encode(), key)
    except HamsayaError as error:
        return [ProofFault(f"{log}#receipt", error.what)]
    if receipt.log != log or roots.get(receipt.size) != receipt.root:
        return [
            ProofFault(f"{log}#{max(receipt.size - 1, 0)}", say("A receipt of {by} covers another log {log} than is stored.", by=receipt.by, log=log))
        ]
    return []
