# SPDX-License-Identifier: Apache-2.0
"""Templates into pages.

Each template receives `view` (its page's struct), `chrome` (the frame), `show` (the reader's tongue), `_` (its
messages), `asset` (the address of a static file), `bringing` (the command that brings map and fonts, empty where they
are there), `path_to`, `exercise_mark`, `language_names`, `severity_names`, `link_names`, `way_names` and `why_recalled`.
Nothing undefined is passed over in silence.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import MethodType
from typing import Any, Final

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.runtime import Context

from hamsaya.desk.contacts import LINK_NAMES, WAY_NAMES
from hamsaya.desk.finding import SEVERITY_NAMES
from hamsaya.exchange.recalls import why_recalled
from hamsaya.web.chrome import Chrome
from hamsaya.web.labels import EXERCISE_MARK, LANGUAGE_NAMES
from hamsaya.web.paths import path_to
from hamsaya.web.shelf import BRINGING, shelf
from hamsaya.web.tongue import Tongue

_HERE: Final = Path(__file__).parent


class _Context(Context):
    """What a template sees. A list calls the reader's tongue a thousand times: its methods want nothing of the context, so it is not looked for."""

    def call(self, what: Callable[..., Any], /, *args: Any, **named: Any) -> Any:
        """Call what a template names."""
        if type(what) is not MethodType:
            return super().call(what, *args, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return what(*args, **named)


class Renderer:
    """The templates, and the shelf of the static files."""

    def __init__(self) -> None:
        self.shelf = shelf()
        self._jinja = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._jinja.context_class = _Context
        self._jinja.globals["asset"] = self.shelf.address_of
        self._jinja.globals["bringing"] = "" if self.shelf.complete else BRINGING
        self._jinja.globals["path_to"] = path_to
        self._jinja.globals["exercise_mark"] = EXERCISE_MARK
        self._jinja.globals["language_names"] = LANGUAGE_NAMES
        self._jinja.globals["severity_names"] = SEVERITY_NAMES
        self._jinja.globals["link_names"] = LINK_NAMES
        self._jinja.globals["way_names"] = WAY_NAMES
        self._jinja.globals["why_recalled"] = why_recalled

    def page(self, template: str, view: msgspec.Struct, chrome: Chrome, tongue: Tongue) -> str:
        """Return the page as HTML."""
        return self._jinja.get_template(template).render(view=view, chrome=chrome, show=tongue, _=tongue.say)

    def sheet(self, template: str, view: msgspec.Struct, tongue: Tongue) -> str:
        """Return a page that stands by itself, without the desk's frame."""
        return self._jinja.get_template(template).render(view=view, show=tongue, _=tongue.say)
