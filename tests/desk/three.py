# SPDX-License-Identifier: Apache-2.0
"""Three neighbours in a row: west tells east, and east would tell north."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from tests.conftest import START, Clock, Desk, make_desk

from hamsaya.desk.agreements import draft_agreement, sign_agreement
from hamsaya.desk.consents import answer_consent, ask_consent
from hamsaya.desk.converse import answer, synchronise
from hamsaya.desk.parties import trust_neighbour
from hamsaya.desk.release import approve_release, propose_release
from hamsaya.desk.terms import sample_terms

NECESSITY = "Both commands must see this account."


@dataclass
class Three:
    """West, east and north; each of the two links has an agreement."""

    west: Desk
    east: Desk
    north: Desk

    def sync(self, *pairs):
        """Let neighbours talk: those named, or all, until nothing is new."""
        for one, other in pairs or (("east", "west"), ("east", "north"), ("east", "west")):
            talk(getattr(self, one), getattr(self, other))


def talk(one, other):
    synchronise(one.node, other.node.party, lambda _, data: answer(other.node, data))


def trust(one, other):
    for each, whom in ((one, other), (other, one)):
        with whom.store.reading() as book:
            trust_neighbour(each.node, book.card_of(whom.node.party), whom.node.key.public.fingerprint())


def agree(one, other, changes=lambda text: text):
    first, second = one.node.party, other.node.party
    terms = changes(sample_terms(first, second, START - timedelta(days=1)))
    name = draft_agreement(one.node, terms, second).agreement.table.id
    talk(one, other)
    for each in (one, other):
        sign_agreement(each.node, each.officers["commander"], name)
    talk(one, other)
    return name


def make_three(folder, places, *, known=True):
    clock = Clock()
    three = Three(
        *(make_desk(folder, party, country, clock=clock, places=places) for party, country in (("west", "IR"), ("east", "PK"), ("north", "AF")))
    )
    trust(three.west, three.east)
    trust(three.east, three.north)
    if known:
        trust(three.west, three.north)
    agree(three.west, three.east)
    agree(three.east, three.north)
    return three


def send(desk, record, to, **options):
    """Propose and, where nothing is against it, approve."""
    held = propose_release(desk.node, desk.officers["duty"], record, receiver=to, **{"purpose": "settlement", "necessity": NECESSITY, **options})
    return held if held.condition == "refused" else approve_release(desk.node, desk.officers["approver"], held.release)


def ask(desk, record, to="north", purpose="settlement"):
    return ask_consent(desk.node, desk.officers["duty"], record, receiver=to, purpose=purpose, necessity=NECESSITY)


def grant(desk, asker, request, *, granted=True, until=None):
    return answer_consent(desk.node, desk.officers["approver"], asker, request, granted=granted, until=until)


def inbox(desk, kind):
    with desk.store.reading() as book:
        return [item for item in book.inbox() if item.kind == kind]


def quarantine(desk):
    with desk.store.reading() as book:
        return [str(item.reason) for item in book.inbox() if item.state == "quarantined"]
