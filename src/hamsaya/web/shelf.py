# SPDX-License-Identifier: Apache-2.0
"""The static files: the desk's own, and those that the build brought (map, fonts). Read once; no path leads off the shelf.

- One version covers all files and stands in each address. An answer to that address never changes; any other address
  of a file is asked again each time, by its hash.
- Style sheets and our own scripts name files beside them as `"./name"`: here they get their versioned addresses.
- Parts of a file are served (RFC 9110, 14): one range; a range that cannot be served is 416; several at once get all of it.
- Where the build brought nothing, the pages work without map and fonts: `Shelf.complete` says so.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

OWN: Final = Path(__file__).parent / "static"
BROUGHT: Final = Path(__file__).parents[1] / "brought"
BRINGING: Final = "make assets"
"""The command that brings what is missing."""
_YEAR_S: Final = 31_536_000
_TYPES: Final = {
    ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2",
    ".json": "application/json", ".pmtiles": "application/octet-stream", ".txt": "text/plain",
}  # fmt: skip
_SQUEEZED: Final = frozenset({"text/css", "text/javascript", "image/svg+xml", "application/json", "text/plain"})
_BESIDE: Final = re.compile(rb'(["\'])\./([\w.-]+)\1')
_RANGE: Final = re.compile(r"bytes=([0-9]*)-([0-9]*)$")
_NEEDED: Final = frozenset({"maplibre-gl.mjs", "leaflet.js", "pmtiles.mjs", "base.pmtiles", "base-lite.json", "fonts.css"})


class Asset(msgspec.Struct, frozen=True):
    """A static file: its bytes, media type, and hash."""

    data: bytes
    media_type: str
    tag: str


class Handed(msgspec.Struct, frozen=True):
    """An answer: status, headers, bytes."""

    status: int
    headers: dict[str, str]
    data: bytes
    media_type: str


class Shelf:
    """The files by name."""

    def __init__(self, own: Path = OWN, brought: Path = BROUGHT) -> None:
        """Read every file in both folders; the desk's own win over brought ones of the same name."""
        found = {path.name: path for folder in (brought, own) if folder.is_dir() for path in sorted(folder.iterdir()) if path.suffix in _TYPES}
        raw = {name: path.read_bytes() for name, path in found.items()}
        whole = hashlib.sha256()
        for name in sorted(raw):
            whole.update(name.encode() + b"\0" + hashlib.sha256(raw[name]).digest())
        self.version = whole.hexdigest()[:12]
        linked = {name for name, path in found.items() if path.parent == own or path.suffix == ".css"}
        self._assets = {name: _asset(name, self._link(data, raw) if name in linked else data) for name, data in raw.items()}
        self.complete = self._assets.keys() >= _NEEDED

    def __contains__(self, name: str) -> bool:
        return name in self._assets

    def address_of(self, name: str) -> str:
        """Return the address of a file; it changes when any file does."""
        if name not in self._assets:
            raise KeyError(name)
        return f"/static/{name}?v={self.version}"

    def hand_out(self, name: str, version: str, asked: Mapping[str, str]) -> Handed | None:
        """Return the answer to a request for a file with these headers (in small letters), or None if there is no such file."""
        asset = self._assets.get(name)
        if asset is None:
            return None
        kept = f"public, max-age={_YEAR_S}, immutable" if version == self.version else "no-cache"
        headers = {"cache-control": kept, "etag": asset.tag, "accept-ranges": "bytes"}
        if asset.tag in asked.get("if-none-match", ""):
            return Handed(304, headers, b"", asset.media_type)
        wanted = asked.get("range", "")
        if wanted.startswith("bytes=") and "," not in wanted and asked.get("if-range", asset.tag) == asset.tag:
            return _part(asset, wanted, headers)
        if asset.media_type not in _SQUEEZED:
            return Handed(200, headers, asset.data, asset.media_type)
        headers["vary"] = "accept-encoding"
        if "gzip" not in asked.get("accept-encoding", ""):
            return Handed(200, headers, asset.data, asset.media_type)
        return Handed(200, headers | {"content-encoding": "gzip", "etag": f"W/{asset.tag}"}, _squeeze(asset.data), asset.media_type)

    def _link(self, data: bytes, known: Mapping[str, bytes]) -> bytes:
        def address(found: re.Match[bytes]) -> bytes:
            name = found[2].decode("ascii")
            return b"".join((found[1], f"/static/{name}?v={self.version}".encode(), found[1])) if name in known else found[0]

        return _BESIDE.sub(address, data)


@cache
def shelf() -> Shelf:
    """Return the shelf of the installed package, read once a process."""
    return Shelf()


@cache
def _squeeze(data: bytes) -> bytes:
    return gzip.compress(data, 6, mtime=0)


def _asset(name: str, data: bytes) -> Asset:
    return Asset(data, _TYPES[Path(name).suffix], f'"{hashlib.sha256(data).hexdigest()[:16]}"')


def _part(asset: Asset, wanted: str, headers: dict[str, str]) -> Handed:
    """Return the one range that is wanted, or 416 where there is none."""
    size = len(asset.data)
    found = _RANGE.match(wanted)
    first, last = (found[1][:15], found[2][:15]) if found else ("", "")
    start, end = 0, -1
    if first:
        start, end = int(first), min(int(last) if last else size - 1, size - 1)
    elif last:
        start, end = max(size - int(last), 0), size - 1
    if start > end or (not first and last and not int(last)):
        return Handed(416, headers | {"content-range": f"bytes */{size}"}, b"", asset.media_type)
    return Handed(206, headers | {"content-range": f"bytes {start}-{end}/{size}"}, asset.data[start : end + 1], asset.media_type)
