# SPDX-License-Identifier: Apache-2.0
"""A neighbour in memory that signs whatever a test wants: it keeps logs as lists, and can forge, fork and forget."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import msgspec
from tests.agreement.made import table
from tests.conftest import CERTIFICATE, RECIPIENT, START
from tests.facts.made import claim, code, record

from hamsaya.agreement.charter import Agreement, sign, write_text
from hamsaya.exchange.acts import AgreementSignature, AgreementText, Card, ReleasedRecord, write_card
from hamsaya.exchange.bundle import Bundle, Offer, send_entry, write_bundle
from hamsaya.exchange.logs import link_log, release_log
from hamsaya.exchange.session import Mirror
from hamsaya.seal.canonical import canonical
from hamsaya.seal.entries import Entry, Header, Receipt, commit, make_checkpoint, make_entry, make_receipt
from hamsaya.seal.envelope import seal
from hamsaya.seal.keys import SigningKey
from hamsaya.seal.merkle import Frontier, root_of

SALT = b"s" * 32
NECESSITY = "Both commands must see this account."


def entry_of(key, log, seq, *, kind="release.opened", content=b"{}", about=None, at=START, salt=SALT, raw=None):
    """An entry signed by `key`; `raw` overrides fields of its header as they are written."""
    if not raw:
        return make_entry(Header(log=log, seq=seq, kind=kind, at=at, by="east", commitment="", about=about or {}), salt, content, key)
    header = {"log": log, "seq": seq, "kind": kind, "at": at.isoformat(), "by": "east", "about": about or {}, "commitment": commit(salt, content)}
    return Entry(seal("entry", canonical(header | raw), key), salt, content)


def frontier_of(entries):
    frontier = Frontier()
    for each in entries:
        frontier.append(each.leaf)
    return frontier


def mirror_of(entries):
    """What a receiver that holds these entries offers to `take_offer`."""
    hashes = [each.leaf for each in entries]
    return Mirror(frontier_of(entries), lambda seq: hashes[seq], lambda size: root_of(hashes[:size]) if 0 <= size <= len(hashes) else None)


def offer_of(key, log, entries, first=0, *, size=None, upto=None):
    """An offer of `entries[first:upto]` under the checkpoint over the first `size`."""
    whole = entries[: len(entries) if size is None else size]
    checkpoint = make_checkpoint(log, frontier_of(whole), key).decode()
    return Offer(log=log, first=first, checkpoint=checkpoint, entries=[send_entry(each) for each in entries[max(first, 0) : upto]])


@dataclass
class Neighbour:
    """The party `east` (or another), as a test plays it against a real node `west`."""

    party: str = "east"
    country: str = "PK"
    key: SigningKey = field(default_factory=lambda: SigningKey(b"e" * 32))
    logs: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def link(self):
        return link_log(self.party, "west")

    def card(self, **fields):
        made = Card(
            party=self.party, name={"en": self.party.title()}, country=self.country, languages=["en"], zone="UTC", key=self.key.public.hex,
            tls=CERTIFICATE, age=RECIPIENT, address="127.0.0.1:1", exercise=False,
        )  # fmt: skip
        return write_card(msgspec.structs.replace(made, **fields), self.key)

    def add(self, log, kind="release.opened", content=b"{}", **options):
        """Append an entry to one of its logs."""
        entries = self.logs.setdefault(log, [])
        entries.append(entry_of(options.pop("key", self.key), log, options.pop("seq", len(entries)), kind=kind, content=content, **options))
        return entries[-1]

    def bundle(self, *, offers=None, receipts=(), have=None, sender=None, receiver="west", key=None, at=START, raw=None):
        """A bundle with all of its logs, or with the offers that a test made; `raw` overrides fields as they are written."""
        made = Bundle(
            sender=self.party if sender is None else sender, receiver=receiver, at=at, receipts=[each.decode() for each in receipts], have=have or {},
            offers=[offer_of(self.key, log, entries) for log, entries in self.logs.items()] if offers is None else offers,
        )  # fmt: skip
        if not raw:
            return write_bundle(made, key or self.key)
        return seal("bundle", canonical(json.loads(canonical(made)) | raw), key or self.key)

    def agreement(self, west, **options) -> Agreement:
        """An agreement with `west`, whose table names the keys of both."""
        plain = table(**options)
        keys = {"west": west.node.key.public.hex, self.party: self.key.public.hex}
        parties = [msgspec.structs.replace(each, key=keys.get(each.party, each.key), names={"en": each.party.title()}) for each in plain.parties]
        return write_text(msgspec.structs.replace(plain, parties=parties))

    def offer_agreement(self, made):
        """Put text and signature into its link log."""
        self.add(self.link, "agreement.text", canonical(AgreementText(made.table.id, made.body().decode())))
        signature = sign(made, self.party, "commander", START, self.key)
        self.add(self.link, "agreement.signature", canonical(AgreementSignature(made.table.id, signature.decode())))

    def release(self, version=None, *, name="west-east-2026", about=None, **options):
        """Put a release into its release log."""
        version = version or record(
            claim("action", code("raid")), party=self.party, side=self.country, kind="warning", number="EAST-R-1", incident=""
        )
        told = {"agreement": name, "clause": "2", "purpose": "settlement", "necessity": NECESSITY, "withheld": "0", "release": "EAST-S-1"} | (
            {"record": version.id, "version": str(version.version)} | (about or {})
        )
        content = options.pop("content", canonical(ReleasedRecord("EAST-S-1", version)))
        return self.add(release_log(name, self.party, "west"), "release", content, about={k: v for k, v in told.items() if v is not None}, **options)

    def receipt(self, log, size, root, *, by=None, at=START, raw=None):
        """A receipt for one of west's logs."""
        made = Receipt(log=log, size=size, root=root, at=at, by=by or self.party)
        return seal("receipt", canonical(json.loads(canonical(made)) | raw), self.key) if raw else make_receipt(made, self.key)
