# SPDX-License-Identifier: Apache-2.0
"""Lays out one page as PDF: a `Job` comes in on standard input, the PDF goes out on standard output. Run as a process of its own.

It loads nothing but the packaged fonts, each a whole file under a family name of its own: two files of one family garble Persian.
"""

from __future__ import annotations

import resource
import sys
from base64 import b64decode
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

_BROUGHT: Final = Path(__file__).parents[1] / "brought"
_MOST_CPU_S: Final = 120
_MOST_BYTES: Final = 2 * 1024**3
_NO_PANGO: Final = 3
SCHEME: Final = "font:"


class Font(NamedTuple):
    """One file of one family and weight."""

    family: str
    weight: int
    file: str

    @property
    def path(self) -> Path:
        """Return where it is."""
        return _BROUGHT / self.file


FONTS: Final = tuple(
    Font(family, weight, f"{file}-{weight}-normal.woff2")
    for family, file in (
        ("Paper Latin", "noto-sans-latin"), ("Paper Persian", "vazirmatn-arabic"), ("Paper Urdu", "noto-nastaliq-urdu-arabic"),
        ("Paper Arabic", "noto-sans-arabic-arabic"),
    )
    for weight in (400, 700)
)  # fmt: skip


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A page, and the file that is attached to it (base 64); none where it has no name."""

    html: str
    name: str
    attached: str
    described: str


def font_rules() -> str:
    """Return the style sheet that names the fonts."""
    return "".join(f'@font-face {{ font-family: "{font.family}"; font-weight: {font.weight}; src: url("{SCHEME}{font.file}"); }}\n' for font in FONTS)


def packaged(url: str) -> bytes:
    """Return a packaged font. Raises `ValueError` for any other address: nothing is loaded from anywhere."""
    for font in FONTS:
        if url == f"{SCHEME}{font.file}":
            return font.path.read_bytes()
    raise ValueError(f"not a packaged font: {url[:80]}")


def lay_out(job: Job) -> bytes:
    """Return the PDF."""
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Packaged(URLFetcher):  # type: ignore[misc]  # the package has no types
        """Fetches what is packaged; anything else stops the page."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            """Return the font at that address."""
            del headers
            return URLFetcherResponse(url, packaged(url), {"Content-Type": "font/woff2"})

    fetcher = Packaged(fail_on_errors=True)
    attached = [
        weasyprint.Attachment(string=b64decode(job.attached), name=name, description=job.described, relationship="Data", url_fetcher=fetcher)
        for name in [job.name] if name
    ]  # fmt: skip
    page = weasyprint.HTML(string=job.html, url_fetcher=fetcher)
    return bytes(page.write_pdf(attachments=attached, pdf_variant="pdf/a-3u"))


def main() -> int:
    """Lay out what comes on standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_S, _MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    try:
        import weasyprint  # noqa: F401
    except OSError:  # cffi finds no library
        return _NO_PANGO
    sys.stdout.buffer.write(lay_out(msgspec.json.decode(sys.stdin.buffer.read(), type=Job)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
