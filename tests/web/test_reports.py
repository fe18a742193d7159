# SPDX-License-Identifier: Apache-2.0
"""The form of the spot report: what the desk understands is shown, it is filed once, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest

TYPED = {
    "size": "10-12", "activity": "shooting", "location": "12 km NE of Taftan", "unit": "smugglers", "time": "-15m", "equipment": "2 pickups, AK-47",
    "remarks": "They withdrew.", "reliability": "B", "credibility": "2",
}  # fmt: skip
LONG = "کلمه" * 45


class _Fields(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.area, self.select = {}, None, None

    def handle_starttag(self, tag, attrs):
        each = dict(attrs)
        if tag == "input" and "name" in each and (each.get("type") != "radio" or "checked" in each):
            self.found[each["name"]] = each.get("value", "")
        elif tag == "textarea":
            self.area, self.found[each["name"]] = each["name"], ""
        elif tag == "select":
            self.select = each["name"]
            self.found.setdefault(self.select, "")
        elif tag == "option" and self.select and "selected" in each:
            self.found[self.select] = each["value"]

    def handle_data(self, data):
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag):
        self.area = None if tag == "textarea" else self.area
        self.select = None if tag == "select" else self.select


def fields_of(page, form='id="report"'):
    """Return what a browser would send for the form as it stands in the page."""
    start = page.index(form)
    reader = _Fields()
    reader.feed(page[page.rindex("<form", 0, start) : page.index("</form>", start)])
    return reader.found


def new_form(office, **typed):
    return {**fields_of(office.get("/reports/new").text), **TYPED, **typed}


@pytest.fixture
def duty(web):
    return web.login()


def test_a_report_is_filed_without_script_and_leads_to_its_record(duty):
    answer = duty.post("/reports", json=False, data=new_form(duty))
    assert answer.status_code == 303
    assert re.fullmatch(r"/records/WEST-R-[A-Z0-9]{6}\?filed=now", answer.headers["location"])
    page = duty.get(answer.headers["location"]).text
    assert "Filed as" in page
    assert "cross-border fire" in page
    assert "10–12" in page


def test_a_likely_incident_is_proposed_with_its_reasons_and_joined_only_by_choice(duty):
    first = duty.post("/reports", data=new_form(duty)).json()["record"]
    form = new_form(duty)
    page = duty.post("/reports/preview", json=False, data=form).text
    assert f'name="incident_choice" value="{first["incident"]}"' in page
    assert "the times overlap, as exactly as each was told" in page
    assert 'name="incident_choice" value="" checked' in page
    assert (
        f'value="{first["incident"]}"'
        not in duty.post("/reports/preview", json=False, data={**form, "time": "-6d"}).text.partition("incident_choice")[2]
    )
    apart = duty.post("/reports", data=form).json()["record"]
    joined = duty.post("/reports", data={**new_form(duty), "incident_choice": first["incident"]}).json()["record"]
    assert apart["incident"] not in ("", first["incident"])
    assert joined["incident"] == first["incident"]
    assert "incident_choice" not in duty.post("/reports/preview", json=False, data={**form, "incident": first["incident"]}).text
    assert duty.post("/reports", data={**new_form(duty), "incident_choice": "WEST-I-NOTHERE"}).status_code == 404


def test_the_preview_tells_every_field_in_both_calendars_and_changes_nothing(duty):
    before = duty.json("/records").json()
    page = duty.post("/reports/preview", json=False, data=new_form(duty, time="1405-08-01 06:40")).text
    shown = unescape(re.sub(r"<[^>]*>", " ", page[page.index('id="understood"') :]))
    for told in (
        "10–12",
        "cross-border fire",
        "61.6737 E 29.0234 N ± 11.4 km",
        "smuggler",
        "23 October 2026, 06:40",
        "1 Aban 1405",
        "vehicle",
        "small arms",
        "B2",
    ):
        assert told in shown, told
    assert duty.json("/records").json() == before


def test_what_was_typed_comes_back_with_what_is_wrong_beside_it(duty):
    sent = new_form(duty, size="lots", time="soon", grade_size="C3", source="REED-7", incident="", handling="green", kind="warning")
    answer = duty.post("/reports", json=False, data=sent)
    assert answer.status_code == 400
    back = fields_of(answer.text)
    for name, value in sent.items():
        if name not in ("csrf", "seen", "typed_at"):
            assert back[name] == value, name
    assert "No number can be read here" in answer.text
    assert answer.text.count('aria-invalid="true"') == 2
    told = duty.post("/reports", data=sent)
    assert told.status_code == 400
    assert [each["field"] for each in told.json()["problems"]] == ["size", "time"]


@pytest.mark.parametrize(
    ("wrong", "status"), [({"incident": "WEST-I-NOTHERE"}, 404), ({"kind": "meeting"}, 400), ({"handling": "purple"}, 400), ({"token": "x"}, 400)]
)
def test_what_is_wrong_beside_the_fields_loses_nothing_either(duty, wrong, status):
    answer = duty.post("/reports", json=False, data=new_form(duty, **wrong))
    assert answer.status_code == status
    assert fields_of(answer.text)["remarks"] == TYPED["remarks"]
    assert 'role="alert"' in answer.text
    assert duty.post("/reports", data=new_form(duty, **wrong)).json()["problems"][0]["field"] == "report"


def test_a_time_in_a_form_that_comes_back_counts_from_when_it_came(web, duty):
    back = fields_of(duty.post("/reports", json=False, data=new_form(duty, size="lots")).text)
    web.desk.clock.at += timedelta(minutes=20)
    filed = duty.post("/reports", data={**back, "size": "12"}).json()["record"]
    occurred = next(claim for claim in filed["claims"] if claim["predicate"] == "occurred")
    assert occurred["value"]["start"] < (web.desk.clock.at - timedelta(minutes=34)).isoformat()


def test_send_twice_files_one_record_and_leads_to_it_both_times(duty):
    sent = new_form(duty)
    first, again = duty.post("/reports", json=False, data=sent), duty.post("/reports", json=False, data=sent)
    assert first.headers["location"].partition("?")[0] == again.headers["location"].partition("?")[0]
    assert "nothing was filed twice" in duty.get(again.headers["location"]).text
    changed = duty.post("/reports", json=False, data={**sent, "size": "99", "time": "soon"})  # back, changed, and sent again
    assert changed.headers["location"] == again.headers["location"]
    assert len(duty.json("/records").json()["records"]) == 1


def test_data_on_persons_is_told_before_it_is_filed_and_filed_when_seen(duty):
    sent = new_form(duty, remarks="Colonel Ahmad was there.")
    stopped = duty.post("/reports", json=False, data=sent)
    assert stopped.status_code == 409
    assert "a title with a name" in stopped.text
    assert duty.json("/records").json()["records"] == []
    assert duty.post("/reports", json=False, data=fields_of(stopped.text)).status_code == 303
    another = new_form(duty, remarks="Call 0912 345 6789.", seen=fields_of(stopped.text)["seen"])
    assert duty.post("/reports", json=False, data=another).status_code == 409


def test_two_places_of_one_name_come_back_as_a_choice(duty):
    asked = duty.post("/reports", json=False, data=new_form(duty, location="Pishin"))
    assert asked.status_code == 400
    assert set(re.findall(r'name="place_choice" value="([^"]*)"', asked.text)) == {"PK.pishin", "IR.pishin", "-"}
    chosen = duty.post("/reports", data={**fields_of(asked.text), "place_choice": "IR.pishin"}).json()["record"]
    assert next(claim for claim in chosen["claims"] if claim["predicate"] == "place")["value"]["ref"] == "IR.pishin"


def test_session_that_ended_while_writing_keeps_the_form_through_login(web, duty, work):
    sent = new_form(duty, remarks='He said "go" <b>\n& left')
    web.desk.clock.at += timedelta(minutes=31)
    kept = duty.post("/reports", json=False, data=sent)
    assert kept.status_code == 401
    assert sent["csrf"] not in kept.text
    held = fields_of(kept.text, 'action="/reports/preview"')
    assert duty.post("/reports/preview", json=False, data=held).status_code == 401  # pressed before logging in: still kept
    assert duty.post("/reports", data=sent).json()["error"] == "not-logged-in"
    again = duty.client.post("/login", data={"login": "web-officer", "password": work.PASSWORD}, follow_redirects=False)
    assert again.status_code == 303
    page = duty.post("/reports/preview", json=False, csrf="", data=held).text
    back = fields_of(page)
    for name in ("size", "location", "remarks", "time", "token", "reliability"):
        assert back[name] == sent[name]
    filed = duty.client.post("/reports", data=back, follow_redirects=False)
    assert filed.status_code == 303


def test_a_form_of_another_site_is_neither_kept_nor_shown(duty, web):
    for office in (duty, web.visitor()):
        answer = office.client.post("/reports/preview", data={"size": "taken"}, headers={"sec-fetch-site": "cross-site"}, follow_redirects=False)
        assert answer.status_code == 403
        assert "taken" not in answer.text


def test_filing_needs_the_token_of_the_session_and_preview_does_not(duty):
    sent = {name: value for name, value in new_form(duty).items() if name != "csrf"}
    assert duty.post("/reports", csrf="", data=sent).json()["rule"] == "csrf"
    assert duty.post("/reports/preview", csrf="", data=sent).status_code == 200


HOSTILE = [
    "<script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>",
    "a\u202eb\u2066c",
    "\x00\x1b[31m",
    "🚨👨‍👩‍👧" * 9,
    LONG,
    "{{ 7*7 }}",
    "%s%n",
    "\r\n\r\nx",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["en", "ur"])
def test_hostile_text_in_every_field_is_shown_escaped_and_isolated(duty, text, language):
    names = [name for name in fields_of(duty.get("/reports/new").text) if name not in ("csrf", "token")]
    sent = {**new_form(duty), **dict.fromkeys(names, text)}
    for path in ("/reports/preview", "/reports"):
        for as_json in (False, True):
            answer = duty.post(f"{path}?lang={language}", json=as_json, data=sent)
            assert answer.status_code in (200, 400, 409), answer.text
    page = duty.post(f"/reports/preview?lang={language}", json=False, data=sent).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "49" not in fields_of(page)["remarks"]
    bare = re.sub(r"<bdi[^>]*>[^<]*</bdi>|<textarea.*?</textarea>|<[^>]*>", "", page, flags=re.DOTALL)
    assert "\u202e" not in bare
    assert "\u2066" not in bare


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_remarks_are_filed_as_text(duty, text):
    filed = duty.post("/reports", json=False, data=new_form(duty, remarks=text, activity=text[:100], unit=text[:100], equipment=text[:100]))
    assert filed.status_code == 303
    page = duty.get(filed.headers["location"]).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\u202e" not in page


def test_suggestions_come_as_data_and_as_a_page(duty):
    data = duty.json("/places?q=Pish").json()
    assert [each["ref"] for each in data["places"]] == ["IR.pishin", "PK.pishin"]
    assert "PK.pishin" in duty.get("/places?q=Pish").text
    assert duty.json("/places?q=" + "%3Cb%3E" * 80).json()["places"] == []
    assert duty.json("/places").json()["places"] == []


def test_a_role_that_files_nothing_is_not_offered_the_form(web):
    for role, offered in (("officer", True), ("approver", False), ("administrator", False)):
        page = web.login(role).get("/inbox").text
        assert ('href="/reports/new"' in page) == offered


def test_each_officer_has_a_draft_key_of_their_own(web):
    keys = {re.search(r'data-draft-key="([^"]+)"', web.login(role).get("/reports/new").text)[1] for role in ("officer", "analyst", "liaison")}
    assert len(keys) == 3
    page = web.login().get("/reports/new").text
    assert re.search(r'data-draft-key="([^"]+)"', page)[1] in keys


@pytest.mark.parametrize("language", ["en", "fa", "ur"])
def test_the_form_in_each_language_offers_codes_that_are_read_back(webs, agreed, language):
    office = webs(agreed.west, language=language).login()
    page = office.get("/reports/new").text
    offered = {
        name: re.findall(r'<option value="([^"]+)"', page[page.index(f'id="codes-{name}"') :].split("</datalist>")[0])
        for name in ("activity", "unit", "equipment")
    }
    for name, words in offered.items():
        for word in words:
            (claim,) = office.post("/reports/preview", data={name: unescape(word), "reliability": "B", "credibility": "2"}).json()["claims"]
            assert not claim["value"].get("words"), word
