# SPDX-License-Identifier: Apache-2.0
"""Judges of a neighbour's request to erase what it released, and of its confirmation of ours."""

from __future__ import annotations

from typing import Final

from hamsaya.agreement.retention import ANY_KIND, Term, retained
from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.epochs import unsettled
from hamsaya.desk.holdings import Party
from hamsaya.desk.names import is_named_by
from hamsaya.desk.ports import Node, Pen
from hamsaya.exchange.erasures import REASONS, ErasureAsked, ErasureConfirmed, RanOut
from hamsaya.exchange.logs import LogName, parse_log
from hamsaya.facts.errors import InputError
from hamsaya.facts.soundness import MAX_NUMBER, is_name, is_party, is_plain
from hamsaya.facts.words import say
from hamsaya.seal.canonical import read
from hamsaya.seal.entries import Header

_MOST: Final = 1_000
"""Parties that one confirmation may name."""


def judge_erasure_asked(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the request is known; raise for one that is not about an entry which that neighbour sends us.

    The entry need not be here yet: a stick may bring the request first.
    """
    del header
    act = read(content, ErasureAsked)
    name = parse_log(act.log)
    if name is None or (name.kind, name.sender, name.receiver) != ("release", party.card.party, node.party):
        raise InputError(say("It asks to erase an entry that is not of a log from {party} to this node.", party=party.card.party))
    agreement_of(pen, name.agreement)
    named = is_name(act.record) and is_named_by(party.card.party, "R", act.record)  # else it could take away a record of ours, or of another
    sound = named and 0 <= act.seq <= MAX_NUMBER and 1 <= act.version <= MAX_NUMBER
    if not (sound and act.reason in REASONS and is_plain(act.office, 200)):
        raise InputError(say("The request to erase is not in form."))
    for entry in pen.entries(act.log, act.seq, 1):
        about = entry.header().about
        if (about.get("record", ""), about.get("version", "")) != (act.record, str(act.version)):
            if pen.closed_at(act.log) is not None:
                return True  # its sender signed another entry for this place, which is not here
            raise InputError(say("It asks to erase another record than that entry released."))
    known = pen.erasure_of(act.log, act.seq)
    if known is not None and not known.asked:  # its time ran out here meanwhile, and it was erased: from now on it was asked, too
        return False
    if known is not None and (known.record, known.version, known.reason, known.at) != (act.record, act.version, act.reason, act.at):
        raise InputError(say("To erase that entry was asked before, with other words."))
    return known is not None


def judge_erasure_confirmed(node: Node, pen: Pen, party: Party, header: Header, content: bytes) -> bool:
    """Return whether the confirmation is known; raise for one that answers no request of ours to that neighbour."""
    del header
    act = read(content, ErasureConfirmed)
    held, name = pen.erasure_of(act.log, act.seq), parse_log(act.log)
    # Our request may be among what was lost of logs that were closed: the neighbour's answer comes before it gives that back.
    ours = name is not None and (name.kind, name.sender, name.receiver) == ("release", node.party, party.card.party)
    lost = unsettled(pen, node.party, party.card.party)
    if not ours or (held is None and act.ran_out is None and not lost):
        raise InputError(say("It confirms an erasure that this node never asked of {party}.", party=party.card.party))
    told = [each.party for each in act.onward]
    sound = 0 <= act.seq <= MAX_NUMBER and all(map(is_party, told)) and len(told) == len(set(told)) <= _MOST
    if not (sound and is_plain(act.office, 200)):
        raise InputError(say("The confirmation of the erasure is not in form."))
    if act.ran_out is not None and name is not None and not (lost and not pen.entries(act.log, max(act.seq, 0), 1)):
        _check_ran_out(pen, name, act.ran_out, act, asked=held is not None and held.asked)
    known = held.confirmed if held is not None else None
    if known is not None and known != act:
        raise InputError(say("That erasure was confirmed before, with other words."))
    return known is not None


def _check_ran_out(pen: Pen, name: LogName, told: RanOut, act: ErasureConfirmed, *, asked: bool) -> None:
    """Return if a clause of a text that is known here ended the time of what we released as that entry. Raises `InputError`.

    Which of several texts binds may be known there sooner than here, so it need not be the one that binds by what is known here.
    """
    entry = next(iter(pen.entries(act.log, act.seq, 1)), None)
    if entry is None:
        raise InputError(say("It confirms an erasure of what this node never sent."))
    header = entry.header()
    if (header.about.get("record", ""), header.about.get("version", "")) != (told.record, str(told.version)):
        raise InputError(say("It says to have erased another record than that entry released."))
    text = agreement_of(pen, name.agreement).history.texts.get(told.text)
    clause = next((each for each in retained(text) if each.number == told.clause), None) if text else None
    own = [each.record.kind for each in pen.versions(told.record) if not each.received_from and each.record.version == told.version]
    ends = None if clause is None else Term(text=told.text, clause=clause.number, kinds=clause.kinds, days=clause.days, before=None)
    known = own and not asked and pen.notice_of(act.log, act.seq) is None  # of what was erased here too, the kind may be lost
    if ends is None or not ends.binds(own[0] if known else ANY_KIND, header.at):
        raise InputError(say("It names no clause that ends the time of what it erased."))
    if ends.ends(header.at) != told.until or act.at < told.until:
        raise InputError(say("It was erased before its time had run out, or another time is named than that of the clause."))
