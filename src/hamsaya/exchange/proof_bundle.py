# SPDX-License-Identifier: Apache-2.0
"""A bundle as it travelled, checked by a third person who has the parties' keys.

A bundle carries the end of each log that its receiver lacked: signatures, places and contents of those entries are checked, and
the root too where it begins with the first entry. Where it begins later, what came before is not in it, and no root
can be computed: the file says so, and claims nothing.
"""

from __future__ import annotations

from hamsaya.exchange.bundle import Bundle, Offer
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.proof import Checked, LogShown, ProofFault, check_sent
from hamsaya.exchange.spoken import Spoken
from hamsaya.facts.errors import HamsayaError, InputError
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import check_checkpoint, check_receipt
from hamsaya.seal.envelope import open_envelope, unseal
from hamsaya.seal.keys import PublicKey
from hamsaya.seal.merkle import Frontier, leaf_hash


def check_bundle(data: bytes, spoken: Spoken) -> Checked:
    """Return what the bundle shows. Raises `InputError` for what is no bundle, or where a key is missing.

    1. The bundle is signed by its sender. 2. Each entry and checkpoint is signed by its log's sender, and stands at its place.
    3. A log that begins with its first entry adds up to its checkpoint. 4. Each receipt is signed by the bundle's sender.
    """
    bundle = read(open_envelope(data).payload, Bundle)
    keys = {party: _keys_of(party, spoken) for party in (bundle.sender, bundle.receiver)}
    faults: list[ProofFault] = []
    shown = [_check_offer(offer, keys, faults) for offer in [*bundle.offers, *(bundle.returns or [])]]
    for number, text in enumerate(bundle.receipts):  # 4
        try:
            check_receipt(text.encode(), _signer(keys[bundle.sender], text))
        except HamsayaError as error:
            faults.append(ProofFault(f"receipt-{number}", error.what, "receipt"))
    try:  # 1
        unseal(data, "bundle", _signer(keys[bundle.sender], data.decode()))
    except HamsayaError as error:
        faults.append(ProofFault("file", error.what, "file"))
    return Checked(
        written_by=bundle.sender, fingerprints={party: each[-1].fingerprint() for party, each in keys.items()}, compared=list(keys), shown=shown,
        receipts=len(bundle.receipts), faults=faults, exercise=bundle.exercise,
    )  # fmt: skip


def _keys_of(party: str, spoken: Spoken) -> list[PublicKey]:
    keys = spoken.keys.get(party)
    if keys:
        return keys
    if party in spoken.fingerprints:
        what = say("The keys that were given hold only the fingerprint of {party}; a bundle holds no keys to check its signatures with.", party=party)
    else:
        known = ", ".join(spoken.fingerprints)
        what = say("Expected the key of {party} in the keys that were given; they name {known}.", party=party, known=known)
    raise InputError(
        what, say("Add its card: `hamsaya party show --out FILE` on its node writes it; read its fingerprint aloud before you rely on it.")
    )


def _signer(keys: list[PublicKey], text: str) -> PublicKey:
    """Return the one of a party's keys that an envelope names; its last where it names none of them."""
    try:
        keyid = open_envelope(text.encode()).keyid
    except HamsayaError:
        keyid = ""
    return next((key for key in keys if key.keyid == keyid), keys[-1])


def _check_offer(offer: Offer, keys: dict[str, list[PublicKey]], faults: list[ProofFault]) -> LogShown:
    name = parse_log(offer.log)
    signers = keys.get(name.sender) if name else None
    frontier = Frontier()
    if name is None or signers is None:
        faults.append(ProofFault(f"{offer.log}#{offer.first}", say("The log is of no party of this bundle."), "log"))
    else:
        for seq, sent in enumerate(offer.entries, offer.first):  # 2
            faults += check_sent(f"{offer.log}#{seq}", sent, _signer(signers, sent.envelope), offer.log, seq)
            frontier.append(leaf_hash(sent.envelope.encode()))
        faults += _check_end(offer, _signer(signers, offer.checkpoint), frontier)
    return LogShown(
        log=offer.log, sender=name.sender if name else "", receiver=name.receiver if name else "", first=offer.first, entries=len(offer.entries),
        with_content=sum(each.content is not None for each in offer.entries), left_out=0, root="" if offer.first else frontier.root().hex(),
        receipts=0, receipted=0,
    )  # fmt: skip


def _check_end(offer: Offer, key: PublicKey, frontier: Frontier) -> list[ProofFault]:
    if not offer.checkpoint:  # the giver of returned entries may hold none
        return []
    try:
        checkpoint = check_checkpoint(offer.checkpoint.encode(), key, offer.log)
    except HamsayaError as error:
        return [ProofFault(f"{offer.log}#checkpoint", error.what, "checkpoint")]
    if offer.first == 0 and checkpoint.size == frontier.size and checkpoint.root != frontier.root().hex():  # 3
        what = say("Entries {first} to {last} of log {log} are not those that were signed as a whole: at least one was put in another's place.",
                   first=0, last=frontier.size - 1, log=offer.log)  # fmt: skip
        return [ProofFault(f"{offer.log}#0" if frontier.size == 1 else f"{offer.log}#0-{frontier.size - 1}", what, "tree")]
    if offer.first + len(offer.entries) > checkpoint.size:
        what = say("Log {log} has {came} entries here; what was signed covers {size}.",
                   log=offer.log, came=offer.first + len(offer.entries), size=checkpoint.size)  # fmt: skip
        return [ProofFault(f"{offer.log}#{max(checkpoint.size, 0)}", what, "tree")]
    return []
