# SPDX-License-Identifier: Apache-2.0
"""Each fault that `make mutants` plants still has its place in the source, and the tests that should notice it are there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import mutants  # noqa: E402  (as `make mutants` runs it)
import mutants_exchange  # noqa: E402

PLANTED = [
    *((f"agreement/{file}", before, after, [f"agreement/test_{name.removeprefix('test_')}" for name in mutants.NAMED[file]])
      for file, before, after, _ in mutants.FAULTS),
    *((file, before, after, [f"desk/{name}" for name in names]) for file, before, after, _, names in mutants.DESK_FAULTS),
    *((file, before, after, []) for file, before, after, _ in mutants_exchange.FAULTS),
    *((file, before, after, [f"desk/{name}" for name in names]) for file, before, after, _, names in mutants_exchange.EPOCH_FAULTS),
]  # fmt: skip


@pytest.mark.parametrize(("file", "before", "after", "tests"), PLANTED)
def test_planted_fault_has_one_place_and_tests_that_are_there(file, before, after, tests):
    assert (ROOT / "src" / "hamsaya" / file).read_text("utf-8").count(before) == 1
    assert before != after
    assert [name for name in tests if not (ROOT / "tests" / f"{name}.py").is_file()] == []
