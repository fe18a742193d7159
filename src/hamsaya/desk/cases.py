# SPDX-License-Identifier: Apache-2.0
"""A case file: one incident with both accounts, as released, written down so that a third person can check it.

1. Only the commander writes one: who answers for what leaves. It stands in the journal: for whom, why, what was in it, its hash.
2. It holds what was released and nothing else: copies that two officers let leave, and copies that a neighbour sent. An account
   that never left is counted, not shown. What was taken back is not in it. What was erased is named as erased, with its proof.
3. TLP:RED goes no further than who has it: of such a release only the proof is in the file. The strictest level of the rest stands on top.
4. Of the logs it holds the entries of the incident; every other entry is there as the hash of its leaf.
5. A joint finding that both sides have signed stands in it with its text and both signatures (`desk/case_findings.py`).
6. Its page is drawn first, and its digest signed with the evidence: what it shows cannot be altered apart from what it proves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Protocol

import msgspec

from hamsaya.accounts.harm import Harm, harm_in
from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.desk.acts_cases import CaseExported
from hamsaya.desk.case_findings import CaseFinding, signed_findings
from hamsaya.desk.cases_held import CaseHeld
from hamsaya.desk.flags import flag_of
from hamsaya.desk.holdings import Officer, RecordHeld, ReleaseHeld
from hamsaya.desk.incidents import IncidentView, view_incident, view_of
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.proofs import letters_held, prove_held
from hamsaya.desk.recalls import has_left
from hamsaya.desk.roles import require
from hamsaya.desk.told import check_names_nobody
from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.pages import digest_of
from hamsaya.exchange.proof import FORMAT, Case, Proof, ProvenEntry, ProvenLog, write_proof
from hamsaya.facts.errors import InputError, Refused
from hamsaya.facts.grades import HANDLING
from hamsaya.facts.records import Record, is_account
from hamsaya.facts.soundness import as_plain, is_plain
from hamsaya.facts.values import Aware
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Checkpoint, Header, Receipt
from hamsaya.seal.envelope import open_envelope
from hamsaya.settlement.finding import FINDING

MAX_TO: Final = 120
NOT_ONWARD: Final = "red"
_GONE: Final = frozenset({"proposed", "refused", "held", "recalled", "recall answered"})


class CasePart(msgspec.Struct, frozen=True, kw_only=True):
    """One release in the case: entry `seq` of `log`, from `sender` to `receiver`."""

    log: str
    seq: int
    sender: str
    receiver: str
    release: str
    agreement: str
    clause: str
    purpose: str
    necessity: str
    at: Aware
    record: str
    version: int
    handling: str
    shown: bool
    """Whether what it says is in the case; else only its proof."""
    erased: bool
    """Whether its content was erased here: then the proof is all that there is."""
    receipt: str
    """The signed receipt that covers it; empty where none is here."""
    received_at: datetime | None


class CaseFlag(msgspec.Struct, frozen=True, kw_only=True):
    """That the incident stands under a rights flag at the node that wrote the file; by record, the harm that its copy in the file tells."""

    is_open: bool
    closed_at: datetime | None
    harm: dict[str, list[Harm]]


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """What a case file shows. `view` holds released copies alone: what both sides hold."""

    incident: str
    to: str
    why: str
    handling: str
    written_by: str
    office: str
    at: datetime
    exercise: bool
    content: bool
    view: IncidentView
    parts: list[CasePart]
    names: dict[str, dict[str, str]]
    """By party its name in each of its languages."""
    fingerprints: dict[str, str]
    left_out: int
    """Accounts of the incident that were never released, and so are not in the file."""
    flag: CaseFlag | None
    """The rights flag, where a copy in the file tells of harm to civilians. Why it was closed is not for a third person."""
    findings: list[CaseFinding]
    """Joint findings that both sides have signed."""
    unsigned: int
    """Texts of findings that left or came and that not both have signed: they are not in the file."""
    withheld: list[Record]
    """Released copies whose words are not for a third person: only their proof is in the file."""


class CasePage(Protocol):
    """Draws a case file."""

    def draw(self, case: CaseView) -> str:
        """Return the readable part: one element with the id `case`."""

    def bind(self, case: CaseView, drawn: str, evidence: bytes) -> bytes:
        """Return the whole page around what was drawn, with the signed evidence."""


class _Found(msgspec.Struct, frozen=True):
    """A released copy, and the entry by which it left or came."""

    held: RecordHeld
    log: str
    seq: int


def export_case(node: Node, officer: Officer, incident: str, *, to: str, why: str, page: CasePage, content: bool = True) -> tuple[CaseHeld, bytes]:
    """Write a case file; return what is remembered of it, and its bytes.

    Without `content` only the proofs are in it. Raises `NotFound`, `InputError` for a reader or reason that is none, and
    `Refused` where nothing of the incident was released.
    """
    require(officer.role, "export")
    to, why = as_plain(to).strip(), as_plain(why).strip()
    check_reasons(to, why)
    with node.ledger.writing() as pen:
        case = gather_case(node, pen, officer, incident, to=to, why=why, content=content)
        drawn = page.draw(case)
        evidence = _write(node, pen, case, digest_of(drawn))
        data = page.bind(case, drawn, evidence)
        event = CaseExported(
            incident=case.incident, to=to, why=why, handling=case.handling, entries=[f"{log}#{seq}" for log, seq in _places(case)],
            content=content, sha256=hashlib.sha256(data).hexdigest(), size=len(data),
        )  # fmt: skip
        pen.journal(event, officer)
        return pen.case_files(case.incident)[-1], data


def gather_case(node: Node, book: Book, officer: Officer, incident: str, *, to: str, why: str, content: bool) -> CaseView:
    """Return what the case file shows. Raises `NotFound`, and `Refused` where nothing of the incident was released."""
    whole = view_incident(book, incident)
    found = [each for held in whole.held.values() for each in _released(book, held)]
    found = [each for each in found if each.seq < _covered(book, each.log)]
    findings = signed_findings(node, book, (held.record for held in whole.held.values()), lambda log, seq: seq < _covered(book, log))
    stands = {(each.log, each.seq) for each in findings}
    texts = [each for each in found if each.held.record.kind == FINDING.kind and (each.log, each.seq) not in stands]
    found = [each for each in found if each not in texts]
    if not found:
        raise Refused(
            say("Nothing of incident {incident} was released: a case file holds only what both sides hold.", incident=whole.incident),
            say("Release an account first, or wait until the neighbour's checkpoint over its own has come."),
            rule="released",
        )
    shown = [each for each in found if content and each.held.record.handling != NOT_ONWARD]
    parties = {name for each in found if (log := parse_log(each.log)) for name in (log.sender, log.receiver)}
    here = [party for party in book.parties() if party.card.party in parties]
    return CaseView(
        incident=whole.incident, to=to, why=why, handling=_strictest(each.held.record for each in shown), written_by=node.party,
        office=officer.office, at=node.now(), exercise=node.exercise, content=content,
        view=view_of(whole.incident, _latest(shown), here), parts=[_part(book, each, shown=each in shown) for each in found],
        names={party.card.party: {str(code): name for code, name in party.card.name.items()} for party in here},
        fingerprints={party.card.party: party.card.public.fingerprint() for party in here},
        left_out=len({name for name, held in whole.held.items() if is_account(held.record)} - {each.held.record.id for each in found}),
        flag=_flag_in(book, whole.incident, shown), withheld=[each.held.record for each in found if each not in shown],
        findings=[_as_shown(each, shown) for each in findings], unsigned=len(texts),
    )  # fmt: skip


def _flag_in(book: Book, incident: str, shown: list[_Found]) -> CaseFlag | None:
    flag = flag_of(book, incident)
    harm = {each.record.id: found for each in _latest(shown) if (found := harm_in(each.record))}
    if flag is None or not harm:
        return None
    return CaseFlag(
        is_open=flag.is_open, closed_at=None if flag.is_open else max(each.held.closed_at or each.held.at for each in flag.raised), harm=harm
    )


def _as_shown(finding: CaseFinding, shown: list[_Found]) -> CaseFinding:
    """Return a finding without its words where they are not for the reader."""
    if any((each.log, each.seq) == (finding.log, finding.seq) for each in shown):
        return finding
    return msgspec.structs.replace(finding, paragraphs=[])


def _places(case: CaseView) -> dict[tuple[str, int], bool]:
    """Return the entries that are in the file as such, and of which the content is there too."""
    signed = {(each.log, each.seq): case.content for finding in case.findings for each in finding.signatures}
    return {(each.log, each.seq): each.shown for each in case.parts} | signed


def _latest(found: list[_Found]) -> list[RecordHeld]:
    """Return of each record the newest copy: one that went to several neighbours is one account."""
    newest: dict[str, RecordHeld] = {}
    for each in sorted(found, key=lambda each: each.held.record.version):
        newest[each.held.record.id] = each.held
    return list(newest.values())


def _released(book: Book, held: RecordHeld) -> list[_Found]:
    """Return the released copies of a record that stands: what came, or what of ours has left and was not taken back."""
    if held.received_from:
        log, _, seq = held.released_in.rpartition("#")
        return [_Found(held, log, int(seq))] if log else []
    newest: dict[str, ReleaseHeld] = {}
    for each in book.releases_of(held.record.id):
        gone = each.log and each.condition not in _GONE and has_left(book, each)
        if gone and (each.receiver not in newest or newest[each.receiver].version < each.version):
            newest[each.receiver] = each
    return [
        _Found(msgspec.structs.replace(held, record=read(each.content, ReleasedRecord).record, at=each.condition_at), each.log, each.seq)
        for each in newest.values()
    ]


def _part(book: Book, found: _Found, *, shown: bool) -> CasePart:
    (entry,) = book.entries(found.log, found.seq, 1)
    header: Header = entry.header()
    name = parse_log(found.log)
    receiver = name.receiver if name else ""
    receipt = book.receipt_over(found.log, found.seq, receiver)
    signed = read(open_envelope(receipt.envelope).payload, Receipt) if receipt else None
    record = found.held.record
    return CasePart(
        log=found.log, seq=found.seq, sender=header.by, receiver=receiver, release=header.about.get("release", ""),
        agreement=header.about.get("agreement", ""), clause=header.about.get("clause", ""), purpose=header.about.get("purpose", ""),
        necessity=header.about.get("necessity", ""), at=header.at, record=record.id, version=record.version, handling=record.handling, shown=shown,
        erased=entry.content is None,
        receipt=receipt.envelope.decode() if receipt else "", received_at=signed.at if signed else None,
    )  # fmt: skip


def _covered(book: Book, log: str) -> int:
    """Return how many entries the last signed checkpoint over the log covers."""
    signed = book.checkpoint(log)
    return read(open_envelope(signed).payload, Checkpoint).size if signed else 0


def _write(node: Node, book: Book, case: CaseView, page: str) -> bytes:
    wanted = _places(case)
    held = [(each.log, each.receipt) for each in case.parts]
    held += [(each.log, each.receipt) for finding in case.findings for each in finding.signatures]
    logs = []
    for log in dict.fromkeys(log for log, _ in wanted):
        entries = [
            prove_held(node, book, log, entry, content=wanted[log, seq]) if (log, seq) in wanted else ProvenEntry(leaf=entry.leaf.hex())
            for seq, entry in enumerate(book.entries(log, 0, _covered(book, log)))
        ]
        receipts = list(dict.fromkeys(receipt for of, receipt in held if of == log and receipt))
        logs.append(ProvenLog(log=log, checkpoint=(book.checkpoint(log) or b"").decode(), entries=entries, receipts=receipts))
    about = Case(incident=case.incident, to=case.to, why=case.why, handling=case.handling, page=page)
    cards = [book.card_of(party).decode() for party in case.fingerprints]
    letters = letters_held(book, list(case.fingerprints))
    proof = Proof(
        format=FORMAT, written_by=node.party, at=case.at, exercise=case.exercise, cards=cards, logs=logs, case=about, letters=letters
    )  # fmt: skip
    return write_proof(proof, node.key)


def _strictest(records: Iterable[Record]) -> str:
    return max((record.handling for record in records), key=HANDLING.index, default="clear")


def check_reasons(to: str, why: str) -> None:
    """Return if these say for whom and why something is handed on. Raises `InputError`."""
    if not to or not is_plain(to, MAX_TO) or "\n" in to:
        raise InputError(say("Say for whom the case file is: an office or a body, in one line of at most {n} letters.", n=MAX_TO))
    if len(why.split()) < MIN_NECESSITY_WORDS or not is_plain(why):
        raise InputError(say("Say in a sentence of at least {n} words why it is handed on.", n=MIN_NECESSITY_WORDS))
    check_names_nobody(f"{to}\n{why}")
