# SPDX-License-Identifier: Apache-2.0
"""Planting a fault in a copy of the source, and running tests against that copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent


@contextmanager
def planted(path: str, before: str, after: str) -> Iterator[Path]:
    """Give a copy of the source in which `before` reads `after` in the file. Raises `ValueError` where it does not stand exactly once."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__", "static"))
        changed = source / "hamsaya" / path
        text = changed.read_text("utf-8")
        if text.count(before) != 1:
            message = f"{path}: {before!r} stands {text.count(before)} times"
            raise ValueError(message)
        changed.write_text(text.replace(before, after), "utf-8")
        yield source


def fails(source: Path, tests: Sequence[str], settings: Mapping[str, str]) -> bool:
    """Say whether one of these tests fails against that source. Raises `ValueError` where they could not be run."""
    env = {**os.environ, "PYTHONPATH": f"{source}{os.pathsep}{ROOT}", **settings}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise ValueError(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 1
