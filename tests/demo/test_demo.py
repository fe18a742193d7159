# SPDX-License-Identifier: Apache-2.0
"""The demonstration is real: what it prints follows from documents, signatures and two separate nodes."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from importlib import resources

import httpx
import pytest

from hamsaya.demo.nodes import DemoNode
from hamsaya.demo.run import Story, run_demo
from hamsaya.demo.telling import Teller

pytestmark = pytest.mark.live
SAMPLES = resources.files("hamsaya.demo").joinpath("documents")


def command(folder, *words):
    """Run a command on a node that the demonstration left behind."""
    env = {**os.environ, "HAMSAYA_NODE": str(folder)}
    done = subprocess.run([sys.executable, "-m", "hamsaya", *words, "--json"], env=env, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def test_result_has_what_was_promised(demonstrated):
    result, _ = demonstrated
    assert {"nodes", "agreement", "documents", "records", "releases", "receipts", "incidents", "logs_verified", "elapsed_s"} <= result.keys()
    assert len({node["pid"] for node in result["nodes"]} | {os.getpid()}) == 3
    assert result["agreement"]["signatures"] == ["east", "west"]
    assert result["agreement"]["in_force"] is True
    assert result["exercise"] is True
    assert result["receipts"] == len(result["releases"]["allowed"]) > 0
    assert all(each["clause"] and each["purpose"] and each["necessity"] for each in result["releases"]["allowed"])
    assert [(each["rule"], each["clause"]) for each in result["releases"]["refused"]] == [("deny-by-default", "1")]
    assert {document["language"] for document in result["documents"]} == {"en", "fa", "ur"}


def test_documents_are_those_of_the_package(demonstrated):
    result, _ = demonstrated
    for document in result["documents"]:
        assert document["sha256"] == hashlib.sha256(SAMPLES.joinpath(document["name"]).read_bytes()).hexdigest()


def test_joint_incident_agrees_differs_and_is_silent_and_the_others_are_one_sided(demonstrated):
    result, _ = demonstrated
    joint, *others = result["incidents"]
    assert joint["signed"] == joint["accounts"] == 2
    assert all(joint[state] for state in ("agree", "differ", "silent"))
    assert joint["seen_by"] == ["west", "east"]
    for each in others:
        assert each["signed"] == 0  # October 2014 is known from press items only: attributed, never shown as signed
        assert each["agree"] == []
        assert each["silent"] or each["differ"]
        assert len({side for said in each["said"].values() for side in said}) == 1


def test_attributed_accounts_of_one_side_show_their_contradiction(demonstrated):
    result, _ = demonstrated
    killing = next(each for each in result["incidents"] if "occurred" in each["differ"])
    starts = {value["start"] for value in killing["said"]["occurred"]["PK"]}
    assert starts == {"2014-10-17T00:00:00Z", "2014-10-17T19:00:00Z"}  # the morning of the 17th; the 18th, as days are meant in Karachi
    assert killing["said"]["killed:border_guard@PK"]["PK"][0]["low"] == 1


def test_both_nodes_hold_the_same_and_verify_after_everything_stopped(demonstrated):
    result, folder = demonstrated
    joint = result["incidents"][0]["id"]
    shown = []
    for side in ("west", "east"):
        code, verified = command(folder / side / "node", "verify")
        assert (code, verified["verified"]) == (0, True)
        _, incident = command(folder / side / "node", "incident", "show", joint)
        shown.append({state: incident[state] for state in ("agree", "differ", "silent")})
    assert shown[0] == shown[1] == {state: result["incidents"][0][state] for state in ("agree", "differ", "silent")}


def test_state_survives_a_restart(demonstrated):
    result, folder = demonstrated
    node = DemoNode(folder / "west" / "node", {"party": "west"})
    node.desk_port = int(result["nodes"][0]["desk"].rsplit(":", 1)[1])
    _, added = command(folder / "west" / "node", "user", "add", "second", "--office", "Second Office", "--role", "officer")
    node.passwords["second"] = added[0]["password"]
    node.serve()
    try:
        node.wait()
        seen = {each["incident"] for each in node.get("second", "/incidents")["incidents"]}
        assert {each["id"] for each in result["incidents"] if "west" in each["seen_by"]} == seen
        inbox = node.get("second", "/inbox")["items"]
        assert {item["state"] for item in inbox if item["kind"] == "release"} == {"acknowledged"}
    finally:
        node.stop()


def world_without(folder):
    """Return what to put before a command so that it runs in a world where `folder` cannot be read."""
    own_user = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *own_user, "--mount", "sh", "-c", f'mount -t tmpfs -o mode=000,ro none "{folder}" && exec "$@"', "sh"]


def test_neither_node_can_read_the_folder_of_the_other(tmp_path, capsys):
    home = tmp_path / "home"
    for side in ("west", "east"):
        (home / side).mkdir(parents=True)
        (home / side / "probe").write_text("secret")
    prefixes = {"west": world_without(home / "east"), "east": world_without(home / "west")}
    probe = subprocess.run([*prefixes["west"], "cat", str(home / "east" / "probe")], capture_output=True, text=True, check=False)
    assert (probe.returncode, probe.stdout) == (1, "")  # the wall stands
    story = Story(home, Teller(quiet=True), prefixes, {})
    try:
        story.tell([])
    finally:
        story.stop()
    assert story.result["receipts"] > 0
    capsys.readouterr()


def changed_samples(seed):
    """Return samples with other numbers, places and days, and what must be found in the result."""
    rng = random.Random(seed)  # noqa: S311
    killed, wounded, strength = rng.sample(range(2, 60), 3)
    day = date(2014, 10, 1) + timedelta(days=rng.randrange(12))
    place = rng.choice(["Panjgur", "Turbat", "Gwadar"])
    english = (
        f"Guards killed near the line\n\nPublished: 22 October 2014\n\nOn {day.day} {day:%B}, in the morning, Iranian border guards attacked a "
        f"Frontier Corps vehicle near {place}, according to the FC spokesman. {killed} FC soldiers were killed and {wounded} others were wounded, the spokesman said.\n"
    )
    persian = SAMPLES.joinpath("exercise-west.fa.txt").read_text("utf-8")
    digits = str(strength).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert "شش مرزبان" in persian
    persian = persian.replace("شش مرزبان", f"{digits} مرزبان")
    changed = {"press-pk-2014-10-22.en.txt": english.encode(), "exercise-west.fa.txt": persian.encode()}
    return changed, (killed, wounded, strength, day, place)


def test_other_names_numbers_and_dates_in_the_documents_come_out_in_the_result(tmp_path, capsys):
    changed, (killed, wounded, strength, day, place) = changed_samples(time.time_ns())
    assert run_demo(check=True, as_json=True, samples=changed, folder=tmp_path / "home") == 0
    result = json.loads(capsys.readouterr().out)
    joint = result["incidents"][0]
    assert [(value["low"], value["high"]) for value in joint["said"]["strength:border_guard@IR"]["IR"]] == [(strength, strength)]
    found = [
        each
        for each in result["incidents"]
        if {"low": killed, "high": killed}.items() <= each["said"].get("killed:border_guard@PK", {}).get("PK", [{}])[0].items()
    ]
    assert len(found) == 1, (killed, day, place)
    said = found[0]["said"]
    assert [value["low"] for value in said["wounded:border_guard@PK"]["PK"]] == [wounded]
    assert place in [value["name"] for value in said["place"]["PK"]]
    assert [value["start"] for value in said["occurred"]["PK"]] == [f"{day}T00:00:00Z"]


@pytest.mark.shared
@pytest.mark.parametrize("name", ["2014-10_intelligence-sharing.txt", "2019-12_cooperation-document.txt"])
def test_own_documents(shared, capsys, name):
    document = shared / "documents" / name
    assert run_demo(documents=[document], origin="PK", check=True, as_json=True) == 0
    result = json.loads(capsys.readouterr().out)
    read = next(each for each in result["documents"] if each["name"] == name)
    assert read["sha256"] == hashlib.sha256(document.read_bytes()).hexdigest()
    assert read["drafts"] >= 3


def test_document_that_cannot_be_read_fails_in_words(tmp_path):
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"\x00" * 100)
    done = subprocess.run(
        [sys.executable, "-m", "hamsaya", "demo", "--check", "--document", str(broken)], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Traceback" not in done.stderr + done.stdout
    assert "/documents" in done.stderr


def test_control_c_stops_both_nodes():
    process = subprocess.Popen([sys.executable, "-m", "hamsaya", "demo"], stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        printed = ""
        for line in process.stdout:
            printed += line
            if len(re.findall(r"^\s+commander\s+\S+$", printed, re.MULTILINE)) == 2:
                break
        desks = re.findall(r"http://localhost:\d+", printed)
        assert len(desks) == 2, printed
        for desk in desks:
            assert httpx.get(f"{desk}/health", headers={"accept": "application/json"}).json()["exercise"] is True
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    for desk in desks:
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{desk}/health")
