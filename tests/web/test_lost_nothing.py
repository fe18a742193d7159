# SPDX-License-Identifier: Apache-2.0
"""Too much at once, a session that ends while writing, a stale tab on a link: the desk says so, holds little, loses nothing."""

from __future__ import annotations

import asyncio
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from hamsaya.ledger.verify import verify_store
from hamsaya.web.form import TooLargeError, read_body

MIB = 1 << 20


def _run(coroutine):
    """Run it in a thread of its own: a browser test before this one may have left a loop running in the main thread."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, coroutine).result()


async def _stream(count, seen):
    chunk = b"x" * MIB
    for number in range(count):
        seen.append(number)
        yield chunk


def test_hundred_megabytes_are_let_pass_and_never_held():
    seen = []
    tracemalloc.start()
    with pytest.raises(TooLargeError):
        _run(read_body(_stream(100, seen), 12 * MIB, drains=True))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(seen) == 100
    assert peak < 40 * MIB  # what is allowed, while it grows, and one piece


def test_nobody_logged_in_is_not_listened_to_beyond_the_limit():
    seen = []
    with pytest.raises(TooLargeError):
        _run(read_body(_stream(100, seen), MIB, drains=False))
    assert len(seen) == 2


def test_whole_body_of_just_the_limit_is_taken():
    assert len(_run(read_body(_stream(12, []), 12 * MIB, drains=False))) == 12 * MIB


@pytest.mark.parametrize(("path", "limit"), [("/documents", 12), ("/releases", 1)])
def test_too_large_says_the_limit_of_that_page(lived_web, path, limit):
    office = lived_web.login()
    headers = {"x-csrf": office.csrf, "content-type": "application/x-www-form-urlencoded"}
    page = office.client.post(path, content=b"a=" + b"x" * (limit * MIB), headers=headers)
    assert page.status_code == 413
    assert f"the limit here is <bdi>{limit}</bdi> MiB" in page.text
    answer = office.client.post(path, content=b"a=" + b"x" * (limit * MIB), headers={**headers, "accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
    assert office.json("/inbox").status_code == 200


def test_session_that_ends_while_writing_shows_what_was_typed(web, work):
    duty = web.login("officer")
    draft = work.take_in(duty)["drafts"][0]["draft"]
    web.desk.clock.at += timedelta(hours=1)
    page = duty.post(f"/drafts/{draft}/reject", json=False, data={"reason": "The <patrol> denies it"})
    assert page.status_code == 401
    assert "The &lt;patrol&gt; denies it" in page.text
    assert f'href="/drafts/{draft}"' in page.text
    assert duty.post(f"/drafts/{draft}/reject", json=False).headers["location"] == "/login"
    assert web.login("analyst").json(f"/drafts/{draft}").json()["state"] == "open"


def test_answer_names_the_kept_form_only_once_it_was_taken(web, work):
    duty = web.login("officer")
    draft = work.take_in(duty)["drafts"][0]["draft"]
    name = f"/drafts/{draft}/reject"
    refused = duty.post(name, json=False, data={"reason": " ", "keep": name})
    assert "set-cookie" not in refused.headers
    claim = f"/drafts/{draft}/claims/c1"
    shown_again = duty.post(claim, json=False, data={"speaker": "nobody", "keep": claim})
    assert shown_again.status_code == 400
    assert "set-cookie" not in shown_again.headers
    done = duty.post(name, json=False, data={"reason": "a rumour", "keep": name})
    assert f"hamsaya-sent-west={name.replace('/', '%2F')}" in done.headers["set-cookie"]
    again = duty.post(f"/drafts/{draft}/undo", json=False, data={"keep": "x; path=/evil"})
    assert again.status_code == 303
    assert "set-cookie" not in again.headers


def test_key_of_the_kept_text_is_given_to_its_own_officer_alone(web):
    def key(office):
        return office.get("/inbox").text.split('data-keep-key="', 1)[1].split('"', 1)[0]

    assert key(web.login("officer")) == key(web.login("officer")) != key(web.login("analyst"))
    assert "data-keep-key" not in web.visitor().get("/login").text


def test_link_is_taken_back_on_the_page_and_a_stale_tab_links_nothing(web, work):
    duty = web.login("officer")
    texts = [work.REPORT, work.REPORT.replace("Mirjaveh", "Zahedan"), work.REPORT.replace("Mirjaveh", "Saravan")]
    one, two, three = (work.file_record(duty, text)["incident"] for text in texts)
    duty.post(f"/incidents/{one}/link", data={"into": two, "seen": "1"})
    late = duty.post(f"/incidents/{one}/link", json=False, data={"into": three, "seen": "1"})
    assert late.status_code == 409
    assert "By <bdi>officer desk</bdi>" in late.text
    twice = duty.post(f"/incidents/{two}/link", data={"into": one, "seen": "1"})
    assert (twice.status_code, twice.json()["rule"]) == (409, "decided")
    page = duty.get(f"/incidents/{two}").text
    assert f'<input type="hidden" name="incident" value="{one}">' in page
    assert duty.post(f"/incidents/{two}/unlink", json=False, data={"incident": one}).headers["location"] == f"/incidents/{two}"
    assert {one, two, three} == {each["incident"] for each in duty.json("/incidents").json()["incidents"]}
    assert duty.post(f"/incidents/{two}/unlink", data={"incident": one}).status_code == 409
    assert verify_store(web.desk.store).faults == []
