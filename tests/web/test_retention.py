# SPDX-License-Identifier: Apache-2.0
"""Until when copies may be kept, on the pages of both desks; two persons erase what is past it; who may not is told the same (law 14)."""

from __future__ import annotations

import re

import pytest
from tests.desk.test_erasing import MARKS, warn
from tests.desk.test_retention import DAYS, later, terms
from tests.web.walk import TRAVERSAL

from hamsaya.desk.roles import ROLES, may

JSON = {"accept": "application/json"}
SENTENCE = f"deleted {DAYS} days after they were released"


def words_of(page):
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.fixture
def sides(pair, webs):
    """West's and east's desks under an agreement that ends the keeping of warnings, and west's warning at east."""
    pair.agree(terms())
    held = warn(pair.west)
    pair.sync()
    return pair, webs(pair.west), webs(pair.east), held


def test_both_desks_show_the_same_time_and_sentence(sides):
    _, west, east, held = sides
    here, there = west.login("officer"), east.login("officer")
    keeps = [here.json(f"/releases/{held.release}").json()["keep"], here.json(f"/releases/{held.release}/explain").json()["keep"]]
    keeps += [there.json(f"/releases/{held.release}/explain").json()["keep"], there.json(f"/records/{held.record}").json()["kept"][0]["keep"]]
    assert keeps == [keeps[0]] * 4
    assert (keeps[0]["days"], keeps[0]["clause"]) == (DAYS, "20")
    for page in (here.get(f"/releases/{held.release}"), here.get(f"/releases/{held.release}/explain"), there.get(f"/records/{held.record}")):
        assert SENTENCE in words_of(page.text)
        assert "until: 22 December 2026" in words_of(page.text)  # 30 days after 22 November
        assert "&lt;time" not in page.text
    assert "soon past its time" not in there.get("/retention").text
    assert there.json("/inbox").json()["past_its_time"] == 0


def test_two_persons_erase_from_the_page_and_the_sender_reads_by_which_clause(sides):
    pair, west, east, held = sides
    later(pair, DAYS + 2)
    rights, second, watch, auditor = (east.login(role) for role in ("rights-officer", "approver", "officer", "auditor"))
    place = f"{held.log}#{held.seq}"
    assert "Copies of neighbours that may no longer be kept here: 1" in words_of(watch.get("/inbox").text)
    assert "Copies of neighbours that may no longer be kept here: 1" in words_of(auditor.get("/oversight").text)
    assert "days past its time: 2" in words_of(watch.get("/retention").text)
    assert "Order that these be erased" in rights.get("/retention").text
    assert "Order that these be erased" not in watch.get("/retention").text
    assert rights.post("/retention/order", data={"item": "nonsense"}).status_code == 400
    assert rights.post("/retention/order").status_code == 400
    ordered = rights.post("/retention/order", data={"item": place}).json()
    assert (ordered["state"], ordered["items"]) == ("ordered", [[held.log, held.seq]])
    assert rights.post("/retention/order", data={"item": place}).status_code == 409
    assert "Erase these copies, and confirm" in second.get("/retention").text
    assert "Erase these copies, and confirm" not in watch.get("/retention").text
    for wrong in ({"outcome": "perhaps"}, {"order": "x"}, {"order": ""}, {"hold": f"{place}=because"}, {"hold": "=court"}):
        assert second.post("/retention/decide", data={"order": str(ordered["number"]), "outcome": "erase", **wrong}).status_code == 400
    done = second.post("/retention/decide", data={"order": str(ordered["number"]), "outcome": "erase", "hold": ""}).json()
    assert (done["state"], done["erased"]) == ("erased", [[held.log, held.seq]])
    assert east.logged == ["west"]
    pair.sync()
    for path in ("/retention", f"/records/{held.record}", "/erasures", "/inbox"):
        shown = watch.get(path)
        assert shown.status_code == 200
        assert not any(mark in shown.text for mark in MARKS)
    assert "copies erased: 1 of 1" in words_of(watch.get("/retention").text)
    assert "Its content was erased" in words_of(watch.get(f"/records/{held.record}").text)
    reader = west.login("officer")
    for path in ("/erasures", f"/releases/{held.release}"):
        shown = reader.get(path).text
        assert "clause 20" in words_of(shown)
        assert "&lt;time" not in shown
    assert "Exactly the bytes" in reader.get(f"/releases/{held.release}").text  # its own record is its own
    assert "Its content was erased" not in words_of(reader.get(f"/records/{held.record}").text)


def test_copy_is_held_and_another_person_reviews_it(sides):
    pair, west, east, held = sides
    later(pair, DAYS)
    first, second, auditor = east.login("approver"), east.login("commander"), east.login("auditor")
    item = {"item": f"{held.log}#{held.seq}"}
    for wrong in ({"reason": "because"}, {"reason": "court", "days": "91"}, {"reason": "court", "days": "0"}, {"reason": "court", "days": "x"}):
        assert first.post("/retention/hold", data={**item, **wrong}).status_code == 400
    assert first.post("/retention/hold", data={**item, "reason": "complaint"}).json()["reason"] == "complaint"
    assert "held beyond its time" in words_of(auditor.get("/oversight").text)
    assert "another person must review it" in words_of(first.get("/retention").text)
    assert first.post("/retention/review", data={**item, "outcome": "fine"}).status_code == 403
    assert second.post("/retention/review", data={**item, "outcome": "perhaps"}).status_code == 400
    assert "It is right to hold it" in second.get("/retention").text
    assert second.post("/retention/review", data={**item, "outcome": "fine"}).json()["outcome"] == "fine"
    assert second.post("/retention/review", data={**item, "outcome": "end"}).status_code == 409
    pair.sync()
    page = words_of(west.login("officer").get("/retention").text)
    assert "a complaint rests on it that is not settled" in page
    assert "Notice that a copy is held beyond its time" in words_of(west.login("officer").get("/inbox").text)


def test_forms_in_every_role_with_names_that_are_not_ours_change_nothing(sides):
    """Who may not is told the same for each name, so that no answer says what exists; who may finds what is due here and nothing else."""
    pair, west, east, held = sides
    mine = warn(pair.east, "west")
    pair.sync()
    later(pair, DAYS)
    before = {name: web.desk.store.reading for name, web in (("west", west), ("east", east))}
    sizes = {name: _logs(reading) for name, reading in before.items()}
    strange = [f"{mine.log}#{mine.seq}", f"{held.log}#99", "journal/east#0", "journal/west#0", *TRAVERSAL, *(f"{each}#0" for each in TRAVERSAL)]
    forms = [("order", "/retention/order", {"item": each}) for each in strange]
    forms += [("erase", "/retention/hold", {"item": each, "reason": "court"}) for each in strange]
    forms += [("review", "/retention/review", {"item": each, "outcome": "end"}) for each in [*strange, f"{held.log}#{held.seq}"]]
    forms += [("erase", "/retention/decide", {"order": number, "outcome": "erase"}) for number in ("0", "1", "99999999", "-1")]
    for role in ROLES:
        office, told = east.login(role), set()
        for verb, path, form in forms:
            answer = office.post(path, data=form)
            where = f"{path} {form} as {role}: {answer.status_code} {answer.text[:100]}"
            if may(role, verb):
                assert answer.status_code in (400, 404), where
            else:
                assert (answer.status_code, answer.json()["rule"]) == (403, "role"), where
                told.add((path, answer.text))
        assert len(told) == len({path for path, _ in told})
    assert {name: _logs(reading) for name, reading in before.items()} == sizes


def _logs(reading):
    with reading() as book:
        return book.logs(), book.due_orders(), book.copy_holds()
