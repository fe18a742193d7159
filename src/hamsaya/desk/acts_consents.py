# SPDX-License-Identifier: Apache-2.0
"""What a node writes in its journal about consents of originators."""

from __future__ import annotations

from hamsaya.desk.event import Event
from hamsaya.exchange.consents import ConsentAsked


class ConsentRequested(Event, frozen=True, kw_only=True):
    """An officer asked an originator whether what it told may go on; `record` is our own record that rests on it."""

    originator: str
    record: str
    asked: ConsentAsked


class ConsentAnswered(Event, frozen=True, kw_only=True):
    """An officer answered a neighbour that asked for consent, or took a consent back. `consent` is what was signed."""

    consent: str
