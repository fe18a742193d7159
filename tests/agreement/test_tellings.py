# SPDX-License-Identifier: Apache-2.0
"""What one party tells two others differently reaches all of them, in whatever order; and what is signed twice in one place is named."""

from __future__ import annotations

from collections import Counter, defaultdict, deque

from hypothesis import given
from hypothesis import strategies as st

from hamsaya.agreement.tellings import Telling, due

NAMES = ("a", "b", "c", "d")


class Node:
    """A party that holds things, and passes on what is due."""

    def __init__(self, name, parties):
        self.name, self.parties = name, parties
        self.held = {}
        self.told = []

    def hears(self, item, what, author, teller, direct):
        self.held[item] = (what, author)
        self._note(Telling(item=item, what=what, teller=teller, hearer=self.name, direct=direct, log="", seq=0))

    def says(self, item, what, hearer, direct):
        self._note(Telling(item=item, what=what, teller=self.name, hearer=hearer, direct=direct, log="", seq=0))

    def _note(self, telling):
        if telling not in self.told:
            self.told.append(telling)

    def due(self, doubted=()):
        return [
            (item, what, author, to, direct)
            for item, (what, author) in self.held.items()
            for to, direct in due(item, what, author, self.parties, self.name, self.told, contradicted=item in doubted)
        ]


@st.composite
def stories(draw):
    """Some parties, what each told of its own to whom, and the order in which links carry it."""
    parties = NAMES[: draw(st.integers(3, 4))]
    things = draw(st.lists(
        st.tuples(st.sampled_from(parties), st.sampled_from(["text", "signature", "act"]), st.sets(st.sampled_from(parties), min_size=1)),
        min_size=1, max_size=5,
    ))  # fmt: skip
    doubted = draw(st.sets(st.integers(0, len(things) - 1)))
    return parties, things, doubted, draw(st.randoms(use_true_random=False))


@given(stories())
def test_all_hold_the_same_in_the_end_and_each_thing_goes_twice_at_most(story):
    parties, things, doubted, chance = story
    doubted = {f"{number}" for number in doubted}
    nodes = {name: Node(name, parties) for name in parties}
    links, sent = defaultdict(deque), Counter()

    def send(teller, item, what, author, to, direct):
        nodes[teller].says(item, what, to, direct)
        links[teller, to].append((item, what, author, direct))
        sent[item, teller, to] += 1

    for number, (author, what, hearers) in enumerate(things):
        if hearers != {author}:
            nodes[author].held[f"{number}"] = (what, author)
        for to in hearers - {author}:
            send(author, f"{number}", what, author, to, direct=what != "text")
    while waiting := [link for link, queue in links.items() if queue]:
        teller, to = chance.choice(waiting)
        item, what, author, direct = links[teller, to].popleft()
        nodes[to].hears(item, what, author, teller, direct)
        for each in nodes[to].due(doubted):
            send(to, *each)
    assert len({frozenset(node.held.items()) for node in nodes.values()}) == 1
    assert max(sent.values(), default=0) <= 2
    assert not [link for item, teller, link in sent if link == things[int(item)][0] and item not in doubted]
    assert not [each for node in nodes.values() for each in node.due(doubted) if each[2] != node.name]


def test_what_its_author_told_me_is_told_to_each_other_once_and_said_to_be_so():
    told = [Telling(item="1", what="act", teller="b", hearer="a", direct=True, log="link/b/a", seq=4)]
    assert due("1", "act", "b", NAMES[:3], "a", told) == [("c", True)]
    told.append(Telling(item="1", what="act", teller="c", hearer="a", direct=False, log="link/c/a", seq=4))
    assert due("1", "act", "b", NAMES[:3], "a", told) == [("c", True)]
    told.append(Telling(item="1", what="act", teller="a", hearer="c", direct=True, log="link/a/c", seq=4))
    assert due("1", "act", "b", NAMES[:3], "a", told) == []


def test_what_another_told_me_is_not_told_back_to_it():
    told = [Telling(item="1", what="act", teller="c", hearer="a", direct=True, log="link/c/a", seq=4)]
    assert due("1", "act", "b", NAMES[:3], "a", told) == []
    assert due("1", "act", "b", NAMES, "a", told) == [("d", False)]
    assert due("1", "act", "b", NAMES[:3], "a", told, contradicted=True) == [("b", False)]
