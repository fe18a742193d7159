# SPDX-License-Identifier: Apache-2.0
"""The habits of the house: what holds for every file, and documentation that cannot go stale."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import typer

from hamsaya.assemble.settings import Listen, Settings, read_settings, write_settings
from hamsaya.cli.app import command_line
from hamsaya.facts import errors

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "services", "models", "controllers", "misc"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[Path, str]:
    found = {}
    for path in tracked():
        try:
            found[path] = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_every_python_file_opens_with_its_licence():
    wrong = [
        path.name for path in tracked() if path.suffix == ".py" and not path.read_text("utf-8").startswith("# SPDX-License-Identifier: Apache-2.0\n")
    ]
    assert wrong == []


def test_no_room_or_module_is_named_for_a_technique():
    named = {part for path in tracked() for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert named & FORBIDDEN_NAMES == set()


def test_no_registry_host_and_no_path_of_a_machine_in_any_file():
    hosts = ["pypi" + ".org", "python" + "hosted", "registry" + ".npmjs", "/ro" + "ot/", "/ho" + "me/", "/wo" + "rk/"]
    found = [(path.name, host) for path, text in texts().items() for host in hosts if host in text]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_pin_by_hash_and_hold_no_address(name):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    pinned = re.findall(r"^([a-z0-9][a-z0-9._-]*)==", text, re.MULTILINE)
    assert len(pinned) > 30
    for block in re.split(r"^(?=[a-z0-9][a-z0-9._-]*==)", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block.split()[0]


@pytest.mark.shared
def test_no_sentence_of_the_real_documents_stands_in_the_project(shared):
    sentences = set()
    for path in (shared / "documents").glob("*.txt"):
        for sentence in re.split(r"(?<=[.!?”])\s+|\n", path.read_text("utf-8")):
            words = re.findall(r"\w+", sentence.lower())
            sentences |= {" ".join(words[i : i + 9]) for i in range(len(words) - 8)}
    assert len(sentences) > 300
    for path, text in texts().items():
        plain = " ".join(re.findall(r"\w+", text.lower()))
        copied = [sentence for sentence in sentences if sentence in plain]
        assert copied == [], path


def commands() -> list[tuple[str, str]]:
    found = []

    def walk(group: object, words: str) -> None:
        for name, command in group.commands.items():  # type: ignore[attr-defined]
            if hasattr(command, "commands"):
                walk(command, f"{words} {name}".strip())
            else:
                found.append((f"{words} {name}".strip(), command.help or ""))

    walk(typer.main.get_command(command_line()), "")
    return found


def test_one_command_reads_no_other():
    """Each file of the room that is read costs every command its time to start."""
    told = "import sys; from hamsaya.cli.app import COMMANDS, command_line; command_line('verify'); print(*COMMANDS.values()); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    known, read = (set(line.split()) for line in ran.stdout.splitlines())
    assert {f"hamsaya.cli.{name}" for name in known} & read == {"hamsaya.cli.verify"}


@pytest.mark.parametrize(("words", "text"), commands(), ids=[words for words, _ in commands()])
def test_every_command_has_help_and_an_example_of_itself(words, text):
    assert text.strip()
    assert "Example:" in text
    assert f"hamsaya {words}" in text


def test_the_commands_of_a_real_node_are_there():
    wanted = {
        "init", "serve", "party show", "party trust", "agreement draft", "agreement show", "agreement sign", "agreement export",
        "agreement import", "document add", "draft list", "draft show", "draft accept", "draft reject", "record list", "record show",
        "record history", "release propose", "release approve", "release show", "sync", "inbox", "incident show", "verify", "user add", "demo",
    }  # fmt: skip
    assert wanted <= {words for words, _ in commands()}


def test_every_exit_code_is_documented():
    page = (ROOT / "docs/reference/exit-codes.md").read_text("utf-8")
    families = [family for family in vars(errors).values() if isinstance(family, type) and issubclass(family, errors.HamsayaError)]
    assert len(families) >= 8
    for family in families:
        assert re.search(rf"^\| {family.exit_code} \| [^|]*{family.code}", page, re.MULTILINE), family


def test_every_setting_is_documented_and_stands_in_the_file_that_init_writes(tmp_path):
    page = (ROOT / "docs/reference/settings.md").read_text("utf-8")
    settings = Settings(party="west", name={"en": 'West "1"', "fa": "غرب"}, country="IR", languages=["fa", "en"], zone="UTC")
    written = write_settings(settings)
    for field in msgspec.structs.fields(Settings):
        inner = msgspec.structs.fields(field.type) if isinstance(field.type, type) and issubclass(field.type, Listen) else []
        names = [f"{field.name}.{each.name}" for each in inner] or [field.name]
        for name in names:
            assert f"`{name}`" in page
        assert re.search(rf"^(\[{field.name}\]|{field.name} = )", written, re.MULTILINE)
    (tmp_path / "hamsaya.toml").write_text(written)
    assert read_settings(tmp_path) == settings


def test_changelog_and_licence_are_there():
    assert "## Unreleased" in (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")


def test_no_key_or_password_is_in_the_repository():
    key = re.compile(
        r"BEGIN (?:EC |RSA |OPENSSH )?PRIVATE" + r" KEY|AGE-SECRET" + r"-KEY-1|\$argon2" + r"id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{20}"
    )
    assert [path.name for path, text in texts().items() if key.search(text)] == []
