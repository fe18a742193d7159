# SPDX-License-Identifier: Apache-2.0
"""What stands around a long list: the links to its first and next page, and the form of its filter.

Both live in the address alone, so that a link to a page of a filtered list can be kept, and the back button works.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from hamsaya.desk.filters import FIELDS, Filter, read_filter
from hamsaya.desk.ports import Book
from hamsaya.facts.records import RECORD_KINDS
from hamsaya.facts.words import Text
from hamsaya.web.names import party_names
from hamsaya.web.visit import Desk, Visit


class Pager(msgspec.Struct, frozen=True, kw_only=True):
    """Links to other pages of a list. `first` is empty on the first page, `next` on the last."""

    first: str
    next: str


class FilterForm(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a filter: what may be chosen, and what was asked for."""

    action: str
    asked: Mapping[str, str]
    kinds: dict[str, Text]
    sides: list[str]
    parties: dict[str, str]


NO_FILTER: Final = Filter()


def after(visit: Visit) -> str:
    """Return the cursor in the address, empty for the first page."""
    return visit.query.get("after", "")


def pager(path: str, visit: Visit, following: str, asked: Filter = NO_FILTER) -> Pager:
    """Return the links to the first page and to the one at the cursor `following` of the list at `path`."""
    return Pager(
        first=address(path, asked) if after(visit) else "",
        next=address(path, asked, after=following) if following else "",
    )


def address(path: str, asked: Filter, **more: str) -> str:
    """Return the address of a list under a filter."""
    query = urlencode({**asked.asked, **more})
    return f"{path}?{query}" if query else path


def asked_filter(desk: Desk, visit: Visit, kinds: Mapping[str, Text] = RECORD_KINDS) -> Filter:
    """Return the filter in the address. Raises `InputError`."""
    return read_filter(visit.query, desk.node.zone, list(kinds))


def filter_form(path: str, book: Book, visit: Visit, asked: Filter, kinds: Mapping[str, Text] = RECORD_KINDS) -> FilterForm:
    """Return the form of the filter of the list at `path`."""
    sides = list(dict.fromkeys(party.card.country for party in book.parties()))
    return FilterForm(
        action=path, asked={name: asked.asked.get(name, "") for name in FIELDS}, kinds=dict(kinds), sides=sides,
        parties=party_names(book, visit.language),
    )  # fmt: skip
