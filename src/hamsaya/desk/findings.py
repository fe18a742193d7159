# SPDX-License-Identifier: Apache-2.0
"""Texts that both sides sign: a joint finding about an incident (F22), minutes (F33), a press line (F37). Tables: `settlement/minutes.py`.

1. A text is a record of the incident, released like any other: two officers look at what leaves, the screen reads it.
2. Whoever puts another text forward files a record that answers the first one. Paragraph by paragraph it stands beside the text before.
3. To sign is a commander's act. What is signed is the name of the very bytes that both hold: a text that changed meanwhile is not signed.
4. Nobody puts words into the other's mouth: a remark of a side comes from a text of that side, or it is not put forward and not signed.
5. A finding rests on the neighbour's accounts: to a third party it goes with their consent only (F4).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Final

import msgspec

from hamsaya.desk.derived import links_to
from hamsaya.desk.events import RecordFiled
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.incidents import view_incident
from hamsaya.desk.matters import Matter, matter_with, matters_of, move_within
from hamsaya.desk.names import new_name
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import parse_log
from hamsaya.facts.claims import Claim, Speaker
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.grades import HANDLING, Handling
from hamsaya.facts.records import Record, RecordKind, is_account
from hamsaya.facts.soundness import as_plain, is_plain
from hamsaya.facts.values import Words
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.envelope import seal
from hamsaya.settlement.course import Step
from hamsaya.settlement.finding import FINDING, Changed, Paragraph, changes, claims_of, text_of, words_of_others
from hamsaya.settlement.minutes import KINDS, MINUTES, SIGNED_TEXTS

MAX_PARAGRAPHS: Final = 200
MAX_TEXT: Final = 2_000


class TextHeld(msgspec.Struct, frozen=True, kw_only=True):
    """One text of a finding, as both sides hold it, beside the one before."""

    name: str
    """By which it is signed."""
    by: str
    """The party that put it forward."""
    step: Step
    paragraphs: list[Changed]


class FindingHeld(msgspec.Struct, frozen=True, kw_only=True):
    """A finding as it stands with one neighbour. `texts` are oldest first; the last stands."""

    matter: Matter
    incident: str
    texts: list[TextHeld]
    signed_by: list[str]
    """The parties that have signed the text that stands."""


def findings_held(node: Node, book: Book, most: int | None = None, kinds: Collection[str] = (FINDING.kind,)) -> list[FindingHeld]:
    """Return the findings, or texts of these kinds, that were put forward here or by a neighbour, newest first; at most so many if asked."""
    found = (held for record, _ in dict.fromkeys(book.openings(kinds)) for held in findings_of(node, book, record))
    return list(islice(found, most))


def findings_of(node: Node, book: Book, record: str) -> list[FindingHeld]:
    """Return a finding as it stands with each neighbour; empty for what is none, or has not left yet."""
    return [_held(node, book, matter) for matter in matters_of(node, book, record) if matter.record.kind in SIGNED_TEXTS]


def propose_finding(node: Node, officer: Officer, incident: str, text: Sequence[Paragraph], *, handling: str = "amber") -> RecordHeld:
    """File the first text of a finding about an incident; it is put forward when it is released.

    Raises `NotFound` for an unknown incident, `InputError` for a text that cannot be, `Refused` for words of another side.
    """
    require(officer.role, "negotiate")
    level = _level(handling)
    with node.ledger.writing() as pen:
        view = view_incident(pen, incident)
        if not any(each.received_from and is_account(each.record) for each in view.held.values()):
            raise Refused(say("No neighbour's account of this incident is here: one side alone finds nothing jointly."), rule="one-side")
        base = _Base(kind=FINDING.kind, incident=view.incident, handling=level)
        return _file(node, pen, officer, base, text, spoken=[])


def propose_minutes(
    node: Node, officer: Officer, kind: str, text: Sequence[Paragraph], *, about: str = "", handling: str = "amber"
) -> RecordHeld:  # fmt: skip
    """File the first text of minutes, or of a press line; it is put forward when it is released. `about` is the meeting, or what else it is about.

    Raises `InputError` for a kind or a text that cannot be, `NotFound` for a record that is not here, `Refused` for words of another side.
    """
    require(officer.role, "negotiate")
    if kind not in KINDS or kind == FINDING.kind:
        raise InputError(say("A text of one of these kinds can be put forward: {known}. This came: {came}",
                             known=", ".join(each for each in KINDS if each != FINDING.kind), came=kind[:40] or "—"))  # fmt: skip
    with node.ledger.writing() as pen:
        if (kind == MINUTES.kind or about) and not pen.versions(about):
            raise NotFound(
                say("There is no meeting {came}.", came=about[:40] or "—"), say("Minutes are of a meeting; `hamsaya meeting list` shows them.")
            )
        base = _Base(kind=SIGNED_TEXTS[kind].kind, handling=_level(handling), about=(about,) if about else ())
        return _file(node, pen, officer, base, text, spoken=[])


def put_forward(node: Node, officer: Officer, finding: str, text: Sequence[Paragraph], party: str = "") -> RecordHeld:
    """File another text of a finding; it is put forward when it is released.

    Raises `NotFound`, `InputError` for a text that cannot be or that stands already, `Refused` for words of another side.
    """
    require(officer.role, "negotiate")
    with node.ledger.writing() as pen:
        held = finding_with(node, pen, finding, party)
        if held.matter.standing.state not in held.matter.course.moves["text"].before:
            raise Refused(say("It stands otherwise now: {state}.", state=held.matter.course.states[held.matter.standing.state].label), rule="decided")
        last = [each.paragraph for each in held.texts[-1].paragraphs if each.how != "removed"] if held.texts else []
        if _clean(text, node.country, held.matter.record.kind) == last:
            raise InputError(say("This is the text that stands: sign it, or change a paragraph."))
        record = held.matter.record
        about = tuple(each.value.text for each in record.claims if each.predicate == "subject" and isinstance(each.value, Words))
        base = _Base(kind=record.kind, incident=record.incident, handling=record.handling, answers=record.id, about=about)
        return _file(node, pen, officer, base, text, spoken=_spoken(held, own=False, node=node))


def sign_finding(node: Node, officer: Officer, finding: str, on: str, party: str = "") -> FindingHeld:
    """Sign the text named `on`. Raises `NotFound`, `Refused`, and `Stale` where another text stands, or this side signed it before."""
    with node.ledger.writing() as pen:
        held = finding_with(node, pen, finding, party)
        stands = [each.paragraph for text in held.texts[-1:] for each in text.paragraphs if each.how != "removed"]
        ours = [each for each in stands if each.kind == "remark" and each.side == node.country]
        strange = [each for each in ours if each not in _spoken(held, own=True, node=node)]
        if strange and on == held.matter.standing.text:
            raise Refused(say("A remark in it is said to be ours, and we never wrote it: {text}", text=strange[0].text[:80]), rule="remark")
        matter = move_within(node, pen, officer, held.matter, "sign", on=on)
        return _held(node, pen, matter)


def finding_with(node: Node, book: Book, finding: str, party: str = "") -> FindingHeld:
    """Return a finding as it stands with `party`. Raises `NotFound`."""
    matter = matter_with(node, book, finding, party)
    if matter.record.kind not in SIGNED_TEXTS:
        raise NotFound(say("There is no finding {came}.", came=finding[:40] or "—"), say("`hamsaya finding list` shows them."))
    return _held(node, book, matter)


def _spoken(held: FindingHeld, *, own: bool, node: Node) -> list[Paragraph]:
    """Return the remarks that stand in texts of this side, or of the other."""
    texts = [each for each in held.texts if (each.by == node.party) == own]
    return [each.paragraph for text in texts for each in text.paragraphs if each.how != "removed" and each.paragraph.kind == "remark"]


class _Base(msgspec.Struct, frozen=True, kw_only=True):
    """What a text is of, and stands in."""

    kind: RecordKind
    handling: Handling
    incident: str = ""
    answers: str = ""
    about: tuple[str, ...] = ()


def _level(handling: str) -> Handling:
    level = next((each for each in HANDLING if each == handling), None)
    if level is None:
        raise InputError(say("Unknown handling level “{level}”; known: {known}", level=handling[:20], known=", ".join(HANDLING)))
    return level


def _file(node: Node, pen: Pen, officer: Officer, base: _Base, text: Sequence[Paragraph], *, spoken: Sequence[Paragraph]) -> RecordHeld:
    said = _clean(text, node.country, base.kind)
    strange = words_of_others(said, node.country, spoken)
    if strange:
        raise Refused(say("This remark is not one that {side} wrote: {text}", side=strange[0].side or "—", text=strange[0].text[:80]), rule="remark")
    view = view_incident(pen, base.incident) if base.incident else None
    theirs = [name for name, held in view.held.items() if held.received_from and is_account(held.record)] if view else []
    named = [
        Claim(id=f"s{number}", predicate="subject", value=Words(text=each), grade="F6", speaker=Speaker(kind="own"))
        for number, each in enumerate(base.about, 1)
    ]  # fmt: skip
    record = Record(
        id=new_name(node, "R"), version=1, kind=base.kind, party=node.party, office=officer.office, side=node.country, basis="own",
        handling=base.handling, incident=view.incident if view else "", claims=[*claims_of(said), *named], filed_at=node.now(),
        exercise=node.exercise, derived=links_to(pen, node.party, [*theirs, *base.about]), answers=base.answers,
    )  # fmt: skip
    pen.journal(RecordFiled(record=record.id, version=1, envelope=seal("record", canonical(record), node.key).decode()), officer)
    return pen.versions(record.id)[-1]


def _clean(text: Sequence[Paragraph], own: str, kind: str) -> list[Paragraph]:
    """Return the text without empty paragraphs; a remark without a side is ours. Raises `InputError`."""
    said = [msgspec.structs.replace(each, text=as_plain(each.text).strip()) for each in text]
    said = [msgspec.structs.replace(each, side=(each.side or own) if each.kind == "remark" else "") for each in said if each.text]
    if not said:
        raise InputError(say("A text has at least one paragraph; this one has none."))
    if len(said) > MAX_PARAGRAPHS:
        raise InputError(say("A text has at most {limit} paragraphs; this one has {n}.", limit=MAX_PARAGRAPHS, n=len(said)))
    for each in said:
        if each.kind not in KINDS[kind]:
            raise InputError(say("A paragraph is one of these: {known}. This came: {came}", known=", ".join(KINDS[kind]), came=each.kind[:40] or "—"))
        if not is_plain(each.text, MAX_TEXT):
            raise InputError(say("A paragraph has at most {limit} letters, without control characters: {text}", limit=MAX_TEXT, text=each.text[:80]))
    if len(set(said)) < len(said):
        raise InputError(say("A paragraph stands in it twice: {text}", text=next(each.text for each in said if said.count(each) > 1)[:80]))
    return said


def _held(node: Node, book: Book, matter: Matter) -> FindingHeld:
    texts: list[TextHeld] = []
    before: list[Paragraph] = []
    parties = {matter.side: node.party, "other" if matter.ours else "opener": matter.party}
    for told in matter.standing.steps:
        copy = _copy(book, told.step) if told.counted and told.step.text else None
        if copy is not None:
            paragraphs = text_of(copy)
            shown = changes(before, paragraphs) if texts else [Changed(each, "kept") for each in paragraphs]
            texts.append(TextHeld(name=told.step.text, by=parties[told.step.by], step=told.step, paragraphs=shown))
            before = paragraphs
    return FindingHeld(
        matter=matter, incident=book.incident_name(matter.record.incident) if matter.record.incident else "", texts=texts,
        signed_by=sorted(parties[side] for side in matter.standing.signers),
    )  # fmt: skip


def _copy(book: Book, step: Step) -> Record | None:
    """Return the copy that a step put forward, as it left or came: the bytes that both sides hold. None where they were erased."""
    log, _, seq = step.entry.rpartition("#")
    content = book.entries(log, int(seq), 1)[0].content if parse_log(log) is not None else None
    return read(content, ReleasedRecord).record if content is not None else None
