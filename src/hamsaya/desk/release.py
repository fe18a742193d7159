# SPDX-License-Identifier: Apache-2.0
"""Two officers let a version of a record leave (law 1, law 13).

    proposed ──second officer approves──▶ logged ──neighbour's receipt──▶ receipted ──opened there──▶ opened
        ├──a standing-approval clause covers it──▶ logged, and a second person looks afterwards (`desk/reviewing.py`)
        ├──approved while the agreement is suspended or expired──▶ held, and what becomes of it then (`desk/settling.py`)
        └──a clause, a rule, or the second officer says no──▶ refused

The bytes that leave are made when the release is proposed, and the second officer approves those very bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from hamsaya.agreement.charter import Agreement, Standing
from hamsaya.agreement.decision import Decision, refuse
from hamsaya.agreement.fits import still_fits
from hamsaya.agreement.prepare import prepare
from hamsaya.agreement.release import decide, question
from hamsaya.agreement.standing_approval import Alone, standing_approval
from hamsaya.desk.acts_agreement import ReleaseDelayed
from hamsaya.desk.acts_review import ReviewDue
from hamsaya.desk.agreements import known, standing_of
from hamsaya.desk.consents import consent_envelopes, consented
from hamsaya.desk.documents import sentences_of
from hamsaya.desk.erasing import refuse_erased
from hamsaya.desk.events import ReleaseDecided, ReleaseProposed
from hamsaya.desk.grounds import check_grounds
from hamsaya.desk.holdings import AgreementHeld, Officer, ReleaseHeld
from hamsaya.desk.names import name_from
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import release_log
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import as_plain
from hamsaya.facts.values import Words
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import SALT_BYTES
from hamsaya.settlement.courses import COURSES

MAX_RELEASE = 4 * 1024 * 1024
_INCIDENT = re.compile(r"(?<![A-Z0-9-])[A-Z][A-Z0-9-]*-I-[0-9A-Z]+")
_TOKEN = re.compile(r"[0-9a-f]{32,64}")
OVERTAKEN = ("amended", "withdrawn", "recalled", "consents")
"""The rules by which bytes that the agreement allowed do not leave: what they rest on was changed since they were made."""
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
    ask_second: bool = False,
    token: str = "",
    content_hash: str = "",
) -> ReleaseHeld:
    """Propose that the record's latest version goes to `receiver`; returns it proposed, or refused with clause or rule.

    What a standing-approval clause covers is logged at once, unless `ask_second`; a second person looks at it afterwards.

    `grounds` are those of law 12, or of a clause, that the officer says it touches: then it is refused. `danger` says that
    life is in danger, so that the position of a group need not be a day old. A refusal is kept in the journal like any
    decision. `token` is that of a form: sent again, it gives the release that it made. `content_hash` is the SHA-256 of the
    bytes that `preview_release` showed under that token. Raises `InputError` for an unknown ground, `NotFound` for an
    unknown record or neighbour, `Stale` where other bytes would leave than were shown; nothing is kept then.
    """
    require(officer.role, "propose")
    with node.ledger.writing() as pen:
        refuse_erased(pen, record)
        seed = _seed(token) if token else node.random(SALT_BYTES)
        before = pen.release(name_from(node, "S", seed)) if token else None
        if before is not None:
            return _repeated(before, officer, record)
        shown = _preview(node, pen, record, receiver, purpose, necessity, grounds, seed, danger=danger)
        if content_hash and content_hash != shown.hash:
            raise Stale(
                say("Other bytes would leave now than those that you were shown."),
                say("Look at them again: the record, its incident or the agreement was changed since."),
                rule="bytes",
            )
        pen.journal(
            ReleaseProposed(release=shown.release, record=record, version=shown.version.version, receiver=shown.receiver,
                            agreement=shown.agreement.agreement.table.id if shown.agreement else "", purpose=purpose,
                            necessity=shown.necessity, content=shown.content, quote_salt=shown.salt.hex(), withheld=shown.withheld,
                            grounds=list(grounds), danger=danger),
            officer,
        )  # fmt: skip
        if not shown.decision.allowed:
            pen.journal(ReleaseDecided(release=shown.release, decision=shown.decision, standing=shown.standing.state), officer)
        elif shown.alone is not None and not ask_second:
            return _let_leave(node, pen, officer, release_of(pen, shown.release), alone=True)
        return release_of(pen, shown.release)


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would be proposed: the very bytes under the name and salt of the form's token, and what the agreement says now."""

    release: str
    version: Record
    receiver: str
    necessity: str
    agreement: AgreementHeld | None
    standing: Standing
    decision: Decision
    salt: bytes
    content: str
    withheld: int
    alone: Alone | None
    """By which standing approval one officer is enough, if any."""

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the bytes, hexadecimal."""
        return hash_of(self.content.encode())


def preview_release(
    node: Node, officer: Officer, record: str, *, receiver: str = "", purpose: str = "", necessity: str = "", grounds: Sequence[str] = (),
    danger: bool = False, token: str,
) -> Preview:  # fmt: skip
    """Return what `propose_release` would propose under the same token. Changes nothing. Raises as that does."""
    require(officer.role, "propose")
    with node.ledger.reading() as book:
        return _preview(node, book, record, receiver, purpose, necessity, grounds, _seed(token), danger=danger)


def hash_of(content: bytes) -> str:
    """Return the hash by which officers compare the bytes that leave."""
    return hashlib.sha256(content).hexdigest()


def _preview(
    node: Node, book: Book, record: str, receiver: str, purpose: str, necessity: str, grounds: Sequence[str], seed: bytes, *, danger: bool
) -> Preview:
    necessity = as_plain(necessity)  # a page sends the line ends of another machine
    to = neighbour(book, receiver).card.party
    version = _own_version(book, record)
    if _taken_back(book, record, version.version, to):
        raise Refused(
            say("Version {n} of record {record} was taken back from {party}.", n=version.version, record=record, party=to),
            say("File a next version, and release that."),
            rule="recalled",
        )
    check_grounds(book, grounds)
    question = _Question(version, to, purpose, necessity, node.now(), tuple(grounds), danger)
    held, now, decision = _decide(book, question)
    name, salt = name_from(node, "S", seed), hashlib.sha256(b"hamsaya-salt-v1\x00" + seed).digest()[:SALT_BYTES]
    content, withheld = _content(book, name, question, held, salt)
    return Preview(
        release=name, version=version, receiver=to, necessity=necessity, agreement=held, standing=now, decision=decision, salt=salt,
        content=content, withheld=withheld, alone=_alone(content.encode(), decision, held, danger=danger),
    )  # fmt: skip


def _alone(content: bytes, decision: Decision, held: AgreementHeld | None, *, danger: bool) -> Alone | None:
    if held is None or not content:
        return None
    return standing_approval(read(content, ReleasedRecord).record, decision, held.agreement, danger=danger)


def _seed(token: str) -> bytes:
    """Return what the name and the salt of a release follow from. The token is random, and known to the form alone."""
    if not _TOKEN.fullmatch(token):
        raise InputError(say("The token of the form is not in form; open the page again."))
    return hashlib.sha256(b"hamsaya-release-form-v1\x00" + token.encode()).digest()


def _repeated(before: ReleaseHeld, officer: Officer, record: str) -> ReleaseHeld:
    if (before.proposed_by, before.record) != (officer.login, record):
        raise InputError(say("The token of the form is not in form; open the page again."))
    return before


def approve_release(node: Node, officer: Officer, release: str, *, content_hash: str = "") -> ReleaseHeld:
    """Let the proposed bytes leave, as the second officer; the agreement is asked again as it stands now.

    While the agreement is suspended or expired the release is held: it goes on by this word once the agreement is in force.
    `content_hash` is the SHA-256 of the bytes that the officer was shown, if a page showed them. Raises `Refused` for the
    same person as the first, for other bytes than were shown, or where the agreement no longer allows it (that refusal
    is kept), and `Stale` for a release that was decided before.
    """
    require(officer.role, "approve")
    with node.ledger.writing() as pen:
        held = _undecided(pen, release)
        if officer.login == held.proposed_by:
            raise Refused(say("Two officers release: the second must be another person than {login}.", login=officer.login), rule="two-officers")
        if content_hash and content_hash != hash_of(held.content):
            raise Refused(say("These are not the bytes that you were shown; nothing was approved."), say("Open the release again."), rule="bytes")
        return _let_leave(node, pen, officer, held)


def _let_leave(node: Node, pen: Pen, officer: Officer, held: ReleaseHeld, *, alone: bool = False) -> ReleaseHeld:
    """Log the proposed bytes where the agreement, asked again about them as it stands now, allows it; keep the refusal otherwise.

    `alone` says that it is by one officer's word: then a review is due, and what no standing approval covers stays proposed.
    """
    at = node.now()
    agreement, now, decision = decide_again(node, pen, held, at)
    stands = _alone(held.content, decision, agreement, danger=held.danger) if alone else None
    if alone and decision.allowed and stands is None:
        return held
    if now.state in ("suspended", "expired"):
        pen.journal(ReleaseDelayed(release=held.release, reason=now.reason, standing=now.state), officer)
        return release_of(pen, held.release)
    if decision.allowed:
        log_release(node, pen, officer, held, decision, now.state, alone=stands)
    else:
        pen.journal(ReleaseDecided(release=held.release, decision=decision, standing=now.state), officer)
    if stands is not None:
        pen.journal(ReviewDue(release=held.release, clause=stands.clause, until=at + timedelta(hours=stands.review_h)), officer)
    return release_of(pen, held.release)


def decide_again(node: Node, book: Book, held: ReleaseHeld, at: datetime) -> tuple[AgreementHeld | None, Standing, Decision]:
    """Return what the agreement says at `at` about the very bytes of a release, and how it stands then.

    A text that came into force since the bytes were made may let them leave less exactly: then they do not leave as they are.
    """
    agreement = known(book, held.agreement)  # its clauses shaped the bytes
    now = standing_of(agreement, at) if agreement else _NO_AGREEMENT
    sent = read(held.content, ReleasedRecord)
    text = agreement.agreement if agreement else None
    asked = question(
        sent.record, held.receiver, held.purpose, held.necessity, at, text, grounds=held.grounds, danger=held.danger, copy=True,
        consented=consented(book, node.party, sent.record, held.receiver, held.purpose, at, text),
    )  # fmt: skip
    decision = decide(sent.record, held.necessity, asked, text, now)
    if decision.allowed and text is not None and not still_fits(sent.record, text):
        decision = refuse("amended", say("The text in force now lets less of it leave than these bytes tell. Propose it again."))
    if decision.allowed and _wants_a_second(book, held, decision, agreement):
        decision = refuse("amended", say("The text in force now wants a second officer before this leaves. Propose it again."))
    if decision.allowed and held.condition in ("proposed", "held"):
        decision = _overtaken(node, book, held, sent, at) or decision
    return agreement, now, decision


def _wants_a_second(book: Book, held: ReleaseHeld, decision: Decision, agreement: AgreementHeld | None) -> bool:
    """Say whether one officer released it, nobody has found it fine since, and no standing approval covers it any more (law 13)."""
    alone = any(review.outcome != "fine" for review in book.reviews(release=held.release))
    return alone and _alone(held.content, decision, agreement, danger=held.danger) is None


def _overtaken(node: Node, book: Book, held: ReleaseHeld, sent: ReleasedRecord, at: datetime) -> Decision | None:
    """Return the refusal of bytes that rest on what was taken back since they were made: the version, or a consent that they carry."""
    own = (each for each in book.versions(held.record) if not each.received_from and each.record.version == held.version)
    if any(each.withdrawn_by for each in own):
        return refuse("withdrawn", say("Record {record} was withdrawn; what is struck cannot be released.", record=held.record))
    if _taken_back(book, held.record, held.version, held.receiver):
        return refuse(
            "recalled", say("Version {n} of record {record} was taken back from {party}.", n=held.version, record=held.record, party=held.receiver)
        )
    if set(sent.consents) != set(consent_envelopes(book, node.party, sent.record, held.receiver, held.purpose, at)):
        return refuse("consents", say("Other consents hold now than those that these bytes carry. Propose it again."))
    return None


def _taken_back(book: Book, record: str, version: int, receiver: str) -> bool:
    """Say whether this version was taken back from that receiver: it does not go there again, the next one may."""
    return any((each.record, each.version, each.to) == (record, version, receiver) for each in book.recalls())


def log_release(node: Node, pen: Pen, officer: Officer, held: ReleaseHeld, decision: Decision, standing: str, *, alone: Alone | None = None) -> None:
    """Append the bytes of a release to the log for its receiver, as `decision` allows it. The only place that does.

    `alone` is the standing approval by which one officer let it go; its hours of review stand in the signed header, so that
    this node knows them again after it was set back.
    """
    log = pen.current_log(release_log(held.agreement, node.party, held.receiver))
    about = {
        "agreement": held.agreement, "clause": decision.clause, "purpose": held.purpose, "necessity": held.necessity,
        "release": held.release, "record": held.record, "version": str(held.version), "withheld": str(held.withheld),
        **({"danger": "1"} if held.danger else {}), **({"standing": alone.clause, "review_h": str(alone.review_h)} if alone else {}),
    }  # fmt: skip
    seq = pen.extend(log, "release", held.content, officer, about)
    pen.journal(ReleaseDecided(release=held.release, decision=decision, standing=standing, log=log, seq=seq), officer)


def refuse_release(node: Node, officer: Officer, release: str, reason: str) -> ReleaseHeld:
    """Refuse a proposed release as the second officer, with a reason in words; also one that was approved and waits for its agreement."""
    require(officer.role, "approve")
    with node.ledger.writing() as pen:
        waits = release_of(pen, release)
        if waits.condition != "held" or waits.log:  # what waits and was never logged can still be stopped
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


def _own_version(book: Book, record: str) -> Record:
    versions = book.versions(record)
    own = [each for each in versions if not each.received_from]
    standing = [each.record for each in own if not each.withdrawn_by]
    if standing:
        return standing[-1]
    if own:
        raise Refused(say("Record {record} was withdrawn; what is struck cannot be released.", record=record), rule="withdrawn")
    if versions:
        raise Refused(
            say("Record {record} came from {party}; only its originator can let it go on.", record=record, party=versions[-1].received_from),
            say("File it as a record of your own, linked to it; then ask {party} for its consent.", party=versions[-1].received_from),
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

    def under(self, book: Book, agreement: Agreement | None, standing: Standing) -> Decision:
        asked = question(
            self.version, self.to, self.purpose, self.necessity, self.at, agreement, grounds=self.grounds, danger=self.danger,
            consented=consented(book, self.version.party, self.version, self.to, self.purpose, self.at, agreement),
        )  # fmt: skip
        return decide(self.version, self.necessity, asked, agreement, standing)


def _decide(book: Book, asked: _Question) -> tuple[AgreementHeld | None, Standing, Decision]:
    """Return the first agreement of both that allows it; else one in force with its refusal, else the last one."""
    best: tuple[AgreementHeld | None, Standing, Decision] | None = None
    for held in book.agreements():
        if held.agreement.party(asked.version.party) and held.agreement.party(asked.to):
            standing = standing_of(held, asked.at)
            decision = asked.under(book, held.agreement, standing)
            if decision.allowed:
                return held, standing, decision
            if best is None or standing.in_force or not best[1].in_force:
                best = held, standing, decision
    return best or (None, _NO_AGREEMENT, asked.under(book, None, _NO_AGREEMENT))


def _content(book: Book, name: str, asked: _Question, held: AgreementHeld | None, salt: bytes) -> tuple[str, int]:
    """Return the bytes that would leave, as text, and how many fields are withheld. Nothing where no agreement is."""
    if held is None:
        return "", 0
    version, to = asked.version, asked.to
    prepared = prepare(version, held.agreement, sentences_of(book, version), salt)
    leaving = msgspec.structs.replace(prepared.record, incident=_name_for(book, version, to), answers=_request_of(book, version, to))
    leaving = leaving if leaving.answers else msgspec.structs.replace(leaving, step="")
    _keep_names_of_others(book, leaving, to)
    content = canonical(ReleasedRecord(name, leaving, consent_envelopes(book, version.party, leaving, to, asked.purpose, asked.at)))
    if len(content) > MAX_RELEASE:
        raise InputError(say("The copy that would leave has {size} bytes; at most {limit} can be sent.", size=len(content), limit=MAX_RELEASE))
    return content.decode(), prepared.withheld


def _keep_names_of_others(book: Book, leaving: Record, receiver: str) -> None:
    """Raise `Refused` where what settles something names an incident by the name of a third party: the receiver would learn that it told us of it."""
    if leaving.kind not in COURSES and not leaving.step:
        return
    known = {f"{party.upper()}-" for party in (leaving.party, receiver)}
    others = {f"{each.card.party.upper()}-" for each in book.parties()} - known
    texts = [claim.value.text for claim in leaving.claims if isinstance(claim.value, Words)]
    named = next((name for text in texts for name in _INCIDENT.findall(text) if any(name.startswith(other) for other in others)), None)
    if named is not None:
        hint = say("Name the incident as this node or {party} named it, or leave it out.", party=receiver)
        raise Refused(say("It names incident {name}, which is a third party's name for it.", name=named), hint, rule="originator")


def _request_of(book: Book, version: Record, receiver: str) -> str:
    """Return the record that it answers, if the receiver made it or has it; what a third party asked stays at home."""
    theirs = version.answers and any(held.received_from == receiver for held in book.versions(version.answers))
    known = version.answers and any(held.log and held.receiver == receiver for held in book.releases_of(version.answers))
    return version.answers if theirs or known else ""


def _name_for(book: Book, version: Record, receiver: str) -> str:
    """Return the name under which the incident goes on, if it is ours or the receiver's; a third party's stays at home."""
    name = book.incident_name(version.incident)
    known = tuple(f"{party.upper()}-" for party in (version.party, receiver))
    return name if name.startswith(known) else version.incident
