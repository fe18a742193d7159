# SPDX-License-Identifier: Apache-2.0
"""The desk over a real node, with an officer of every role who can log in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from argon2 import PasswordHasher
from litestar.testing import TestClient

from hamsaya.desk.parties import add_officer
from hamsaya.desk.ports import Node
from hamsaya.desk.roles import ROLES
from hamsaya.web import create_desk

PASSWORD = "correct horse"  # noqa: S105  (a test's own)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
JSON = {"accept": "application/json"}


@dataclass
class Office:
    """An officer's browser."""

    client: TestClient
    csrf: str = ""

    def get(self, path: str, **options):
        return self.client.get(path, follow_redirects=False, **options)

    def json(self, path: str):
        return self.client.get(path, headers=JSON, follow_redirects=False)

    def post(self, path: str, *, json: bool = True, csrf: str | None = None, **options):
        headers = {"x-csrf": self.csrf if csrf is None else csrf} | (JSON if json else {})
        return self.client.post(path, headers=headers, follow_redirects=False, **options)


@dataclass
class Web:
    """A desk with its application, and who was told about what was logged."""

    desk: object
    app: object
    logged: list[str] = field(default_factory=list)

    def visitor(self) -> Office:
        client = TestClient(self.app, raise_server_exceptions=False)
        return Office(client)

    def login(self, role: str = "officer") -> Office:
        office = self.visitor()
        answer = office.client.post("/login", data={"login": f"web-{role}", "password": PASSWORD}, headers=JSON)
        assert answer.status_code == 200, answer.text
        office.csrf = answer.json()["csrf"]
        return office


def open_web(desk, *, exercise: bool = False, language: str = "en", **options) -> Web:
    node: Node = replace(desk.node, exercise=exercise)
    for role in ROLES:
        add_officer(node, login=f"web-{role}", office=f"{role} desk", role=role, language=language, password=PASSWORD, hash_password=_CHEAP.hash)
    made = Web(desk, None)
    made.app = create_desk(node, on_logged=made.logged.append, **options)
    return made


@pytest.fixture
def webs() -> Callable[..., Web]:
    """Give a way to open the desk of a node."""
    return open_web


@pytest.fixture(scope="module")
def lived_web(lived_in) -> Web:
    """West's desk, in which something of every kind has happened; for tests that only read."""
    return open_web(lived_in.west)


@pytest.fixture
def web(agreed, webs) -> Web:
    """West's desk, with an agreement in force with east."""
    return webs(agreed.west)


REPORT = """Report of the duty office.
Date: 12 November 2026

On 12 November 2026 at 09:30, armed smugglers fired at a border guard patrol near Mirjaveh. One civilian was wounded.
"""
NECESSITY = "Both commands must see this account."


def take_in(office: Office, text: str = REPORT, **fields: str) -> dict:
    answer = office.post("/documents", files={"file": ("report.txt", text.encode())}, data={"basis": "own", **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


def file_record(office: Office, text: str = REPORT, grade: str = "B2", **fields: str) -> dict:
    drafts = take_in(office, text)["drafts"]
    answer = office.post(f"/drafts/{drafts[0]['draft']}/accept", data={"grade": grade, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()["record"]


def propose(office: Office, record: str, purpose: str = "settlement", necessity: str = NECESSITY) -> dict:
    answer = office.post("/releases", data={"record": record, "receiver": "east", "purpose": purpose, "necessity": necessity})
    assert answer.status_code == 200, answer.text
    return answer.json()


class Work:
    """What tests do over and over, through the routes."""

    REPORT = REPORT
    NECESSITY = NECESSITY
    PASSWORD = PASSWORD
    take_in = staticmethod(take_in)
    file_record = staticmethod(file_record)
    propose = staticmethod(propose)


@pytest.fixture(scope="session")
def work() -> type[Work]:
    return Work
