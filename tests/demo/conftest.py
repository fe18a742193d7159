# SPDX-License-Identifier: Apache-2.0
"""The demonstration, run once for the tests that look at what it left behind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


def demo(*options: object, timeout: int = 180) -> tuple[int, Any, str]:
    """Run `hamsaya demo --check --json` as its user would."""
    done = subprocess.run(
        [sys.executable, "-m", "hamsaya", "demo", "--check", "--json", *map(str, options)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout.strip() else None, done.stderr


@pytest.fixture(scope="session")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    folder = tmp_path_factory.mktemp("demo") / "kept"
    code, result, err = demo("--folder", folder)
    assert code == 0, err
    return result, folder
