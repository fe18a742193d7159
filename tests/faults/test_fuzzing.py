# SPDX-License-Identifier: Apache-2.0
"""A short run of the fuzzer, and of one that needs no coverage. `make fuzz` runs a million inputs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.faults.fuzzing import EAST, corpus, one_input, take

ROOT = Path(__file__).parent.parent.parent
RUNS = 20_000


def test_fuzzer_guided_by_coverage_finds_nothing_but_our_own_errors(tmp_path):
    env = {**os.environ, "RUNS": str(RUNS), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    asked = [sys.executable, "-m", "tests.faults.fuzzing", "-seed=1", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(asked, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert f"stat::number_of_executed_units: {RUNS}" in done.stderr


def test_fuzzer_starts_from_bundles_that_are_taken():
    """Else it would knock at the outer door only."""
    whole = corpus()[0][1:]
    assert take(whole) == 3
    assert take(whole, held=1) == 2
    for data in corpus():
        one_input(data)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(corpus()), st.data())
def test_any_part_put_in_the_place_of_another_is_taken_or_refused_by_our_error(data, drawn):
    start = drawn.draw(st.integers(1, len(data) - 1))
    end = drawn.draw(st.integers(start, min(len(data), start + 64)))
    other = drawn.draw(st.binary(max_size=16) | st.sampled_from(corpus()).map(lambda each: each[start:end]))
    one_input(data[:start] + other + data[end:])
    assert EAST.logs[EAST.link]
