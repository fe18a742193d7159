# SPDX-License-Identifier: Apache-2.0
"""The clause editor without JavaScript: every button sends the form, and the page comes back with sentence, faults and effect."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from tests.agreement.test_clauses import EVERY

from hamsaya.desk.agreements import agreement_of
from hamsaya.desk.terms import read_terms
from hamsaya.desk.terms_form import CLAUSE_FORMS
from hamsaya.web.pages.agreement_editor import MOST_FIELDS

ID = "west-east-2026-11-21"


class Fields(HTMLParser):
    """Reads what a browser would send of the editor's form, but for its buttons."""

    def __init__(self, page):
        super().__init__()
        self.found, self.inside, self.select, self.area = {}, False, None, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        it = dict(attrs)
        if tag == "form":
            self.inside = it.get("id") == "agreement"
        if not self.inside:
            return
        if tag == "input" and it.get("name") and (it.get("type") != "checkbox" or "checked" in it):
            self.found.setdefault(it["name"], []).append(it.get("value") or "")
        elif tag == "select":
            self.select, self.first = it["name"], True
        elif tag == "option" and (self.first or "selected" in it):
            self.found[self.select], self.first = [it["value"]], False
        elif tag == "textarea":
            self.area = it["name"]
            self.found[self.area] = [""]

    def handle_data(self, data):
        if self.inside and self.area:
            self.found[self.area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        if tag == "form":
            self.inside = False


def fields_of(page):
    return Fields(page).found


def words(page):
    return re.sub(r"<[^>]+>", "", page)


def send(office, fields, to="/agreements/new", *, json=False, **more):
    return office.post(to, json=json, data={**fields, **{name: [value] for name, value in more.items()}})


@pytest.fixture
def liaison(web):
    return web.login("liaison")


def test_new_text_shows_sentences_in_three_languages_and_its_effect(web, liaison, work):
    work.file_record(web.login("officer"))
    page = liaison.get("/agreements/new").text
    assert "Nothing marked above TLP:AMBER is shared." in page
    assert "TLP:AMBER به اشتراک گذاشته نمی‌شود" in page
    assert "clause 1 lets 1 leave" in words(page)


def test_change_shows_another_sentence_and_another_effect(web, liaison, work):
    work.file_record(web.login("officer"))
    fields = fields_of(liaison.get(f"/agreements/{ID}/edit").text)
    told = send(liaison, {**fields, "c2.ceiling": ["clear"]}, json=True, do="preview").json()
    assert told["clauses"][2]["sentences"]["en"] == "Nothing marked above TLP:CLEAR is shared."
    assert (told["effect"]["allowed"], told["effect"]["fewer"]) == (0, 1)


def test_form_of_the_page_is_the_text_that_it_was_made_from(liaison, web):
    with web.desk.store.reading() as book:
        held = agreement_of(book, ID)
    fields = fields_of(liaison.get(f"/agreements/{ID}/edit").text)
    told = send(liaison, fields, json=True, do="preview").json()
    assert told["faults"] == []
    assert read_terms(told["terms"]).clauses == held.agreement.table.clauses


def test_every_type_of_clause_is_added_and_shown(liaison):
    fields = fields_of(liaison.get("/agreements/new").text)
    for kind in CLAUSE_FORMS:
        page = send(liaison, fields, do="add", kind=kind)
        assert page.status_code == 200
        fields = fields_of(page.text)
    assert sum(name.endswith(".type") for name in fields) == 7 + len(CLAUSE_FORMS)
    for name in ("up.0", "down.99", "drop.0", "up.x", "down.1"):
        fields = fields_of(send(liaison, fields, do=name).text)
    assert sum(name.endswith(".type") for name in fields) == 6 + len(CLAUSE_FORMS)


def test_fault_stands_at_its_clause_and_nothing_is_proposed(liaison):
    fields = fields_of(liaison.get("/agreements/new").text) | {"c4.place_m": ["NaN"], "c2.ceiling": ["secret"]}
    page = send(liaison, fields, do="preview").text
    assert "place_m: expected a whole number; this came: NaN" in words(page)
    assert "unknown handling level “secret”" in words(page)
    answer = send(liaison, fields, "/agreements")
    assert answer.status_code == 400
    assert 'value="NaN"' in answer.text


@pytest.mark.parametrize("fields", [
    {"c0.type": ["strike"]}, {"c0.type": ["kinds"] * 3, "c0.kinds": ["\u202e"] * 90}, {"partners": ["nobody"]}, {"partners": []}, {"id": ["../x"]},
    {"title": ["\u202eevil"]}, {"valid_from": ["NaN"]}, {"c0.type": ["area"], "c0.zones.0.points": ["x" * 900]}, {},
])  # fmt: skip
def test_hostile_form_is_answered_with_its_faults(liaison, fields):
    for json in (True, False):
        assert send(liaison, fields, json=json, do="preview").status_code == 200


def with_zones(fields, clauses, zones):
    """Add clauses on areas with that many named zones each."""
    for at in range(20, 20 + clauses):
        fields |= {f"c{at}.type": ["area"], f"c{at}.number": [str(at)], f"c{at}.kinds": ["incident_account"]}
        for zone in range(zones):
            lon = 60 + zone / 50
            fields |= {f"c{at}.zones.{zone}.called.{code}": [f"zone {at} {zone}"] for code in ("en", "fa", "ur")}
            fields |= {f"c{at}.zones.{zone}.shape": ["polygon"], f"c{at}.zones.{zone}.within_m": [""],
                       f"c{at}.zones.{zone}.points": [f"{lon} 29\n{lon + 0.01} 29\n{lon} 29.01"]}  # fmt: skip
    return fields


def test_text_with_many_zones_is_taken_and_more_fields_than_the_bound_are_not(liaison):
    fields = with_zones(fields_of(liaison.get("/agreements/new").text), 12, 40)
    assert 500 < sum(map(len, fields.values())) < MOST_FIELDS
    told = send(liaison, fields, json=True, do="preview").json()
    assert told["faults"] == []
    assert told["terms"].count('shape = "polygon"') == 480
    over = send(liaison, with_zones(fields, 20, 40), do="preview")
    assert over.status_code == 400
    assert f"more fields than this page takes: {MOST_FIELDS}" in words(over.text).replace(",", "")
    other = liaison.post("/reports/preview", data={f"f{number}": "" for number in range(501)}, json=False)  # every other page takes less
    assert (other.status_code, "more fields than this page takes: 500" in words(other.text)) == (400, True)


def test_list_has_one_empty_row_however_often_it_is_previewed_and_forty_rows_are_no_fault(liaison):
    fields = with_zones(fields_of(liaison.get("/agreements/new").text), 1, 40)
    for _ in range(3):
        page = send(liaison, fields, do="preview").text
        fields = fields_of(page)
    area = next(name.partition(".")[0] for name, values in fields.items() if values == ["area"])
    assert f"{area}.zones.40.points" in fields
    assert f"{area}.zones.41.points" not in fields
    assert "at most 40 rows" not in words(page)


def test_text_is_proposed_to_the_neighbour_and_arrives_there(web, liaison, agreed):
    fields = fields_of(liaison.get("/agreements/new").text) | {"id": ["west-east-next"], "title": ["همکاری در مرز مشترک"]}
    answer = send(liaison, fields, "/agreements")
    assert (answer.status_code, answer.headers["location"], web.logged) == (303, "/agreements/west-east-next", ["east"])
    agreed.sync()
    with agreed.east.store.reading() as book:
        assert agreement_of(book, "west-east-next").agreement.table.title == "همکاری در مرز مشترک"


def test_counter_text_is_proposed_from_the_text_that_stands(web, liaison):
    fields = fields_of(liaison.get(f"/agreements/{ID}/edit").text) | {"c2.ceiling": ["green"]}
    assert send(liaison, fields, "/agreements").headers["location"] == f"/agreements/{ID}"
    with web.desk.store.reading() as book:
        assert len(agreement_of(book, ID).history.texts) == 2
    again = send(liaison, fields_of(liaison.get(f"/agreements/{ID}/edit").text), "/agreements")
    assert "says the same as the one that it revises" in words(again.text)


def test_terms_that_were_saved_are_loaded_again(liaison):
    terms = send(liaison, fields_of(liaison.get("/agreements/new").text), json=True, do="preview").json()["terms"]
    again = send(liaison, {"terms": [terms], "partners": ["east"]}, json=True, do="load").json()
    assert again["terms"] == terms
    assert {each.__struct_config__.tag for each in map(type, EVERY.values())} == set(CLAUSE_FORMS)
