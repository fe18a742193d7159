# SPDX-License-Identifier: Apache-2.0
"""Whether an officer may go on before having chosen a password that only they know.

Who logged in with a password that somebody else set may choose another and nothing else, but on an exercise node, where
nothing is real and a demonstration should begin at once.
"""

from __future__ import annotations

from typing import Final

from hamsaya.facts.errors import Refused
from hamsaya.facts.words import say
from hamsaya.web.visit import Desk, Route, Visit

ONE_TIME: Final = "one-time"
CHOOSING: Final = frozenset({"/account", "/account/password", "/logout", "/login", "/health", "/lock", "/locked", "/unlock"})
"""Where one may go before a password of one's own was chosen."""


def must_choose(desk: Desk, visit: Visit) -> bool:
    """Say whether the officer has to choose a password before anything else."""
    return visit.session is not None and visit.officer.once and not desk.node.exercise


def check_password_is_own(desk: Desk, route: Route, visit: Visit) -> None:
    """Return if the officer may be on this page already. Raises `Refused`."""
    if must_choose(desk, visit) and route.path not in CHOOSING:
        raise Refused(
            say("This password was set by somebody else."), say("Choose one of your own on the page of your account, then go on."), rule=ONE_TIME
        )
