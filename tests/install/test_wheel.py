# SPDX-License-Identifier: Apache-2.0
"""The built wheel as a user has it: installed into an empty environment, without a network, from its own files alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from hamsaya.web.shelf import shelf

pytestmark = pytest.mark.live
ROOT = Path(__file__).resolve().parents[2]
LOOPBACK_ONLY = """\
import sys

def _watch(event, args):
    if event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1", "localhost"):
        sys.stderr.write(f"left the machine: {event} {args[1]}\\n")
        sys.stderr.flush()
        import os
        os._exit(97)

sys.addaudithook(_watch)
"""
SERVED = """\
import json, re, subprocess, sys, time, urllib.request
from pathlib import Path
import hamsaya

assert Path(hamsaya.__file__).is_relative_to(sys.prefix), hamsaya.__file__
hamsaya_command = str(Path(sys.executable).with_name("hamsaya"))
def run(*words):
    return subprocess.run([hamsaya_command, *words], check=True, capture_output=True, text=True).stdout
run("init", "node", "--party", "west", "--country", "IR", "--zone", "Asia/Tehran", "--languages", "fa,en", "--name", "en=West", "--name", "fa=غرب",
    "--desk-port", "0", "--gate-port", "0", "--exercise")
serving = subprocess.Popen([hamsaya_command, "serve", "--node", "node", "--json"], stdout=subprocess.PIPE, text=True)
try:
    desk = json.loads(serving.stdout.readline())["desk"].rstrip("/")
    def get(path, **headers):
        for _ in range(100):
            try:
                with urllib.request.urlopen(urllib.request.Request(desk + path, headers=headers)) as answer:
                    return answer.status, answer.read(), dict(answer.headers)
            except ConnectionError:
                time.sleep(0.1)
    page = get("/login?lang=ur")[1].decode()
    sheet = re.search(r'href="([^"]*fonts\\.css[^"]*)"', page)[1]
    fonts = re.findall(r'url\\("([^"]+)"\\)', get(sheet)[1].decode())
    assert len(fonts) == 10, fonts
    assert all(get(font)[1][:4] == b"wOF2" for font in fonts)
    version = sheet.partition("?")[2]
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "leaflet.js", "pmtiles.mjs", "base-lite.json", "map.js", "map-gl.js", "map-lite.js", "picture.js"):
        assert len(get(f"/static/{name}?{version}")[1]) > 500, name
    status, part, headers = get(f"/static/base.pmtiles?{version}", Range="bytes=0-6")
    assert (status, part) == (206, b"PMTiles"), (status, part)
    print("served")
finally:
    serving.terminate()
    serving.wait(20)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert shelf().complete, "the desk's map and fonts are missing; run: make assets"
    to = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "wheel", "--quiet", "--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", to, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return next(to.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel in it; what it depends on are the locked packages of this environment, without this project."""
    folder = tmp_path_factory.mktemp("installed") / "env"
    venv.create(folder, with_pip=False)
    python = folder / "bin/python"
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python)]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", "--no-compile", wheel], check=True)
    packages = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    (packages / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")  # files named .pth in there, such as ours, are not followed
    (packages / "sitecustomize.py").write_text(LOOPBACK_ONLY)
    return folder


def without_network(*command: str | Path) -> list[str]:
    """Return the command inside a network of its own that has nothing but loopback, where the machine lets us make one."""
    inside = ["sh", "-c", 'ip link set lo up 2>/dev/null; exec "$@"', "sh", *map(str, command)]
    for isolated in (["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]):
        works = (
            shutil.which("unshare")
            and shutil.which("ip")
            and subprocess.run([*isolated, "ip", "link", "set", "lo", "up"], capture_output=True, check=False).returncode == 0
        )
        if works:
            return [*isolated, *inside]
    return [str(part) for part in command]  # LOOPBACK_ONLY watches in any case


def environment(folder: Path) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"HOME": str(folder)}


def test_the_wheel_holds_the_map_and_the_fonts_and_nothing_of_the_tests(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "base.pmtiles",
        "base-lite.json",
        "lines-10m.json",
        "maplibre-gl.mjs",
        "leaflet.js",
        "fonts.css",
        "LICENCES.txt",
        "vazirmatn-arabic-400-normal.woff2",
    ):
        assert f"hamsaya/brought/{name}" in names
    assert not any(name.startswith(("tests/", "assets/", "node_modules/")) for name in names)
    assert 2_000_000 < wheel.stat().st_size < 8_000_000


def test_the_same_sources_give_the_same_wheel(wheel, tmp_path):
    again = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "--wheel-dir",
        str(tmp_path),
        str(ROOT),
    ]
    subprocess.run(again, check=True)
    assert next(tmp_path.glob("*.whl")).read_bytes() == wheel.read_bytes()


def test_the_demonstration_holds_from_the_wheel_without_a_network(installed, tmp_path):
    command = without_network(installed / "bin/hamsaya", "demo", "--check", "--json")
    done = subprocess.run(command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["incidents"]
    assert "left the machine" not in done.stderr


def test_the_desk_of_the_wheel_serves_map_and_fonts_without_a_network(installed, tmp_path):
    (tmp_path / "served.py").write_text(SERVED)
    command = without_network(installed / "bin/python", tmp_path / "served.py")
    done = subprocess.run(command, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "served"), done.stderr


def test_a_program_that_leaves_the_machine_is_caught(installed, tmp_path):
    """The watch of these tests itself: a connection to a documentation address ends the program."""
    done = subprocess.run(
        [installed / "bin/python", "-c", "import socket; s = socket.socket(); s.settimeout(1); s.connect(('192.0.2.1', 9))"],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 97
    assert "left the machine" in done.stderr
