# SPDX-License-Identifier: Apache-2.0
"""A page as PDF, with a file attached. WeasyPrint lays it out in a process of its own, so that the desk goes on answering meanwhile.

- It is the optional extra `pdf`: without it, and without Pango or the fonts, an error says what to install.
- The process is given the page, the file and nothing else. It loads the packaged fonts and no address (`paper_worker.py`); it is stopped when
  it takes too long or too much memory. One page is laid out at a time.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import threading
from base64 import b64encode
from typing import Final

import msgspec
from markupsafe import Markup

from hamsaya.facts.errors import OperatorError
from hamsaya.facts.words import Language, say
from hamsaya.tongues import translate
from hamsaya.web.paper_worker import FONTS, Job

LIMIT_S: Final = 120
WAIT_S: Final = 60
NO_PANGO: Final = 3
_ONE: Final = threading.Lock()


def check_paper() -> None:
    """Return if this installation can write PDF. Raises `OperatorError` that says what to install."""
    if importlib.util.find_spec("weasyprint") is None:
        raise OperatorError(
            say("This installation cannot write PDF."),
            say("Install `hamsaya[pdf]` with pip and the system package libpangoft2-1.0-0, or print the page from the browser."),
        )
    missing = [font for font in FONTS if not font.path.is_file()]
    if missing:
        raise OperatorError(say("The fonts of the desk are not here, so that no page can be laid out."), say("Run `make assets`."))


def numbering(language: Language) -> Markup:
    """Return "Page 1 of 3" as a style sheet counts it, in this language's digits."""
    digits = ", persian" if language == "fa" else ""
    words = translate(say("Page {page} of {pages}", page="\0page\0", pages="\0pages\0"), language)
    parts = [f"counter({part}{digits})" if part in ("page", "pages") else json.dumps(part, ensure_ascii=False) for part in words.split("\0") if part]
    return Markup(" ".join(parts))  # noqa: S704  (our own words, as strings of CSS)


def print_pdf(html: str, *, name: str = "", attached: bytes = b"", described: str = "", limit_s: float = LIMIT_S) -> bytes:
    """Return the page as PDF, with `attached` in it as a file of that name; a page without a name has none.

    Raises `OperatorError` where it cannot be made here, or not in time.
    """
    check_paper()
    job = msgspec.json.encode(Job(html=html, name=name, attached=b64encode(attached).decode(), described=described))
    if not _ONE.acquire(timeout=WAIT_S):
        raise OperatorError(say("Other pages are being laid out as PDF. Try again in a minute."))
    try:
        done = subprocess.run([sys.executable, "-m", "hamsaya.web.paper_worker"], input=job, capture_output=True, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise OperatorError(
            say("The page took longer than {n} s to lay out as PDF, and was given up.", n=round(limit_s)), say("Print it from the browser.")
        ) from error
    finally:
        _ONE.release()
    if done.returncode == NO_PANGO:
        raise OperatorError(say("WeasyPrint is here, and Pango is not."), say("Install the system package libpangoft2-1.0-0."))
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise OperatorError(say("The page could not be laid out as PDF: {why}", why=done.stderr.decode("utf-8", "replace").strip()[-200:] or "—"))
    return done.stdout
