# SPDX-License-Identifier: Apache-2.0
"""What becomes of an entry that a neighbour sent and that keeps the rules of the exchange: applied, known, or quarantined.

A judge never stops the exchange: whatever an entry holds, it is mirrored, and what cannot be applied stands in
quarantine with the reason. One judge an act; an act that is not in `ACTS` is on no closed list (law 1).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from hamsaya.agreement.clauses import Kinds
from hamsaya.agreement.decision import Decision
from hamsaya.agreement.fits import misfit
from hamsaya.agreement.release import question, weigh
from hamsaya.desk.agreements import agreement_of, standing_of
from hamsaya.desk.events import Verdict
from hamsaya.desk.heard import as_heard
from hamsaya.desk.holdings import AgreementHeld, Party, RecordHeld
from hamsaya.desk.judging_agreements import judge_act, judge_heard, judge_signature, judge_text
from hamsaya.desk.judging_consents import consents_that_came, judge_asked, judge_given
from hamsaya.desk.judging_distress import judge_call_word
from hamsaya.desk.judging_epochs import is_about_what_is_gone, judge_epoch
from hamsaya.desk.judging_erasures import judge_erasure_asked, judge_erasure_confirmed
from hamsaya.desk.judging_keys import judge_key_changed
from hamsaya.desk.judging_matters import judge_moved
from hamsaya.desk.judging_recalls import judge_answered, judge_recalled
from hamsaya.desk.judging_requests import judge_refused
from hamsaya.desk.judging_retention import judge_held
from hamsaya.desk.judging_sections import judge_day
from hamsaya.desk.names import is_named_by
from hamsaya.desk.ports import Node, Pen
from hamsaya.desk.quarantine import Unfit, code_of, judge_notice, short_clause
from hamsaya.exchange.acts import ReleasedRecord, ReleaseOpened
from hamsaya.exchange.epochs import EPOCH
from hamsaya.exchange.logs import CALLS, DISTRESS_ACTS, parse_log
from hamsaya.exchange.matters import MATTER_MOVED
from hamsaya.exchange.sections import SECTION_DAY
from hamsaya.exchange.session import Taken
from hamsaya.facts.errors import HamsayaError, InputError, OperatorError
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import is_plain, what_is_unsound
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Entry, Header

_LOG: Final = logging.getLogger("hamsaya.desk")
_MANY: Final = 2
Judge = Callable[[Node, Pen, Party, Header, bytes], bool]
"""Says whether what an entry tells is known here already; raises for what cannot be applied."""


def absorb_entry(node: Node, pen: Pen, party: Party, log: str, header: Header, entry: Entry, checkpoint: bytes) -> Verdict:
    """Store one entry with its verdict and its effect; an effect that fails is undone, and the entry quarantined."""
    verdict = _judge(node, pen, party, header, entry)
    try:
        with pen.attempt():
            pen.absorb(log, [entry], [verdict], checkpoint)
    except OperatorError:
        raise
    except Exception:  # noqa: BLE001  (whatever a neighbour's entry does to us, the exchange goes on)
        _LOG.exception("entry %s of %s could not be applied", header.seq, log)
        verdict = Verdict(header.seq, "quarantined", say("It could not be applied here."), "unreadable")
        pen.absorb(log, [entry], [verdict], checkpoint)
    return verdict


def absorb_together(node: Node, pen: Pen, party: Party, taken: Taken) -> list[Verdict] | None:
    """Store many releases with their verdicts and effects as one act; None, and nothing is stored, where they must be taken one by one.

    That is where two of them are about one record or one release, so that the second is judged in the light of the first, and where
    anything at all goes wrong: then the one that is at fault is found and quarantined by itself.
    """
    names = [[header.about.get(name, "") for header, _ in taken.entries] for name in ("record", "release")]
    if (
        len(taken.entries) < _MANY
        or any(header.kind != "release" for header, _ in taken.entries)
        or any(len(set(each)) < len(each) for each in names)
    ):
        return None
    try:
        with pen.attempt():
            acts = {"release": partial(_judge_release, known=pen.versions_of(names[0]))}
            verdicts = [_judge(node, pen, party, header, entry, acts) for header, entry in taken.entries]
            pen.absorb(taken.log, [entry for _, entry in taken.entries], verdicts, taken.checkpoint)
            return verdicts
    except OperatorError:
        raise
    except Exception:  # noqa: BLE001  (as below)
        return None


def _judge(node: Node, pen: Pen, party: Party, header: Header, entry: Entry, acts: Mapping[str, Judge] | None = None) -> Verdict:
    try:
        name = parse_log(header.log)
        if name is None or not name.carries(header.kind):
            raise Unfit(say("An act of kind “{kind}” is not on the closed list of this log.", kind=header.kind[:40]), "closed-list")
        if header.kind in CALLS:  # nothing stands in the way of a call, however it is made
            return Verdict(header.seq, "applied")
        if entry.content is None:
            raise Unfit(_ERASED.get(header.kind, say("The content was erased before it arrived.")), "erased")
        _check_header(header)
        if header.kind != EPOCH and not pen.is_begun(header.log):
            raise Unfit(say("It stands in a log that no signed act has begun."), "closed-list")
        if is_about_what_is_gone(node, pen, header.kind, entry.content):
            return Verdict(header.seq, "repeated")
        repeated = (acts or ACTS)[header.kind](node, pen, party, header, entry.content)
        return Verdict(header.seq, "repeated" if repeated else "applied")
    except Unfit as error:
        return Verdict(header.seq, "quarantined", error.what, error.reason_code, error.clause, error.until)
    except HamsayaError as error:
        return Verdict(header.seq, "quarantined", error.what, code_of(error))
    except Exception:  # noqa: BLE001  (as above)
        _LOG.exception("entry %s of %s could not be judged", header.seq, header.log)
        return Verdict(header.seq, "quarantined", say("It could not be read here."), "unreadable")


def _check_header(header: Header) -> None:
    withheld = header.about.get("withheld", "0")
    plain = all(is_plain(text) for pair in header.about.items() for text in pair)
    if not plain or not (withheld.isascii() and withheld.isdigit() and len(withheld) < 10) or len(header.about) > 20:
        raise Unfit(say("The entry's header is not in form."), "not-in-form")


def _judge_opened(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    del header
    act = read(content, ReleaseOpened)
    name = parse_log(act.log)
    ours = name is not None and (name.kind, name.sender, name.receiver) == ("release", node.party, party.card.party)
    release = pen.release(pen.release_in(act.log, act.seq)) if ours and act.seq >= 0 else None
    if release is None:
        raise InputError(say("It speaks of a release that this node never made."))
    return release.condition == "opened"


def _judge_release(node: Node, pen: Pen, party: Party, header: Header, content: bytes, known: Mapping[str, list[RecordHeld]] | None = None) -> bool:
    """Ask the agreement again: the sender's own check is not trusted.

    It must let it come as it stands now, or as it stood for the sender at the time on the entry, as far as it had heard; and
    the copy must be as coarse as that text demands. `known` has the versions that are here of the records that came, where they
    were looked up together.
    """
    released, about = read(content, ReleasedRecord), header.about
    record = released.record
    unsound = what_is_unsound(record)
    if unsound is not None:
        raise InputError(unsound)
    if record.party != party.card.party or record.exercise != node.exercise:
        raise InputError(say("The record is not one of {party}'s own, or its exercise mark does not fit.", party=party.card.party))
    if not is_named_by(record.party, "R", record.id) or not is_named_by(record.party, "S", about.get("release", "")):
        raise InputError(say("Record {record} or its release is not under a name of {party}'s own.", record=record.id, party=record.party))
    if (about.get("release"), about.get("record"), about.get("version")) != (released.release, record.id, str(record.version)):
        raise InputError(say("The entry's header speaks of another release, record or version than its content."))
    name = parse_log(header.log)
    held = agreement_of(pen, name.agreement if name else "")
    necessity, danger = about.get("necessity", ""), about.get("danger") == "1"
    consents = consents_that_came(node, pen, party, header, released)

    def under(held: AgreementHeld) -> Decision:
        text = held.agreement
        purpose = about.get("purpose", "")
        asked = question(record, node.party, purpose, necessity, header.at, text, danger=danger, copy=True, sound=True, consented=consents)
        decision, prepared = weigh(record, necessity, asked, text, standing_of(held, header.at))
        return (misfit(record, text, prepared) or decision) if decision.allowed else decision

    decision = under(held)
    if not decision.allowed:
        held = as_heard(node, pen, held, party.card.party, header.at)
        decision = under(held)
    if not decision.allowed:
        raise _not_let(held, decision, header)
    named = [clause for clause in held.agreement.table.clauses if clause.number == about.get("clause", "")]
    if not any(isinstance(clause, Kinds) and clause.allows(record, node.party) for clause in named):
        what = say("It names no clause of the agreement that lets such a record come here.")
        raise Unfit(what, "not-allowed", clause=short_clause(about.get("clause", "")))
    return _is_repeated(party, record, pen.versions(record.id) if known is None else known.get(record.id, []))


def _not_let(held: AgreementHeld, decision: Decision, header: Header) -> Unfit:
    """Return the error for what the agreement does not let come; its sender is told the clause on the entry, and from when on it can come."""
    what = say("The agreement does not let it come here: {why}", why=decision.reason)
    clause = short_clause(header.about.get("clause", ""))
    if standing_of(held, header.at).in_force:
        return Unfit(what, "not-allowed", clause=clause)
    begins = held.agreement.table.valid_from
    return Unfit(what, "not-in-force", clause=clause, until=begins if begins > header.at else None)


def _is_repeated(party: Party, record: Record, known: Sequence[RecordHeld]) -> bool:
    if any(each.received_from != party.card.party for each in known):
        raise Unfit(say("Record {record} is known here as another party's.", record=record.id), "known-otherwise")
    same = [each for each in known if each.record.version == record.version]
    if same and canonical(_told(same)) != canonical(_told([record])):
        raise Unfit(say("Version {n} of record {record} came before with other content.", n=record.version, record=record.id), "known-otherwise")
    return bool(same)


def _told(held: Sequence[object]) -> list[object]:
    """Return what a released copy tells, without what may differ from one release of a version to the next.

    Sentences, places, times and what is told of changes leave as the agreement of that release lets them; an incident may go on under another name.
    """
    told = []
    for each in held:
        record = msgspec.to_builtins(getattr(each, "record", each))
        for claim in record["claims"]:
            for part in ("quote", "quote_commitment", "span"):
                claim.pop(part, None)
            if claim["value"]["type"] in ("place", "moment"):
                claim.pop("value")
        for part in ("sources", "incident", "withheld", "changes"):
            record.pop(part, None)
        told.append(record)
    return told


_ERASED: Final = {"release": say("Its sender stopped or erased this release before it came; nothing of the record did.")}
ACTS: Final[dict[str, Judge]] = {
    "agreement.text": judge_text,
    "agreement.signature": judge_signature,
    "agreement.act": judge_act,
    "agreement.heard": judge_heard,
    "release.opened": _judge_opened,
    "release": _judge_release,
    "consent.asked": judge_asked,
    "consent.given": judge_given,
    **dict.fromkeys(DISTRESS_ACTS - CALLS, judge_call_word),
    "release.recalled": judge_recalled,
    "recall.answered": judge_answered,
    "request.refused": judge_refused,
    "entry.quarantined": judge_notice,
    "key.changed": judge_key_changed,
    "erasure.asked": judge_erasure_asked,
    "erasure.confirmed": judge_erasure_confirmed,
    "copy.held": judge_held,
    EPOCH: judge_epoch,
    MATTER_MOVED: judge_moved,
    SECTION_DAY: judge_day,
}
