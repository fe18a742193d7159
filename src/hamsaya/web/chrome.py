# SPDX-License-Identifier: Apache-2.0
"""What stands around every page: whose desk this is, the clocks, the link, who is logged in, the languages.

Of a link it never says "connected": only what was proven, and when (`desk/contacts.py`).
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import msgspec

from hamsaya.desk.contacts import LinkNow, links_now, mark_of_links
from hamsaya.desk.reports import draft_key
from hamsaya.desk.roles import ROLE_NAMES, VERBS, may
from hamsaya.facts.words import LANGUAGES, Language, Text, say
from hamsaya.tongues import knows_zone
from hamsaya.web.calls import Alarm, alarm_of
from hamsaya.web.labels import LANGUAGE_NAMES
from hamsaya.web.names import party_names
from hamsaya.web.visit import Desk, Visit

MOST_CLOCKS: Final = 3


class LinkRow(msgspec.Struct, frozen=True, kw_only=True):
    """One neighbour by its name, and how the link to it stands."""

    name: str
    link: LinkNow


class Switch(msgspec.Struct, frozen=True, kw_only=True):
    """A link to this page in another language."""

    code: Language
    name: str
    href: str
    current: bool


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of the navigation."""

    href: str
    label: Text
    current: bool
    waiting: int = 0
    """How many things wait there for somebody."""


class Chrome(msgspec.Struct, frozen=True, kw_only=True):
    """What the layout receives. `office` is empty when nobody is logged in."""

    party: str
    name: str
    country: str
    zone: str
    elsewhere: list[str]
    """Time zones of the neighbours, and UTC, where they are not this node's own."""
    now: datetime
    exercise: bool
    contacts: list[LinkRow]
    links_mark: str
    """What changes when the links stand otherwise: then an open page shows them anew."""
    office: str
    role: Text
    csrf: str
    switches: list[Switch]
    places: list[Place]
    clock: Text | None = None
    """What to warn of where this machine's clock cannot be right."""
    keeper: str
    """Whose text the browser keeps; empty when nobody is logged in."""
    keep_key: str
    """The key, base64, under which the browser keeps what this officer has typed and not sent."""
    keep_cookie: str
    """The cookie that names the form whose text was taken."""
    lock_after_s: int
    """After how many seconds without input the page covers itself; 0 for never, and when nobody is logged in."""
    names: dict[str, str] = {}
    """What parties are called in the reader's language, by their short names."""
    alarm: Alarm = Alarm()
    """Calls of distress and STOP that wait, on every page."""
    rights: dict[str, bool]
    """By verb, whether the officer may do it: forms that would be refused are not offered."""


BEHIND = timedelta(minutes=1)
PLACES: tuple[tuple[str, Text, str], ...] = (
    ("/inbox", say("Inbox"), "read"),
    ("/distress", say("Distress and STOP"), "read"),
    ("/incidents", say("Incidents"), "read"),
    ("/documents", say("Documents"), "read"),
    ("/drafts", say("Drafts"), "read"),
    ("/records", say("Records"), "read"),
    ("/releases", say("Releases"), "read"),
    ("/requests", say("Requests"), "read"),
    ("/matters", say("Matters"), "read"),
    ("/exercises", say("Exercises and patrols"), "read"),
    ("/meetings", say("Meetings"), "read"),
    ("/commitments", say("Commitments"), "read"),
    ("/overdue", say("Reports due"), "read"),
    ("/command", say("Commander's page"), "read"),
    ("/sections", say("Sections"), "read"),
    ("/statistics", say("Statistics"), "read"),
    ("/situation", say("Situation report"), "file"),
    ("/agreements", say("Agreements"), "read"),
    ("/flags", say("Rights flags"), "audit"),
    ("/oversight", say("Who was let in"), "audit"),
    ("/officers", say("Officers"), "configure"),
    ("/neighbours", say("Neighbours"), "configure"),
    ("/node", say("State of the node"), "configure"),
)
"""The navigation: where to, its name, and the right without which it is not shown."""


def keeper_of(party: str, login: str) -> str:
    """Return the name under which pages keep what this officer was writing, and by which they know whose they are."""
    return f"{party}:{login}"


def first_place(role: str) -> str:
    """Return where somebody of this role is led after login: the inbox, or the first page that is theirs."""
    return "/" if may(role, "read") else next((href for href, _, verb in PLACES if may(role, verb)), "/account")


def chrome_of(desk: Desk, visit: Visit, path: str, query: dict[str, str]) -> Chrome:
    """Return the frame of a page, read from the ledger. Raises `OperatorError` where the ledger cannot be read."""
    with desk.node.ledger.reading() as book:
        parties = book.parties()
        own = next((party.card for party in parties if party.own), None)
        names = party_names(book, visit.language)
        links = links_now(desk.node, book) if visit.session else []
        unread = sum(book.waiting().values()) if visit.session else 0
        to_review = len(book.reviews(waiting=True)) if visit.session else 0
        flagged = book.open_flags() if visit.session and may(visit.officer.role, "audit") else 0
        clock = _clock(visit.now, book.last_act()) if visit.session else None
        alarm = alarm_of(book, visit, names)
    bare, waiting = bare_chrome(desk, visit, path, query), {"/inbox": unread, "/releases": to_review, "/flags": flagged}
    return msgspec.structs.replace(
        bare,
        clock=clock,
        alarm=alarm,
        names=names if visit.session else {},
        name=names.get(desk.node.party, desk.node.party),
        places=[msgspec.structs.replace(place, waiting=waiting.get(place.href, 0)) for place in bare.places],
        country=own.country if own else desk.node.country,
        elsewhere=_elsewhere(desk.node.zone, [party.card.zone for party in parties if visit.session and not party.own]),
        contacts=named_links(links, names),
        links_mark=mark_of_links(links),
    )


def named_links(links: Sequence[LinkNow], names: Mapping[str, str]) -> list[LinkRow]:
    """Return the links with the neighbours' names."""
    return [LinkRow(name=names.get(link.neighbour, link.neighbour), link=link) for link in links]


def bare_chrome(desk: Desk, visit: Visit, path: str, query: dict[str, str]) -> Chrome:
    """Return the frame without asking the ledger, for a page that says that it cannot be read."""
    session = visit.session
    role = session.officer.role if session else ""
    return Chrome(
        party=desk.node.party, name=desk.node.party, country=desk.node.country, zone=desk.node.zone, now=visit.now,
        elsewhere=_elsewhere(desk.node.zone, []), exercise=desk.node.exercise, contacts=[], links_mark="",
        office=session.officer.office if session else "",
        role=ROLE_NAMES.get(role, Text(role)), csrf=session.csrf if session else "",
        switches=[
            Switch(code=code, name=LANGUAGE_NAMES[code], href=f"{_here(path)}?{urlencode({**query, 'lang': code})}", current=code == visit.language)
            for code in LANGUAGES
        ],
        places=[Place(href=href, label=name, current=_stands_under(path, href)) for href, name, verb in PLACES if may(role, verb)],
        keeper=keeper_of(desk.node.party, session.officer.login) if session else "",
        keep_key=b64encode(draft_key(desk.node, session.officer)).decode() if session else "", keep_cookie=sent_cookie(desk.node.party),
        lock_after_s=desk.lock_after_s if session else 0,
        rights={verb: may(role, verb) for verb in VERBS},
    )  # fmt: skip


def _clock(now: datetime, last: datetime | None) -> Text | None:
    """Return the warning that the node has acted later than its clock says that it is; other requests may be a moment ahead."""
    if last is None or last - now < BEHIND:
        return None
    return say("This machine's clock is behind: it says {now}, and this node last acted at {last}. Tell your administrator.",
               now=f"{now:%Y-%m-%d %H:%M} UTC", last=f"{last:%Y-%m-%d %H:%M} UTC")  # fmt: skip


def sent_cookie(party: str) -> str:
    """Return the name of the cookie that says which form was taken. Scripts of our pages read it; it is no secret."""
    return f"hamsaya-sent-{party}"


def _here(path: str) -> str:
    """Return the path as a link that stays on this host: one that began with two slashes would name another."""
    return "/" + quote(path.lstrip("/\\"))


def _elsewhere(own: str, zones: list[str]) -> list[str]:
    """Return the zones of the neighbours and UTC, each once, without our own and without any that this machine does not know."""
    return [zone for zone in dict.fromkeys([*zones[:MOST_CLOCKS], "UTC"]) if zone != own and knows_zone(zone)]


def _stands_under(path: str, href: str) -> bool:
    return path == href or path.startswith(f"{href}/") or (path == "/" and href == "/inbox")
