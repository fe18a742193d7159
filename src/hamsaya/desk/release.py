# SPDX-License-Identifier: Apache-2.0
"""Two officers let a version of a record leave (law 1, law 13).

    proposed ──second officer approves──▶ logged ──neighbour's receipt──▶ receipted ──opened there──▶ opened
        └──a clause, a rule, or the second officer says no──▶ refused

The bytes that leave are made when the release is proposed, and the second officer approves those very bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from hamsaya.agreement.asked import ask
from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.clauses import RefusalGrounds
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.grounds import GROUNDS
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.documents import sentence_of, text_of
from hamsaya.desk.events import ReleaseDecided, ReleaseProposed
from hamsaya.desk.holdings import AgreementHeld, Officer, ReleaseHeld
from hamsaya.desk.names import new_name
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import release_log
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import SALT_BYTES

MAX_RELEASE = 4 * 1024 * 1024
_NO_AGREEMENT = Standing("draft", say("No agreement with this neighbour is in force."), [])


def propose_release(
    node: Node,
    officer: Officer,
    record: str,
    *,
    receiver: str = "",
    purpose: str,
    necessity: str,
    grounds: Sequence[str] = (),
    danger: bool = False,
) -> ReleaseHeld:
    """Propose that the record's latest version goes to `receiver`; returns it proposed, or refused with clause or rule.

    `grounds` are those of law 12, or of a clause, that the officer says it touches: then it is refused. `danger` says that
    life is in danger, so that the position of a group need not be a day old. A refusal is kept in the journal like any
    decision. Raises `InputError` for an unknown ground, `NotFound` for an unknown record or neighbour.
    """
    require(officer.role, "propose")
    necessity = as_plain(necessity)  # a page sends the line ends of another machine
    with node.ledger.writing() as pen:
        to = neighbour(pen, receiver).card.party
        version = _own_version(pen, record)
        _check_grounds(pen, grounds)
        question = _Question(version, to, purpose, necessity, node.now(), tuple(grounds), danger)
        held, now, decision = _decide(pen, question)
        name, salt = new_name(node, "S"), node.random(SALT_BYTES)
        content, withheld = _content(pen, name, version, to, held, salt)
        pen.journal(
            ReleaseProposed(release=name, record=record, version=version.version, receiver=to,
                            agreement=held.agreement.table.id if held else "", purpose=purpose, necessity=necessity,
                            content=content, quote_salt=salt.hex(), withheld=withheld, grounds=list(grounds), danger=danger),
            officer,
        )  # fmt: skip
        if not decision.allowed:
            pen.journal(ReleaseDecided(release=name, decision=decision, standing=now.state), officer)
        return release_of(pen, name)


def approve_release(node: Node, officer: Officer, release: str) -> ReleaseHeld:
    """Let the proposed bytes leave, as the second officer; the agreement is asked again as it stands now.

    Raises `Refused` for the same person as the first, for a release that was decided before, or where the agreement
    no longer allows it (that refusal is kept).
    """
    require(officer.role, "approve")
    with node.ledger.writing() as pen:
        held = _undecided(pen, release)
        if officer.login == held.proposed_by:
            raise Refused(say("Two officers release: the second must be another person than {login}.", login=officer.login), rule="two-officers")
        agreement = next((each for each in pen.agreements() if each.agreement.table.id == held.agreement), None)  # its clauses shaped the bytes
        now = standing_of(agreement, node.now()) if agreement else _NO_AGREEMENT
        sent = read(held.content, ReleasedRecord)
        asked = ask(sent.record, held.receiver, held.purpose, held.necessity, node.now(), grounds=held.grounds, danger=held.danger, copy=True)
        decision = decide(sent.record, held.necessity, asked, agreement.agreement if agreement else None, now)
        log, seq = "", -1
        if decision.allowed:
            log = release_log(held.agreement, node.party, held.receiver)
            about = {
                "agreement": held.agreement, "clause": decision.clause, "purpose": held.purpose, "necessity": held.necessity,
                "release": release, "record": held.record, "version": str(held.version), "withheld": str(held.withheld),
                **({"danger": "1"} if held.danger else {}),
            }  # fmt: skip
            seq = pen.extend(log, "release", held.content, officer, about)
        pen.journal(ReleaseDecided(release=release, decision=decision, standing=now.state, log=log, seq=seq), officer)
        return release_of(pen, release)


def refuse_release(node: Node, officer: Officer, release: str, reason: str) -> ReleaseHeld:
    """Refuse a proposed release as the second officer, with a reason in words."""
    require(officer.role, "approve")
    with node.ledger.writing() as pen:
        _undecided(pen, release)
        decision = Decision(allowed=False, rule="second-officer", reason=say("The second officer refused: {reason}", reason=reason.strip() or "—"))
        pen.journal(ReleaseDecided(release=release, decision=decision, standing=""), officer)
        return release_of(pen, release)


def release_of(book: Book, release: str) -> ReleaseHeld:
    """Return the release. Raises `NotFound`."""
    held = book.release(release)
    if held is None:
        raise NotFound(say("There is no release {came}.", came=release[:40] or "—"), say("`hamsaya release show` lists them."))
    return held


def _undecided(book: Book, release: str) -> ReleaseHeld:
    held = release_of(book, release)
    if held.condition != "proposed":
        raise Stale(
            say("Release {release} was decided before: {condition}.", release=release, condition=held.condition),
            by=held.decided_office, at=held.condition_at,
        )  # fmt: skip
    return held


def _own_version(pen: Pen, record: str) -> Record:
    versions = pen.versions(record)
    own = [each for each in versions if not each.received_from]
    standing = [each.record for each in own if not each.withdrawn_by]
    if standing:
        return standing[-1]
    if own:
        raise Refused(say("Record {record} was withdrawn; what is struck cannot be released.", record=record), rule="withdrawn")
    if versions:
        raise Refused(
            say("Record {record} came from {party}; only its originator can let it go on.", record=record, party=versions[-1].received_from),
            rule="originator",
        )
    raise NotFound(say("There is no record {came}.", came=record[:40] or "—"), say("`hamsaya record list` shows what is filed."))


class _Question(NamedTuple):
    version: Record
    to: str
    purpose: str
    necessity: str
    at: datetime
    grounds: tuple[str, ...]
    danger: bool

    def under(self, agreement: Agreement | None, standing: Standing) -> Decision:
        asked = ask(self.version, self.to, self.purpose, self.necessity, self.at, grounds=self.grounds, danger=self.danger)
        return decide(self.version, self.necessity, asked, agreement, standing)


def _decide(pen: Pen, asked: _Question) -> tuple[AgreementHeld | None, Standing, Decision]:
    """Return the first agreement of both that allows it; else one in force with its refusal, else the last one."""
    best: tuple[AgreementHeld | None, Standing, Decision] | None = None
    for held in pen.agreements():
        if held.agreement.party(asked.version.party) and held.agreement.party(asked.to):
            standing = standing_of(held, asked.at)
            decision = asked.under(held.agreement, standing)
            if decision.allowed:
                return held, standing, decision
            if best is None or standing.in_force or not best[1].in_force:
                best = held, standing, decision
    return best or (None, _NO_AGREEMENT, asked.under(None, _NO_AGREEMENT))


def _check_grounds(pen: Pen, grounds: Sequence[str]) -> None:
    """Return if each ground is one of law 12, or added by an agreement that is held here. Raises `InputError`."""
    known = grounds_known(pen)
    for ground in grounds:
        if ground not in known:
            raise InputError(say("Unknown refusal ground “{came}”; known: {known}", came=ground[:40], known=", ".join(known)))


def grounds_known(book: Book) -> dict[str, Text]:
    """Return the grounds on which nothing is shared: those of law 12, and those that agreements held here add."""
    added = [
        ground
        for held in book.agreements()
        for clause in held.agreement.table.clauses
        if isinstance(clause, RefusalGrounds)
        for ground in clause.also
    ]
    return {**GROUNDS, **{ground.code: Text(ground.called["en"]) for ground in added}}


def _content(pen: Pen, name: str, version: Record, to: str, held: AgreementHeld | None, salt: bytes) -> tuple[str, int]:
    """Return the bytes that would leave, as text, and how many fields are withheld. Nothing where no agreement is."""
    if held is None:
        return "", 0
    texts = {source.document: text_of(pen, source.document) for source in version.sources}
    quotes = {claim.id: as_plain(sentence_of(texts.get(claim.span.document, ""), claim.span)) for claim in version.claims if claim.span}
    prepared = prepare(version, held.agreement, quotes, salt)
    leaving = msgspec.structs.replace(prepared.record, incident=_name_for(pen, version, to))
    content = canonical(ReleasedRecord(name, leaving))
    if len(content) > MAX_RELEASE:
        raise InputError(say("The copy that would leave has {size} bytes; at most {limit} can be sent.", size=len(content), limit=MAX_RELEASE))
    return content.decode(), prepared.withheld


def _name_for(pen: Pen, version: Record, receiver: str) -> str:
    """Return the name under which the incident goes on, if it is ours or the receiver's; a third party's stays at home."""
    name = pen.incident_name(version.incident)
    known = tuple(f"{party.upper()}-" for party in (version.party, receiver))
    return name if name.startswith(known) else version.incident
