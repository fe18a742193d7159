# SPDX-License-Identifier: Apache-2.0
"""What arrived, newest first, with its clock: when it must be acknowledged, and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Final
from urllib.parse import urlencode

import msgspec

from hamsaya.accounts.suggest import Suggestion
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.holdings import InboxItem, Quarantined
from hamsaya.desk.inbox import ANSWERED, acknowledge, acknowledge_several, count_waiting, due_at
from hamsaya.desk.matters import matters_in
from hamsaya.desk.ports import Book
from hamsaya.desk.retention import count_due
from hamsaya.desk.stages import count_overdue
from hamsaya.desk.suggesting import same_as_each
from hamsaya.exchange.logs import is_urgent, parse_log
from hamsaya.exchange.matters import MATTER_MOVED
from hamsaya.facts.errors import InputError
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text, say
from hamsaya.settlement import asking
from hamsaya.settlement.courses import COURSES
from hamsaya.settlement.minutes import SIGNED_TEXTS
from hamsaya.web.data import builtins
from hamsaya.web.labels import ENTRY_KINDS, INBOX_STATES, Badge, badge, label
from hamsaya.web.listing import Pager, after, pager
from hamsaya.web.matters import LevelRow, level_row
from hamsaya.web.names import party_names
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_MOST_BROKEN: Final = 20
_MOST_DIGITS: Final = 18
_MOST_WEIGHED: Final = 10
"""Of how many accounts that wait the page says what they may be of."""
_MOST_SAID: Final = 9
"""So many sentences of a matter stand on its card; all of them on its page."""
_LOOKED_AT: Final = 200
"""So many releases and accounts are looked at for overdue reports, the newest first: the page is drawn anew all the time."""
_OF_RELEASES: Final = ("release.opened", "release.recalled", "recall.answered", "erasure.asked", "erasure.confirmed", "copy.held")
"""The kinds whose subject is an entry of a log of releases; a reader knows the record in it, not the entry."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that arrived. `due` and `late` are None where no clock runs any more; seconds until due, and overdue."""

    item: InboxItem
    sender: str
    kind: Text
    record_kind: Text | None
    about: str
    """The record where the thing is about an entry of a log of releases, else what the thing itself names."""
    badge: Badge
    tone: str
    purpose: Text | None
    agreement: str
    due: datetime | None
    left_s: float
    overdue: bool
    waiting_s: float
    """For how many seconds it has been waiting, 0 where it does not."""
    href: str
    why_href: str
    """Leads to the account of a release; empty for anything else."""
    likely: list[Suggestion]
    """Of which incident that stands here an account that waits may be another one."""
    says: list[Statement]
    """Of a matter that a form opened and nobody has acknowledged: what it says."""
    level: LevelRow | None
    """Of a matter that waits too long: how high that has gone."""
    moved: Text | None
    """Of a move on a matter: which one."""
    answered: bool
    """True for a kind that waits for an answer of its own, and is not acknowledged."""


class InboxView(msgspec.Struct, frozen=True, kw_only=True):
    """What inbox.html receives."""

    cards: list[Card]
    pager: Pager
    after: str
    """The place of this page in the list, so that acknowledging leads back to it."""
    quarantined: list[Quarantined]
    """The newest bundles that broke the rules, on the first page."""
    waiting: int
    overdue: int
    due: int
    """Copies of neighbours whose time to keep has run out."""
    reports_ours: int
    """Of how many accounts a report of ours is overdue, among the newest."""
    reports_theirs: int


def show_inbox(desk: Desk, visit: Visit) -> Answer:
    """Show the inbox."""
    with desk.node.ledger.reading() as book:
        sheet = book.inbox_page(after(visit))
        cards = _cards(desk, book, sheet.rows, visit)
        waiting, overdue = count_waiting(book, visit.now)
        due = count_due(desk.node, book, visit.now)
        ours, theirs = count_overdue(desk.node, book, limit=_LOOKED_AT)
        broken = [] if after(visit) else sorted(book.quarantined(), key=lambda each: each.at, reverse=True)
    view = InboxView(
        cards=cards, waiting=waiting, overdue=overdue, due=due, pager=pager("/inbox", visit, sheet.next),
        after=after(visit), quarantined=broken[:_MOST_BROKEN], reports_ours=ours, reports_theirs=theirs,
    )  # fmt: skip
    return Page(
        template="inbox.html", view=view,
        data={"items": [_data(card) for card in cards], "waiting": waiting, "overdue": overdue, "past_its_time": due, "next": sheet.next,
              "reports_overdue": {"ours": ours, "theirs": theirs}},
    )  # fmt: skip


def acknowledge_item(desk: Desk, visit: Visit) -> Answer:
    """Acknowledge what arrived, one thing or all that are ticked; the neighbour learns of it at the next exchange."""
    form = visit.form
    to = f"/inbox?{urlencode({'after': form.text('after')})}#waiting" if form.text("after") else "/inbox#waiting"
    ticked = form.texts.get("item")
    if ticked is None and not form.text("log"):
        raise InputError(say("Nothing was ticked."), say("Tick what you have read, then acknowledge it."))
    if ticked is None:
        item = acknowledge(desk.node, visit.officer, form.text("log"), _number(form.text("seq")))
        desk.on_logged(item.sender)
        return Go(to=to, data=builtins(item))
    done, before = acknowledge_several(desk.node, visit.officer, [_entry(each) for each in ticked])
    for sender in dict.fromkeys(item.sender for item in done):
        desk.on_logged(sender)
    return Go(to=to, data={"acknowledged": [builtins(item) for item in done], "before": [builtins(item) for item in before]})


def _entry(text: str) -> tuple[str, int]:
    log, _, number = text.rpartition("#")
    return log, _number(number)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise InputError(say("seq: expected the number of an entry; this came: {came}", came=text[:20] or "—"))
    return int(text)


def _cards(desk: Desk, book: Book, items: list[InboxItem], visit: Visit) -> list[Card]:
    agreements = book.agreements()
    names = party_names(book, visit.language)
    kinds = book.record_kinds([item.subject for item in items])
    named = book.arrived_releases([(item.log, item.seq) for item in items if item.kind == "release"])
    entries = {item.subject: _pointed(item.subject) for item in items if item.kind in _OF_RELEASES}
    released = book.records_in([each for each in entries.values() if each])
    likely, matters = _likely(book, items, kinds), _Matters(desk, book, visit, items, kinds)
    cards = []
    for item in items:
        record, ours = released.get(entries.get(item.subject) or ("", 0), ("", ""))
        due = due_at(item, agreements) if item.state == "new" else None
        overdue = due is not None and visit.now > due
        state = badge(INBOX_STATES, item.state)
        log = parse_log(item.log)
        cards.append(
            Card(
                item=item, sender=names.get(item.sender, item.sender), kind=label(ENTRY_KINDS, item.kind),
                record_kind=RECORD_KINDS.get(kinds.get(item.subject, "")), about=record or item.subject, badge=state,
                tone="bad" if overdue else state.tone, purpose=label(PURPOSES, item.purpose) if item.purpose else None,
                agreement=log.agreement if log else "", due=due, left_s=(due - visit.now).total_seconds() if due else 0.0, overdue=overdue,
                waiting_s=(visit.now - item.received_at).total_seconds() if item.state == "new" else 0.0, href=_href(item, kinds, ours),
                why_href=path_to("releases", named[item.log, item.seq], "explain") if named.get((item.log, item.seq)) else "",
                likely=likely.get((item.log, item.seq), []), answered=item.kind in ANSWERED,
                says=matters.says(item), level=matters.level(item, names) if overdue else None, moved=matters.moved(item),
            )
        )  # fmt: skip
    return cards


class _Matters:
    """What the inbox says of matters, in words, for what waits and for moves; all of a page is read at once."""

    def __init__(self, desk: Desk, book: Book, visit: Visit, items: list[InboxItem], kinds: Mapping[str, str]) -> None:
        self._visit, self._kinds, self._sentences = visit, kinds, Sentences(book)
        named = [item.subject for item in items if kinds.get(item.subject, "") in COURSES]
        self._versions, self._moves = book.versions_of(named), book.moves_on(named)
        waiting = [item.subject for item in items if item.kind == "release" and item.state == "new" and kinds.get(item.subject, "") in COURSES]
        self._stands = {(each.record.id, each.party): each for each in matters_in(desk.node, book, waiting)} if waiting else {}

    def says(self, item: InboxItem) -> list[Statement]:
        """Return what a matter says that waits to be acknowledged."""
        course = COURSES.get(self._kinds.get(item.subject, ""))
        if item.kind != "release" or item.state != "new" or course is None or course.form is None:
            return []
        told = {field.predicate for field in course.form.fields}
        claims = [claim for claim in self._versions[item.subject][-1].record.claims if claim.predicate in told]
        return [self._sentences.state(claim, number) for number, claim in enumerate(claims, 1)][:_MOST_SAID]

    def level(self, item: InboxItem, names: Mapping[str, str]) -> LevelRow | None:
        """Return how high a matter has gone that nobody has acknowledged in time."""
        found = self._stands.get((item.subject, item.sender)) if item.kind == "release" else None
        return level_row(found, names, self._visit.language, self._visit.now) if found is not None else None

    def moved(self, item: InboxItem) -> Text | None:
        """Return which move a neighbour made."""
        course = COURSES.get(self._kinds.get(item.subject, ""))
        if item.kind != MATTER_MOVED or course is None:
            return None
        found = next((each.move for each in self._moves.get(item.subject, []) if (each.log, each.seq) == (item.log, item.seq)), "")
        return course.moves[found].label if found in course.moves else None


def _likely(book: Book, items: list[InboxItem], kinds: Mapping[str, str]) -> dict[tuple[str, int], list[Suggestion]]:
    """Return, for the first accounts that wait, which incidents they may be of too; an officer opens one and decides."""
    waiting = (item for item in items if item.state == "new" and item.kind == "release" and kinds.get(item.subject, "") not in COURSES)
    weighed = list(islice((item for item in waiting if book.has_incident(book.incident_name(item.incident))), _MOST_WEIGHED))
    same = same_as_each(book, [item.incident for item in weighed])
    return {(item.log, item.seq): same[item.incident][:1] for item in weighed}


def _pointed(subject: str) -> tuple[str, int] | None:
    """Return the log and the number of the entry that a subject names, None where it names none."""
    log, _, number = subject.rpartition("#")
    return (log, int(number)) if log and number.isascii() and number.isdigit() and len(number) <= _MOST_DIGITS else None


def _href(item: InboxItem, records: Mapping[str, str], release: str) -> str:
    """Return where the thing itself is shown, or nothing; `release` is our own that it is about."""
    if records.get(item.subject) in SIGNED_TEXTS:
        return path_to("findings" if item.kind == MATTER_MOVED else "records", item.subject)
    kind = records.get(item.subject, "")
    if kind in COURSES and kind not in asking.COURSES:
        return path_to("matters", item.subject)
    if item.kind in ("request.refused", MATTER_MOVED) or kind in asking.COURSES:
        return path_to("requests", item.subject)
    if item.kind.startswith("consent."):
        return f"/consents#{item.subject}"
    if item.kind in ("release.recalled", "recall.answered"):
        return "/recalls#" + item.subject.replace("/", "-").replace("#", "-")
    if item.kind == "copy.held":
        return "/retention"
    if item.kind.startswith("erasure."):
        return "/erasures#" + item.subject.replace("/", "-").replace("#", "-")
    if release:
        return path_to("releases", release)
    if item.incident:
        return path_to("incidents", item.incident)
    if is_urgent(item.log):
        return path_to("distress", item.subject) if item.subject else ""
    if item.kind.startswith("agreement.") and item.subject:
        return path_to("agreements", item.subject)
    return path_to("records", item.subject) if item.subject in records else ""


def _data(card: Card) -> dict[str, object]:
    return {**builtins(card.item), "due_at": card.due.isoformat() if card.due else None, "overdue": card.overdue, "href": card.href,
            "suggestions": [builtins(each) for each in card.likely], "level": str(card.level.name) if card.level else None}  # fmt: skip


ROUTES = [
    Route("GET", "/", "read", show_inbox),
    Route("GET", "/inbox", "read", show_inbox),
    Route("POST", "/inbox/acknowledge", "acknowledge", acknowledge_item),
]
