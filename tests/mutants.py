# SPDX-License-Identifier: Apache-2.0
"""Planted faults in the code that decides what leaves: each must be caught by the tests of the agreement. `make mutants`.

A fault is a line of the source changed in a copy; the tests run against the copy. One that no test notices is printed and
the command fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
FAULTS: Final = [
    ("permit.py", "if terms is None or not now.in_force:", "if terms is None:", "an agreement that is not in force decides"),
    ("permit.py", "if asked.sender not in terms.parties or asked.receiver not in terms.parties:", "if asked.sender not in terms.parties:", "a stranger may receive"),
    ("permit.py", "if asked.exercise != terms.exercise:", "if asked.exercise and not terms.exercise:", "real data under an exercise agreement"),
    ("permit.py", "    if asked.ungraded:", "    if len(asked.ungraded) > 1:", "one ungraded claim passes"),
    ("permit.py", "    if asked.purpose not in PURPOSES:", "    if not asked.purpose:", "any purpose that is a word"),
    ("permit.py", "    if asked.grounds:", "    if asked.grounds & set(GROUNDS):", "a ground that a clause adds is ignored"),
    ("permit.py", "and not asked.danger and asked.at < asked.leaves_from", "and not asked.danger and asked.at <= asked.leaves_from", "a position waits a moment too long"),
    ("permit.py", "asked.at < asked.leaves_from:", "asked.at < asked.leaves_from and not asked.exercise:", "an exercise tells positions at once"),
    ("permit.py", "    return terms.ways[asked.sender, asked.receiver][asked.kind]", "    return next(iter(terms.ways[asked.sender, asked.receiver].values()))",
     "the decision names the clause of another kind"),
    ("permit.py", "if asked.kind in terms.ways.get(way, {}):", "if way in terms.ways:", "any kind of a direction that is open"),
    ("permit.py", "    for clause in terms.limits:", "    for clause in terms.limits[:1]:", "only the first limit is asked"),
    ("asked.py", "and link not in consented}", "and link.party not in {each.party for each in consented}}", "consent to one version is consent to all"),
    ("permit.py", "    if asked.unconsented:", "    if len(asked.unconsented) > 1:", "one originator is not asked"),
    ("floor.py", "FLOOR: Final = timedelta(hours=24)", "FLOOR: Final = timedelta(hours=23)", "an hour too early"),
    ("floor.py", "group.code in FORCES and group.country == side", "group.code in FORCES", "any force is one's own"),
    ("floor.py", "(max(ends) if ends", "(min(ends) if ends", "the earliest time counts"),
    ("limits.py", '        return mapped if is_within(handling, mapped) else ""', "        return mapped", "a marking mends handling that nobody knows"),
    ("limits.py", "if asked.fields <= frozenset(self.fields):", "if asked.fields == frozenset(self.fields):", "the tear-line leaves nothing, and says nothing"),
    ("prepare.py", "if claim.id in torn.ids:\n            continue", "if False:\n            continue", "what is torn off leaves"),
    ("prepare.py", "    if tells and isinstance(value, Place):", "    if False and isinstance(value, Place):", "the floor rounds nothing"),
    ("prepare.py", "may_quote = bool(about_quotes) and all(about_quotes)", "may_quote = bool(about_quotes) and any(about_quotes)", "one clause on quotes is enough"),
    ("tearline.py", "return any(words in folded for words in self._words)", "return False", "words of what is withheld leave with others"),
    ("coarsen.py", "low = count.low - count.low % step", "low = count.low", "numbers are not widened downwards"),
    ("charter.py", "if clause.version != VERSION:", "if clause.version < 0:", "a clause of another version is enforced as ours"),
    ("standing_approval.py", "not decision.allowed or danger:", "not decision.allowed:", "one officer's word that life is in danger is enough"),
    ("standing_approval.py", "if not decision.allowed or danger:", "if danger:", "a standing approval lets leave what is refused"),
    ("standing_approval.py", "or not all(clause.covers", "or not any(clause.covers", "the laxer of two standing approvals holds"),
    ("standing_approval.py", "soonest = min(naming", "soonest = max(naming", "the longer of two times to review holds"),
    ("release.py", "    if found:", "    if len(found) > 1:", "one finding of the screen passes"),
]  # fmt: skip


def is_caught(file: str, before: str, after: str) -> bool:
    """Say whether a test fails once `before` reads `after`. Raises `ValueError` where `before` does not stand exactly once."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "static"))
        changed = source / "hamsaya" / "agreement" / file
        text = changed.read_text("utf-8")
        if text.count(before) != 1:
            message = f"{file}: {before!r} stands {text.count(before)} times"
            raise ValueError(message)
        changed.write_text(text.replace(before, after), "utf-8")
        env = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{ROOT}", "HAMSAYA_CEDAR_CASES": "2000"}
        asked = [
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "tests/agreement",
            "--deselect",
            "tests/agreement/test_cedar.py::test_both_ways_agree_on_any_agreement_and_any_question",
        ]
        done = subprocess.run([sys.executable, "-m", "pytest", *asked], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.returncode == 1


def main() -> int:
    """Plant each fault, print which were caught; 1 if any was not."""
    missed = 0
    for file, before, after, what in FAULTS:
        caught = is_caught(file, before, after)
        missed += not caught
        print(f"{'caught' if caught else 'MISSED'}  {file:12} {what}", flush=True)
    print(f"{len(FAULTS) - missed} of {len(FAULTS)} planted faults caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
