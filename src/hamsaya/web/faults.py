# SPDX-License-Identifier: Apache-2.0
"""Which status an error answers with, and the errors that only a web application has.

400 what was sent cannot be used · 401 nobody is logged in · 403 a law, clause or right says no · 404 not here ·
409 decided before · 413 too large · 429 too many logins · 500 our own fault · 502 the link · 503 the operator.
An answer never holds a trace.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import unquote

import msgspec

from hamsaya.desk.stale import Stale
from hamsaya.facts.errors import HamsayaError, InputError, LinkError, NeighbourError, NotFound, OperatorError, Refused
from hamsaya.facts.words import Text, say
from hamsaya.web.claim_form import FIELDS
from hamsaya.web.form import Form, TooLargeError
from hamsaya.web.pages.entrance import NotLoggedInError, TooManyError
from hamsaya.web.paths import path_to

_DECIDED: Final = frozenset({"decided", "signed"})
_FAMILIES: Final[list[tuple[type[HamsayaError], int]]] = [
    (NotLoggedInError, 401),
    (TooManyError, 429),
    (NotFound, 404),
    (TooLargeError, 413),
    (InputError, 400),
    (Refused, 403),
    (NeighbourError, 502),
    (LinkError, 502),
    (OperatorError, 503),
]
_HTTP: Final[dict[int, tuple[str, Text]]] = {
    400: ("input", say("The request cannot be read.")),
    404: ("not-found", say("There is no such page.")),
    405: ("method", say("This page does not take that kind of request.")),
}


TYPED: Final[dict[str, Text]] = {
    **FIELDS,
    "reason": say("Reason"),
    "purpose": say("Purpose"),
    "necessity": say("Why necessary"),
}
"""The fields whose text a fault shows again, so that nobody types it twice."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """An error as a page or as data. What fault.html receives."""

    status: int
    code: str
    what: Text
    hint: Text | None = None
    rule: str = ""
    wait_s: int = 0
    by: str = ""
    """The office that was first, where somebody was."""
    at: datetime | None = None
    back: str = ""
    """The page of the thing that was to be changed."""
    typed: list[tuple[Text, str]] = []
    """What the form held, by the words of its fields."""


def fault_of(error: HamsayaError) -> Fault:
    """Return how one of our errors is answered."""
    rule = error.rule if isinstance(error, Refused) else ""
    status = next((status for family, status in _FAMILIES if isinstance(error, family)), 500)
    return Fault(
        status=409 if rule in _DECIDED else status, code=error.code, what=error.what, hint=error.hint, rule=rule,
        wait_s=error.wait_s if isinstance(error, TooManyError) else 0,
        by=error.by if isinstance(error, Stale) else "", at=error.at if isinstance(error, Stale) else None,
    )  # fmt: skip


def with_form(fault: Fault, path: str, form: Form) -> Fault:
    """Return the fault with a way back to what the form was about, and with the text that was typed into it."""
    return msgspec.structs.replace(fault, back=way_back(path), typed=typed_in(form))


def typed_in(form: Form) -> list[tuple[Text, str]]:
    """Return the text that was typed into a form, by the words of its fields."""
    return [(TYPED[name], texts[0]) for name, texts in form.texts.items() if name in TYPED and texts[0].strip()]


def way_back(path: str) -> str:
    """Return the page of what a form was about, from the path that it was sent to."""
    parts = [unquote(part) for part in path.split("/") if part]
    return path_to(*parts[: 2 if len(parts) > 2 else 1]) if parts else ""


def fault_of_status(status: int) -> Fault:
    """Return how an error of the web server itself is answered."""
    code, what = _HTTP.get(status, ("error", say("The node met an error of its own; nothing was changed.")))
    return Fault(status=status if status in _HTTP else 500, code=code, what=what)
