# SPDX-License-Identifier: Apache-2.0
"""What happened: the facts of an incident in one segment of a sentence.

- Who was killed, wounded or held, and by whom, follows from the verb: active or passive where the verb stands in the
  middle, by the marks of agent and object where it stands at the end.
- A number of troops that is nobody's loss is a strength, never casualties.
- What is only possible, denied, or meant for later is no fact here (which verbs are denied: `negation`).
- It does not group facts into events, nor say who speaks; see `events`.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hamsaya.facts.values import Coded, Count, Depth, Place, Value, Words
from hamsaya.facts.words import Text
from hamsaya.intake.counts import number_in_digits
from hamsaya.intake.lexicon import Item
from hamsaya.intake.negation import denied_verbs
from hamsaya.intake.places import place_of, spots
from hamsaya.intake.scanning import Mention, Scan

_FORCES: Final = frozenset({"border_guard", "police", "army", "navy", "coast_guard", "armed_group_member", "smuggler", "unknown_group", ""})
_CARRIERS: Final = frozenset({"vehicle", "boat"})
_TITLE: Final = 6
"""Items between a body and its speech word: a title, a rank, a name."""
_LARGEST: Final = 1_000_000


class Fact(NamedTuple):
    """One fact of a segment, before its speaker is known; `start` and `end` are its span in the document."""

    predicate: str
    value: Value
    start: int
    end: int
    item: int
    """Index of the item it hangs on: decides which hedge reaches it."""
    reason: str
    about: Coded | None = None
    question: Text | None = None


class Loss(NamedTuple):
    """A casualty: which verb, of whom, by whom."""

    predicate: str
    verb: int
    victim: Mention
    agent: Mention | None


class Happened(NamedTuple):
    """The facts of a segment and the pair (who, to whom) that tells events apart."""

    facts: list[Fact]
    actor: tuple[str, str] | None
    victim: tuple[str, str] | None
    inherits: bool
    """A victim is only "three others": it takes the group of the victim before."""


def facts_of(scan: Scan, side: str, last_victim: Coded | None, *, going_on: bool) -> Happened:
    """Return what a segment says happened. `side` is the speaker's, for "their guards"; `last_victim` for "others".

    `going_on` says that an incident is being told, so that a sentence without a verb of its own adds to it.
    """
    denied = None if scan.has("F") else denied_verbs(scan)
    if denied is None:
        return Happened([], None, None, False)
    counted = not scan.has("~")  # "no guards were killed" tells a number; with a verb that is denied there is no verb that tells one
    losses = [loss for loss in _losses(scan) if loss.verb not in denied or (counted and _is_none(scan, loss))]
    acts = [index for index, item in enumerate(scan.items) if item.has("x") and index not in denied]
    around = _circumstances(scan)
    told = losses or acts or any(fact.predicate == "depth" for fact in around)
    if (denied and not (losses or acts or (counted and going_on))) or not (told or going_on):
        return Happened([], None, None, False)
    facts: list[Fact] = []
    victim: Coded | None = None
    inherits = False
    for loss in losses:
        inherits = inherits or (not loss.victim.code and victim is None)
        about = _group(scan, loss.victim, side, victim or (None if loss.victim.code else last_victim))
        victim = about
        facts.append(_loss_fact(scan, loss, about))
    actor = _actor(scan, losses, acts)
    if actor is not None:
        value = _group(scan, actor, side, None)
        start, end = scan.origin_of(*actor.words)
        facts.append(Fact("actor", value, start, end, actor.first, "actor-of-verb"))
    facts += [_act_fact(scan, index) for index in acts]
    used = {loss.victim.first for loss in losses}
    facts += [_strength(scan, each, side) for each in scan.mentions if each.first not in used and _is_strength(each, actor)]
    facts += around
    first = next((loss.agent for loss in losses if loss.agent), actor)
    return Happened(facts, _pair(scan, first, side), (victim.code, victim.country) if victim else None, inherits)


def place_facts(scan: Scan, *, statement: int = -1) -> list[Fact]:
    """Return at most one place of the segment: the most exact one that is not where somebody spoke."""
    told = [each for each in scan.located if not _is_place_of_speech(scan, each.at, statement)]
    best = min(told, key=lambda each: min(spot.radius_m for spot in each.named.spots), default=None)
    if best is not None:
        relation = _relation(scan, best.at)
        start, end = scan.origin(best.at, best.at + 1)
        place, question = place_of(best.spot, best.named, scan.source[start:end], relation)
        return [Fact("place", place, start, end, best.at, "gazetteer", None, question)]
    return _mark_place(scan) or _near_border(scan) or _inside_country(scan)


def _losses(scan: Scan) -> list[Loss]:
    verbs = [index for index, item in enumerate(scan.items) if item.has("k") or item.has("K")]
    losses: list[Loss] = []
    for order, verb in enumerate(verbs):
        code = scan.items[verb].code_of("k") or scan.items[verb].code_of("K")
        before = verbs[order - 1] if order else -1
        after = verbs[order + 1] if order + 1 < len(verbs) else len(scan.items)
        noun = scan.items[verb].kind == "K"
        used = {loss.victim.first for loss in losses}
        if noun:
            victim, agent = next((each for each in _people(scan) if verb < each.first < after), None), None
        elif scan.lexicon.verb_final:
            victim, agent = _roles_verb_final(scan, before, verb)
        else:
            victim, agent = _roles_verb_middle(scan, before, verb, after, used)
        if victim is not None and victim.first not in used:
            inherited = losses[-1].agent if losses and agent is None and not scan.lexicon.verb_final else None
            losses.append(Loss(code.partition(".")[2], verb, victim, agent or inherited))
    return losses


def _roles_verb_middle(scan: Scan, before: int, verb: int, after: int, used: set[int]
                       ) -> tuple[Mention | None, Mention | None]:  # fmt: skip
    """Return victim and agent of “A killed B”, “B were killed by A”, “one B wounded”: the verb stands between."""
    people = _people(scan)
    earlier = [each for each in people if each.last <= verb and each.first > before and each.first not in used]
    later = [each for each in people if verb < each.first < after]
    agent = next((each for each in people if each.first > verb and _marked(scan, each, "b", behind=False)), None)
    if scan.has("p", max(0, verb - 3), verb):
        free = [each for each in earlier if not _marked(scan, each, "b", behind=False)]
        return (free[-1] if free else None), agent
    later = [each for each in later if each != agent]
    if earlier and _is_left(scan, earlier[-1], verb, later):
        return earlier[-1], agent  # "leaving one civilian wounded"
    if later:
        return later[0], (earlier[-1] if earlier else agent)
    return None, None


def _is_left(scan: Scan, mention: Mention, verb: int, later: list[Mention]) -> bool:
    """Say whether the group right before the verb is its victim: "leaving two guards dead", "took residents hostage"."""
    counted = mention.number is not None or (scan.items[verb].code_of("k").endswith(".held") and not later)
    return mention.last == verb and counted and not (later and later[0].first == verb + 1)


def _roles_verb_final(scan: Scan, before: int, verb: int) -> tuple[Mention | None, Mention | None]:
    """Victim and agent by their marks; without an object mark the group next to the verb is the victim."""
    grammar = scan.lexicon.tables["grammar"]
    window = [each for each in _people(scan) if before < each.first and each.last <= verb]
    agents = [each for each in window if _marked(scan, each, "b", behind=grammar["agent_after"])]
    rest = [each for each in window if each not in agents and not _marked(scan, each, "o", behind=grammar["target_after"])]
    objects = [each for each in rest if _marked(scan, each, "r", behind=True)]
    victim = objects[-1] if objects else (rest[-1] if rest else None)
    agent = agents[0] if agents else None
    if agent is None and objects and rest[0] is not victim:
        agent = rest[0]
    return victim, agent


def _marked(scan: Scan, mention: Mention, kind: str, *, behind: bool) -> bool:
    if behind:
        return scan.has(kind, mention.last, mention.last + 1)
    index = mention.first - 1
    while index >= 0 and scan.items[index].kind in "et":
        index -= 1
    return index >= 0 and scan.items[index].has(kind)


def _people(scan: Scan) -> list[Mention]:
    """Mentions of people, and bare numbers beside a verb ("two killed, three wounded")."""
    people = list(scan.mentions)
    for index, item in enumerate(scan.items):
        bare = item.kind == "N" and not any(each.first <= index < each.last for each in people)
        beside = scan.has("k", index + 1, index + 2) or (index > 0 and scan.has("k", index - 1, index))
        if bare and beside:
            people.append(Mention(index, index + 1, item, "", "", (item.start, item.end)))
    return sorted(people)


def _actor(scan: Scan, losses: list[Loss], acts: list[int]) -> Mention | None:
    agent = next((loss.agent for loss in losses if loss.agent), None)
    victims = [loss.victim for loss in losses]
    if agent is not None:
        return agent
    for index in acts:
        subject = _subject(scan, index)
        if subject is not None and subject not in victims and (subject.code or subject.number):
            return subject
    return None


def _speaks(scan: Scan, mention: Mention) -> bool:
    """Say whether a group is (part of) the speaker: "the FC spokesman said", "according to the Foreign Ministry"."""
    after = mention.last
    while after < len(scan.items) and scan.items[after].kind in "bdOfeR.":
        after += 1
    if scan.has("s", after, after + 1) and after - mention.last <= _TITLE:
        return True
    before = mention.first - 1
    while before >= 0 and scan.items[before].kind in "OCGBAfe":
        before -= 1
    return before >= 0 and scan.items[before].code_of("s") == "speech.leading"


def _subject(scan: Scan, verb: int) -> Mention | None:
    if scan.items[verb].has("k"):
        return None
    grammar = scan.lexicon.tables["grammar"]
    mentions = [each for each in scan.mentions if not _speaks(scan, each)]
    before = [each for each in mentions if each.last <= verb]
    agents = [each for each in mentions if _marked(scan, each, "b", behind=grammar["agent_after"])]
    if scan.lexicon.verb_final:
        if agents:
            return agents[0]
        free = [each for each in before if not _marked(scan, each, "o", behind=grammar["target_after"])]
        free = [each for each in free if not scan.has("r", each.last, each.last + 1)]
        return free[0] if free else None
    passive = scan.has("p", max(0, verb - 3), verb) and not scan.items[verb].code.endswith(".other")
    if passive:
        return next((each for each in agents if each.first > verb), None)
    return before[-1] if before else None


def _group(scan: Scan, mention: Mention, side: str, before: Coded | None) -> Coded:
    start, end = scan.origin_of(*mention.words)
    words = scan.source[start:end]
    if not mention.code:
        if before is not None:
            return Coded(code=before.code, words=words, country=before.country)
        return Coded(code="unknown_group", words=words, country=mention.country)
    country = mention.country or (side if mention.own else "")
    if not country and before is not None and before.code == mention.code:
        country = before.country
    return Coded(code=mention.code, words=words, country=country)


def _pair(scan: Scan, mention: Mention | None, side: str) -> tuple[str, str] | None:
    if mention is None:
        return None
    group = _group(scan, mention, side, None)
    return group.code, group.country


def _loss_fact(scan: Scan, loss: Loss, about: Coded) -> Fact:
    first, last = min(loss.victim.first, loss.verb), max(loss.victim.last, loss.verb + 1)
    start, end = scan.origin(first, last)
    count = _count(scan, loss.victim.number)
    if _is_none(scan, loss):
        none = _none_before(scan, loss.victim)
        count = Count(low=0, high=0, words=scan.words(none, none + 1))
    return Fact(loss.predicate, count, start, end, loss.verb, "casualty-verb", about)


def _is_none(scan: Scan, loss: Loss) -> bool:
    """Say whether a loss is of nobody: “no guards were killed”, “none of the guards was wounded”."""
    return loss.victim.number is None and _none_before(scan, loss.victim) >= 0


def _none_before(scan: Scan, mention: Mention) -> int:
    index = mention.first - 1
    while index >= 0 and scan.items[index].kind in "fe":
        index -= 1
    return index if index >= 0 and scan.items[index].kind == "0" else -1


def _count(scan: Scan, item: Item | None) -> Count:
    """A group without a number is at least one."""
    if item is None:
        return Count(low=1, high=None)
    start, end = scan.origin_of(item.start, item.end)
    return Count(low=item.low, high=item.high, words=scan.source[start:end])


def _act_fact(scan: Scan, index: int) -> Fact:
    start, end = scan.origin(index, index + 1)
    code = scan.items[index].code_of("x").partition(".")[2]
    return Fact("action", Coded(code=code, words=scan.source[start:end]), start, end, index, "action-word")


def _is_strength(mention: Mention, actor: Mention | None) -> bool:
    if mention.number is None or (mention.number.code == "number" and mention.number.low == 1):
        return False
    return mention.code in _FORCES if mention.code else mention == actor


def _strength(scan: Scan, mention: Mention, side: str) -> Fact:
    start, end = scan.origin(mention.first, mention.last)
    return Fact("strength", _count(scan, mention.number), start, end, mention.first, "group-with-number",
                _group(scan, mention, side, None))  # fmt: skip


def _circumstances(scan: Scan) -> list[Fact]:
    facts: list[Fact] = []
    damaged = scan.has("v")
    for index, item in enumerate(scan.items):
        start, end = scan.origin(index, index + 1)
        code = item.code_of("y").partition(".")[2]
        if code and (damaged or code in _CARRIERS):
            predicate = "property" if damaged else "means"
            facts.append(Fact(predicate, Coded(code=code, words=scan.source[start:end]), start, end, index, predicate))
        elif item.has("E"):
            code = item.code_of("E").partition(".")[2]
            facts.append(Fact("means", Coded(code=code, words=scan.source[start:end]), start, end, index, "means"))
        elif item.kind == "N" and scan.has("D", index + 1, index + 2) and not scan.has("a", index + 2, index + 3):
            start, end = scan.origin(index, index + 2)
            words = Words(text=scan.source[start:end], language=scan.lexicon.language)
            facts.append(Fact("duration", words, start, end, index, "number-and-unit-of-time"))
        elif item.kind == "N" and scan.has("l", index + 1, index + 2):
            facts += _depth(scan, index)
    return facts


def _depth(scan: Scan, index: int) -> list[Fact]:
    """Read “two kilometres into Pakistan”: a number, a unit of length, a word that says inside, a country beside it."""
    entered = _entered(scan, index - 6, index + 8)
    if entered is None:
        return []
    unit = int(scan.items[index + 1].code_of("l").partition(".")[2])
    item = scan.items[index]
    exact = number_in_digits(scan.folded.text[item.start : item.end]) if item.code == "digits" else None
    low = round((exact if exact is not None else item.low) * unit)
    high = None if item.high is None else low if exact is not None else item.high * unit
    if low > _LARGEST:
        return []
    first, last = min(index, entered[0]), max(index + 2, entered[1])
    start, end = scan.origin(first, last)
    words = scan.words(index, index + 2)
    return [Fact("depth", Depth(low_m=low, high_m=high, territory=entered[2], words=words), start, end, index, "depth")]


def _entered(scan: Scan, low: int, high: int) -> tuple[int, int, str] | None:
    """Return the items and the country of a word that says inside, with the country beside it."""
    behind = bool(scan.lexicon.tables["grammar"]["inside_after"])
    for index in range(max(0, low), min(high, len(scan.items))):
        item = scan.items[index]
        if not (item.has("i") or item.code_of("x") == "action.crossing"):
            continue
        step, other = (-1, index - 1) if behind else (1, index + 1)
        while 0 <= other < len(scan.items) and scan.items[other].kind in "efYi":
            other += step
        if 0 <= other < len(scan.items) and scan.items[other].kind == "C":
            if not behind and scan.has("GA", other + 1, other + 2) and not scan.has("Y", other + 1, other + 2):
                continue  # "inside Iranian border guards": no ground
            return min(index, other), max(index, other) + 1, scan.items[other].country
    return None


def _relation(scan: Scan, index: int) -> str:
    behind = bool(scan.lexicon.tables["grammar"]["near_after"])
    beside = range(index + 1, index + 3) if behind else range(index - 1, index - 4, -1)
    for other in beside:
        if not 0 <= other < len(scan.items):
            break
        if scan.items[other].has("n"):
            return "near"
        if scan.items[other].kind not in "wefCLAh":
            break
    return "in"


def _is_place_of_speech(scan: Scan, index: int, statement: int) -> bool:
    """The place where a statement was given is not the place of the event; nor is a capital that "says" one."""
    leading = 0 <= statement < len(scan.items) and scan.items[statement].code_of("s") == "speech.leading"  # "near Gwadar, according to …"
    if not leading and 0 <= index < statement and all(item.kind in "bdH," for item in scan.items[index + 1 : statement]):
        return True
    order = range(index + 1, len(scan.items)) if scan.lexicon.verb_final else range(index - 1, -1, -1)
    verb = next((other for other in order if any(scan.items[other].has(kind) for kind in "kKxvs")), -1)
    if verb < 0 or not scan.items[verb].has("s") or any(scan.items[verb].has(kind) for kind in "kKx"):
        return False
    return verb == statement or not scan.lexicon.verb_final


def _mark_place(scan: Scan) -> list[Fact]:
    for index, item in enumerate(scan.items):
        if item.kind == "W" and scan.has("N", index + 1, index + 2):
            start, end = scan.origin(index, index + 2)
            place = Place(words=scan.source[start:end], precision="site", relation=_relation(scan, index))
            return [Fact("place", place, start, end, index, "border-mark")]
    return []


def _near_border(scan: Scan) -> list[Fact]:
    """Read “near the Pakistani border”, which says where only roughly: no coordinates."""
    behind = bool(scan.lexicon.tables["grammar"]["near_after"])
    for index, item in enumerate(scan.items):
        if not item.has("n"):
            continue
        first, last = (max(0, index - 3), index) if behind else (index + 1, min(index + 5, len(scan.items)))
        borders = [other for other in range(first, last) if scan.items[other].has("Z")]
        if borders and "." not in scan.letters[min(index, borders[0]) : max(index, borders[0])]:
            end = borders[0] + 1
            if not behind and scan.has("C", end, end + 1):
                end += 1
            begin = min(borders[0], index)
            if behind and begin > 0 and scan.items[begin - 1].kind == "C":
                begin -= 1
            start, stop = scan.origin(begin, max(end, index + 1))
            place = Place(words=scan.source[start:stop], precision="unknown", relation="near")
            return [Fact("place", place, start, stop, index, "near-the-border")]
    return []


def _inside_country(scan: Scan) -> list[Fact]:
    entered = _entered(scan, 0, len(scan.items))
    if entered is None:
        return []
    start, end = scan.origin(entered[0], entered[1])
    spot = spots().get(entered[2])
    place = Place(words=scan.source[start:end], precision="country", name=spot.name if spot else "",
                  ref=spot.ref if spot else "", country=entered[2], relation="inside")  # fmt: skip
    return [Fact("place", place, start, end, entered[0], "inside-a-country")]
