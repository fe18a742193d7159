# SPDX-License-Identifier: Apache-2.0
"""The story of the demonstration, step by step; every step is checked and the first that does not hold stops it.

1. Two nodes are made; each trusts the other's fingerprint.
2. An agreement is drafted and signed by both; it is in force only then.
3. Documents are read into drafts; officers accept them as records.
4. Both sides file their account of one invented incident.
5. Records are released by two officers; one release is refused.
6. Signed entries travel and are receipted; both desks show the incidents.
7. Both nodes verify everything that they hold.
"""

from __future__ import annotations

import json
import shutil
import signal
import sys
import tempfile
import threading
import time
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

from hamsaya.demo.nodes import DemoNode
from hamsaya.demo.telling import Teller
from hamsaya.facts.errors import HamsayaError, InputError, OperatorError
from hamsaya.facts.words import say

Document = tuple[str, bytes, str, str]
"""Name, bytes, origin, day of publication."""


def run_demo(
    *, documents: Sequence[Path] = (), origin: str = "", published: str = "", check: bool = False, folder: Path | None = None,
    as_json: bool = False, prefixes: Mapping[str, Sequence[str]] | None = None, samples: Mapping[str, bytes] | None = None,
) -> int:  # fmt: skip
    """Run the demonstration and return its exit code: 0 only if every step held.

    `documents` replaces the samples; `check` stops at the end instead of serving on; `prefixes` gives, by party, what
    to put before each of its commands; `samples` replaces samples of the package by file name.
    """
    for path in documents:
        if not path.is_file():
            raise InputError(say("There is no document {path}.", path=path))
    home = _home(folder)
    teller = Teller(quiet=as_json)
    story = Story(home, teller, prefixes or {}, samples or {})
    try:
        story.tell([(path.name, path.read_bytes(), origin, published) for path in documents])
        teller.finish(story.result)
        if as_json:
            sys.stdout.write(json.dumps(story.result, ensure_ascii=False, indent=2) + "\n")
            sys.stdout.flush()
        if not check:
            _stay(story, teller)
    except HamsayaError as error:
        teller.failed(str(error.what))
        raise
    finally:
        story.stop()
        if folder is None:
            shutil.rmtree(home, ignore_errors=True)
    return 0


def _home(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="hamsaya-demo-"))
    if folder.exists() and any(folder.iterdir()):
        raise InputError(say("The folder {folder} is not empty.", folder=folder), say("Choose another, or leave --folder out."))
    folder.mkdir(parents=True, exist_ok=True)
    return folder.absolute()


def _stay(story: Story, teller: Teller) -> None:
    teller.desks([(node.party, node.setup["name"]["en"], node.desk, node.passwords) for node in story.nodes])
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.5):
        pass


class Story:
    """The two nodes, and what happened so far."""

    def __init__(self, home: Path, teller: Teller, prefixes: Mapping[str, Sequence[str]], samples: Mapping[str, bytes]) -> None:
        """Take the folder for both nodes, who tells it, and what tests replace."""
        self.scenario = tomllib.loads(_sample("scenario.toml").decode())
        self.words = self.scenario["words"]
        self._home, self._teller, self._samples = home, teller, samples
        self.west, self.east = (DemoNode(home / side / "node", self.scenario[side], prefixes.get(side, ())) for side in ("west", "east"))
        self.nodes = (self.west, self.east)
        self._pool = ThreadPoolExecutor(2)
        self.result: dict[str, Any] = {"exercise": True, "steps": []}
        self._allowed: list[dict[str, Any]] = []
        self._refused: list[dict[str, Any]] = []
        self._own: dict[str, dict[str, Any]] = {node.party: {} for node in self.nodes}
        self._added: list[dict[str, Any]] = []
        self._records: dict[str, list[dict[str, Any]]] = {node.party: [] for node in self.nodes}
        self._joint = ""

    def tell(self, documents: list[Document]) -> None:
        """Do it all. Raises the error of the first step that does not hold."""
        started = time.monotonic()
        self._step("two nodes, each with its own keys, certificate and ledger", self._make)
        self._step("each trusts the other's fingerprint", self._trust)
        self._step("one agreement, in force only when both have signed", self._agree)
        self._step("documents are read into drafts, each claim resting on its words", lambda: self._read(documents))
        self._step("officers accept drafts as records", lambda: self._accept(self.west))
        self._joint = self._filed(self.west, "exercise_report")[0]["record"]["incident"]
        self._step("two officers release; one release is refused", lambda: self._release_all(self.west))
        self._step("signed entries travel and are receipted", lambda: self._travel(self.west, self.east))
        self._step("the other side files its own account of the same incident", lambda: self._accept(self.east))
        self._step("it releases in turn, by two officers", lambda: self._release_all(self.east))
        self._step("its entries travel back", lambda: self._travel(self.east, self.west))
        self.result["releases"] = {"allowed": self._allowed, "refused": self._refused}
        self._step("both desks show agree, differ and silent", self._compare)
        self._step("both nodes verify every byte they hold", self._verify)
        self.result["elapsed_s"] = round(time.monotonic() - started, 1)

    def stop(self) -> None:
        """Stop both servers."""
        for node in self.nodes:
            node.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _step(self, title: str, act: Callable[[], str]) -> None:
        started = time.monotonic()
        with self._teller.step(title) as tell:
            found = act()
            tell(found)
        self.result["steps"].append({"step": title, "result": found, "seconds": round(time.monotonic() - started, 1)})

    def _both(self, act: Callable[[DemoNode], Any]) -> list[Any]:
        return list(self._pool.map(act, self.nodes))

    def _make(self) -> str:
        def make(node: DemoNode) -> None:
            node.make()
            node.serve()

        self._both(make)
        self.result["nodes"] = [
            {"party": node.party, "country": node.setup["country"], "desk": node.desk, "gate": node.gate, "folder": str(node.folder),
             "pid": node.pid, "fingerprint": node.fingerprint}
            for node in self.nodes
        ]  # fmt: skip
        return ", ".join(f"{node.party} ({node.setup['name']['en']})" for node in self.nodes)

    def _trust(self) -> str:
        def trust(node: DemoNode) -> None:
            other = self.east if node is self.west else self.west
            handed_over = node.folder.parent / other.card.name
            handed_over.write_bytes(other.card.read_bytes())
            node.run("party", "trust", str(handed_over), "--fingerprint", other.fingerprint)

        self._both(trust)
        self._both(lambda node: node.wait())
        return f"{self.west.fingerprint[:9]}… and {self.east.fingerprint[:9]}…"

    def _agree(self) -> str:
        terms = self._home / "terms.toml"
        terms.write_text(self._terms(), "utf-8")
        drafted = self.west.run("agreement", "draft", str(terms))
        name, text = drafted["id"], drafted["hash"]
        half = self.west.post("commander", f"/agreements/{name}/sign", text=text)
        _must(not _in_force(half), "an agreement that one party has signed is not in force")
        arrived = self._seen(self.east, name, signatures=1)
        _must(not _in_force(arrived) and arrived["hash"] == half["hash"], "the neighbour holds the same text, not yet in force")
        whole = self.east.post("commander", f"/agreements/{name}/sign", text=text)
        _must(_in_force(whole), "an agreement that both parties have signed is in force")
        seen = self._seen(self.west, name, signatures=2)
        _must(_in_force(seen) and seen["hash"] == whole["hash"], "both nodes hold one hash with two signatures")
        self.result["agreement"] = {"id": name, "hash": whole["hash"], "signatures": sorted(whole["signatures"]), "in_force": _in_force(seen)}
        return f"{name}, hash {whole['hash'][:12]}…, signed by {' and '.join(sorted(whole['signatures']))}"

    def _seen(self, node: DemoNode, name: str, *, signatures: int) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            found = [each for each in node.get("commander", "/agreements")["agreements"] if each["agreement"]["table"]["id"] == name]
            return found[0] if found and len(found[0]["signatures"]) >= signatures else None

        seen: dict[str, Any] = node.wait_for(f"agreement {name} arrives with {signatures} signatures", look)
        return seen

    def _terms(self) -> str:
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 86_400))
        year = str(int(today[:4]) + 1) + "-01-31" if today[5:7] != "01" else today[:4] + "-12-31"
        return _sample("terms.toml").decode().format(west=self.west.party, east=self.east.party, day=today, until=year)

    def _read(self, documents: list[Document]) -> str:
        added: list[dict[str, Any]] = []
        lists: dict[str, list[Document]] = {node.party: self._samples_of(node) for node in self.nodes}
        if documents:
            lists = {self.west.party: documents, self.east.party: []}

        def read(node: DemoNode) -> list[dict[str, Any]]:
            found = [
                node.upload("duty", (name, data), origin=origin, published=published, basis="attributed")
                for name, data, origin, published in lists[node.party]
            ]
            for which in ("exercise_report", "unshared_report"):
                if which in node.setup:
                    name = node.setup[which]
                    self._own[node.party][name] = node.upload("duty", (name, self._sample(name)), basis="own")
                    found.append(self._own[node.party][name])
            return [{**each, "party": node.party} for each in found]

        for found in self._both(read):
            added += found
        drafts = [draft for each in added for draft in each["drafts"]]
        _must(bool(drafts), "documents give drafts")
        self.result["documents"] = [
            {"name": each["document"]["name"], "sha256": each["document"]["document"], "language": each["document"]["language"],
             "party": each["party"], "drafts": len(each["drafts"])} for each in added
        ]  # fmt: skip
        self._added = added
        return f"{len(added)} documents, {len(drafts)} drafts, {sum(len(draft['body']['claims']) for draft in drafts)} claims"

    def _samples_of(self, node: DemoNode) -> list[Document]:
        return [(each["file"], self._sample(each["file"]), each["origin"], "") for each in node.setup["documents"]]

    def _sample(self, name: str) -> bytes:
        return self._samples.get(name) or _sample(f"documents/{name}")

    def _accept(self, node: DemoNode) -> str:
        """File every draft of `node`; where the machine suggests a known incident, its officer confirms."""
        joint = {draft["draft"] for draft in self._own[self.east.party][self.east.setup["exercise_report"]]["drafts"]}
        for each in self._added:
            for draft in each["drafts"]:
                if each["party"] == node.party:
                    self._records[node.party].append(self._accept_one(node, draft, self._joint if draft["draft"] in joint else ""))
        self.result["records"] = {party: [held["record"]["id"] for held in filed] for party, filed in self._records.items()}
        return f"{node.party} filed {len(self._records[node.party])} records"

    def _accept_one(self, node: DemoNode, draft: dict[str, Any], incident: str = "") -> dict[str, Any]:
        own = draft["body"]["basis"] == "own"
        likely = node.get("duty", f"/drafts/{draft['draft']}")["suggestions"] if not incident else []
        joined = incident or (likely[0]["incident"] if likely else "")
        held: dict[str, Any] = node.post(
            "duty", f"/drafts/{draft['draft']}/accept", grade=self.words["own_grade" if own else "press_grade"], incident=joined, handling="amber"
        )
        return held

    def _release(self, node: DemoNode, record: str, purpose: str, necessity: str) -> dict[str, Any]:
        proposed: dict[str, Any] = node.post("duty", "/releases", record=record, purpose=purpose, necessity=necessity)
        if proposed["condition"] == "refused":
            kept = {key: proposed[key] for key in ("release", "record", "clause", "rule")}
            self._refused.append({**kept, "party": node.party, "reason": _in_english(proposed["reason"])})
            return proposed
        approved: dict[str, Any] = node.post("approver", f"/releases/{proposed['release']}/approve")
        _must(approved["condition"] in ("logged", "receipted", "opened"), "an approved release is logged")
        kept = {key: approved[key] for key in ("release", "record", "clause", "purpose", "necessity", "withheld")}
        self._allowed.append({**kept, "party": node.party})
        return approved

    def _release_all(self, node: DemoNode) -> str:
        """Propose every account of `node` for release, and whatever it holds that no clause lets go."""
        unshared = self._filed(node, "unshared_report") if "unshared_report" in node.setup else []
        for held in self._records[node.party]:
            if held["record"]["kind"] == "incident_account":
                self._release(node, held["record"]["id"], self.words["purpose"], self.words["necessity"])
        for held in unshared:
            self._release(node, held["record"]["id"], self.words["refused_purpose"], self.words["refused_necessity"])
        allowed, refused = ([each for each in kept if each["party"] == node.party] for kept in (self._allowed, self._refused))
        _must(bool(allowed), "a release that a clause allows is allowed")
        _must(bool(refused) == bool(unshared), "a release that no clause allows is refused")
        told = f"{node.party} released {len(allowed)}"
        for each in refused:
            told += f"; refused by {'clause ' + each['clause'] if each['clause'] else each['rule']}: {each['reason']}"
        return told

    def _filed(self, node: DemoNode, which: str) -> list[dict[str, Any]]:
        document = self._own[node.party][node.setup[which]]["document"]["document"]
        return [held for held in self._records[node.party] if any(source["document"] == document for source in held["record"].get("sources", []))]

    def _travel(self, sender: DemoNode, receiver: DemoNode) -> str:
        """Wait until everything that `sender` released has arrived, is receipted, acknowledged, and known to be opened."""
        sent = [each["release"] for each in self._allowed if each["party"] == sender.party]
        if sender is self.west:
            sender.run("sync")  # its courier travels by itself too; doing it twice does no harm

        def arrived() -> list[dict[str, Any]] | None:
            items = [item for item in receiver.get("duty", "/inbox")["items"] if item["kind"] == "release" and item["state"] == "new"]
            return items if len(items) == len(sent) else None

        for item in receiver.wait_for(f"{len(sent)} releases arrive", arrived):
            receiver.post("duty", "/inbox/acknowledge", log=item["log"], seq=str(item["seq"]))

        def opened() -> bool:
            held = sender.get("duty", "/releases")["releases"]
            return all(each["condition"] == "opened" for each in held if each["release"] in sent)

        sender.wait_for("the neighbour's receipts and acknowledgements arrive", opened)
        self.result["receipts"] = self.result.get("receipts", 0) + len(sent)
        return f"{len(sent)} arrived at {receiver.party}, receipted and acknowledged"

    def _compare(self) -> str:
        west, east = self._both(self._incidents)
        _must(self._joint in west and self._joint in east, "both desks know the joint incident")
        mine, theirs = west[self._joint], east[self._joint]
        for state in ("agree", "differ", "silent"):
            _must(mine[state] == theirs[state] and bool(mine[state]), f"both desks show the same fields as “{state}”")
        shown = {**east, **west}
        self.result["incidents"] = [
            {"id": name, "accounts": len(each["accounts"]), "signed": sum(account["signed"] for account in each["accounts"]),
             "agree": each["agree"], "differ": each["differ"], "silent": each["silent"], "said": _said(each),
             "seen_by": [party for party, seen in ((self.west.party, west), (self.east.party, east)) if name in seen]}
            for name, each in shown.items()
        ]  # fmt: skip
        self._teller.incidents(self.result["incidents"], self._joint)
        return f"{self._joint}: {len(mine['agree'])} agree, {len(mine['differ'])} differ, {len(mine['silent'])} silent, the same on both desks"

    def _incidents(self, node: DemoNode) -> dict[str, dict[str, Any]]:
        names: Iterable[str] = [each["incident"] for each in node.get("duty", "/incidents")["incidents"]]
        return {name: node.get("duty", f"/incidents/{name}") for name in names}

    def _verify(self) -> str:
        checked = self._both(lambda node: node.run("verify"))
        _must(all(each["verified"] for each in checked), "both nodes verify")
        self.result["logs_verified"] = {node.party: each["logs"] for node, each in zip(self.nodes, checked, strict=True)}
        return f"{sum(sum(each['logs'].values()) for each in checked)} signed entries, nothing altered"


def _said(incident: dict[str, Any]) -> dict[str, dict[str, list[Any]]]:
    """Return what each side said per field: the values as they stand in its claims."""
    return {field["key"]: {side: [each["claim"]["value"] for each in said] for side, said in field["said"].items()} for field in incident["fields"]}


def _in_force(held: dict[str, Any]) -> bool:
    return bool(held["standing"]["state"] == "in force")


def _in_english(text: dict[str, Any]) -> str:
    blanks = {name: _in_english(value) if isinstance(value, dict) else value for name, value in text.get("blanks", {}).items()}
    return str(text["message"]).format_map(blanks)


def _sample(name: str) -> bytes:
    return resources.files("hamsaya.demo").joinpath(name).read_bytes()


def _must(holds: object, what: str) -> None:
    if not holds:
        raise OperatorError(say("The demonstration failed: expected that {what}.", what=what))
