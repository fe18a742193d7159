# SPDX-License-Identifier: Apache-2.0
"""What `hamsaya agreement show` prints of who told whom, and of what a party signed twice in one place."""

from __future__ import annotations

from hamsaya.cli.say_out import escaped, in_words, plain
from hamsaya.desk.holdings import AgreementHeld
from hamsaya.desk.ports import Book, Node
from hamsaya.desk.told_whom import WAYS, Known, doubts, known_by


def told_of(node: Node, book: Book, held: AgreementHeld) -> tuple[dict[str, object], list[str]]:
    """Return who told whom, and what was signed twice, for a program and in lines; nothing for an agreement of two that is sound."""
    known, doubted = known_by(node, book, held), doubts(node, book, held)
    data: dict[str, object] = {"told": [_data(each) for each in known]} if known else {}
    if doubted:
        data["contradictions"] = [
            {**plain(each), "what": str(each.what(each.party)), "signed": [_data(one) for one in each.signed]} for each in doubted
        ]
    lines = [f"  told: {_line(each)}" for each in known]
    for each in doubted:
        lines += [f"  CONTRADICTION  {in_words(each.what(each.party))}", *(f"    {_line(one)}" for one in each.signed)]
    return data, lines


def _data(each: Known) -> dict[str, object]:
    return {"party": each.party, "text": each.text, "act": plain(each.act), "signature": plain(each.signature), "known": each.ways}


def _line(each: Known) -> str:
    ways = "; ".join(f"{party}: {in_words(WAYS[way])}" for party, way in each.ways.items())
    if each.act is not None:
        what = f"({escaped(each.act.office)}) {each.act.at:%Y-%m-%d %H:%M} act {each.act.number}, {each.act.verb}: {escaped(each.act.reason)}"
    elif each.signature is not None:
        what = f"({escaped(each.signature.office)}) {each.signature.at:%Y-%m-%d %H:%M} signed {each.text[:12]}"
    else:
        what = f"proposed {each.text[:12]}"
    return f"{each.party} {what} → {ways}"
