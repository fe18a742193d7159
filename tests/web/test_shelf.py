# SPDX-License-Identifier: Apache-2.0
"""The static files: whole, in part, unchanged, squeezed; and a desk without map and fonts."""

from __future__ import annotations

import gzip

import pytest

from hamsaya.web.shelf import Shelf, shelf

DATA = bytes(range(100))


@pytest.fixture
def small(tmp_path) -> Shelf:
    (tmp_path / "own").mkdir()
    (tmp_path / "brought").mkdir()
    (tmp_path / "brought/base.pmtiles").write_bytes(DATA)
    (tmp_path / "brought/font.woff2").write_bytes(b"font")
    (tmp_path / "brought/fonts.css").write_text('src: url("./font.woff2"), url("./unknown.woff2")')
    (tmp_path / "own/page.js").write_text('import { a } from "./other.js";\n' * 40)
    (tmp_path / "own/other.js").write_text("export const a = 1;\n")
    (tmp_path / "own/secret.py").write_text("no")
    return Shelf(tmp_path / "own", tmp_path / "brought")


@pytest.mark.parametrize(
    ("asked", "status", "told", "data"),
    [
        ("bytes=0-9", 206, "bytes 0-9/100", DATA[:10]),
        ("bytes=90-", 206, "bytes 90-99/100", DATA[90:]),
        ("bytes=-5", 206, "bytes 95-99/100", DATA[-5:]),
        ("bytes=-500", 206, "bytes 0-99/100", DATA),
        ("bytes=98-5000", 206, "bytes 98-99/100", DATA[98:]),
        ("bytes=100-", 416, "bytes */100", b""),
        ("bytes=9-2", 416, "bytes */100", b""),
        ("bytes=-0", 416, "bytes */100", b""),
        ("bytes=-", 416, "bytes */100", b""),
        ("bytes=a-b", 416, "bytes */100", b""),
        ("bytes=٣-٤", 416, "bytes */100", b""),
        ("bytes=" + "9" * 5000 + "-", 416, "bytes */100", b""),
        ("bytes=0-1,4-5", 200, None, DATA),
        ("lines=0-9", 200, None, DATA),
    ],
)
def test_part_of_a_file(small, asked, status, told, data):
    found = small.hand_out("base.pmtiles", small.version, {"range": asked})
    assert (found.status, found.headers.get("content-range"), found.data) == (status, told, data)


def test_part_of_an_older_file_is_answered_with_the_whole_new_one(small):
    assert small.hand_out("base.pmtiles", "", {"range": "bytes=0-9", "if-range": '"older"'}).status == 200
    tag = small.hand_out("base.pmtiles", "", {}).headers["etag"]
    assert small.hand_out("base.pmtiles", "", {"range": "bytes=0-9", "if-range": tag}).status == 206


def test_only_the_address_with_the_version_is_kept_for_ever(small):
    assert "immutable" in small.hand_out("other.js", small.version, {}).headers["cache-control"]
    for version in ("", "older"):
        found = small.hand_out("other.js", version, {})
        assert found.headers["cache-control"] == "no-cache"
        assert small.hand_out("other.js", version, {"if-none-match": found.headers["etag"]}).status == 304


def test_text_is_squeezed_for_whom_can_read_it(small):
    plain, squeezed = small.hand_out("page.js", "", {}), small.hand_out("page.js", "", {"accept-encoding": "br, gzip"})
    assert gzip.decompress(squeezed.data) == plain.data
    assert squeezed.headers["content-encoding"] == "gzip"
    assert squeezed.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in small.hand_out("base.pmtiles", "", {"accept-encoding": "gzip"}).headers
    unchanged = {"accept-encoding": "gzip", "if-none-match": squeezed.headers["etag"]}
    assert small.hand_out("page.js", "", unchanged).status == 304


def test_files_beside_are_named_with_the_version(small):
    assert f'"/static/other.js?v={small.version}"'.encode() in small.hand_out("page.js", "", {}).data
    sheet = small.hand_out("fonts.css", "", {}).data.decode()
    assert sheet == f'src: url("/static/font.woff2?v={small.version}"), url("./unknown.woff2")'


@pytest.mark.parametrize("name", ["secret.py", "../own/page.js", "", "page.js\0", "..", "brought.json"])
def test_nothing_else_is_on_the_shelf(small, name):
    assert small.hand_out(name, small.version, {}) is None
    assert name not in small


def test_a_changed_file_changes_every_address(small, tmp_path):
    (tmp_path / "own/other.js").write_text("export const a = 2;\n")
    assert Shelf(tmp_path / "own", tmp_path / "brought").address_of("page.js") != small.address_of("page.js")


def test_the_desk_serves_the_base_map_in_parts_to_anybody(lived_web):
    assert shelf().complete, "the desk's map and fonts are missing; run: make assets"
    stranger = lived_web.visitor()
    whole = stranger.get("/static/base.pmtiles")
    assert whole.content[:7] == b"PMTiles"
    part = stranger.get("/static/base.pmtiles", headers={"range": "bytes=2-6"})
    assert (part.status_code, part.content) == (206, b"Tiles")
    assert part.headers["content-range"] == f"bytes 2-6/{len(whole.content)}"
    past = stranger.get("/static/base.pmtiles", headers={"range": f"bytes={len(whole.content)}-"})
    assert (past.status_code, past.content) == (416, b"")
    assert stranger.get("/static/base.pmtiles", headers={"if-none-match": whole.headers["etag"]}).status_code == 304


def test_fonts_are_the_desks_own(lived_web):
    assert shelf().complete, "the desk's map and fonts are missing; run: make assets"
    page = lived_web.visitor().get("/login?lang=ur").text
    assert f'href="{shelf().address_of("fonts.css")}"' in page
    sheet = lived_web.visitor().get(shelf().address_of("fonts.css")).text
    for family in ("Vazirmatn", "Noto Nastaliq Urdu", "Noto Sans Arabic", "Noto Sans"):
        assert f'font-family: "{family}"' in sheet
    for line in sheet.splitlines():
        if "url(" in line:
            address = line.split('"')[1]
            assert address.startswith("/static/")
            font = lived_web.visitor().get(address)
            assert font.content[:4] == b"wOF2"
            assert font.headers["content-type"] == "font/woff2"


def test_without_map_and_fonts_every_page_works(agreed, webs, tmp_path, monkeypatch):
    bare = Shelf(brought=tmp_path / "nothing")
    assert not bare.complete
    monkeypatch.setattr("hamsaya.web.render.shelf", lambda: bare)
    officer = webs(agreed.west).login()
    for path in ("/inbox", "/incidents", "/records", "/documents"):
        answer = officer.get(path)
        assert answer.status_code == 200
        assert "fonts.css" not in answer.text
