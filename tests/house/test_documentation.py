# SPDX-License-Identifier: Apache-2.0
"""The documentation holds: generated pages are those of the program, links lead somewhere, commands exist, the house is as drawn."""

from __future__ import annotations

import importlib.util
import re
import shlex
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
import typer

from hamsaya.cli.app import command_line

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
FIX = "run `make docs`, which is: python docs/generate.py"


def generator():
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


@pytest.fixture(scope="module")
def generate():
    return generator()


def prose(page: Path) -> str:
    """Return a page without its code, in which a bracket is no link."""
    return re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)


def anchors(page: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("name", sorted(generator().PAGES))
def test_reference_is_what_the_program_says(generate, name):
    assert (ROOT / "docs/reference" / name).read_text("utf-8") == generate.PAGES[name](), f"docs/reference/{name} is older than the program: {FIX}"


def test_what_has_no_description_stops_the_generator(generate, monkeypatch):
    bare = typer.Typer()

    @bare.command("open")
    def open_(it: str = typer.Option("", "--it", help="What to open.")) -> None:
        """Open it."""

    @bare.command()
    def shut(it: str = typer.Option("")) -> None:
        """Shut it.

        Example: hamsaya shut --it door
        """

    monkeypatch.setattr(generate, "command_line", lambda: bare)
    with pytest.raises(generate.UndocumentedError, match=r"open.*Example"):
        generate.commands()
    bare.registered_commands.pop(0)
    bare.command("lock")(bare.registered_commands[0].callback)
    with pytest.raises(generate.UndocumentedError, match=r"--it.*help"):
        generate.commands()
    monkeypatch.setattr(generate, "write_settings", lambda _: 'party = "x"\n# Its name.\nname = {}\n')
    with pytest.raises(generate.UndocumentedError, match="`party`"):
        generate.settings()


def test_every_variable_of_the_environment_is_described(generate):
    read = {name for path in (ROOT / "src").rglob("*.py") for name in re.findall(r"\bHAMSAYA_[A-Z_]*[A-Z]\b", path.read_text("utf-8"))}
    assert read == set(generate.ENVIRONMENT), "docs/generate.py: ENVIRONMENT"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_a_page_and_to_a_place_in_it(page):
    dead = []
    for found in LINK.finditer(prose(page)):
        target = unquote(found[1] or found[2] or found[3])
        if re.match(r"[a-z]+:", target):
            continue
        path, _, place = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (place and place not in anchors(there)):
            dead.append(target)
    assert dead == []


def commands(group=None, words: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}
    for name, command in (group or typer.main.get_command(command_line())).commands.items():
        if hasattr(command, "commands"):
            inner = commands(command, (*words, name))
            found |= inner | {(*words, name): set().union(*inner.values())}  # a group may have a command of its own that needs no name
        else:
            found[*words, name] = {"--help"} | {each for param in command.params for each in (*param.opts, *param.secondary_opts)}
    return found


KNOWN = commands()


def shown(page: Path) -> list[str]:
    """Return each command line that a page shows, in a block or in a sentence."""
    text = page.read_text("utf-8")
    blocks = [
        line
        for block in re.findall(r"```(?:sh|console)?\n(.*?)```|((?:^    .*\n)+)", text, re.DOTALL | re.MULTILINE)
        for part in block
        for line in part.splitlines()
    ]
    spans = re.findall(r"`(hamsaya [^`]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    lines = [
        found[1]
        for line in blocks
        if (found := re.search(r"(?:^|\(|bin/|\$ |=\S* |&& |; |do )(hamsaya .*)", line.strip().replace("sudo -u hamsaya ", "")))
    ]
    return [re.split(r"\s#\s|[;|&>)]|\$\(", line)[0].strip() for line in [*lines, *spans]]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name != "CHANGELOG.md"], ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_on_a_page_exists_with_its_options(page):
    wrong = []
    for line in shown(page):
        try:
            words = shlex.split(line)[1:]
        except ValueError:
            words = line.split()[1:]
        if not words or words[0].startswith("-"):
            continue
        named = tuple(words[:2]) if tuple(words[:2]) in KNOWN else tuple(words[:1])
        options = {word.split("=")[0] for word in words if re.match(r"--[a-z]", word)}
        if named not in KNOWN:
            wrong.append(line)
        elif not options <= KNOWN[named] | {"--json", "--node", "--version"}:
            wrong.append(f"{line}: {sorted(options - KNOWN[named])}")
    assert wrong == []


def test_the_house_is_drawn_as_the_import_contract_builds_it():
    page = (ROOT / "docs/explanation/house.md").read_text("utf-8")
    drawn = [set(line.strip().split("  ")[0].split(" · ")) for line in re.findall(r"^    (?=[a-z]).*$", page.split("\n## ")[0], re.MULTILINE)]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    layers = [{room.strip().removeprefix("hamsaya.") for room in layer.split("|")} for layer in contracts[0]["layers"]]
    assert drawn == layers
    assert set().union(*layers) == {path.parent.name for path in (ROOT / "src/hamsaya").glob("*/__init__.py")}


def test_every_page_is_in_the_index_and_every_decision_in_its_list():
    index = (ROOT / "docs/README.md").read_text("utf-8")
    linked = {(ROOT / "docs" / found[1].split("#")[0]).resolve() for found in re.finditer(r"\]\(([^)]+)\)", index) if "://" not in found[1]}
    missing = [
        str(page.relative_to(ROOT)) for page in PAGES if page.is_relative_to(ROOT / "docs") and page.name != "README.md" and page not in linked
    ]
    assert missing == []


def test_decisions_name_what_was_refused_and_when():
    for page in (ROOT / "docs/decisions").glob("*.md"):
        text = page.read_text("utf-8")
        assert re.match(rf"# {int(page.name[:4])}\. ", text), page.name
        assert re.search(r"\bRefused", text), page.name


def test_picture_in_the_readme_is_there_and_light():
    picture = ROOT / "docs/images/desk.png"
    assert "docs/images/desk.png" in (ROOT / "README.md").read_text("utf-8")
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size < 200_000


def test_contributing_says_where_each_kind_of_new_thing_goes():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    for thing in ("record kind", "predicate", "clause", "release rule", "event", "page", "command", "setting", "translation", "decision"):
        assert re.search(rf"^\| [^|]*{thing}", text, re.MULTILINE), thing
    for path in re.findall(r"`([a-z_]+/[\w./*-]+)`", text):
        places = [ROOT, ROOT / "src/hamsaya"]
        assert any(list(place.glob(path)) for place in places), path
