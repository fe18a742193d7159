# SPDX-License-Identifier: Apache-2.0
"""Scripts, bidi overrides, very long words and emoji in every field of every form: what is kept is shown as text, apart, and no page breaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import pytest
from tests.web.walk import filled, gets, names_of

from hamsaya.desk.roles import ROLES

SCRIPT = "<script>alert(7)</script>\"'><img src=x onerror=alert(7)>"
HOSTILE = {
    "short": SCRIPT + "\u202eevil\u2066 🚨👨‍👩‍👧 {{ 7*7 }} %s",
    "a long word": "\u202eW" + "w" * 3000 + SCRIPT,
}
"""What is typed. The overrides are never closed: whatever follows them on a page must be out of their reach."""
TYPED = frozenset({"text", "search", "tel", "url", "email", ""})
LEFT_OUT = ("/login", "/logout", "/lock", "/unlock", "/account")
"""Forms that end the session of this test, or are about its password."""


@dataclass
class Form:
    """A form as a page has it: where it leads, what stands in it, and which of that is typed."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    secret: bool = False


class Reader(HTMLParser):
    """Collects forms, and text that a bidi override in it could reach beyond its element."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr", "wbr"})
    APART = frozenset({"bdi", "textarea", "option", "title"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.loose: list[str] = []
        self.tags: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._in_form = False
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag not in self.VOID:
            self._open.append((tag, tag in self.APART or ("dir" in said and tag not in ("body", "html"))))
        if tag == "form":
            self._in_form = True
            self.forms.append(Form(said.get("action", ""), said.get("method", "get").lower()))
        elif self._in_form and said.get("name"):
            self._take(tag, said)
        elif self._in_form and tag == "option" and self._select and ("selected" in said or not self.forms[-1].values.get(self._select)):
            self.forms[-1].values[self._select] = said.get("value", "")

    def _take(self, tag: str, said: dict[str, str]) -> None:
        form, name = self.forms[-1], said["name"]
        if tag == "textarea" or (tag == "input" and said.get("type", "") in TYPED):
            form.typed.append(name)
        elif tag == "select":
            self._select = name
            form.values.setdefault(name, "")
        elif tag == "input" and said.get("type") == "password":
            form.secret = True
        elif tag == "input" and (said.get("type") == "hidden" or name not in form.values or "checked" in said):
            form.values[name] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag
        if tag == "form":
            self._in_form = False
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if ("\u202e" in data or "\u2066" in data) and not any(apart for _, apart in self._open):
            self.loose.append(f"{self.get_starttag_text()} {data.strip()[:200]}")


def pages(lived_in, office):
    """Give every page that the officer may see."""
    with lived_in.west.store.reading() as book:
        names = names_of(book)
    for path in dict.fromkeys(found for route in gets() if (found := filled(route.path, names))):
        answer = office.get(path, headers={"accept": "text/html"})
        if answer.headers.get("content-type", "").startswith("text/html"):
            yield path, answer


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_in_every_field_of_every_form_stay_words(lived_in, lived_web, typed):
    sent = set()
    for role in ROLES:
        office = lived_web.login(role)
        forms = [form for _, answer in pages(lived_in, office) for form in Reader(answer.text).forms if form.typed and not form.secret]
        for form in forms:
            known = (role, form.action, tuple(form.typed))
            if form.action.startswith(LEFT_OUT) or known in sent:
                continue
            sent.add(known)
            values = {**form.values, **dict.fromkeys(form.typed, typed)}
            answer = office.post(form.action, json=False, data=values) if form.method == "post" else office.get(form.action, params=values)
            assert answer.status_code < 500, (role, form, answer.text[:300])
            Reader(answer.text)
            unharmed(form.action, answer.text)
    assert len({action for _, action, _ in sent}) >= 12
    for role in ROLES:
        for path, answer in pages(lived_in, lived_web.login(role)):
            assert answer.status_code < 500, (role, path)
            unharmed(path, answer.text)


def unharmed(path: str, html: str) -> None:
    assert "<script>alert" not in html, path
    found = Reader(html)
    assert "img" not in found.tags, path
    assert found.loose == [], path
