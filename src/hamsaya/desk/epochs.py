# SPDX-License-Identifier: Apache-2.0
"""Beginning the logs to a neighbour anew, where they can never be made whole again (docs/decisions/0020).

    held ──own entries came back──▶ free                                             the usual way (`desk/refilling.py`)
      └──nobody holds them any more, or they are forked: a commander's word──▶ free under a new epoch ──the neighbour tells what it holds──▶ settled

1. The act names each log that is closed, now or before, and up to where it counts: what the neighbour had receipted. It is the first entry of the
   new link log.
2. What stood in the closed ones beyond that is sent anew, in its order: protocol acts as they were, releases as the agreement stands now.
   Sent twice does no harm: the neighbour knows each act and each version again.
3. The closed logs stay as evidence. They are offered up to where they count and no further, and nothing that comes of them changes anything.
4. The neighbour is asked what else it holds of them. What comes back under our own signature was lost with the set-back: acts and recalls are
   in force again, a release stands again as the copy that left, and can be recalled. What the neighbour does not hold either, nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from hamsaya.desk.acts_epochs import EpochOpened, EpochSettled, LostEntryFound
from hamsaya.desk.epochs_held import EpochHeld
from hamsaya.desk.holdings import OPERATOR, Officer
from hamsaya.desk.keeping import is_held
from hamsaya.desk.keychange import lacks_key
from hamsaya.desk.parties import neighbour
from hamsaya.desk.ports import Book, Node, Pen
from hamsaya.desk.roles import require
from hamsaya.desk.settling import settle_releases
from hamsaya.desk.told import told_sentence
from hamsaya.exchange.bundle import Bundle, Offer, take_entry
from hamsaya.exchange.epochs import EPOCH, MAX_REASON, LogEpoch
from hamsaya.exchange.letters import Mark
from hamsaya.exchange.logs import is_urgent, link_log, parse_log
from hamsaya.exchange.session import take_back
from hamsaya.facts.errors import InputError, NeighbourError, Refused, Tampered
from hamsaya.facts.words import say
from hamsaya.seal.canonical import canonical, read
from hamsaya.seal.entries import Receipt, check_entry
from hamsaya.seal.envelope import open_envelope

_BYTES: Final = 8
_AT_ONCE: Final = 1000


def open_epoch(node: Node, officer: Officer, party: str, reason: str) -> EpochHeld:
    """Let the logs to a neighbour go on under a new epoch, and free its link. Raises `Refused` where the link is not held.

    Nothing of ours that the neighbour still holds is lost by it: it is asked for, and stands again as what left.
    """
    require(officer.role, "agree")
    told = told_sentence(reason, say("Say in a sentence of at most {n} letters why the log is begun anew: the neighbour reads it.", n=MAX_REASON),
                         MAX_REASON)  # fmt: skip
    with node.ledger.writing() as pen:
        name = neighbour(pen, party).card.party
        if not is_held(pen, name):
            raise Refused(
                say("The link to {party} is not held.", party=name),
                say(
                    "A log is begun anew only where it cannot be made whole: hold the link first (`hamsaya link hold`), and talk with the neighbour."
                ),
                rule="held",
            )
        if lacks_key(node, pen):
            raise Refused(
                say("This node was set back to before its last change of key, and its key is not here."),
                say("Put it back with `hamsaya key adopt FILE`, or give it up with `hamsaya key revoke --why lost`."),
                rule="key-missing",
            )
        used = _marks(pen, node.party, name)
        closed = _closed_before(pen, node.party, name) + used
        act = LogEpoch(epoch=f"e{node.random(_BYTES).hex()}", reason=told, closed=closed)
        pen.journal(EpochOpened(neighbour=name, epoch=act.epoch, reason=told, closed=closed), officer)
        pen.extend(link_log(node.party, name), EPOCH, canonical(act), officer)
        for mark in used:
            _send_anew(pen, mark)
        settle_releases(node, pen)
        return next(each for each in pen.epochs() if each.epoch == act.epoch)


def _marks(book: Book, own: str, to: str) -> list[Mark]:
    """Return up to where each log in use counts: as far as a receipt of the neighbour goes that is here."""
    marks = []
    for log in sorted(book.logs()):
        name = parse_log(log)
        if name is None or name.kind not in ("link", "release") or (name.sender, name.receiver) != (own, to) or book.closed_at(log) is not None:
            continue
        size = max((receipt.size for receipt in book.receipts() if (receipt.log, receipt.by) == (log, to)), default=0)
        marks.append(Mark(log, size, (book.root_at(log, size) or b"").hex() if size else ""))
    return marks


def _closed_before(book: Book, own: str, to: str) -> list[Mark]:
    """Return how far the logs count that were closed before: the neighbour may never have heard of that, and counts what is not named for nothing."""
    return [mark for each in book.epochs() if (each.sender, each.receiver) == (own, to) for mark in each.closed]


def _send_anew(pen: Pen, mark: Mark, told: set[tuple[str, bytes]] | None = None) -> None:
    """Put the protocol acts that a closed link log holds beyond its mark into the new one, in the words of the office that made them.

    `told` holds the kinds and contents of acts that need not be sent again, and is added to.
    """
    name, first = parse_log(mark.log), mark.size
    if name is None or name.kind != "link":
        return
    while entries := pen.entries(mark.log, first, _AT_ONCE):
        for entry in entries:
            header = entry.header()
            travels = header.kind in (EPOCH, "key.changed")  # a letter of a change of key travels by itself
            if entry.content is not None and not travels and (told is None or (header.kind, entry.content) not in told):
                by = Officer(login=OPERATOR.login, office=header.office, role=OPERATOR.role, password="", language=OPERATOR.language)
                pen.extend(mark.log, header.kind, entry.content, by, header.about)
                if told is not None:
                    told.add((header.kind, entry.content))
        first += len(entries)


def send_untold_anew(pen: Pen, own: str, to: str) -> None:
    """Put into the link log in use what the closed ones hold beyond their marks and no other one tells.

    An old copy of this node may have signed it before the act that closed them came back to it.
    """
    counts = {log: size for log, size in counting_sizes(pen, own, to).items() if (name := parse_log(log)) is not None and name.kind == "link"}
    closed = [Mark(log, size, "") for log, size in counts.items() if pen.closed_at(log) is not None and pen.logs()[log] > size]
    if not closed:
        return
    told: set[tuple[str, bytes]] = set()
    for log, size in counts.items():
        for first in range(0, size, _AT_ONCE):
            entries = pen.entries(log, first, min(_AT_ONCE, size - first))
            told |= {(entry.header().kind, entry.content) for entry in entries if entry.content is not None}
    for mark in closed:
        _send_anew(pen, mark, told)


# The exchange beside closed logs


def counting_sizes(book: Book, own: str, to: str) -> dict[str, int]:
    """Return how much of each of our own logs to a neighbour counts: all of those in use, of the others up to where they were closed."""
    sizes = {}
    for log, size in book.logs().items():
        name = parse_log(log)
        if name is not None and (name.sender, name.receiver) == (own, to):
            closed = book.closed_at(log)
            sizes[log] = size if closed is None else min(size, closed)
    return sizes


def sizes_to_ask(book: Book, own: str, to: str) -> dict[str, int] | None:
    """Return what to ask a neighbour for of our own closed logs, or None once it has told."""
    if not unsettled(book, own, to):
        return None
    sizes = counting_sizes(book, own, to)
    for each in book.lost_entries():
        if each.giver == to:
            sizes[each.log] = max(sizes.get(each.log, 0), each.seq + 1)
    return sizes


def unsettled(book: Book, own: str, to: str) -> list[EpochHeld]:
    """Return the epochs of ours of which the neighbour has not told yet what it holds of the closed logs."""
    return [each for each in book.epochs() if (each.sender, each.receiver) == (own, to) and not each.settled]


def of_logs_in_use(book: Book, bundle: Bundle) -> Bundle:
    """Return the bundle without receipts that do not count: over what stands in closed logs beyond their marks, over calls that are not back yet."""
    waits = bool(unsettled(book, bundle.receiver, bundle.sender))
    receipts = [sent for sent in bundle.receipts if not _is_beyond(book, sent, waits=waits)]
    return msgspec.structs.replace(bundle, receipts=receipts)


def _is_beyond(book: Book, sent: str, *, waits: bool) -> bool:
    try:
        receipt = read(open_envelope(sent.encode()).payload, Receipt)
    except InputError:
        return False  # one that is none is named when receipts are taken
    if is_urgent(receipt.log):
        return waits and receipt.size > book.logs().get(receipt.log, 0)
    closed = book.closed_at(receipt.log)
    return closed is not None and receipt.size > closed


def is_of_a_closed_log(book: Book, offer: Offer) -> bool:
    """Say whether nothing is to be taken of an offer: its log was closed, and all that counts of it is here or beyond this offer."""
    closed = book.closed_at(offer.log)
    return closed is not None and (book.logs().get(offer.log, 0) >= closed or offer.first + len(offer.entries) > closed)


def epochs_first(offers: Sequence[Offer]) -> list[Offer]:
    """Return the offers, link logs that were begun anew first, the earlier before the later: they tell how far the others count."""

    def place(offer: Offer) -> tuple[bool, int]:
        name = parse_log(offer.log)
        begins = name is not None and name.kind == "link" and bool(name.epoch)
        return not begins, _closes(offer) if begins else 0

    return sorted(offers, key=place)


def _closes(offer: Offer) -> int:
    """Return how many logs the act closes that begins the offered one: each names those that were closed before it, too. 0 where it does not say."""
    if offer.first or not offer.entries or offer.entries[0].content is None:
        return 0
    try:
        return len(read(offer.entries[0].content.encode(), LogEpoch).closed)
    except InputError:
        return 0  # what it is, is named when it is taken


def in_order(book: Book, logs: Iterable[str]) -> list[str]:
    """Return logs in the order in which they are told: distress ahead (law 2), link logs before releases, and epochs as they followed each other.

    Whoever hears of an epoch before the one that it closes would refuse that one, and all that counts of it.
    """
    begun = {link_log(each.sender, each.receiver, each.epoch): number for number, each in enumerate(book.epochs(), 1)}

    def place(log: str) -> tuple[bool, str, int, str]:
        name = parse_log(log)
        if name is None:
            return not is_urgent(log), "", 0, log
        return not is_urgent(log), name.kind, begun.get(link_log(name.sender, name.receiver, name.epoch), 0), log

    return sorted(logs, key=place)


def as_far_as_it_counts(book: Book, offer: Offer) -> Offer | None:
    """Return what a neighbour gives back of one of our own logs as far as that counts; None where all of that is here."""
    closed = book.closed_at(offer.log)
    if closed is None:
        return offer
    if book.logs().get(offer.log, 0) >= closed:
        return None
    return msgspec.structs.replace(offer, entries=offer.entries[: max(closed - offer.first, 0)], checkpoint="")


def take_calls_back(node: Node, pen: Pen, bundle: Bundle) -> int:
    """Take back the calls of ours that were lost: their logs are never closed, and nothing was signed in them since. Returns how many entries.

    Raises `NeighbourError` where something was.
    """
    count = 0
    for offer in (bundle.returns or []) if unsettled(pen, node.party, bundle.sender) else []:
        if is_urgent(offer.log):
            taken = take_back(offer, pen.mirror(offer.log), pen.key_line(node.party), own=node.party, giver=bundle.sender)
            for _, entry in taken.entries:
                pen.take_back(taken.log, entry, bundle.sender)
            count += len(taken.entries)
    return count


def take_lost(node: Node, pen: Pen, bundle: Bundle) -> int:
    """Keep what the neighbour gives back of our closed logs beyond where they count; return how many entries were lost here.

    Only what we signed ourselves for that very place is kept. Raises `NeighbourError` for anything else.
    """
    waiting = unsettled(pen, node.party, bundle.sender)
    if not waiting or bundle.returns is None:
        return 0
    known = {(each.log, each.seq) for each in pen.lost_entries()}
    asked = sizes_to_ask(pen, node.party, bundle.sender) or {}
    told, found = dict[str, int](), 0
    for offer in bundle.returns:
        name = parse_log(offer.log)
        if name is None or (name.sender, name.receiver) != (node.party, bundle.sender):
            raise NeighbourError(
                say("The log {log} does not run from {sender} to {receiver}.", log=offer.log, sender=node.party, receiver=bundle.sender)
            )
        closed = pen.closed_at(offer.log)
        if offer.first <= asked.get(offer.log, 0):  # else it answers another question
            told[offer.log] = offer.first + len(offer.entries)
        for seq, sent in enumerate(offer.entries, offer.first):
            try:
                entry = take_entry(sent)
                check_entry(entry, pen.key_line(node.party), log=offer.log, seq=seq)
            except (InputError, Tampered) as error:
                raise NeighbourError(error.what, error.hint) from error
            here = pen.entries(offer.log, seq, 1)
            if closed is None or seq < closed or (offer.log, seq) in known or (here and here[0].leaf == entry.leaf):
                continue
            pen.journal(LostEntryFound(log=offer.log, seq=seq, entry=sent, giver=bundle.sender), OPERATOR)
            found += 1
    back = all(told.get(log, 0) >= size for log, size in bundle.have.items() if pen.closed_at(log) is not None)
    if back and all(pen.logs().get(log, 0) >= size for log, size in bundle.have.items() if is_urgent(log)):
        for each in waiting:
            pen.journal(EpochSettled(neighbour=bundle.sender, epoch=each.epoch), OPERATOR)
    return found
