# SPDX-License-Identifier: Apache-2.0
"""Forms that cannot be taken back, each filled in as it should be, by every role, with names that are not this node's to name (law 13).

`test_authorisation.py` walks the addresses with empty forms. Here the form is right, so that only the name, and the role, can be why nothing happens.
"""

from __future__ import annotations

import pytest
from tests.desk.test_erasing import erase, warn
from tests.web.walk import TRAVERSAL, UNKNOWN, fill

from hamsaya.desk.erasing import order_erasure
from hamsaya.desk.keeping import hold_link
from hamsaya.desk.roles import ROLES, may

JSON = {"accept": "application/json"}
WHY = "The disk was lost and another history was begun on it."


class Side:
    """A desk, and what it holds of each sort."""

    def __init__(self, desk, web):
        self.desk, self.web = desk, web
        self.asked, self.sent, self.ordered = warn(desk, self.other), warn(desk, self.other), desk.file().record.id

    @property
    def other(self):
        return "east" if self.desk.node.party == "west" else "west"

    def state(self):
        with self.desk.store.reading() as book:
            told = [(each.log, each.seq, each.confirmed) for each in book.erasures()]
            return book.logs(), told, [(each.record, each.state) for each in book.erasure_orders()], len(book.epochs())


@pytest.fixture
def sides(agreed, webs):
    """Each asked the other to erase one of two releases, has ordered to erase a third record, and holds the link, so that logs could be begun anew."""
    made = {desk.node.party: Side(desk, webs(desk)) for desk in (agreed.west, agreed.east)}
    agreed.sync()
    for side in made.values():
        erase(side.desk, side.asked.record)
    agreed.sync()
    for name, side in made.items():
        order_erasure(side.desk.node, side.desk.officers["commander"], side.ordered, "mistake")
        hold_link(side.desk.node, side.other, f"{name} waits")
    return made


def tries(here, there):
    """Yield (verb, method, path, names in the address, form, answers): each names what is not this node's to name."""
    with here.desk.store.reading() as book:
        incidents = list(book.incidents())
    with there.desk.store.reading() as book:
        strange = [each for each in book.incidents() if each not in incidents]
    nowhere = [*UNKNOWN, *TRAVERSAL]
    theirs = [there.asked.record, there.sent.record, there.ordered, incidents[0], here.sent.release, *nowhere]
    for record in theirs:
        yield "order", "POST", "/records/{record}/erase", {"record": record}, {"reason": "mistake"}, {404}
        for outcome in ("erase", "decline"):
            yield "erase", "POST", "/records/{record}/erase/decide", {"record": record}, {"outcome": outcome}, {404}
    for outcome in ("erase", "decline"):  # nobody ordered it, so that one person would do for both
        yield "erase", "POST", "/records/{record}/erase/decide", {"record": here.sent.record}, {"outcome": outcome}, {404}
    for party in (here.desk.node.party, here.sent.record, *nowhere):
        yield "agree", "POST", "/links/{party}/epoch", {"party": party}, {"reason": WHY}, {404}
    for incident in (*strange, here.sent.record, there.sent.record, *nowhere):
        yield "read", "GET", "/incidents/{incident}/comparison", {"incident": incident}, {}, {404}
    places = [
        (there.sent.log, there.sent.seq),
        (here.sent.log, here.sent.seq),
        (f"journal/{there.desk.node.party}", 0),
        (f"journal/{there.other}", 0),
    ]
    places += [(there.asked.log, number) for number in (-1, 10**6)] + [(name, 0) for name in nowhere]
    for log, seq in places:
        yield "erase", "POST", "/erasures/confirm", {}, {"log": log, "seq": str(seq)}, {400, 404}
    ours = {"log": here.asked.log, "seq": str(here.asked.seq)}
    yield "erase", "POST", "/erasures/confirm", {}, ours, {403}  # what we asked, the neighbour confirms
    for record in (here.sent.record, there.sent.record, there.asked.record, here.ordered, *nowhere):  # rests on nothing that is asked
        yield "erase", "POST", "/erasures/confirm", {}, {"log": there.asked.log, "seq": str(there.asked.seq), "erase": record}, {400}


@pytest.mark.parametrize("name", ["west", "east"])
def test_right_form_with_a_name_that_is_not_ours_changes_nothing_whoever_sends_it(sides, name):
    here, there = sides[name], sides["east" if name == "west" else "west"]
    before, after = here.state(), there.state()
    allowed = set()
    for role in ROLES:
        office, told = here.web.login(role), {}
        for verb, method, path, names, form, answers in tries(here, there):
            address = fill(path, names)
            answer = office.client.request(method, address, headers={**JSON, "x-csrf": office.csrf}, data=form or None, follow_redirects=False)
            where = f"{method} {address[:80]} {str(form)[:120]} as {role} of {name} → {answer.status_code} {answer.text[:120]}"
            if "%2F" in address:
                assert answer.status_code == 404, where
            elif may(role, verb):
                allowed.add(path)
                assert answer.status_code in answers, where
                assert answer.status_code != 403 or answer.json()["rule"] == "erasure", where
                assert "traceback" not in answer.text.lower(), where
            else:
                assert (answer.status_code, answer.json()["rule"]) == (403, "role"), where
                told.setdefault(path, set()).add(answer.text)
        assert all(len(each) == 1 for each in told.values()), f"{role}: answers differ, so they tell what exists"
    assert len(allowed) == 5  # each form was sent by somebody who may
    assert (here.state(), there.state()) == (before, after)


def test_same_forms_with_names_of_ours_act(sides):
    """What the test above refuses was refused for its name: with ours each form acts."""
    here, there = sides["west"], sides["east"]
    commander, second, rights = (here.web.login(role) for role in ("commander", "approver", "rights-officer"))
    assert rights.post(f"/records/{here.sent.record}/erase", data={"reason": "mistake"}).json()["state"] == "ordered"
    assert second.post(f"/records/{here.ordered}/erase/decide", data={"outcome": "erase"}).json()["state"] == "erased"
    assert commander.post("/links/east/epoch", data={"reason": WHY}).json()["reason"] == WHY  # and the link is free
    answer = second.post("/erasures/confirm", data={"log": there.asked.log, "seq": str(there.asked.seq)})
    assert answer.json().get("confirmed", {}).get("office") == "approver desk", answer.text
    with here.desk.store.reading() as book:
        incident = next(iter(book.incidents()))
    assert commander.json(f"/incidents/{incident}/comparison").status_code == 200
