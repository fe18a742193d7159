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
 3. A text that is signed by all is in force, whatever refusal crossed it on the way. Before that, one decline ends it.
 4. A suspension belongs to the party that made it, and only that party ends it. By the numbers that a party gave its
    acts, its last `suspend` or `resume` counts. While anybody's stands, nothing is in force.
 5. What was withdrawn stays withdrawn; so is what expired. A new agreement needs a new id. Once a text is in force, only who is
    party to it suspends or withdraws: to be named in another text that was merely proposed gives no voice.
 6. Acts count as soon as they are known, whatever the clocks say; only the validity is asked of a clock (invariant 8).
 7. An act or a signature that does not verify with the key that the text names counts as none.

The order in which texts, signatures and acts arrive changes nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from hamsaya.agreement.charter import Agreement, Signature, Standing, signatures_that_hold, validity
from hamsaya.facts.errors import InputError, Tampered
from hamsaya.facts.soundness import is_plain
from hamsaya.facts.values import Aware
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import MAX_SAFE, canonical, read
from hamsaya.seal.envelope import open_envelope, seal, unseal
from hamsaya.seal.keys import PublicKey, SigningKey

ActVerb = Literal["suspend", "resume", "withdraw", "decline"]
ACT_VERBS: Final[tuple[ActVerb, ...]] = ("suspend", "resume", "withdraw", "decline")
MAX_REASON: Final = 1_000
_KIND: Final = "agreement-act"


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
    """By hash of the text, then by party."""
    acts: list[bytes] = []


class TextLife(msgspec.Struct, frozen=True, kw_only=True):
    """One text of an agreement: what it builds on, who signed it and what became of it."""

    hash: str
    agreement: Agreement
    signed: dict[str, Signature]
    standing: Standing
    open: bool
    """Whether it can still be signed, declined, or revised."""


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


def write_act(agreement: Agreement, act: AgreementAct, key: SigningKey) -> bytes:
    """Return the signed act. Raises `InputError` if the text does not name the party with this key, or the act is not in form."""
    signatory = agreement.party(act.party)
    if signatory is None or signatory.key != key.public.hex:
        raise InputError(say("The agreement does not name {party} with this node's key.", party=act.party))
    _check_form(act)
    return seal(_KIND, canonical(act), key)


def check_act(texts: Mapping[str, Agreement], data: bytes) -> AgreementAct:
    """Return the act in `data` if a party to the text that it names made it. Raises `InputError` or `Tampered`."""
    claimed = read(open_envelope(data).payload, AgreementAct)
    agreement = texts.get(claimed.text)
    signatory = agreement.party(claimed.party) if agreement else None
    if agreement is None or agreement.table.id != claimed.agreement:
        raise InputError(say("It is about a text of agreement {id} that is not known here.", id=claimed.agreement[:60] or "—"))
    if signatory is None:
        raise Tampered(say("{party} is no party to agreement {id}.", party=claimed.party[:40], id=claimed.agreement[:60]))
    act = read(unseal(data, _KIND, PublicKey(signatory.key)), AgreementAct)
    _check_form(act)
    return act


def _check_form(act: AgreementAct) -> None:
    if not 1 <= act.number <= MAX_SAFE or not is_plain(act.office, 200) or not is_plain(act.reason, MAX_REASON):
        raise InputError(say("An act on an agreement is numbered from 1; its office and reason are plain text of at most {n} letters.", n=MAX_REASON))


def life_of(history: History, now: datetime) -> Life:
    """Return the agreement as it stands at `now`. `history` must hold at least one text."""
    found = _find(history)
    texts = [TextLife(hash=name, agreement=history.texts[name], signed=found.signed[name], standing=_standing(history, found, name, now),
                      open=name in found.open) for name in found.order]  # fmt: skip
    shown = _shown(found)
    whole = next(each.standing for each in texts if each.hash == shown)
    return Life(texts=texts, acts=found.acts, governs=found.governs, shown=shown, standing=whole, suspended_by=[act.party for act in found.suspended])


def text_shown(history: History) -> str:
    """Return the hash of the text to look at, which is the one that governs where one does. It does not hang on the time."""
    return _shown(_find(history))


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from a history at any time."""

    acts: list[AgreementAct]
    order: list[str]
    signed: dict[str, dict[str, Signature]]
    complete: set[str]
    open: set[str]
    governs: str
    declined: dict[str, AgreementAct]
    suspended: list[AgreementAct]
    withdrawn: AgreementAct | None


def _find(history: History) -> _Found:
    acts = _acts(history)
    signed = {name: signatures_that_hold(text, history.signatures.get(name, {})) for name, text in history.texts.items()}
    lineage = {name: ancestors(history.texts, name) for name in history.texts}
    complete: set[str] = set()
    for name in sorted(history.texts, key=lambda name: len(lineage[name])):
        if _complete(history.texts[name], signed[name]) and _bound(history.texts, lineage[name], complete).keys() <= signed[name].keys():
            complete.add(name)
    governs = _governing(history.texts, signed, complete)
    binding = [act for act in acts if not governs or history.texts[governs].party(act.party)]
    declined = {act.text: act for act in reversed(acts) if act.verb == "decline" and act.text not in complete}
    withdrawn = next((act for act in binding if act.verb == "withdraw"), None)
    is_open = {
        name for name in history.texts
        if withdrawn is None and name not in complete and name not in declined and (not governs or governs in lineage[name])
    }  # fmt: skip
    order = sorted(history.texts, key=lambda name: (len(lineage[name]), name))
    return _Found(acts=acts, order=order, signed=signed, complete=complete, open=is_open, governs=governs, declined=declined,
                  suspended=_suspended(binding), withdrawn=withdrawn)  # fmt: skip


def _shown(found: _Found) -> str:
    return found.governs or max(found.order, key=lambda name: (name in found.open, found.order.index(name)))


def _standing(history: History, found: _Found, name: str, now: datetime) -> Standing:
    text, signed = history.texts[name], list(found.signed[name])
    if name == found.governs:
        return _of_governing(text, signed, found, now)
    if name in found.complete or (found.governs and name not in found.open and name not in found.declined):
        return Standing("replaced", say("Another text of this agreement was signed by all parties, after it or in its place."), signed)
    counters = text.table.revises in history.texts and not found.governs
    return _of_unsigned(text, signed, found, counters=counters, bound=_bound(history.texts, ancestors(history.texts, name), found.complete))


def ancestors(texts: Mapping[str, Agreement], name: str) -> list[str]:
    """Return the hashes of the texts that a text builds on, nearest first, as far as they are known."""
    found: list[str] = []
    while name in texts and (name := texts[name].table.revises) and name not in found:  # a hash cannot stand in its own text; a forged store could
        found.append(name)
    return found


def _complete(agreement: Agreement, signed: Mapping[str, object]) -> bool:
    return all(signatory.party in signed for signatory in agreement.table.parties)


def _bound(texts: Mapping[str, Agreement], lineage: Iterable[str], complete: Iterable[str]) -> dict[str, str]:
    """Return what the parties are called that texts of the lineage bound, once these were signed by all."""
    return {each.party: each.called() for before in lineage if before in complete for each in texts[before].table.parties}


def _acts(history: History) -> list[AgreementAct]:
    """Return the acts that verify, by party and number; what is signed twice under one number stands in the order of its bytes."""
    held = []
    for data in history.acts:
        try:
            held.append((check_act(history.texts, data), data))
        except (InputError, Tampered):
            continue
    return [act for act, _ in sorted(held, key=lambda each: (each[0].party, each[0].number, each[1]))]


def _governing(texts: Mapping[str, Agreement], signed: Mapping[str, Mapping[str, Signature]], complete: Iterable[str]) -> str:
    whole = set(complete)
    revised = {before for name in whole for before in ancestors(texts, name)}
    return max(whole - revised, key=lambda name: (max(each.at for each in signed[name].values()), name), default="")


def _suspended(acts: list[AgreementAct]) -> list[AgreementAct]:
    """Return the suspensions that stand, one a party."""
    standing: dict[str, AgreementAct] = {}
    for act in acts:
        if act.verb == "suspend":
            standing[act.party] = act
        elif act.verb == "resume":
            standing.pop(act.party, None)
    return list(standing.values())


def _of_governing(text: Agreement, signed: list[str], found: _Found, now: datetime) -> Standing:
    if found.withdrawn is not None:
        return Standing("withdrawn", _told(_WITHDRAWN, text, found.withdrawn), signed)
    valid = validity(text.table, signed, now)
    if not found.suspended or valid.state == "expired":
        return valid
    told = [_told(_SUSPENDED, text, act) for act in found.suspended]
    reason = told[0]
    for each in told[1:]:
        reason = say("{one} Also: {other}", one=reason, other=each)
    return Standing("suspended", reason, signed)


def _of_unsigned(text: Agreement, signed: list[str], found: _Found, *, counters: bool, bound: Mapping[str, str]) -> Standing:
    declined = found.declined.get(text.hash())
    if found.withdrawn is not None:
        return Standing("withdrawn", _told(_WITHDRAWN, text, found.withdrawn), signed)
    if declined is not None:
        return Standing("declined", _told(_TAKEN_BACK if declined.party == text.table.proposed_by else _DECLINED, text, declined), signed)
    needed = {**bound, **{each.party: each.called() for each in text.table.parties}}
    missing = say("Not signed by: {names}", names=", ".join(called for party, called in needed.items() if party not in signed))
    if signed:
        return Standing("signed by some", missing, signed)
    return Standing("counter-proposed" if counters else "proposed", missing, [])


_SUSPENDED: Final = say("Suspended by {party} ({office}) on {time}: {reason}")
_WITHDRAWN: Final = say("Withdrawn for good by {party} ({office}) on {time}: {reason}")
_DECLINED: Final = say("Declined by {party} ({office}) on {time}: {reason}")
_TAKEN_BACK: Final = say("Taken back by {party} ({office}) on {time}: {reason}")


def _told(how: Text, text: Agreement, act: AgreementAct) -> Text:
    signatory = text.party(act.party)
    called = signatory.called() if signatory else act.party
    return Text(
        how.message, {"party": called, "office": act.office, "time": f"{act.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC", "reason": act.reason or "—"}
    )
