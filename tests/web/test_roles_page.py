# SPDX-License-Identifier: Apache-2.0
"""The table of roles, where officers and readers of the documentation find it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hamsaya.desk.roles import COLUMNS, ROLE_NAMES, ROLE_REASONS, ROLES
from hamsaya.tongues import translate
from hamsaya.web.role_table import roles_in_markdown

PAGE = Path(__file__).parents[2] / "docs/reference/roles.md"


def test_reference_page_is_the_table_of_today():
    assert PAGE.read_text("utf-8") == roles_in_markdown(), "run: python -m hamsaya.web.role_table > docs/reference/roles.md"


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_may_read_the_table(lived_web, role):
    office = lived_web.login(role)
    assert office.json("/roles").json()["roles"] == {name: sorted(verbs) for name, verbs in ROLES.items()}
    assert office.get("/roles").text.count("your role") == 1


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_table_is_read_in_each_language(lived_web, language):
    page = lived_web.login("auditor").get(f"/roles?lang={language}").text
    ticks = sum(len(verbs) for verbs in ROLES.values())
    assert page.count('class="may"') == ticks
    assert page.count('class="may-not"') == len(ROLES) * len(COLUMNS) - ticks
    for text in (*ROLE_NAMES.values(), *ROLE_REASONS.values(), *COLUMNS.values()):
        assert translate(text, language).split(":")[0].split("؛")[0] in page.replace("&#39;", "'")
