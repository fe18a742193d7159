# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a node as far as its own ledger tells, and the next step. Names of parties, offices and numbers only.

A finding is a fault (the node cannot do its work, or is not what it claims), a warning (it soon cannot, or somebody should
look), or a note. `assemble/doctor.py` adds what folder, disk, keys and ports tell. The administrator sees this too, so nothing
here holds a word of any record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from cryptography import x509

from hamsaya.desk import health_links, health_matters, health_retention, health_stages
from hamsaya.desk.agreements import standing_of
from hamsaya.desk.contacts import links_now
from hamsaya.desk.converse import CLOCK_LIMIT_S
from hamsaya.desk.finding import SEVERITIES, Finding, fault, note, warning
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.roles import VERBS, may
from hamsaya.desk.told_whom import doubts
from hamsaya.exchange.logs import journal_of, parse_log
from hamsaya.exchange.quarantine import why_quarantined
from hamsaya.facts.words import Text, say

SOON: Final = timedelta(days=30)
CERTIFICATE_SOON: Final = timedelta(days=60)
UNRECEIPTED: Final = timedelta(hours=1)
UNANSWERED: Final = timedelta(hours=24)
"""How long a recall may stand without an answer."""
SILENT: Final = timedelta(days=1)
FRESH: Final = timedelta(days=7)
RECENT: Final = 500
"""How many of the last acts are looked at for a clock that stepped."""
STEP: Final = timedelta(minutes=1)
BACKUP_EVERY: Final = timedelta(days=7)


def check_book(node: Node, book: Book) -> list[Finding]:
    """Return what is wrong as far as the ledger tells, the worst first."""
    checks: tuple[Callable[[Node, Book, datetime], Iterator[Finding]], ...] = (
        _clock,
        _officers,
        _agreements,
        _contradictions,
        _neighbours,
        _links,
        _keys,
        health_links.unheard_keys,
        health_links.epochs,
        _releases,
        _calls,
        _reviews,
        health_stages.reports,
        health_matters.matters,
        _recalls,
        _erasures,
        health_retention.retention,
        _quarantine,
        _notices,
        _backups,
    )
    now = node.now()
    return worst_first([finding for check in checks for finding in check(node, book, now)])


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Return the findings, faults before warnings before notes."""
    return sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))


def certificate_finding(pem: str, whose: Text, renew: Text, now: datetime, code: str) -> Finding | None:
    """Return what is wrong with a certificate's age, or None."""
    try:
        ends = x509.load_pem_x509_certificate(pem.encode()).not_valid_after_utc
    except ValueError:
        return fault(code, say("{whose} cannot be read.", whose=whose), renew)
    if ends <= now:
        return fault(code, say("{whose} expired on {day}.", whose=whose, day=ends.date()), renew)
    if ends - now < CERTIFICATE_SOON:
        return warning(code, say("{whose} expires on {day}.", whose=whose, day=ends.date()), renew)
    return None


def _clock(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    journal = journal_of(node.party)
    size = book.logs().get(journal, 0)
    times = [entry.header().at for entry in book.entries(journal, max(0, size - RECENT), RECENT)]
    steps = [(one, other) for one, other in pairwise(times) if one - other > STEP]
    if steps:
        yield warning(
            "clock-stepped",
            say("This machine's clock was set back {n} times among the last acts, at last from {one} to {other}.",
                n=len(steps), one=_minute(steps[-1][0]), other=_minute(steps[-1][1])),
            say("Acts keep their order, but one of those times is wrong. Let the machine take its time from a trusted source."),
        )  # fmt: skip
    last = max(times, default=None)
    if last is not None and last - now > STEP:
        yield fault(
            "clock-behind",
            say("This machine's clock says {now}, before the node's last act at {last}.", now=_minute(now), last=_minute(last)),
            say("Set the clock. Acts are kept in their order; until then agreements may be judged at the wrong time."),
        )
    for party, told in _told_times(book, node.party).items():
        if told - now > timedelta(seconds=CLOCK_LIMIT_S):
            yield warning(
                "clock-apart",
                say("{party} signed something at {told}; this machine's clock says {now}.", party=party, told=_minute(told), now=_minute(now)),
                say("One of the two clocks is wrong: compare both with a third, and set the wrong one."),
            )


def _told_times(book: Book, own: str) -> dict[str, datetime]:
    """Return the newest time that each neighbour signed."""
    told: dict[str, datetime] = {}
    for log, size in book.logs().items():
        name = parse_log(log)
        if name is not None and name.receiver == own and size:
            at = book.entries(log, size - 1, 1)[0].header().at
            told[name.sender] = max(at, told.get(name.sender, at))
    for party in book.parties():
        at_receipt = None if party.own else book.last_heard(party.card.party)[1]
        if at_receipt is not None:
            told[party.card.party] = max(at_receipt, told.get(party.card.party, at_receipt))
    return told


def _officers(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node, now
    officers = [officer for officer in book.officers() if not officer.stopped]
    for verb in ("configure", "propose", "approve", "agree"):
        if not any(may(officer.role, verb) for officer in officers):
            yield warning(
                "officer-missing",
                say("No officer may {verb}.", verb=VERBS[verb]),
                say("Add one with `hamsaya user add`; `/roles` says which role may."),
            )
    proposing = {officer.login for officer in officers if may(officer.role, "propose")}
    approving = {officer.login for officer in officers if may(officer.role, "approve")}
    if proposing and approving and len(proposing | approving) < 2:
        yield warning("officer-missing", say("Two officers release, and there is only one."), say("Add another with `hamsaya user add`."))


def _agreements(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node
    for held in book.agreements():
        table, standing = held.agreement.table, standing_of(held, now)
        if standing.in_force and table.valid_until - now < SOON:
            yield warning(
                "agreement-expiring",
                say("Agreement {id} expires on {day}; nothing leaves under it then.", id=table.id, day=table.valid_until.date()),
                say("Draft and sign the next one with the neighbour in time."),
            )
        elif not standing.in_force:
            yield note("agreement-idle", say("Agreement {id}: {why}", id=table.id, why=standing.reason), say("Nothing leaves under it meanwhile."))


def _contradictions(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del now
    for held in book.agreements():
        for each in doubts(node, book, held):
            yield warning(
                "agreement-contradicted",
                say("Agreement {id}: {why}", id=held.agreement.table.id, why=each.what(each.party)),
                say("Call {party}: it told others otherwise, was set back, or its key is in other hands. `hamsaya agreement evidence` proves it.",
                    party=each.party),
            )  # fmt: skip


def _keys(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del now
    if book.key_line(node.party).current != node.key.public:
        yield fault(
            "key-missing",
            say("This node was set back to before its last change of key, and its key is not here."),
            say("Put it back with `hamsaya key adopt FILE`, or give it up with `hamsaya key revoke --why lost`."),
        )
    for party in book.parties():
        name, keys = party.card.party, book.keys_of(party.card.party)
        if not keys[-1].compared:
            yield warning(
                "key-not-compared",
                say("{party} changed its key by a signed act; nobody has compared the new fingerprint aloud.", party=name),
                say("Call {party} on a known number, then run `hamsaya party trust CARD --fingerprint …` with its new card.", party=name),
            )
        for held in book.agreements():
            signatory = held.agreement.party(name)
            if signatory is not None and book.key_line(name).is_revoked(signatory.key):
                yield warning(
                    "agreement-key-revoked",
                    say("Agreement {id} names {party} with a key that was revoked since.", id=held.agreement.table.id, party=name),
                    say(
                        "It goes on as it was signed before. For a text that names the present keys, run "
                        "`hamsaya agreement terms {id} > terms.toml` and `hamsaya agreement amend terms.toml --as LOGIN`, and let all sign it.",
                        id=held.agreement.table.id,
                    ),
                )


def _neighbours(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    others = [party for party in book.parties() if not party.own]
    if not others:
        yield note("neighbour-none", say("This node trusts no neighbour yet."), say("Get the neighbour's card and run `hamsaya party trust`."))
    links = {link.neighbour: link for link in links_now(node, book)}
    for party in others:
        name = party.card.party
        found = certificate_finding(
            party.card.tls,
            say("The certificate on the card of {party}", party=name),
            say("Ask the neighbour for a fresh card, and trust it after comparing fingerprints aloud."),
            now,
            "neighbour-certificate",
        )
        if found is not None:
            yield found
        link = links[name]
        last = link.proven
        if last is None:
            yield warning(
                "contact-none",
                say("No contact with {party} was ever proven.", party=name),
                say("Run `hamsaya sync {party}`; check its address and that both nodes trust each other.", party=name),
            )
        elif now - last > SILENT:
            yield warning(
                "contact-old",
                say("Last proven contact with {party}: {at}.", party=name, at=_minute(last)),
                say("Run `hamsaya sync {party}`, or carry a file by hand (`--to-file`).", party=name),
            )
        why = link.failure if link.failures else link.warning
        if why is not None and link.kind != "held":
            yield warning(
                "link-warning", say("The last visit to {party}: {why}", party=name, why=why), say("Run `hamsaya link try {party}`.", party=name)
            )


def _links(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node, now
    for held in book.holds():
        yield fault(
            "link-held",
            say("The link to {party} is held since {at}: nothing can be signed for it.", party=held.neighbour, at=_minute(held.since)),
            say("Run `hamsaya sync {party}`: it gives back what it holds. See docs/how-to/backup.md if it cannot.", party=held.neighbour),
        )


def _releases(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node
    waiting: dict[str, list[datetime]] = {}
    for release in book.releases():
        if release.condition == "logged" and now - release.condition_at > UNRECEIPTED:
            waiting.setdefault(release.receiver, []).append(release.condition_at)
    for party, since in sorted(waiting.items()):
        yield warning(
            "release-unreceipted",
            say("Releases to {party} without a receipt: {n}, the oldest since {at}.", n=len(since), party=party, at=_minute(min(since))),
            say("Run `hamsaya sync {party}`, or carry a file by hand (`--to-file`).", party=party),
        )


def _recalls(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    late = [each for each in book.recalls() if each.answer is None and now - each.at > UNANSWERED]
    for party in sorted({each.to for each in late if each.by == node.party}):
        since = [each.at for each in late if each.to == party]
        yield warning(
            "recall-unanswered",
            say("What was taken back from {party} and is not answered: {n}, the oldest since {at}.",
                party=party, n=len(since), at=_minute(min(since))),
            say("Run `hamsaya sync {party}`, then call its duty desk: its officer must answer.", party=party),
        )  # fmt: skip
    ours = [each.at for each in late if each.to == node.party]
    if ours:
        yield warning(
            "recall-unanswered",
            say("What neighbours took back and nobody here has answered: {n}, the oldest since {at}.", n=len(ours), at=_minute(min(ours))),
            say("Open the inbox, and answer each."),
        )


def _erasures(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    waits = [each for each in book.erasures() if each.confirmed is None]
    late = [each for each in waits if now - each.at > UNANSWERED]
    for party in sorted({each.to for each in late if each.by == node.party}):
        since = [each.at for each in late if each.to == party]
        yield warning(
            "erasure-unconfirmed",
            say(
                "What {party} was asked to erase and has not confirmed: {n}, the oldest since {at}.",
                party=party,
                n=len(since),
                at=_minute(min(since)),
            ),
            say("Run `hamsaya sync {party}`, then call its duty desk: its officer must confirm.", party=party),
        )  # fmt: skip
    ours = [each.at for each in waits if each.to == node.party]
    if ours:
        yield warning(
            "erasure-unconfirmed",
            say("What neighbours asked to be erased and nobody here has confirmed: {n}, the oldest since {at}.", n=len(ours), at=_minute(min(ours))),
            say("Open the page Erasures, or run `hamsaya record erasures`."),
        )
    back = [
        each.record for each in book.erasures()
        if _is_here_again(book, each.log, each.seq, here=each.asked if each.by == node.party else bool(each.confirmed))
    ]  # fmt: skip
    if back:
        yield warning(
            "erased-is-here",
            say("What was erased is here again: {records}.", records=", ".join(sorted(set(back))[:5])),
            say("The node was set back. Talk with each neighbour (`hamsaya sync`): it is erased again when its entries are back."),
        )


def _is_here_again(book: Book, log: str, seq: int, *, here: bool) -> bool:
    return here and any(entry.content is not None for entry in book.entries(log, seq, 1))


def _reviews(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node
    late = [each.until for each in book.reviews(waiting=True) if each.overdue(now)]
    if late:
        yield warning(
            "review-overdue",
            say("Releases under a standing approval that no second person reviewed in time: {n}, the oldest due at {at}.",
                n=len(late), at=_minute(min(late))),
            say("An approver or commander reviews each: page Releases, or `hamsaya release review`."),
        )  # fmt: skip


def _calls(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node
    for held in book.calls():
        at = _minute(held.at)
        if held.own and held.receipted_at is None:
            yield fault(
                "distress-unreceipted",
                say("Call {case} to {party} of {at} has no receipt yet.", case=held.case, party=held.neighbour, at=at),
                say("Reach the neighbour in every other way; check the link, or carry a file by hand (`--to-file`)."),
            )
        if not held.own and held.seen is None:
            yield fault(
                "distress-unseen",
                say("Call {case} of {party} of {at} was seen by nobody here.", case=held.case, party=held.neighbour, at=at),
                say("Tell the duty officer: every page of the desk shows it."),
            )
        due = held.review_due
        if due is not None and now > due:
            yield warning(
                "distress-unreviewed",
                say("Call {case} is over, and should have been reviewed by {at}.", case=held.case, at=_minute(due)),
                say("Another person than the one who sent it reviews it, on the page of the call."),
            )


def _quarantine(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    del node
    kept = book.quarantined()
    if kept:
        newest = max(kept, key=lambda each: each.at)
        made = warning if now - newest.at < FRESH else note
        yield made(
            "quarantine",
            say("Bundles in quarantine: {n}. The newest, of {party}: {why}", n=len(kept), party=newest.sender, why=newest.reason),
            say("Look at the inbox and talk with the neighbour; nothing of them was applied."),
        )


def _notices(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    told = [each for each in book.notices() if (name := parse_log(each.log)) and name.sender == node.party]
    if told:
        newest = max(told, key=lambda each: each.at)
        name = parse_log(newest.log)
        made = warning if now - newest.at < FRESH else note
        yield made(
            "quarantined-there",
            say("Entries of ours that neighbours put into quarantine: {n}. The newest, at {party}: {why}",
                n=len(told), party=name.receiver if name else "", why=why_quarantined(newest)),
            say("See the page Links or `hamsaya link quarantined`, and talk with the neighbour; what it says is wrong must be sent anew."),
        )  # fmt: skip


def _backups(node: Node, book: Book, now: datetime) -> Iterator[Finding]:
    made = sorted(kept.at for kept in book.keepings())  # the backup that it was restored from is one too
    then = say("Run `hamsaya backup FILE`, or set up the daily one (docs/how-to/backup.md).")
    if not made:
        yield warning("backup-none", say("No backup of this node was ever made."), then)
    elif now - made[-1] > BACKUP_EVERY:
        yield warning("backup-old", say("The last backup was made at {at}.", at=_minute(made[-1])), then)
    elif book.keys_of(node.party)[-1].since > made[-1]:
        old = say("The last backup was made before this node changed its key: it does not hold the key that signs now.")
        yield warning("backup-other-key", old, then)


def _minute(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
