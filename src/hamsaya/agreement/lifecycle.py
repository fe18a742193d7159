# SPDX-License-Identifier: Apache-2.0
"""The life of an agreement: its texts, who signed which, what its parties did since, and whether it decides anything.

    proposed ──a text revises it──▶ counter-proposed     (both stand: a party may still sign the first)
       │  │                              │
       │  └──sign (not yet all)──▶ signed by some ──sign (last party)──▶ in force ──the validity ends──▶ expired
       │                                 │                                │  ▲ │ └─a text that revises it is signed by all──▶ replaced
       └──decline (any party)──▶ declined┘                        suspend │  │ │
                                                                          ▼  │ └──withdraw (any party)──▶ withdrawn, for all and for good
                                                                 suspended ──┘ resume (each party that suspended)

 1. Only the signatures of all its parties over one text put that text in force; no act does. A text that leaves out a party of one
    that was signed by all is never in force: who wants to go withdraws.
 2. The text in force is the one signed by all which no other text signed by all revises. Of several, the one whose last
    signature is the latest, then the one with the larger hash: both nodes find the same from the same letters.
 3. One decline ends a text for good, whenever it comes: who declines takes its own signature back too, and no signature of another
    undoes that. What such a text revises does not come back where all had signed it: nothing is in force until all sign another.
 4. A suspension belongs to the party that made it, and only that party ends it. By the numbers that a party gave its
    acts, its last `suspend` or `resume` counts. While anybody's stands, nothing is in force. Of several acts under one number
    (`contradictions.py`) each that stops counts, and a resumption counts only where nothing but resumptions stands under it.
 5. What was withdrawn stays withdrawn; so is what expired. A new agreement needs a new id. Once a text is in force, only who is
    party to it suspends or withdraws: to be named in another text that was merely proposed gives no voice. An act counts among the
    texts that build on the same first text as the one that it names; another first text under the same id is another matter.
 6. Acts count as soon as they are known, whatever the clocks say; only the validity is asked of a clock (invariant 8).
 7. An act or a signature that does not verify with the key that the text names counts as none.

The order in which texts, signatures and acts arrive changes nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Final, Literal

import msgspec

from hamsaya.agreement.charter import Agreement, Signature, Standing, signatures_that_hold, validity
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.soundness import YEARS, is_plain
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import MAX_SAFE, canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey

ActVerb = Literal["suspend", "resume", "withdraw", "decline"]
ACT_VERBS: Final[tuple[ActVerb, ...]] = ("suspend", "resume", "withdraw", "decline")
MAX_REASON: Final = 1_000
ACT: Final = "agreement-act"
"""What an act is sealed as."""


class AgreementAct(msgspec.Struct, frozen=True, kw_only=True):
    """What a party does to an agreement, or to a text of it. Signed by itself, so that it can be carried by anyone."""

    agreement: str
    text: str
    """Hash of the text that the party had before it: the one in force, or the one that it declines."""
    party: str
    office: str
    at: Aware
    verb: ActVerb
    reason: str
    number: int
    """How many acts this party has made on this agreement, this one counted."""


class History(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one agreement, in no order."""

    texts: dict[str, Agreement]
    """By hash."""
    signatures: dict[str, dict[str, bytes]] = {}
    """By hash of the text, then by party: the one that counts (`counted`)."""
    others: dict[str, dict[str, list[bytes]]] = {}
    """Further ones of the same party over the same text, which count for nothing but as evidence that it signed twice."""
    acts: list[bytes] = []
    keys: dict[str, list[str]] = {}
    """By a key that a text may name, those that took over from it (`seal/keyline.py`): a text goes on binding the party, not the key."""

    def signatures_of(self, text: str, party: str) -> list[bytes]:
        """Return every signature of a party over a text, the one that counts first."""
        first = self.signatures.get(text, {}).get(party)
        return [*([first] if first else []), *self.others.get(text, {}).get(party, [])]


class TextLife(msgspec.Struct, frozen=True, kw_only=True):
    """One text of an agreement: what it builds on, who signed it and what became of it."""

    hash: str
    agreement: Agreement
    signed: dict[str, Signature]
    standing: Standing
    open: bool
    """Whether it can still be signed, declined, or revised."""
    complete: bool
    """Whether all have signed it, and none declined it."""

    def can_be_declined(self, party: str) -> bool:
        """Say whether `party` can decline it: as long as it is open, and after that to take its own signature back, while not all have signed."""
        return self.open or (party in self.signed and not self.complete and self.standing.state not in ("declined", "withdrawn"))


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """An agreement as it stands: its texts in the order in which they build on each other, and its acts by party and number."""

    texts: list[TextLife]
    acts: list[AgreementAct]
    governs: str
    """Hash of the text that all signed and that decides; empty where there is none."""
    shown: str
    """Hash of the text to look at: the one that governs, else the latest open one."""
    standing: Standing
    suspended_by: list[str]

    def text(self, name: str) -> TextLife | None:
        """Return the text with that hash."""
        return next((each for each in self.texts if each.hash == name), None)


def write_act(agreement: Agreement, act: AgreementAct, key: SigningKey, keys: Mapping[str, Sequence[str]] = {}) -> bytes:
    """Return the signed act. Raises `InputError` if the text does not name the party with this key, or one before it, or the act is not in form."""
    signatory = agreement.party(act.party)
    if signatory is None or key.public.hex not in (signatory.key, *keys.get(signatory.key, ())):
        raise InputError(say("The agreement does not name {party} with this node's key.", party=act.party))
    _check_form(act)
    return seal(ACT, canonical(act), key)


def check_act(texts: Mapping[str, Agreement], data: bytes, keys: Mapping[str, Sequence[str]] = {}) -> AgreementAct:
    """Return the act in `data` if a party to the text that it names made it, also with a later key. Raises `InputError` or `Tampered`."""
    claimed = claimed_act(data)
    agreement = texts.get(claimed.text)
    signatory = agreement.party(claimed.party) if agreement else None
    if agreement is None or agreement.table.id != claimed.agreement:
        raise InputError(say("It is about a text of agreement {id} that is not known here.", id=claimed.agreement[:60] or "—"))
    if signatory is None:
        raise Tampered(say("{party} is no party to agreement {id}.", party=claimed.party[:40], id=claimed.agreement[:60]))
    signed_by = open_envelope(data).keyid
    able = [PublicKey(each) for each in (signatory.key, *keys.get(signatory.key, ()))]
    act = read(unseal(data, ACT, next((key for key in able if key.keyid == signed_by), able[0])), AgreementAct)
    _check_form(act)
    return act


def claimed_act(data: bytes) -> AgreementAct:
    """Return what an act says, unverified. Raises `InputError`."""
    return read(open_envelope(data).payload, AgreementAct)


def _check_form(act: AgreementAct) -> None:
    if not 1 <= act.number <= MAX_SAFE or not is_plain(act.office, 200) or not is_plain(act.reason, MAX_REASON):
        raise InputError(say("An act on an agreement is numbered from 1; its office and reason are plain text of at most {n} letters.", n=MAX_REASON))
    if act.at.year not in YEARS:
        raise InputError(say("The time on an act or a signature is in no year that this node knows."))


def life_of(history: History, now: datetime) -> Life:
    """Return the agreement as it stands at `now`. `history` must hold at least one text."""
    found = _find(history)
    texts = [TextLife(hash=name, agreement=history.texts[name], signed=found.signed[name], standing=_standing(history, found, name, now),
                      open=name in found.open, complete=name in found.complete) for name in found.order]  # fmt: skip
    shown = _shown(found)
    whole = next(each.standing for each in texts if each.hash == shown)
    return Life(texts=texts, acts=found.acts, governs=found.governs, shown=shown, standing=whole, suspended_by=[act.party for act in found.suspended])


def text_shown(history: History) -> str:
    """Return the hash of the text to look at, which is the one that governs where one does. It does not hang on the time."""
    return _shown(_find(history))


def signed_by_all(history: History) -> dict[str, datetime]:
    """Return by hash when the last party signed, of each text that all signed, also where one declined it since, each after what it builds on."""
    return _find(history).whole


def open_texts(history: History) -> set[str]:
    """Return the hashes of the texts that can still be signed. It does not hang on the time."""
    return _find(history).open


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a history at any time."""

    acts: list[AgreementAct]
    order: list[str]
    """Each text after the one that it builds on."""
    root: dict[str, str]
    """By hash of the text, that of the first text that it builds on."""
    signed: dict[str, dict[str, Signature]]
    bound: dict[str, dict[str, str]]
    """By text, what the parties are called that texts before it bound."""
    whole: dict[str, datetime]
    """Texts that all have signed, whatever became of them, with the time of the last signature."""
    complete: set[str]
    open: set[str]
    governs: str
    declined: dict[str, AgreementAct]
    suspended: list[AgreementAct]
    withdrawn: dict[str, AgreementAct]
    """By root."""


_KEPT: Final = 16
_found_before: dict[int, tuple[History, _Found]] = {}
"""What followed from the histories that were asked last: each entry that comes is asked of the same one, and signatures cost."""


def _find(history: History) -> _Found:
    kept = _found_before.get(id(history))
    if kept is not None and kept[0] is history:  # it is held here, so no other can have its place in memory
        return kept[1]
    found = _follow(history)
    while len(_found_before) >= _KEPT:
        _found_before.pop(next(iter(_found_before), 0), None)
    _found_before[id(history)] = (history, found)
    return found


def _follow(history: History) -> _Found:
    texts, acts, (order, root) = history.texts, _acts(history), _ordered(history.texts)
    declined = {act.text: act for act in reversed(acts) if act.verb == "decline"}
    made = {name: signatures_that_hold(texts[name], held) for name, held in history.signatures.items() if held and name in texts}
    bound, whole = _whole(texts, order, made)
    complete = whole - declined.keys()
    governs = _governing(texts, made, complete, whole)
    binding = [act for act in acts if not governs or (root[act.text] == root[governs] and texts[governs].party(act.party))]
    withdrawn = {root[act.text]: act for act in reversed(binding) if act.verb == "withdraw"}
    is_open = _open(texts, order, governs) - complete - declined.keys()
    taken_back = {(act.text, act.party) for act in acts if act.verb == "decline"}
    return _Found(
        acts=acts, order=order, root=root, bound=bound, complete=complete,
        whole={name: max(each.at for each in made[name].values()) for name in order if name in whole},
        governs=governs, declined=declined, withdrawn=withdrawn,
        open={name for name in is_open if root[name] not in withdrawn}, suspended=_suspended(binding),
        signed={name: {party: each for party, each in made.get(name, {}).items() if (name, party) not in taken_back} for name in order},
    )  # fmt: skip


def _ordered(texts: Mapping[str, Agreement]) -> tuple[list[str], dict[str, str]]:
    """Return the texts by how many they build on, then by hash, and the first text of each."""
    above = {name: text.table.revises for name, text in texts.items()}
    below: dict[str, list[str]] = {}
    for name, before in above.items():
        below.setdefault(before if before in above else "", []).append(name)
    order: list[str] = []
    root: dict[str, str] = {}
    level = sorted(below.get("", ()))
    while level:
        order += level
        root.update({name: root.get(above[name], name) for name in level})
        level = sorted(each for name in level for each in below.get(name, ()))
    rest = sorted(above.keys() - root.keys())  # texts in a ring: a hash cannot stand in its own text; a forged store could
    return order + rest, root | {name: name for name in rest}


def _whole(
    texts: Mapping[str, Agreement], order: Iterable[str], made: Mapping[str, Mapping[str, object]]
) -> tuple[dict[str, dict[str, str]], set[str]]:
    """Return by text what the parties are called that those before it bound, and the texts that all have signed, these parties too."""
    bound: dict[str, dict[str, str]] = {}
    whole: set[str] = set()
    for name in order:
        table = texts[name].table
        bound[name] = bound.get(table.revises, {})
        if table.revises in whole:
            bound[name] = {**bound[name], **{each.party: each.called() for each in texts[table.revises].table.parties}}
        if {*bound[name], *(each.party for each in table.parties)} <= made.get(name, {}).keys():
            whole.add(name)
    return bound, whole


def _open(texts: Mapping[str, Agreement], order: Iterable[str], governs: str) -> set[str]:
    """Return the texts that could be signed, as far as the one that governs lets them: those that build on it."""
    if not governs:
        return set(texts)
    found = {governs}
    for name in order:
        if texts[name].table.revises in found:
            found.add(name)
    return found


def _shown(found: _Found) -> str:
    return found.governs or max(found.order, key=lambda name: (name in found.open, found.order.index(name)))


def _standing(history: History, found: _Found, name: str, now: datetime) -> Standing:
    text, signed = history.texts[name], list(found.signed[name])
    if name == found.governs:
        return _of_governing(text, signed, found, now)
    if name in found.complete or (found.governs and name not in found.open and name not in found.declined):
        return Standing("replaced", say("Another text of this agreement was signed by all parties, after it or in its place."), signed)
    return _of_unsigned(text, name, found, counters=text.table.revises in history.texts and not found.governs)


def ancestors(texts: Mapping[str, Agreement], name: str) -> list[str]:
    """Return the hashes of the texts that a text builds on, nearest first, as far as they are known."""
    found: dict[str, None] = {}
    while name in texts and (name := texts[name].table.revises) and name not in found:  # a hash cannot stand in its own text; a forged store could
        found[name] = None
    return list(found)


def _acts(history: History) -> list[AgreementAct]:
    """Return the acts that verify, by party and number; what is signed twice under one number stands in the order of its bytes."""
    return [act for act, _ in acts_that_hold(history)]


def acts_that_hold(history: History) -> list[tuple[AgreementAct, bytes]]:
    """Return the acts that verify with their bytes, by party and number, then in the order of the bytes."""
    held = []
    for data in dict.fromkeys(history.acts):
        try:
            held.append((check_act(history.texts, data, history.keys), data))
        except (InputError, Tampered):
            continue
    return sorted(held, key=lambda each: (each[0].party, each[0].number, each[1]))


def counted(signatures: Sequence[bytes]) -> bytes:
    """Return of several signatures of one party over one text the one that counts: the earliest, so that none that is made later moves anything."""
    return min(signatures, key=lambda data: (read(open_envelope(data).payload, Signature).at, data))


def _governing(texts: Mapping[str, Agreement], made: Mapping[str, Mapping[str, Signature]], complete: set[str], whole: set[str]) -> str:
    """Return the text that decides. What all have signed replaces what it revises, also where one of them declined it since."""
    revised: set[str] = set()
    for name in whole:
        before = texts[name].table.revises
        while before in texts and before not in revised:
            revised.add(before)
            before = texts[before].table.revises
    return max(complete - revised, key=lambda name: (max(each.at for each in made[name].values()), name), default="")


def _suspended(acts: list[AgreementAct]) -> list[AgreementAct]:
    """Return the suspensions that stand, one a party."""
    standing: dict[str, AgreementAct] = {}
    for (party, _), made in groupby(acts, key=lambda act: (act.party, act.number)):
        under = list(made)
        stops = [act for act in under if act.verb == "suspend"]
        if stops:
            standing[party] = stops[0]
        elif all(act.verb == "resume" for act in under):
            standing.pop(party, None)
    return list(standing.values())


def _of_governing(text: Agreement, signed: list[str], found: _Found, now: datetime) -> Standing:
    withdrawn = found.withdrawn.get(found.root[found.governs])
    if withdrawn is not None:
        return Standing("withdrawn", _told(_WITHDRAWN, text, withdrawn), signed)
    valid = validity(text.table, signed, now)
    if not found.suspended or valid.state == "expired":
        return valid
    told = [_told(_SUSPENDED, text, act) for act in found.suspended]
    reason = told[0]
    for each in told[1:]:
        reason = say("{one} Also: {other}", one=reason, other=each)
    return Standing("suspended", reason, signed)


def _of_unsigned(text: Agreement, name: str, found: _Found, *, counters: bool) -> Standing:
    signed, declined, withdrawn = list(found.signed[name]), found.declined.get(name), found.withdrawn.get(found.root[name])
    if withdrawn is not None:
        return Standing("withdrawn", _told(_WITHDRAWN, text, withdrawn), signed)
    if declined is not None:
        return Standing("declined", _told(_TAKEN_BACK if declined.party == text.table.proposed_by else _DECLINED, text, declined), signed)
    needed = {**found.bound[name], **{each.party: each.called() for each in text.table.parties}}
    missing = say("Not signed by: {names}", names=", ".join(called for party, called in needed.items() if party not in signed))
    if signed:
        return Standing("signed by some", missing, signed)
    return Standing("counter-proposed" if counters else "proposed", missing, [])


_SUSPENDED: Final = say("Suspended by {party} ({office}) on {time}: {reason}")
_WITHDRAWN: Final = say("Withdrawn for good by {party} ({office}) on {time}: {reason}")
_DECLINED: Final = say("Declined by {party} ({office}) on {time}: {reason}")
_TAKEN_BACK: Final = say("Taken back by {party} ({office}) on {time}: {reason}")
SIGNED_ANOTHER: Final = say("This party signed another text in its place.")
"""The reason of a decline that goes with a signature. It is told in the reader's language."""


def told_reason(act: AgreementAct) -> Text | str:
    """Return why the party acted, as it is shown."""
    return SIGNED_ANOTHER if act.reason == SIGNED_ANOTHER.message else act.reason or "—"


def _told(how: Text, text: Agreement, act: AgreementAct) -> Text:
    signatory = text.party(act.party)
    called = signatory.called() if signatory else act.party
    return Text(
        how.message, {"party": called, "office": act.office, "time": f"{act.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", "reason": told_reason(act)}
    )
