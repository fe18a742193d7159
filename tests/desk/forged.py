# SPDX-License-Identifier: Apache-2.0
"""Releases as a program would send them that does not check."""

from __future__ import annotations

import msgspec

from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.seal.canonical import canonical, read


def forge(desk, held, content, log="", **about):
    """Send these bytes under the header of a release that left, with parts of that header changed."""
    with desk.store.reading() as book:
        header = book.entries(held.log, held.seq, 1)[0].header()
    told = read(content, ReleasedRecord)
    fits = {"release": told.release, "record": told.record.id, "version": str(told.record.version)}
    with desk.store.writing() as pen:
        pen.extend(log or held.log, "release", content, desk.officers["duty"], {**header.about, **fits, **about})


def copy_of(desk, held):
    with desk.store.reading() as book:
        return read(book.entries(held.log, held.seq, 1)[0].content, ReleasedRecord)


def renamed(sent, name, **parts):
    return canonical(msgspec.structs.replace(sent, record=msgspec.structs.replace(sent.record, id=name, incident="", **parts)))
