# SPDX-License-Identifier: Apache-2.0
"""Whether a request is admitted to its page.

Asked in this order, and the first "no" is the answer:

 0. The host is one of this desk's own names: a page of another name is not ours (DNS rebinding).
 1. The session of the cookie is looked up, and must not have ended or be locked; neither may its account have been changed since.
 2. A page that needs an officer has one.
 3. A POST comes from this desk's own pages: its origin is our host.
 4. The officer's role holds the right that the route names (law 13); and the password is one that only they know,
    where this is no exercise: until then there is only the page on which to choose it.
 5. The body is read, no further than the route's limit.
 6. A POST within a session carries the session's CSRF token, but for one that changes nothing and only shows what was sent.

On 3: our `Referrer-Policy: no-referrer` makes browsers send `Origin: null` with a form. Then `Sec-Fetch-Site` decides;
a browser that sends neither is held to the token alone, and at login to nothing, since there is no session to abuse.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from litestar import Request

from hamsaya.desk.ports import Book
from hamsaya.desk.roles import require
from hamsaya.facts.errors import Refused
from hamsaya.facts.words import LANGUAGES, Language, say
from hamsaya.web.form import SMALL_BYTES, Form, read_body, read_form
from hamsaya.web.pages.entrance import NotLoggedInError
from hamsaya.web.session import Session
from hamsaya.web.standing import check_password_is_own
from hamsaya.web.visit import Desk, Route, Visit

LANGUAGE_COOKIE: Final = "hamsaya_lang"
"""One for all desks of a host: it is the reader's language, and no secret."""
AnyRequest = Request[Any, Any, Any]


def begin(desk: Desk, request: AnyRequest, default: Callable[[], Language]) -> Visit:
    """Return the visit before anything is decided: who is logged in, and the language of the answer: `default` where nothing tells it."""
    now = desk.node.now()
    session = desk.sessions.find(request.cookies.get(session_cookie(desk.node.party), ""), now)  # 1
    return _visit(request, default, now, session)


def begin_as_nobody(desk: Desk, request: AnyRequest, default: Language) -> Visit:
    """Return the visit of nobody, for a page that says that not even this could be looked up."""
    return _visit(request, lambda: default, desk.node.now(), None)


def _visit(request: AnyRequest, default: Callable[[], Language], now: datetime, session: Session | None) -> Visit:
    locked = session if session is not None and session.locked else None
    return Visit(
        language=_language(request, session, default), now=now, address=request.client.host if request.client else "",
        session=None if locked else session, locked=locked,
        params={name: str(value) for name, value in request.path_params.items()},
        query={name: str(value) for name, value in request.query_params.items()},
        host=request.headers.get("host", ""),
    )  # fmt: skip


def admit_unread(desk: Desk, route: Route, request: AnyRequest, visit: Visit) -> None:
    """Return if a request is admitted as far as can be said before its body is read. Raises `NotLoggedInError` or `Refused`."""
    _check_host(request, desk.hosts)  # 0
    locked = visit.locked if route.also_locked else None
    if route.verb is not None and visit.locked is not locked:  # 2
        raise NotLoggedInError(say("This desk is locked: nobody touched it for a while."), say("Give the password, then do it again."))
    if route.verb is not None and visit.session is None and locked is None:  # 2
        raise NotLoggedInError(say("Nobody is logged in, or the session has ended."), say("Log in, then do it again."))
    if route.method == "POST":
        _check_origin(request)  # 3
    if route.verb:
        require(visit.officer.role, route.verb)  # 4
    check_password_is_own(desk, route, visit)


async def admit(desk: Desk, route: Route, request: AnyRequest, visit: Visit) -> Form:
    """Return the form that came with an admitted request. Raises `NotLoggedInError`, `Refused` or `InputError`."""
    admit_unread(desk, route, request, visit)
    if route.method == "GET":
        return Form()
    body = await read_body(request.stream(), route.max_bytes, drains=visit.session is not None)  # 5
    form = read_form(request.headers.get("content-type", ""), body, route.max_fields)
    session = visit.session or visit.locked
    if route.verb is not None and session is not None and not route.harmless:
        _check_token(session, request.headers.get("x-csrf", "") or form.text("csrf"))  # 6
    return form


async def kept(request: AnyRequest, hosts: frozenset[str], max_fields: int) -> Form:
    """Return the form of an officer whose session has ended, so that it can be shown again. Raises as `admit` does."""
    _check_host(request, hosts)
    _check_origin(request)
    return read_form(request.headers.get("content-type", ""), await read_body(request.stream(), SMALL_BYTES, drains=False), max_fields)


def session_cookie(party: str) -> str:
    """Return the name of the session's cookie. A browser sends cookies to every port of a host, so each party has its own."""
    return f"hamsaya-{party}"


def asked_language(request: AnyRequest) -> Language | None:
    """Return the language that `?lang=` asks for."""
    return _known(request.query_params.get("lang", ""))


def default_language(book: Book) -> Language:
    """Return the first language of this node's own party."""
    own = next((party.card for party in book.parties() if party.own), None)
    return own.languages[0] if own and own.languages else "en"


def _language(request: AnyRequest, session: Session | None, default: Callable[[], Language]) -> Language:
    officers = _known(session.officer.language) if session else None
    return asked_language(request) or _known(request.cookies.get(LANGUAGE_COOKIE, "")) or officers or default()


def _known(code: str) -> Language | None:
    return next((language for language in LANGUAGES if language == code), None)


def _check_host(request: AnyRequest, hosts: frozenset[str]) -> None:
    try:
        host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    except ValueError:
        host = ""
    if hosts and host not in hosts:
        raise Refused(
            say("This desk does not answer as “{came}”.", came=host[:80] or "—"),
            say("Use localhost, or add the name to `names` under [desk] in hamsaya.toml."),
            rule="host",
        )


def _check_origin(request: AnyRequest) -> None:
    site = request.headers.get("sec-fetch-site", "")
    origin = request.headers.get("origin", "null")
    host = request.headers.get("host", "")
    foreign = site not in ("same-origin", "none") if site else origin != "null" and urlsplit(origin).netloc != host
    if foreign:
        raise Refused(say("This request comes from another site."), say("Open the desk's own page and do it there."), rule="origin")


def _check_token(session: Session, token: str) -> None:
    if not hmac.compare_digest(session.csrf.encode(), token.encode("utf-8", "replace")):
        raise Refused(say("The form's token is missing or old."), say("Load the page again, then send the form again."), rule="csrf")
