# SPDX-License-Identifier: Apache-2.0
"""The desk's application, put together: routes, answers, headers, errors. Decides nothing about records.

Every route answers HTML, or JSON to a caller that accepts `application/json`. JSON speaks English, since programs read
it; pages speak the reader's language.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

import msgspec
from anyio import CapacityLimiter, to_thread
from litestar import Litestar, Request, Response, get, post
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException, NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.types import Message, Scope

from hamsaya.desk.ports import Node
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Language
from hamsaya.web.admit import LANGUAGE_COOKIE, admit, admit_unread, asked_language, begin, begin_as_nobody, default_language, kept, session_cookie
from hamsaya.web.chrome import Chrome, bare_chrome, chrome_of, sent_cookie
from hamsaya.web.data import mark
from hamsaya.web.faults import Fault, fault_of, fault_of_status, typed_in, way_back, with_form
from hamsaya.web.pages import ROUTES
from hamsaya.web.pages.entrance import KeptTextView, LoginView, NotLoggedInError, kept_page
from hamsaya.web.passkeys import Challenges
from hamsaya.web.render import Renderer
from hamsaya.web.session import Attempts, Sessions
from hamsaya.web.standing import ONE_TIME
from hamsaya.web.tongue import Tongue
from hamsaya.web.visit import Answer, Desk, Download, Go, Page, Route, Visit

AnyRequest = Request[Any, Any, Any]
HEADERS: Final = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self'; "
    "font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_HTML: Final = "text/html"
_JSON: Final = "application/json"
_PAGES: Final = frozenset(route.path for route in ROUTES if route.method == "GET")
_KEPT: Final = re.compile(r"[A-Za-z0-9/_.:-]{1,200}")
"""The name of a form whose text the browser keeps until it was taken."""
_TAKEN_S: Final = 60
_YEAR_S: Final = 31_536_000
_LOG: Final = logging.getLogger("hamsaya.web")


def create_desk(
    node: Node,
    *,
    on_logged: Callable[[str], None] | None = None,
    hosts: Sequence[str] = (),
    lock_after_s: int = 0,
) -> Litestar:
    """Return the officers' application for `node`.

    `on_logged` is told the neighbour for whom something was just logged; it is called in the request's thread after
    the commit, and its errors are logged, never shown. `hosts`
    are the names under which the desk answers; any other is refused, and all are answered where it is empty. After
    `lock_after_s` without input a page covers itself; 0 for never.
    """
    desk = Desk(
        node=node, sessions=Sessions(node.ledger, node.random), attempts=Attempts(node.ledger), on_logged=_guarded(on_logged or (lambda _: None)),
        logins=CapacityLimiter(2), hosts=frozenset(hosts),
        challenges=Challenges(node.ledger, node.random), lock_after_s=lock_after_s,
    )  # fmt: skip
    counter = Counter(desk, Renderer())
    return Litestar(
        [*(counter.handler(route) for route in ROUTES), counter.static()],
        exception_handlers={HTTPException: counter.http_error, Exception: counter.bug},
        before_send=[_add_headers(exercise=node.exercise)], openapi_config=None, request_max_body_size=None,
        logging_config=None,
    )  # fmt: skip


class Counter:
    """Turns requests into answers."""

    def __init__(self, desk: Desk, renderer: Renderer) -> None:
        self.desk = desk
        self.renderer = renderer

    def handler(self, route: Route) -> HTTPRouteHandler:
        """Return the route as Litestar knows it."""

        async def handle(request: AnyRequest) -> Response[bytes]:
            return await self.answer(route, request)

        method = get if route.method == "GET" else post
        made = method(route.path, name=f"{route.method} {route.path}", status_code=200, opt={"route": route})
        return made(handle)

    def static(self) -> HTTPRouteHandler:
        """Return the route of the static files: only those that were read at the start, whole or in part."""

        @get("/static/{name:str}", name="GET /static/{name:str}", sync_to_thread=True)
        def serve(request: AnyRequest) -> Response[bytes]:
            shelf, asked = self.renderer.shelf, {name.lower(): value for name, value in request.headers.items()}
            found = shelf.hand_out(str(request.path_params["name"]), str(request.query_params.get("v", "")), asked)
            if found is None:
                raise NotFoundException
            return Response(found.data, status_code=found.status, media_type=found.media_type, headers=found.headers)

        return serve

    async def answer(self, route: Route, request: AnyRequest) -> Response[bytes]:
        """Return the answer to a request, or to what went wrong with it."""
        if route.method == "GET" and not route.hashes:
            return await to_thread.run_sync(self._look, route, request)
        try:
            visit = await to_thread.run_sync(self._begin, request)
        except HamsayaError as error:
            return self._bare(fault_of(error), request)
        limiter = self.desk.logins if route.hashes else None
        try:
            visit = replace(visit, form=await admit(self.desk, route, request, visit))
            answer = await to_thread.run_sync(route.act, self.desk, visit, limiter=limiter)
        except HamsayaError as error:
            if route.method == "POST" and route.verb is not None and isinstance(error, NotLoggedInError) and not _wants_json(request):
                return await self._kept(route, request, visit)
            fault = fault_of(error)
            if route.method == "POST" and visit.session is not None:
                fault = with_form(fault, request.url.path, visit.form)
            return await to_thread.run_sync(self._fault, fault, request, visit)
        return await to_thread.run_sync(self._reply, answer, request, visit)

    def _look(self, route: Route, request: AnyRequest) -> Response[bytes]:
        """Answer a request without a body all in one thread: each change of threads waits its turn on a busy machine."""
        try:
            visit = self._begin(request)
        except HamsayaError as error:
            return self._bare(fault_of(error), request)
        try:
            admit_unread(self.desk, route, request, visit)
            answer = route.act(self.desk, visit)
        except HamsayaError as error:
            return self._fault(fault_of(error), request, visit)
        return self._reply(answer, request, visit)

    async def _kept(self, route: Route, request: AnyRequest, visit: Visit) -> Response[bytes]:
        """Answer a POST after the session has ended: with what was sent, to be gone on with after login."""
        try:
            form = await kept(request, self.desk.hosts, route.max_fields)
        except HamsayaError as error:
            return await to_thread.run_sync(self._fault, fault_of(error), request, visit)
        if route.keeps and form.texts:
            return await to_thread.run_sync(self._reply, kept_page(route.keeps, form), request, visit)
        typed = typed_in(form)
        if not typed:
            return _redirect("/locked" if visit.locked else "/login")
        view = KeptTextView(typed=typed, back=way_back(request.url.path))
        page = Page(template="kept_text.html", view=view, data={"login": "required"}, status=401)
        return await to_thread.run_sync(self._reply, page, request, visit)

    def http_error(self, request: AnyRequest, error: HTTPException) -> Response[bytes]:
        """Answer an error of the web server, such as an unknown page."""
        return self._bare(fault_of_status(error.status_code), request)

    def bug(self, request: AnyRequest, error: Exception) -> Response[bytes]:
        """Answer an error that nobody foresaw; the log has the cause, the answer has not."""
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return self._bare(fault_of_status(500), request)

    def _begin(self, request: AnyRequest) -> Visit:
        return begin(self.desk, request, self._default_language)

    def _default_language(self) -> Language:
        try:
            with self.desk.node.ledger.reading() as book:
                return default_language(book)
        except HamsayaError:
            return "en"

    def _reply(self, answer: Answer, request: AnyRequest, visit: Visit) -> Response[bytes]:
        if _wants_json(request):
            data = answer.data() if callable(answer.data) else answer.data
            reply = _json(mark(data, exercise=self.desk.node.exercise), answer.status if isinstance(answer, Page) else 200)
        elif isinstance(answer, Go):
            reply = _redirect(answer.to)
        elif isinstance(answer, Download):
            reply = Response(answer.content, media_type=answer.media_type, headers={"content-disposition": f'attachment; filename="{answer.name}"'})
        else:
            reply = self._page(answer, chrome_of(self.desk, visit, *_here(request)), visit)
        if isinstance(answer, Go) and answer.cookie is not None:
            _set_cookie(reply, session_cookie(self.desk.node.party), answer.cookie, request, lasts_s=None if answer.cookie else 0)
        if isinstance(answer, Go) and _KEPT.fullmatch(visit.form.text("keep")):
            taken = quote(visit.form.text("keep"), safe="")  # read by keep.js, which then forgets what was typed
            reply.set_cookie(sent_cookie(self.desk.node.party), taken, path="/", samesite="strict", max_age=_TAKEN_S)
        return _remember_language(reply, request)

    def _fault(self, fault: Fault, request: AnyRequest, visit: Visit) -> Response[bytes]:
        """Answer one of our errors. Nobody logged in is led to the login page; a failed login shows its form again."""
        if _wants_json(request):
            return _json(_fault_data(fault, exercise=self.desk.node.exercise), fault.status, wait_s=fault.wait_s)
        at_login = request.url.path in ("/login", "/login/passkey/answer")
        if fault.status == 401 and not at_login:
            return _redirect("/locked" if visit.locked else "/login")
        if fault.rule == ONE_TIME:
            return _redirect("/account")
        try:
            chrome = chrome_of(self.desk, visit, *_here(request))
        except HamsayaError:
            chrome = bare_chrome(self.desk, visit, *_here(request))
        if at_login and fault.status in (401, 429):
            page = Page(template="login.html", view=LoginView(fault.what), data={}, status=fault.status)
        else:
            page = Page(template="fault.html", view=fault, data={}, status=fault.status)
        reply = self._page(page, chrome, visit)
        if fault.wait_s:
            reply.headers["retry-after"] = str(fault.wait_s)
        return _remember_language(reply, request)

    def _bare(self, fault: Fault, request: AnyRequest) -> Response[bytes]:
        if _wants_json(request):
            return _json(_fault_data(fault, exercise=self.desk.node.exercise), fault.status)
        try:
            visit = begin(self.desk, request, lambda: "en")
        except Exception:  # noqa: BLE001  (this page tells of that very error)
            visit = begin_as_nobody(self.desk, request, "en")
        return self._page(
            Page(template="fault.html", view=fault, data={}, status=fault.status), bare_chrome(self.desk, visit, *_here(request)), visit
        )

    def _page(self, page: Page, chrome: Chrome, visit: Visit) -> Response[bytes]:
        html = self.renderer.page(page.template, page.view, chrome, Tongue(visit.language, self.desk.node.zone, chrome.names))
        return Response(html.encode(), status_code=page.status, media_type=_HTML)


def _guarded(on_logged: Callable[[str], None]) -> Callable[[str], None]:
    """Return `on_logged` so that its errors do not undo in the officer's eyes what is committed already."""

    def tell(receiver: str) -> None:
        try:
            on_logged(receiver)
        except HamsayaError as error:
            _LOG.warning("the courier could not be told about %s: %s", receiver, error)

    return tell


def _wants_json(request: AnyRequest) -> bool:
    accepted = request.headers.get("accept", "")
    return _JSON in accepted and "text/html" not in accepted


def _here(request: AnyRequest) -> tuple[str, dict[str, str]]:
    """Return where the language links lead: this page, or the first page after a form that has no page of its own."""
    if request.method != "GET":
        handler: Any = request.scope.get("route_handler")  # none where the page does not take that kind of request
        route = handler.opt.get("route") if handler else None
        return (request.url.path if route is not None and route.path in _PAGES else "/", {})
    return request.url.path, {name: str(value) for name, value in request.query_params.items() if name != "lang"}


def _redirect(to: str) -> Response[bytes]:
    return Response(b"", status_code=303, headers={"location": to}, media_type="text/plain")


def _json(data: object, status: int, *, wait_s: int = 0) -> Response[bytes]:
    headers = {"retry-after": str(wait_s)} if wait_s else {}
    return Response(msgspec.json.encode(data), status_code=status, media_type=_JSON, headers=headers)


def _fault_data(fault: Fault, *, exercise: bool) -> object:
    data = {"error": fault.code, "what": str(fault.what), "hint": str(fault.hint) if fault.hint else "", "rule": fault.rule}
    return mark(data, exercise=exercise)


def _remember_language(reply: Response[bytes], request: AnyRequest) -> Response[bytes]:
    asked = asked_language(request)
    if asked:
        _set_cookie(reply, LANGUAGE_COOKIE, asked, request, lasts_s=_YEAR_S)
    return reply


def _set_cookie(reply: Response[bytes], name: str, value: str, request: AnyRequest, *, lasts_s: int | None) -> None:
    reply.set_cookie(
        name, value, path="/", httponly=True, samesite="strict", secure=request.url.scheme == "https", max_age=lasts_s,
    )  # fmt: skip


def _add_headers(*, exercise: bool) -> Callable[[Message, Scope], Awaitable[None]]:
    """Return the hook that puts the headers on every answer, errors and static files included."""

    async def add(message: Message, scope: Scope) -> None:
        del scope
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers[name] = value
        headers["x-exercise"] = "true" if exercise else "false"
        headers.setdefault("cache-control", "no-store")

    return add
