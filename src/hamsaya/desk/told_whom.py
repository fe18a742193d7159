# SPDX-License-Identifier: Apache-2.0
"""Who has told whom what of an agreement of three or more, and what a party signed twice in one place, as this node can tell.

What came here in its author's own log, its author told us. That it told another one too, that other says. What nobody said is not known.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final, Literal

import msgspec

from hamsaya.agreement.charter import Signature
from hamsaya.agreement.contradictions import Contradiction, contradictions
from hamsaya.agreement.lifecycle import ACT, AgreementAct, acts_that_hold, claimed_act
from hamsaya.agreement.tellings import Telling
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.seal.envelope import open_envelope

Way = Literal["author", "other", "knows", "passed on", "unknown"]
WAYS: Final[dict[Way, Text]] = {
    "author": say("heard it from that party itself"),
    "other": say("heard it from another party"),
    "knows": say("knows it"),
    "passed on": say("it was passed on"),
    "unknown": say("not known here"),
}
"""How a party came to know a thing: its author told it; it has it of another; it knows an unsigned text, whoever
told it; it was passed on to it and it has not said so; nothing is known."""
_TWO: Final = 2


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A text, a signature over one or an act, and how each other party came to know it."""

    party: str
    """Whose it is: of a text, whom it names as the one that proposes it."""
    text: str
    """Hash of the text that it is, or is about."""
    act: AgreementAct | None
    signature: Signature | None
    ways: dict[str, Way]

    @property
    def told(self) -> list[str]:
        """Return whom its author told itself."""
        return [party for party, way in self.ways.items() if way == "author"]


class Doubted(msgspec.Struct, frozen=True, kw_only=True):
    """What a party signed twice in one place, with whom it told which."""

    party: str
    number: int
    text: str
    signed: list[Known]

    def what(self, called: str) -> Text:
        """Return it as a sentence."""
        if self.number:
            return say("{party} signed {n} different acts under number {number}. What stops counts, at every party.",
                       party=called, n=len(self.signed), number=self.number)  # fmt: skip
        return say("{party} signed one text {n} times, each time otherwise. The earliest signature counts, at every party.",
                   party=called, n=len(self.signed))  # fmt: skip


def known_by(node: Node, book: Book, held: AgreementHeld) -> list[Known]:
    """Return each text of three or more parties, each signature and act on it, with how each other party knows it; nothing for two."""
    history, told = held.history, book.tellings(held.agreement.table.id)
    shared = {name: [each.party for each in text.table.parties] for name, text in history.texts.items() if len(text.table.parties) > _TWO}
    found = [
        Known(party=author, text=name, act=None, signature=None, ways={
            party: _way(node.party, party, author, [each for each in told if each.item == name], signed=False) for party in parties if party != author
        })
        for name, parties in shared.items() if (author := history.texts[name].table.proposed_by)
    ]  # fmt: skip
    found += [
        _known(node, data, party, parties, told)
        for name, parties in shared.items() for party in sorted(history.signatures.get(name, {})) for data in history.signatures_of(name, party)
    ]  # fmt: skip
    return found + [_known(node, data, act.party, shared[act.text], told) for act, data in acts_that_hold(history) if act.text in shared]


def doubts(node: Node, book: Book, held: AgreementHeld) -> list[Doubted]:
    """Return what was signed twice in one place."""
    told = book.tellings(held.agreement.table.id)
    return [_doubted(node, each, held, told) for each in contradictions(held.history)]


def _doubted(node: Node, each: Contradiction, held: AgreementHeld, told: list[Telling]) -> Doubted:
    texts = held.history.texts
    return Doubted(party=each.party, number=each.number, text=each.text, signed=[
        _known(node, data, each.party, [one.party for one in texts[each.text or claimed_act(data).text].table.parties], told) for data in each.signed
    ])  # fmt: skip


def _known(node: Node, data: bytes, author: str, parties: list[str], told: list[Telling]) -> Known:
    envelope, item = open_envelope(data), sha256(data).hexdigest()
    about = [each for each in told if each.item == item]
    act = read(envelope.payload, AgreementAct) if envelope.kind == ACT else None
    signature = None if act else read(envelope.payload, Signature)
    return Known(
        party=author, text=act.text if act else signature.agreement if signature else "", act=act, signature=signature,
        ways={party: _way(node.party, party, author, about) for party in parties if party != author},
    )  # fmt: skip


def _way(own: str, party: str, author: str, about: list[Telling], *, signed: bool = True) -> Way:
    """Return how `party` came to know it."""
    if any(each.teller == author and each.hearer == party for each in about) or any(each.teller == party and each.direct for each in about):
        return "author"
    if party == own or any(each.teller == party for each in about):
        return "other" if signed or party == own else "knows"
    return "passed on" if any(each.hearer == party for each in about) else "unknown"
