# SPDX-License-Identifier: Apache-2.0
"""The signatures under a text that both sides sign, as they stand in the signed entries: for whoever shows them on paper."""

from __future__ import annotations

from datetime import datetime

import msgspec

from hamsaya.desk.case_findings import entry_at
from hamsaya.desk.findings import FindingHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.seal.envelope import open_envelope, to_base64
from hamsaya.seal.keys import fingerprint_of


class SignatureHeld(msgspec.Struct, frozen=True, kw_only=True):
    """One signature under the text that stands: of which party and office, by which key, in which entry."""

    party: str
    office: str
    at: datetime
    fingerprint: str
    """Of the key that made it, as it was read aloud."""
    signature: str
    """Base 64."""
    entry: str


def signatures_under(node: Node, book: Book, held: FindingHeld) -> list[SignatureHeld]:
    """Return the signatures under the text that stands, in the order in which they were made."""
    matter = held.matter
    parties = {matter.side: node.party, "other" if matter.ours else "opener": matter.party}
    steps = [told.step for told in matter.standing.steps if told.counted and told.step.on and told.step.on == matter.standing.text]
    found = []
    for step in steps:
        log, seq = entry_at(step)
        signed = open_envelope(book.entries(log, seq, 1)[0].envelope)
        found.append(SignatureHeld(
            party=parties[step.by], office=step.office, at=step.at, fingerprint=fingerprint_of(signed.keyid),
            signature=to_base64(signed.signature), entry=step.entry,
        ))  # fmt: skip
    return found
