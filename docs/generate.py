# SPDX-License-Identifier: Apache-2.0
"""The reference, written from the program itself: `make docs`, or `python docs/generate.py [--check]`.

Each page under docs/reference that says so at its head is written here, from the tables that the program runs on: the
commands, settings, routes, events, kinds of fact, rules and clauses. `--check` writes nothing and exits 1 if a page is
older than the program. What has no description stops it: `Undocumented` names it and where it belongs.
"""

from __future__ import annotations

import argparse
import inspect
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, get_args

import msgspec
import typer

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
REFERENCE: Final = HERE / "reference"
os.environ["COLUMNS"] = "200"
sys.path.insert(0, str(ROOT / "src"))  # the tree that this file stands in, whatever else is installed

from hamsaya.accounts.rules import RULES as COMPARISONS  # noqa: E402  (the path comes first)
from hamsaya.agreement.clauses import Clause  # noqa: E402
from hamsaya.agreement.decision import RULES  # noqa: E402
from hamsaya.agreement.purposes import PURPOSES  # noqa: E402
from hamsaya.assemble.settings import Settings, write_settings  # noqa: E402
from hamsaya.cli.app import command_line  # noqa: E402
from hamsaya.desk.events import EVENTS  # noqa: E402
from hamsaya.desk.roles import COLUMNS  # noqa: E402
from hamsaya.exchange.logs import DISTRESS_ACTS, LINK_ACTS, RELEASE_ACTS  # noqa: E402
from hamsaya.facts import kinds as kinds_module  # noqa: E402
from hamsaya.facts.claims import CODES, HEDGES, NATURES, PREDICATES  # noqa: E402
from hamsaya.facts.grades import CREDIBILITY, HANDLING, RELIABILITY, europol  # noqa: E402
from hamsaya.facts.kinds import KINDS, NONE, SYSTEMS  # noqa: E402
from hamsaya.facts.records import RECORD_KINDS  # noqa: E402
from hamsaya.settlement.course import Move  # noqa: E402
from hamsaya.settlement.courses import COURSES  # noqa: E402
from hamsaya.settlement.form import READS  # noqa: E402
from hamsaya.web.labels import ENTRY_KINDS, HANDLING_LEVELS  # noqa: E402
from hamsaya.web.pages import ROUTES  # noqa: E402
from hamsaya.web.role_table import roles_in_markdown  # noqa: E402

ENVIRONMENT: Final = {
    "HAMSAYA_NODE": "the node's folder, where `--node` is not given",
    "HAMSAYA_LOGIN": "the login of the officer who acts, where `--as` is not given",
    "HAMSAYA_PASSWORD": "that officer's password, where nobody can be asked",
    "HAMSAYA_BACKUP_PASSPHRASE": "the passphrase of a backup, where nobody can be asked",
    "HAMSAYA_LANGUAGE": "the language of what commands say: en, fa or ur",
    "HAMSAYA_DEBUG": "1 shows a trace for an error of our own",
}
"""Every variable that the program reads; a test compares it with the source."""
_SHOWN_LANGUAGES: Final = (("en", "English"), ("fa", "فارسی"), ("ur", "اردو"))


class UndocumentedError(Exception):
    """Something that users meet has no description."""


def commands() -> str:
    """Return the page of the commands."""
    parts = [_head("Commands", "the commands themselves", "Every command has `--help`, `--json` and [stable exit codes](exit-codes.md).")]
    found = list(_commands(typer.main.get_command(command_line()), "hamsaya"))
    parts.append("\n".join(f"- [`{words}`](#{_anchor(words)}): {_first_line(command.help)}" for words, command in found) + "\n")
    for words, command in found:
        text, _, example = inspect.cleandoc(command.help or "").partition("Example:")
        if not text.strip() or not example.strip():
            raise UndocumentedError(f"`{words}` needs a sentence and an `Example:` in its docstring")
        parts.append(f"\n## `{words}`\n\n{text.strip()}\n\n```console\n{_prompted(example)}\n```\n")
        parts.append(_table(("option", "default", "meaning"), [_parameter(words, each) for each in command.params if each.name != "help"]))
    return "".join(parts)


def settings() -> str:
    """Return the page of the settings: their order and words are those of the file that `init` writes."""
    example = Settings(party="west", name={"en": "West"}, country="IR", languages=["en"], zone="UTC")
    told = _described(write_settings(example))
    rows = []
    for name, default in _defaults(Settings, ""):
        if not told.get(name):
            raise UndocumentedError(f"the setting `{name}` needs a comment above it in the file that `init` writes (assemble/settings.py)")
        rows.append((f"`{name}`", default, told[name]))
    head = _head("Settings", "the file that `init` writes", "`hamsaya init` writes them, commented, into `hamsaya.toml` in the node's folder. "
                 "An unknown setting is an error. PostgreSQL: [how](../how-to/postgresql.md).")  # fmt: skip
    environment = _table(("variable", "meaning"), [(f"`{name}`", words) for name, words in ENVIRONMENT.items()])
    return f"{head}{_table(('setting', 'default', 'meaning'), rows)}\n## Environment\n\n{environment}"


def routes() -> str:
    """Return the page of the desk's routes."""
    rows = []
    for route in ROUTES:
        says = _first_line(route.act.__doc__)
        if not says:
            raise UndocumentedError(f"{route.method} {route.path}: the page's function needs a docstring")
        may = {None: "nobody need be logged in", "": "any officer"}.get(route.verb) or f"who may **{COLUMNS[route.verb or '']}**"
        rows.append((route.method, f"`{re.sub(r':[a-z]+}', '}', route.path)}`", may, says))
    text = ("Every route answers HTML, or JSON to a caller that accepts `application/json`. Who may do what: [roles](roles.md). A POST carries the "
            "session's token (`csrf` in the form or the header `x-csrf`); JSON speaks English.")  # fmt: skip
    return _head("Routes of the desk", "the table of routes", text) + _table(("method", "path", "for", "what it does"), rows)


def journal() -> str:
    """Return the page of the events in a node's journal, and of what neighbours tell each other."""
    text = ("A node's journal is its truth: every table follows from these events ([house](../explanation/house.md#the-ledger)). They never leave "
            "the node. A field without a default must be there.")  # fmt: skip
    parts = [_head("Journal events and protocol acts", "`desk/events.py`", text)]
    for name, event in EVENTS.items():
        if not (event.__doc__ or "").strip():
            raise UndocumentedError(f"the event `{name}` needs a docstring")
        fields = ", ".join(f"`{each.name}`{'' if each.required else ' (optional)'}" for each in msgspec.structs.fields(event))
        parts.append(f"\n### `{name}`\n\n{_flow(event.__doc__ or '')}\n\n{'Fields: ' + fields if fields else 'It has no fields.'}\n")
    acts = [
        (f"`{act}`", f"`{log}`", str(ENTRY_KINDS[act]))
        for log, known in (("link", LINK_ACTS), ("release", RELEASE_ACTS), ("distress", DISTRESS_ACTS))
        for act in sorted(known)
    ]
    parts.append("\n## What neighbours tell each other\n\nThe closed list of entries that a log to a neighbour may carry.\n\n")
    return "".join(parts) + _table(("act", "log", "meaning"), acts)


def facts() -> str:
    """Return the page of what can be said."""

    def listed(title: str, words: dict[str, Any]) -> str:
        rows = [(f"`{code}`" if code else "(empty)", *(_told(text, language) for language, _ in _SHOWN_LANGUAGES)) for code, text in words.items()]
        return f"\n## {title}\n\n{_table(('code', *(name for _, name in _SHOWN_LANGUAGES)), rows)}"

    predicates = [(f"`{code}`", str(each.label), each.value.__name__, "yes" if each.per_group else "") for code, each in PREDICATES.items()]
    text = "A record is made of claims; a claim is a predicate, a value, who said it, how surely, and a grade. Nothing here names a person (law 11)."
    return (
        _head("What can be said", "`facts`", text)
        + listed("Kinds of record", RECORD_KINDS)
        + f"\n## Predicates\n\n{_table(('predicate', 'meaning', 'value', 'one field a group'), predicates)}"
        + listed("Codes", CODES)
        + listed("Hedges", HEDGES)
        + listed("How it is known", NATURES)
        + listed("Reliability of the source", RELIABILITY)
        + listed("Credibility of the information", CREDIBILITY)
        + _europol()
        + listed("Handling", {level: HANDLING_LEVELS[level] for level in HANDLING})
        + listed("Purposes of a release", PURPOSES)
    )


def kinds() -> str:
    """Return the page of the kinds of event, beside the codes of other systems, with the gaps counted."""
    names = list(SYSTEMS.values())
    text = ("What can happen on land and at sea, and the nearest code of other systems. `none` is a gap: that system has nothing near. A kind "
            "within a broader one does not contradict it. A foreign code never promises that both lists mean the same.")  # fmt: skip
    parts = [_head("Kinds of event", "`facts/kinds.py`", text)]
    for title, where in (("On land", ("land", "both")), ("At sea", ("sea", "both"))):
        rows = [
            (f"`{code}`", *(_told(each.label, language) for language, _ in _SHOWN_LANGUAGES), f"`{each.within}`" if each.within else "",
             *(_foreign(getattr(each, system)) for system in SYSTEMS))
            for code, each in KINDS.items() if each.where in where
        ]  # fmt: skip
        parts.append(f"\n## {title}\n\n{_table(('code', *(name for _, name in _SHOWN_LANGUAGES), 'within', *names), rows)}")
    gaps = [
        (name, str(len(KINDS)), str(len(KINDS) - gap), str(gap))
        for system, name in SYSTEMS.items() for gap in (sum(getattr(each, system) == NONE for each in KINDS.values()),)
    ]  # fmt: skip
    parts.append(f"\n## Gaps\n\n{_table(('system', 'kinds', 'with a code', 'none'), gaps)}\nA kind that happens on land and at sea counts once.\n\n")
    found = [(SYSTEMS[system], *each) for system, each in kinds_module.FOUND.items()]
    told = "A test holds CISE, ACLED, UCDP and ASAM to what was found; EUROSUR and IMO stand as far as this table says.\n\n"
    return (
        "".join(parts)
        + "## Where the codes are from, and what could not be checked\n\n"
        + told
        + _table(("system", "source", "checked", "not verified"), found)
    )


def comparison() -> str:
    """Return the page of the rules by which accounts are compared."""
    text = ("Per field of an incident, accounts agree, differ, or are silent; the rule that decided is told beside it. Nobody wins and nothing is "
            "merged (law 6). Between sides a verdict needs two states that spoke; between accounts, two accounts. One that is silent changes no "
            "verdict, and a wider interval never contradicts what a narrower one did not.")  # fmt: skip
    rows = [(f"`{rule}`", each.verdict, *(_told(each.words, language) for language, _ in _SHOWN_LANGUAGES)) for rule, each in COMPARISONS.items()]
    return _head("How accounts are compared", "`accounts/rules.py`", text) + _table(
        ("rule", "verdict", *(name for _, name in _SHOWN_LANGUAGES)), rows
    )


def _foreign(code: str) -> str:
    return "none" if code == NONE else f"`{code}`"


def _europol() -> str:
    """Return the table of grades beside the 4×4 system."""
    rows = [(f"`{letter}`", *(f"`{europol(letter + digit)}`" for digit in CREDIBILITY)) for letter in RELIABILITY]
    return ("\n## Grades beside Europol's 4×4\n\nThe nearest code (source A, B, C, X; information 1 to 4), shown beside a grade as a reading aid. "
            f"It is never stored or signed, and there is no way back.\n\n{_table(('', *CREDIBILITY), rows)}")  # fmt: skip


def releases() -> str:
    """Return the page of the rules of a release and of the clauses of an agreement."""
    text = ("What lets a record leave, and what stops it. A refusal names its clause by number, or one of these rules. Commands answer it with "
            "[exit code](exit-codes.md) 3.")  # fmt: skip
    parts = [_head("Rules of a release and clauses of an agreement", "`agreement`", text), "## Rules\n\n"]
    parts.append(_table(("rule", *(name for _, name in _SHOWN_LANGUAGES)),
                        [(f"`{rule}`", *(_told(words, language) for language, _ in _SHOWN_LANGUAGES)) for rule, words in RULES.items()]))  # fmt: skip
    parts.append("\n## Clauses\n\nA clause is a paragraph of the terms (`[[clauses]]` with its `type`), a class that enforces it, and one sentence "
                 "in each language. All of them carry `number` and `version`.\n")  # fmt: skip
    for clause in get_args(Clause):
        tag = msgspec.structs.fields(clause) and clause.__struct_config__.tag
        if not (clause.__doc__ or "").strip():
            raise UndocumentedError(f"the clause `{tag}` needs a docstring")
        if "sentences" not in vars(clause):
            raise UndocumentedError(f"the clause `{tag}` renders no sentence")
        own = [each for each in msgspec.structs.fields(clause) if each.name not in ("number", "version")]
        terms = ", ".join(f"`{each.name}`{'' if each.required else ' (optional)'}" for each in own) or "none beside its number"
        parts.append(f"\n### `{tag}`\n\n{_flow(clause.__doc__ or '')}\n\nTerms: {terms}\n")
    return "".join(parts)


def matters() -> str:
    """Return the page of the courses of matters, each with its diagram."""
    text = ("What one party opens with another, and how it goes on: a table a kind. Both nodes tell how it stands from the signed steps alone, in "
            "whatever order those came. A time that runs out moves nothing; it is told on both desks.")  # fmt: skip
    parts = [_head("Matters between two parties", "`settlement`", text)]
    who = {"opener": "whoever opened it", "other": "the other side", "either": "either side"}
    borne = {"release": "a record that answers it, released", "opening": "an acknowledgement", "refusal": "a refusal on a ground",
             "move": "a signed move without words", "recall": "the recall of what opened it",
             "stop": "a STOP that names it", "heard": "the first answer to that STOP"}  # fmt: skip
    for course in COURSES.values():
        arrows = "".join(
            f"    {state} --> {after}: {name}\n"
            for name, move in course.moves.items() for after in filter(None, (move.halfway, move.after)) for state in sorted(move.before)
            if not move.halfway or (state == move.halfway) == (after == move.after)
        )  # fmt: skip
        parts.append(f"\n## {course.label}\n\nOpened by the release of a record of kind `{course.kind}`.\n\n```mermaid\nstateDiagram-v2\n"
                     + "".join(f"    [*] --> {state}\n" for state in sorted({course.first, *course.starts})) + f"{arrows}```\n\n")  # fmt: skip
        parts.append(_table(("it stands", *(name for _, name in _SHOWN_LANGUAGES), "that is"),
                            [(f"`{name}`", *(_told(state.label, language) for language, _ in _SHOWN_LANGUAGES), str(state.meaning))
                             for name, state in course.states.items()]))  # fmt: skip
        parts.append("\n" + _table(("move", "by", "from", "to", "borne by", "right"), [
            (f"`{name}`", who[move.by], ", ".join(f"`{state}`" for state in sorted(move.before)), _after(move), borne[move.borne],
             f"`{move.verb}`") for name, move in course.moves.items()]))  # fmt: skip
        if course.clocks:
            parts.append("\n" + _table(("clock", "owed by", "runs while it is", "as long as the agreement says in", "else"), [
            (str(clock.label), who[clock.owed_by], ", ".join(f"`{state}`" for state in sorted(clock.runs_in)),
             ", unless ".join(filter(None, (f"`{clock.term}`" if clock.term else "", f"it names its own (`{clock.named}`)" if clock.named else "")))
             or "no term",
             f"{clock.otherwise_min} min" if clock.otherwise_min else "no clock")
            for clock in course.clocks.values()]))  # fmt: skip
        forms = {
            "What opens it": course.form,
            **{f"The form of `{name}`, filed as `{move.filed_as}`": move.form for name, move in course.moves.items()},
        }
        for head, form in forms.items():
            if form is not None:
                parts.append(f"\n{head}:\n\n" + _table(("field", "English", "is", "becomes", "needed"), [
                    (f"`{field.name}`", str(field.label), ", ".join(f"`{code}`" for code in field.codes) or str(READS[field.reads]),
                     f"`{field.predicate}`", "yes" if field.required else "") for field in form.fields]))  # fmt: skip
    return "".join(parts)


def _after(move: Move) -> str:
    return f"`{move.halfway}`, and `{move.after}` when both have, over one text" if move.halfway else f"`{move.after}`"


PAGES: Final[dict[str, Callable[[], str]]] = {
    "commands.md": commands, "settings.md": settings, "routes.md": routes, "journal.md": journal, "facts.md": facts, "releases.md": releases,
    "roles.md": roles_in_markdown, "kinds.md": kinds, "comparison.md": comparison, "matters.md": matters,
}  # fmt: skip


def _commands(group: Any, words: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{words} {name}")
        else:
            yield f"{words} {name}", command


def _parameter(words: str, parameter: Any) -> tuple[str, str, str]:
    says = getattr(parameter, "help", "") or ""
    argument = parameter.param_type_name == "argument"
    name = f"`{parameter.name.upper()}`" if argument else ", ".join(f"`{each}`" for each in parameter.opts)
    if not says:
        raise UndocumentedError(f"`{words}`: {name} needs a help text")
    default = "" if argument and parameter.required else _shown(parameter.default)
    return name, "(required)" if parameter.required else default, says


def _defaults(struct: type[msgspec.Struct], prefix: str) -> Iterator[tuple[str, str]]:
    for each in msgspec.structs.fields(struct):
        if isinstance(each.type, type) and issubclass(each.type, msgspec.Struct):
            inner = each.default if each.default is not msgspec.NODEFAULT else None
            yield from ((name, _shown(getattr(inner, name.split(".")[-1]))) for name, _ in _defaults(each.type, f"{each.name}."))
        else:
            default = each.default_factory() if each.default_factory is not msgspec.NODEFAULT else each.default
            yield prefix + each.name, "(required)" if default is msgspec.NODEFAULT else _shown(default)


def _described(template: str) -> dict[str, str]:
    """Return the comment above each setting; settings that follow one another share it."""
    found, comment, section, fresh = {}, "", "", True
    for line in template.splitlines():
        if line.startswith("#"):
            comment, fresh = (f"{comment} {line[1:].strip()}" if not fresh else line[1:].strip()), False
        elif line.startswith("["):
            section, fresh = line.strip("[]") + ".", True
        elif "=" in line:
            found[section + line.split("=")[0].strip()], fresh = comment, True
        else:
            fresh = True
    return found


def _head(title: str, source: str, text: str) -> str:
    return f"# {title}\n\n<!-- Written by `make docs` from {source}: change it there. -->\n\n{text}\n\n"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines) + "\n"


def _told(text: Any, language: str) -> str:
    from hamsaya.tongues import translate

    return translate(text, language)


def _shown(value: object) -> str:
    if value in (None, "", (), []) or callable(value):
        return "`[]`" if value == [] else ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _flow(text: str) -> str:
    """Return a docstring as one paragraph or several."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def _first_line(text: str | None) -> str:
    return " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())


def _prompted(example: str) -> str:
    return "\n".join(f"$ {' '.join(line.split())}" for line in re.split(r";\s+(?=hamsaya)", example.strip()))


def _anchor(words: str) -> str:
    return words.replace(" ", "-")


def main(words: Sequence[str] | None = None) -> int:
    """Write the pages, or say which are older than the program."""
    asked = argparse.ArgumentParser(description="Write the reference from the program.")
    asked.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is older than the program")
    check = asked.parse_args(words).check
    old = []
    for name, page in PAGES.items():
        path, text = REFERENCE / name, page()
        if not path.is_file() or path.read_text("utf-8") != text:
            old.append(name)
            if not check:
                path.write_text(text, "utf-8")
    sys.stdout.write(f"{len(PAGES)} pages, {len(old)} {'older than the program: run `make docs`' if check else 'written'}: {', '.join(old)}\n")
    return 1 if check and old else 0


if __name__ == "__main__":
    sys.exit(main())
