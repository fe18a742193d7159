# SPDX-License-Identifier: Apache-2.0
"""Which findings a file proves to be signed by both sides: the text is in it, and both have signed its very bytes.

Asked of entries that hold (`proof.py`). A signature names the text by its bytes, so it is over that text whatever was put forward since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from hamsaya.exchange.acts import ReleasedRecord
from hamsaya.exchange.logs import parse_log
from hamsaya.exchange.matters import MatterMoved, ref_of
from hamsaya.facts.errors import HamsayaError
from hamsaya.facts.words import Text, say
from hamsaya.seal.canonical import read
from hamsaya.settlement.finding import FINDING
from hamsaya.settlement.minutes import SIGNED_TEXTS

SIGN: Final = "sign"


class _Put(msgspec.Struct, frozen=True):
    finding: str
    ends: tuple[str, str]
    kind: str


def proven_findings(contents: Mapping[str, Iterable[str | None]]) -> list[Text]:
    """Return, from the contents of each log, which text of which finding both of its parties have signed."""
    texts = {ref_of(content.encode()): put for log, content in _each(contents) if (put := _put(log, content)) is not None}
    signed: dict[str, set[str]] = {}
    for log, content in _each(contents):
        act = _signature(log, content)
        if act is not None and act.on in texts and act.matter == texts[act.on].finding:
            signed.setdefault(act.on, set()).add(log.split("/")[1])
    return [_told(put, text) for text, put in texts.items() if set(put.ends) <= signed.get(text, set())]


def _told(put: _Put, text: str) -> Text:
    one, other = put.ends
    if put.kind == FINDING.kind:
        return say(
            "{one} and {other} have signed the very same text of finding {finding}: {text}", one=one, other=other, finding=put.finding, text=text
        )
    return say("{one} and {other} have signed the very same text ({kind} {record}): {text}", one=one, other=other,
               kind=SIGNED_TEXTS[put.kind].label, record=put.finding, text=text)  # fmt: skip


def _each(contents: Mapping[str, Iterable[str | None]]) -> list[tuple[str, str]]:
    return [(log, content) for log, several in contents.items() for content in several if content is not None]


def _put(log: str, content: str) -> _Put | None:
    """Return which finding a released text belongs to; None for what is no text of one."""
    name = parse_log(log)
    if name is None or name.kind != "release" or not any(f'"{kind}"' in content for kind in SIGNED_TEXTS):
        return None
    try:
        record = read(content.encode(), ReleasedRecord).record
    except HamsayaError:
        return None  # of another version: it is checked, and proves nothing of this
    return _Put(record.answers or record.id, (name.sender, name.receiver), record.kind) if record.kind in SIGNED_TEXTS else None


def _signature(log: str, content: str) -> MatterMoved | None:
    name = parse_log(log)
    if name is None or name.kind != "link" or f'"{SIGN}"' not in content:
        return None
    try:
        act = read(content.encode(), MatterMoved)
    except HamsayaError:
        return None
    return act if act.move == SIGN else None
