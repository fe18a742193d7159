# SPDX-License-Identifier: Apache-2.0
"""A sentence as a row of known items: dates, hours, places, numbers, groups, verbs; and the groups of people it names.

- Dates and hours are found first, then the longest place name or phrase at each word; what is left is unknown ("."),
  and an unknown word never enters a claim: so no person's name does (law 11).
- A mention is a run of items that names a group of people, with its count and country.
- It does not say who did what; see `incidents`.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hamsaya.facts.folding import Folded, Word, fold, words_of
from hamsaya.intake.counts import join_numbers, number_in_digits
from hamsaya.intake.datewords import DateHit, TimeHit, find_dates, find_times
from hamsaya.intake.lexicon import Item, Lexicon, lexicon_for, phrase_at
from hamsaya.intake.places import Named, Spot, choose, find_place

_BESIDE: Final = 3
_COMMA: Final = re.compile(r"[,:]")
_AREAS: Final = frozenset({"district", "province", "country"})
_UNCLEAR: Final = "unknown_group"


class Mention(NamedTuple):
    """A group of people in a sentence: items `first` to `last` (half-open)."""

    first: int
    last: int
    number: Item | None
    code: str
    """Group code, empty where only a unit or a number stands ("three others")."""
    country: str
    words: tuple[int, int]
    """Folded span of the group's own words, without number and article."""
    own: bool = False
    """Named by "our" or "their": belongs to the side that speaks."""


class Located(NamedTuple):
    """A place name in a sentence and the place it means there (None where that stays open)."""

    at: int
    named: Named
    spot: Spot | None


class Scan(NamedTuple):
    """A segment of a sentence, read into items. `letters` has one letter for each item."""

    lexicon: Lexicon
    folded: Folded
    items: list[Item]
    letters: str
    mentions: list[Mention]
    located: list[Located]
    dates: list[DateHit]
    times: list[TimeHit]
    source: str
    """The document's text."""
    sentence: tuple[int, int]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the document span of items `start` to `end` (half-open), with a bracket closed that was opened."""
        return self.origin_of(self.items[start].start, self.items[end - 1].end)

    def origin_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the document span of a folded span."""
        first, last = self.folded.origin(start, end)
        text = self.source[first:last]
        if text.count("(") > text.count(")") and self.source[last : last + 1] == ")" and last < self.sentence[1]:
            last += 1
        return first, last

    def words(self, start: int, end: int) -> str:
        """Return the document's own words of items `start` to `end`."""
        first, last = self.origin(start, end)
        return self.source[first:last]

    def has(self, kinds: str, start: int = 0, end: int | None = None) -> bool:
        """Say whether an item between `start` and `end` may be read as one of the letters in `kinds`."""
        return any(item.has(kind) for item in self.items[start:end] for kind in kinds)


def scan(source: str, start: int, end: int, sentence: tuple[int, int], language: str) -> Scan:
    """Return the items of `source[start:end]`, which lies in `sentence`. Never fails."""
    lexicon = lexicon_for(language)
    folded = fold(source[start:end], start)
    dates, times = find_dates(folded.text, language), find_times(folded.text, language)
    taken = [(hit.start, hit.end, "d") for hit in dates] + [(hit.start, hit.end, "H") for hit in times]
    words = words_of(folded.text)
    items, named = _items(lexicon, source, folded, words, sorted(taken))
    items = join_numbers(items, folded.text)
    letters = "".join(item.kind for item in items)
    located = _located(items, named, behind=bool(lexicon.tables["grammar"]["place_after"]))
    mentions = [_mention(items, found, letters) for found in lexicon.mention.finditer(letters)]
    return Scan(lexicon, folded, items, letters, mentions, located, dates, times, source, sentence)


def _items(lexicon: Lexicon, source: str, folded: Folded, words: list[Word], taken: list[tuple[int, int, str]]
           ) -> tuple[list[Item], list[Named]]:  # fmt: skip
    """Return the items in order and the places among them; `taken` are the folded spans of dates and hours."""
    items: list[Item] = []
    named: list[Named] = []
    index, next_taken = 0, 0
    while index < len(words):
        word = words[index]
        if items and (stop := _COMMA.search(folded.text, items[-1].end, word.start)):
            items.append(Item(",", "", stop.start(), stop.end()))
        while next_taken < len(taken) and taken[next_taken][1] <= word.start:
            next_taken += 1
        if next_taken < len(taken) and taken[next_taken][0] <= word.start:
            first, last, kind = taken[next_taken]
            items.append(Item(kind, "", first, last))
            while index < len(words) and words[index].start < last:
                index += 1
            continue
        limit = taken[next_taken][0] if next_taken < len(taken) else len(folded.text)
        place = find_place(words, index, lexicon.language)
        phrase = phrase_at(lexicon, words, index)
        ranked = bool(items) and items[-1].kind == "R"  # "Colonel Saravan" is a name
        longest = place is not None and (phrase is None or place.length >= phrase[0])
        if place and longest and not ranked and _is_place(place, lexicon, source, folded, words):
            named.append(place)
            items.append(Item("L", place.spots[0].ref, place.start, place.end))
            index += place.length
        elif phrase and words[index + phrase[0] - 1].end <= limit:
            size, entry = phrase
            kind, code, country = entry.kinds[0]
            items.append(Item(kind, code, word.start, words[index + size - 1].end, country, entry.low, entry.high,
                              entry.kinds))  # fmt: skip
            index += size
        else:
            value = number_in_digits(word.text) if word.text[0].isdigit() else None
            number = int(value) if value is not None else 0
            items.append(Item("." if value is None else "N", "digits", word.start, word.end, "", number, number))
            index += 1
    return items, named


def _is_place(place: Named, lexicon: Lexicon, source: str, folded: Folded, words: list[Word]) -> bool:
    """A Latin name begins with a capital; a name that is also a common word needs a word beside it that says where."""
    first, _ = folded.origin(place.start, place.end)
    if lexicon.language == "en":
        return source[first].isupper()
    if not any(spot.locative for spot in place.spots):
        return True
    after, last = bool(lexicon.tables["grammar"]["place_after"]), place.first + place.length
    before = [index for index in (place.first - 1, place.first - 2) if index >= 0]
    for index in ([last] if after and last < len(words) else []) + before:
        found = phrase_at(lexicon, words, index)
        reach = found[0] if found else 0
        beside = index >= last or index + reach >= place.first
        if found and beside and any(kind in "hnw" for kind, _, _ in found[1].kinds):
            return True
    return False


def _located(items: list[Item], named: list[Named], *, behind: bool) -> list[Located]:
    """Decide each place name by what stands beside it; `behind`: the language puts its "in" behind the place."""
    by_start = {each.start: each for each in named}
    places = [(index, by_start[item.start]) for index, item in enumerate(items) if item.kind == "L"]
    located: list[Located] = []
    for index, each in places:
        beside: set[str] = set()
        around = {item.country for item in items if item.kind == "C" and _is_ground(items, item)}
        for other, item in enumerate(items):
            if item.kind == "C" and 0 < abs(other - index) <= _BESIDE and _tells(items, index, other, behind=behind):
                beside.add(item.country)
        for other, neighbour in places:
            if other != index and len(neighbour.spots) == 1:
                around.add(neighbour.spots[0].ref)
                around.add(neighbour.spots[0].country)
                area = neighbour.spots[0].kind in _AREAS
                if area and 0 < abs(other - index) <= _BESIDE and _only(items, index, other, "wfeh,"):
                    beside.add(neighbour.spots[0].ref)
        beside -= {ref for ref in beside if ref in {spot.ref for spot in each.spots}}
        located.append(Located(index, each, choose(each, frozenset(_countries_of(beside)), frozenset(around))))
    return located


def _tells(items: list[Item], place: int, country: int, *, behind: bool) -> bool:
    """Say whether a country tells where the place is: "Pishin, Iran", "Pakistan's Mand"; not "in Mand, Iranian guards"."""
    if country < place:
        return _only(items, place, country, "wfe,")
    after = items[country + 1 : country + 2]
    return _only(items, place, country, "," if behind else "wfeh,") and not any(item.kind in "GABOU" for item in after)


def _countries_of(beside: set[str]) -> set[str]:
    """An area beside a name speaks for its country: "Pishin in Sistan and Baluchestan"."""
    return {each.partition(".")[0] for each in beside} - {"sea"}


def _is_ground(items: list[Item], item: Item) -> bool:
    index = items.index(item)
    return any(items[other].kind in "ihnf" for other in (index - 1, index + 1) if 0 <= other < len(items))


def _only(items: list[Item], one: int, other: int, kinds: str) -> bool:
    low, high = sorted((one, other))
    return all(any(item.has(kind) for kind in kinds) for item in items[low + 1 : high])


def _mention(items: list[Item], found: re.Match[str], letters: str) -> Mention:
    first, last = found.span()
    run = items[first:last]
    count = next((item for item in run if item.kind == "N"), None)
    groups = [item for item in run if item.kind in "GB"]
    best = next((item for item in groups if item.country), None)
    best = best or next((item for item in groups if not item.code.endswith(_UNCLEAR)), None)
    best = best or (groups[0] if groups else None)
    code = best.code.partition(".")[2] if best else ""
    country = next((item.country for item in run if item.kind == "C"), best.country if best else "")
    told = [item for item in run if item.kind not in "NXetf" or (item.kind == "f" and item is not run[0])]
    while told and told[0].kind in "fU" and len(told) > 1 and groups:
        told = told[1:]
    words = (told[0].start, told[-1].end) if told else (run[0].start, run[-1].end)
    if count is not None and words[0] < count.start < words[1]:  # "of the corps one soldier": the number stands inside
        words = (count.end, words[1]) if best is None or best.start > count.start else (words[0], count.start)
        words = _trimmed(run, words)
    after = last < len(letters) and letters[last] == "t"
    own = not country and (any(item.has("t") for item in run) or (first > 0 and items[first - 1].has("t")) or after)
    return Mention(first, last, count, code, country, words, own)


def _trimmed(run: list[Item], words: tuple[int, int]) -> tuple[int, int]:
    inside = [item for item in run if words[0] <= item.start and item.end <= words[1] and item.kind not in "Nfe"]
    return (inside[0].start, inside[-1].end) if inside else words
