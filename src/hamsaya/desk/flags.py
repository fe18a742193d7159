# SPDX-License-Identifier: Apache-2.0
"""The rights flag of an incident: an account that tells of harm to civilians raises it, and the rights officer alone closes it.

    an account is filed here, or comes, and tells of harm  ──▶  open  ──the rights officer, with a reason──▶  closed
                                                                 ▲                                             │
                                                                 └──an account that tells more, or another side's──┘

1. No officer raises it, so none can leave it out: the pen does, in the transaction that stores the account (`ledger/store.py`), whatever way the
   account came in: typed, read, imported, corrected, received, or given back after a restore.
2. It names the version that told, and that version stays: a correction, a withdrawal or a link closes no flag. Where what it said was erased the
   flag stays, without it.
3. Neither its author nor the command closes it. The role that does stands outside both (`desk/roles.py`); who filed one of its accounts under another
   role before is refused as well.
4. A closed one stays to be seen, with office, time and reason. Each side's word counts by itself: that the other side tells the same is news.
5. It never leaves the node, since who closes it stands outside the chain that releases (decision 24). Each node raises its own from what it holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from hamsaya.accounts.harm import HARMS, Harm, harm_in, told_anew
from hamsaya.agreement.asked import MIN_NECESSITY_WORDS
from hamsaya.desk.acts_flags import FlagClosed, FlagRaised, Told
from hamsaya.desk.flags_held import FlagHeld
from hamsaya.desk.holdings import Officer, RecordHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import require
from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.records import Record
from hamsaya.facts.soundness import MAX_TEXT, as_plain, is_plain
from hamsaya.facts.words import say


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """What raised a flag: the account as it stood then, and the harm that it tells. `account` is None where it is not here any more."""

    held: FlagHeld
    account: RecordHeld | None
    harm: list[Harm]
    """Empty where what it said was erased."""


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """The rights flag of an incident."""

    incident: str
    raised: list[Raised]

    @property
    def is_open(self) -> bool:
        """Say whether the rights officer has yet to close it."""
        return any(not each.held.closed_by for each in self.raised)

    @property
    def number(self) -> int:
        """Return the journal entry that raised it last: who closes it says what was seen."""
        return max(each.held.number for each in self.raised)


def told_by(book: Book, came: Iterable[tuple[Record, str]]) -> FlagRaised | None:
    """Return the act that follows from accounts which were just stored, each with the neighbour that sent it (empty for ours); None for none."""
    telling = [(record, sender, harm) for record, sender in came if record.incident and (harm := harm_in(record))]
    if not telling:
        return None
    roots = book.incident_names({record.incident for record, _, _ in telling})
    flags = flags_of(book, list(dict.fromkeys(roots.values())))
    known: dict[str, list[tuple[Told, Record, list[Harm]]]] = {
        name: [(each.held.told, each.account.record, each.harm) for each in flag.raised if each.account] for name, flag in flags.items()
    }
    raised = []
    for record, sender, harm in telling:
        before = known.setdefault(roots[record.incident], [])
        told = Told(record.id, record.version, sender)
        same_voice = [each for _, other, harms in before if (other.side, other.basis) == (record.side, record.basis) for each in harms]
        if all(each != told for each, _, _ in before) and told_anew(harm, same_voice):
            raised.append(told)
            before.append((told, record, harm))
    return FlagRaised(told=raised) if raised else None


def flags_of(book: Book, incidents: Sequence[str]) -> dict[str, Flag]:
    """Return the flags of these incidents, which go by the names they go on under, with the harm that each account tells."""
    held = book.flags_of(incidents)
    versions = book.versions_of(list(dict.fromkeys(each.told.record for several in held.values() for each in several)))
    accounts = {Told(each.record.id, each.record.version, each.received_from): each for several in versions.values() for each in several}
    return {name: Flag(incident=name, raised=[_raised(each, accounts.get(each.told)) for each in several]) for name, several in held.items()}


def _raised(held: FlagHeld, account: RecordHeld | None) -> Raised:
    return Raised(held=held, account=account, harm=harm_in(account.record) if account else [])


def flag_of(book: Book, incident: str) -> Flag | None:
    """Return the flag of an incident, or None."""
    name = book.incident_name(incident)
    return flags_of(book, [name]).get(name)


def close_flag(node: Node, officer: Officer, incident: str, reason: str, *, seen: int | None = None) -> Flag:
    """Close the rights flag of an incident, with a reason that stays to be seen; returns the flag.

    `seen` is the flag as the officer saw it (`Flag.number`). Raises `NotFound`, `InputError` for a reason that is none, `Refused` for who filed
    one of its accounts, and `Stale` where it was closed before or an account came since.
    """
    require(officer.role, "protect")
    reason = as_plain(reason).strip()
    if len(reason.split()) < MIN_NECESSITY_WORDS or not is_plain(reason, MAX_TEXT):
        raise InputError(say("Say in a sentence of at least {n} words why the rights flag is closed: it stays to be seen.", n=MIN_NECESSITY_WORDS))
    with node.ledger.writing() as pen:
        flag = flag_of(pen, incident)
        if flag is None:
            raise NotFound(say("No rights flag stands on incident {came}.", came=incident[:40] or "—"), say("`hamsaya incident flags` lists them."))
        if not flag.is_open:
            last = max((each.held for each in flag.raised), key=lambda held: held.closed_at or held.at)
            raise Stale(say("The rights flag of this incident was closed before."), by=last.closed_by, at=last.closed_at)
        if seen is not None and seen < flag.number:
            raise Stale(say("An account that tells more came since you opened this."), say("Read it, then decide."))
        if any(each.held.by == officer.login for each in flag.raised if each.held.by):
            raise Refused(say("You filed an account of this incident yourself: another rights officer must close its flag."), rule="author")
        told = [each.held.told for each in flag.raised if not each.held.closed_by]
        pen.journal(FlagClosed(incident=flag.incident, told=told, reason=reason), officer)
        found = flag_of(pen, flag.incident)
    if found is None:
        raise NotFound(say("No rights flag stands on incident {came}.", came=incident[:40]))
    return found


def flag_data(flag: Flag) -> dict[str, Any]:
    """Return the flag as plain data, in English, for programs."""
    return {"incident": flag.incident, "open": flag.is_open, "number": flag.number, "raised": [_raised_data(each) for each in flag.raised]}


def _raised_data(raised: Raised) -> dict[str, Any]:
    held = raised.held
    harm = [{"why": each.why, "words": str(HARMS[each.why]), "claim": msgspec.to_builtins(each.claim)} for each in raised.harm]
    return {
        "record": held.told.record, "version": held.told.version, "received_from": held.told.received_from, "at": held.at.isoformat(),
        "harm": harm, "closed_by": held.closed_by, "closed_at": held.closed_at.isoformat() if held.closed_at else "", "reason": held.reason,
    }  # fmt: skip
