# SPDX-License-Identifier: Apache-2.0
"""Templates into pages.

Each template receives `view` (its page's struct), `chrome` (the frame), `show` (the reader's tongue), `_` (its
messages), `asset` (the address of a static file), `path_to`, `exercise_mark` and `language_names`. Nothing undefined is passed over in silence.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hamsaya.web.chrome import Chrome
from hamsaya.web.labels import EXERCISE_MARK, LANGUAGE_NAMES
from hamsaya.web.paths import path_to
from hamsaya.web.tongue import Tongue

_HERE: Final = Path(__file__).parent
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset(msgspec.Struct, frozen=True):
    """A static file: its bytes, media type, and the hash that its address carries."""

    data: bytes
    media_type: str
    version: str


class Renderer:
    """The templates and the static files, read once."""

    def __init__(self) -> None:
        self.assets = {path.name: _asset(path) for path in sorted((_HERE / "static").iterdir()) if path.suffix in _TYPES}
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._jinja.globals["asset"] = self.address_of
        self._jinja.globals["path_to"] = path_to
        self._jinja.globals["exercise_mark"] = EXERCISE_MARK
        self._jinja.globals["language_names"] = LANGUAGE_NAMES

    def address_of(self, name: str) -> str:
        """Return the address of a static file; it changes when the file does."""
        return f"/static/{name}?v={self.assets[name].version}"

    def page(self, template: str, view: msgspec.Struct, chrome: Chrome, tongue: Tongue) -> str:
        """Return the page as HTML."""
        return self._jinja.get_template(template).render(view=view, chrome=chrome, show=tongue, _=tongue.say)


def _asset(path: Path) -> Asset:
    data = path.read_bytes()
    return Asset(data, _TYPES[path.suffix], hashlib.sha256(data).hexdigest()[:12])
