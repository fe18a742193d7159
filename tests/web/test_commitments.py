# SPDX-License-Identifier: Apache-2.0
"""The page of commitments: what is between two nodes, overdue first; what only one side says, as its word."""

from __future__ import annotations

import pytest
from tests.conftest import release
from tests.desk.test_commitments import SAYS, filed
from tests.desk.walk import officer

from hamsaya.desk.matters import move_matter
from hamsaya.desk.opening import Sheet, open_matter
from hamsaya.web.pages import commitments


def test_page_shows_the_word_of_one_side_and_overdue_commitments_of_both(agreed, webs):
    west, east = agreed.west, agreed.east
    (word,) = filed(east, SAYS.encode())
    names = []
    for due in ("+9d", "+1d"):
        filled = {"what": f"A patrol within {due}", "status": "invited", "due": due}
        names.append(open_matter(west.node, officer(west, "file", "propose"), "commitment", Sheet(typed=filled)).held.record.id)
        release(west, names[-1])
    agreed.sync()
    for name in names:
        move_matter(east.node, officer(east, "propose"), name, "accept")
    agreed.sync()
    west.clock.at = west.clock.at.replace(day=west.clock.at.day + 3)
    for desk in (west, east):
        office = webs(desk).login("officer")
        told = office.json("/commitments").json()
        assert told["late"] == 1
        page = office.get("/commitments").text
        assert page.index(names[1]) < page.index(names[0])  # what is overdue comes first
    assert [(each["rungs"][0]["status"], each["answered"]) for each in told["words"]] == [("invited", False)]
    assert "no answer on record" in page
    assert "10 December 2019" in page
    shown = office.get(f"/matters/{word.id}").text
    assert "it opens nothing between two nodes" in shown
    assert 'name="move"' not in shown


@pytest.mark.shared
def test_aman_20_is_told_on_the_page_and_by_the_command_line(desk, webs, shared):
    filed(desk, (shared / "documents" / "2019-12_cooperation-document.txt").read_bytes())
    office = webs(desk).login("officer")
    page = office.get("/commitments").text
    part = next(each for each in page.split("<li class=") if "10 December 2019" in each and "invited" in each)
    assert "no answer on record" in page[: page.index(part)].rsplit("<li", 1)[1] + part
    assert "AMAN-20" in page


def test_words_of_one_side_are_all_reached_a_page_at_a_time(desk, webs, monkeypatch):
    monkeypatch.setattr(commitments, "_PAGE", 2)
    names = {filed(desk, SAYS.replace("December 10", f"December {day}").encode(), f"{day}.txt")[0].id for day in range(10, 15)}
    office, seen, where = webs(desk).login("officer"), [], "/commitments"
    while where:
        page, told = office.get(where).text, office.json(where).json()
        seen += [each["record"] for each in told["words"]]
        assert told["words_all"] == len(names)
        assert all(each["record"] in page for each in told["words"])
        where = f"/commitments?words={told['words_next']}" if told["words_next"] else ""
        assert (f'href="{where}"' in page) == bool(where)
    assert (sorted(seen), len(seen)) == (sorted(names), len(names))
    assert office.json("/commitments?words=nobody").json()["words"][0]["record"] == seen[0]
