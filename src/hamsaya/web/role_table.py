# SPDX-License-Identifier: Apache-2.0
"""`python -m hamsaya.web.role_table` prints docs/reference/roles.md: the table of roles in each language of the house."""

from __future__ import annotations

import sys

from hamsaya.desk.roles import COLUMNS, ROLE_NAMES, ROLE_REASONS, ROLES, VERBS
from hamsaya.facts.words import LANGUAGES, Text, say
from hamsaya.tongues import translate
from hamsaya.web.labels import LANGUAGE_NAMES

_HEAD = """\
# Roles

Who may do what. Written from `desk/roles.py` by `python -m hamsaya.web.role_table > docs/reference/roles.md`; a test
fails when this page is older than the table. The desk shows the same at `/roles`.
"""


def roles_in_markdown() -> str:
    """Return docs/reference/roles.md."""
    return _HEAD + "".join(_table(language) for language in LANGUAGES)


def _table(language: str) -> str:
    def told(text: Text) -> str:
        return translate(text, language)

    head = [told(say("role")), *map(told, COLUMNS.values()), told(say("why"))]
    rows = [
        [told(ROLE_NAMES[role]), *("✓" if verb in rights else "" for verb in COLUMNS), told(ROLE_REASONS[role])] for role, rights in ROLES.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    verbs = [f"- **{told(COLUMNS[verb])}**: {told(VERBS[verb])}" for verb in COLUMNS]
    return f"\n## {LANGUAGE_NAMES[language]}\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n\n" + "\n".join(verbs) + "\n"


if __name__ == "__main__":
    sys.stdout.write(roles_in_markdown())
