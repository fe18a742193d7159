# SPDX-License-Identifier: Apache-2.0
"""A case file as a page: drawn in the reader's language, with the evidence and the script that checks it inside.

The page asks nothing of any network: its own policy lets run the one script and the one style sheet whose hashes stand in it, and
load nothing. What it shows is drawn before it is signed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
from markupsafe import Markup

from hamsaya.accounts.compare import Account
from hamsaya.accounts.harm import HARMS
from hamsaya.agreement.purposes import PURPOSES
from hamsaya.desk.cases import CaseView
from hamsaya.facts.words import Language, Text, say
from hamsaya.settlement.finding import PARAGRAPHS
from hamsaya.web.labels import Badge, label
from hamsaya.web.pages.incidents import FieldRow, field_row
from hamsaya.web.render import Renderer
from hamsaya.web.stages import ChangeRow, HappenedRow, change_rows, happened_row, stage_badge
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.tongue import Tongue

_OWN: Final = Path(__file__).parent / "static"
WORDS: Final[dict[str, Text]] = {
    "verified": say("Nothing was altered: every signature, every content, every log and what this page shows hold. Now compare the keys aloud."),
    "altered": say("This file was altered, or was never whole. The first thing below is the first that does not hold."),
    "unable": say("This browser cannot check Ed25519 signatures, so nothing was checked. Take a current browser, or `hamsaya verify`."),
    "unreadable": say("The evidence in this file cannot be read: it was altered or cut off. Nothing of it is proven."),
    "faults": say("What does not hold"),
    "keys": say("Keys that signed"),
    "compare": say("compare with what was read aloud"),
    "entries": say("Entries that were checked"),
    "holds": say("holds: signature, place and content"),
    "holds_without": say("holds: signature and place; its content is not in this file"),
    "signed": say("The very words that were signed:"),
    "findings": say("Joint findings that both sides signed"),
    "both": say("both sides signed these very bytes"),
    "wrong_card": say("the party's card was altered"),
    "wrong_key": say("a key that does not follow from the party's keys"),
    "wrong_log": say("a log of no party in this file"),
    "wrong_signature": say("the entry was altered: its signature does not fit"),
    "wrong_order": say("another entry was put in this place"),
    "wrong_commitment": say("the content was altered: it is not what was signed"),
    "wrong_leaf": say("what stands for an entry that was left out is no hash"),
    "wrong_checkpoint": say("the sender's checkpoint was altered"),
    "wrong_receipt": say("the receipt was altered"),
    "wrong_tree": say("the log is not the one that was signed as a whole: an entry was replaced"),
    "wrong_missing": say("an entry is missing that was signed for"),
    "wrong_file": say("the file was not signed by the party that wrote it, or was altered since"),
    "wrong_page": say("what the page shows was altered after it was signed"),
}


class DrawnCase(msgspec.Struct, frozen=True, kw_only=True):
    """What case_shown.html receives."""

    case: CaseView
    language: Language
    sides: list[str]
    accounts: list[Account]
    rows: list[FieldRow]
    harm: list[tuple[str, list[tuple[Text, Statement]]]]
    """Under a rights flag: by record what it tells of harm to civilians, and why that is harm."""

    kinds: Mapping[str, Text]
    """Kinds of paragraph of a finding, in words."""

    def party(self, party: str) -> str:
        """Return the name of a party in the reader's language."""
        return self.case.names.get(party, {}).get(self.language) or party

    def stage(self, account: Account) -> Badge | None:
        """Return the stage of an account that is signed by its own side."""
        return stage_badge(account.record) if account.signed else None

    def changes(self, account: Account) -> list[ChangeRow]:
        """Return what the versions of an account changed, as the one that is in the file tells it."""
        return change_rows(account.record.changes)

    @property
    def happened(self) -> HappenedRow | None:
        """Return what the accounts say of whether it happened."""
        return happened_row(self.case.view.happened)

    def is_erased(self, record: str) -> bool:
        """Say whether what an account said was erased."""
        return any(each.record == record and each.erased for each in self.case.parts)

    def purpose(self, purpose: str) -> Text:
        """Return a purpose in words."""
        return label(PURPOSES, purpose)


class BoundCase(msgspec.Struct, frozen=True, kw_only=True):
    """What case_page.html receives."""

    case: CaseView
    shown: Markup
    words: dict[str, str]
    evidence: Markup
    script: Markup
    script_hash: str
    style: Markup
    style_hash: str


class CaseSheet:
    """Draws case files in one language. Implements `desk.cases.CasePage`."""

    def __init__(self, language: Language, zone: str) -> None:
        self._language = language
        self._tongue = Tongue(language, zone)

    def draw(self, case: CaseView) -> str:
        """Return the readable part."""
        found, sentences = case.view, Sentences(None)
        sides = list(dict.fromkeys([*found.sides, *(account.record.side for account in found.accounts)]))
        rows = [field_row(each, sides, sentences) for each in found.fields]
        told = case.flag.harm if case.flag else {}
        harm = [(name, [(HARMS[each.why], sentences.state(each.claim)) for each in several]) for name, several in told.items()]
        view = DrawnCase(case=case, language=self._language, sides=sides, accounts=found.accounts, rows=rows, harm=harm, kinds=PARAGRAPHS)
        return _renderer().sheet("case_shown.html", view, self._tongue).strip()

    def bind(self, case: CaseView, drawn: str, evidence: bytes) -> bytes:
        """Return the whole page."""
        script, style = _inside("case.js"), _inside("case.css")
        view = BoundCase(
            case=case, shown=Markup(drawn), evidence=Markup(evidence.decode()),  # noqa: S704  (drawn by our template; the other is JSON of base 64)
            words={name: self._tongue.plain(text) for name, text in WORDS.items()},
            script=Markup(script), script_hash=_hash_of(script), style=Markup(style), style_hash=_hash_of(style),  # noqa: S704  (our own files)
        )  # fmt: skip
        return _renderer().sheet("case_page.html", view, self._tongue).encode()


@cache
def _renderer() -> Renderer:
    return Renderer()


@cache
def _inside(name: str) -> str:
    return (_OWN / name).read_text("utf-8")


def _hash_of(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
