# SPDX-License-Identifier: Apache-2.0
"""The spot report: a form in SALUTE order, what this node understands of it, and filing it once.

- `POST /reports/preview` changes nothing: it shows the form again with what would be filed, with script and without.
- A form in which something is wrong, or that seems to hold data on persons, comes back whole; data on persons is filed only
  once the officer has seen the warning.
- Each form carries a random token: sent twice, it files one record and leads to it both times.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Final

import msgspec

from hamsaya.accounts.suggest import Suggestion
from hamsaya.desk.dictation import Suggested
from hamsaya.desk.doubts import Doubter
from hamsaya.desk.filters import Filter
from hamsaya.desk.ports import Book
from hamsaya.desk.reports import REPORT_KINDS, draft_key, file_report, new_token
from hamsaya.desk.suggesting import likely_incidents
from hamsaya.desk.typed_report import FIELDS, LONGEST, FieldRead, TypedReport, Understood, read_typed
from hamsaya.facts.claims import ACTION_CODES, CHOICES, CODES, GROUP_CODES, MEANS_CODES
from hamsaya.facts.errors import InputError, NotFound, Refused
from hamsaya.facts.grades import CREDIBILITY, HANDLING, RELIABILITY
from hamsaya.facts.records import RECORD_KINDS, Record
from hamsaya.facts.stages import FOLLOWING, INITIAL, STAGES
from hamsaya.facts.values import Place
from hamsaya.facts.words import Text, say
from hamsaya.web.data import builtins
from hamsaya.web.form import Form
from hamsaya.web.labels import HANDLING_LEVELS, label
from hamsaya.web.paths import path_to
from hamsaya.web.statements import Sentences, Statement
from hamsaya.web.visit import Answer, Desk, Go, Page, Route, Visit

_HINTS: Final[dict[str, Text]] = {
    "size": say("12, 10-12, about 20, several"),
    "activity": say("what they did"),
    "location": say("a place, 12 km NE of a place, E61.59 N28.95, MGRS or UTM"),
    "unit": say("who they were, as a group"),
    "time": say("now, -15m, 0640, 21 Nov 0640, or a Jalali day"),
    "equipment": say("weapons, vehicles; separate them by commas"),
    "killed": say("2 Pakistani civilians, 1 border guard"),
    "wounded": say("the same; separate groups by commas"),
    "held": say("persons who are held, counted by group"),
    "missing": say("persons of whom nothing is known, counted by group"),
    "outcome": say("attempted, carried out or prevented"),
    "direction": say("into Pakistan, out of, along the line, north-east"),
    "site": say("a house, a village, a border post"),
    "property": say("damaged vehicle; separate things by commas"),
    "lasted": say("20 min, six hours, 2-3 days"),
    "ending": say("withdrew, driven off, arrested"),
    "remarks": say("anything else; no names of persons"),
}
_CODES: Final = {
    "activity": ACTION_CODES, "unit": GROUP_CODES, "equipment": MEANS_CODES,
    **{name: CHOICES[name] for name in ("outcome", "direction", "site", "property", "ending")},
}  # fmt: skip
_INCIDENTS: Final = 50
_LIMIT: Final = 200
_MOST_LIKELY: Final = 3
PREVIEW: Final = "/reports/preview"


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the form, and what is understood of it."""

    name: str
    label: Text
    hint: Text
    limit: int
    value: str
    grade: str
    codes: list[Text]
    problem: Text | None
    advice: Text | None
    notes: list[Text]
    choices: list[Suggested]


class ReportView(msgspec.Struct, frozen=True, kw_only=True):
    """What report.html receives. `fresh`: nothing was typed yet, so that a kept draft may be put in."""

    fields: list[FieldView]
    fresh: bool
    token: str
    login: str
    draft_key: str
    typed: TypedReport
    reliability: str
    credibility: str
    reliabilities: dict[str, Text]
    credibilities: dict[str, Text]
    kind: str
    kinds: list[tuple[str, Text]]
    handling: str
    levels: list[tuple[str, Text]]
    stage: str
    stages: dict[str, Text]
    """The stages that a first version can have."""
    incident: str
    answers: str
    """The neighbour's request that it answers, empty for none."""
    incidents: list[str]
    based_on: str
    received: list[str]
    """The newest records that neighbours sent, which a report may rest on."""
    statements: list[Statement]
    problems: list[tuple[str, Text, Text | None]]
    others: list[tuple[str, Text, Text | None]]
    """Problems of no field in SALUTE order: grade and source."""
    persons: list[Text]
    warnings: list[Text]
    seen: str
    """What the form sends back once the warning on persons was shown."""
    stopped: bool
    likely: list[Suggestion]
    """Incidents of which this may be another account, where none is named: a person chooses (law 16)."""
    likely_chosen: str
    at: str
    """Longitude and latitude of the place that is understood, for the map; empty for none."""


class PlacesView(msgspec.Struct, frozen=True, kw_only=True):
    """What places.html receives."""

    asked: str
    places: list[Suggested]


def new_report(desk: Desk, visit: Visit) -> Answer:
    """Show an empty form."""
    answers = visit.query.get("answers", "")[:_LIMIT]
    view = _view(desk, visit, Form(texts={"answers": [answers], "kind": ["notice"]} if answers else {}), None)
    return Page(
        template="report.html", view=view, data={"token": view.token, "login": view.login, "csrf": visit.session.csrf if visit.session else ""}
    )


def preview(desk: Desk, visit: Visit) -> Answer:
    """Show the form again with what would be filed. Nothing is filed, and nothing else changes."""
    understood = _doubted(desk, read_typed(desk.node, typed_of(visit.form), visit.language))
    view = _view(desk, visit, visit.form, understood)
    return Page(template="report.html", view=view, data=_data(understood))


def file(desk: Desk, visit: Visit) -> Answer:
    """File the report, or show the form again with what is wrong."""
    form, typed = visit.form, typed_of(visit.form)
    with desk.node.ledger.reading() as book:
        known = bool(form.text("token")) and bool(book.record_filed_as(form.text("token")))
    understood = _doubted(desk, read_typed(desk.node, typed, visit.language))
    unseen = bool(understood.persons) and form.text("seen") != _seen(understood)
    if not known and (understood.problems or unseen):
        what = understood.problems[0][1] if understood.problems else understood.persons[0]
        return _back(desk, visit, understood, what, 400 if understood.problems else 409)
    try:
        filed = file_report(
            desk.node, visit.officer, typed, kind=form.text("kind") or "incident_account", handling=form.text("handling") or "amber",
            incident=_incident(form), answers=form.text("answers"), token=form.text("token"), language=visit.language,
            based_on=based_on(form), stage=form.text("stage"),
        )  # fmt: skip
    except Refused as refused:  # what it rests on was taken back meanwhile, or a stage was chosen for what has none
        if refused.rule not in ("withdrawn", "stage"):
            raise
        wrong = msgspec.structs.replace(understood, problems=[("report", refused.what, refused.hint)])
        return _back(desk, visit, wrong, refused.what, 400)
    except (InputError, NotFound) as error:  # an incident that is none, a crafted kind: what was typed must not be lost for it
        wrong = msgspec.structs.replace(understood, problems=[("report", error.what, error.hint)])
        return _back(desk, visit, wrong, error.what, 404 if isinstance(error, NotFound) else 400)
    record = filed.held.record.id
    data = {
        **builtins(filed.held),
        "repeated": filed.repeated,
        "warnings": [str(warning) for warning in filed.warnings],
        "to": _to(record, filed.repeated),
    }
    return Go(to=_to(record, filed.repeated), data=data)


def _doubted(desk: Desk, understood: Understood) -> Understood:
    """Return what was understood with what the desk doubts of its places, which keeps nothing from being filed."""
    with desk.node.ledger.reading() as book:
        doubts = Doubter(desk.node.lines(), desk.node.dictation, book.points_in).doubts(understood.claims)
    return msgspec.structs.replace(understood, warnings=[*understood.warnings, *(each.why for each in doubts)])


def _back(desk: Desk, visit: Visit, understood: Understood, what: Text, status: int) -> Page:
    """Return the form as it came, with what is wrong."""
    view = _view(desk, visit, visit.form, understood, stopped=True)
    data = {"error": "input" if understood.problems else "persons", "what": str(what), **_data(understood)}
    return Page(template="report.html", view=view, data=data, status=status)


def suggest(desk: Desk, visit: Visit) -> Answer:
    """Suggest places for what was typed so far."""
    asked = visit.query.get("q", "")[:_LIMIT]
    places = desk.node.dictation.suggest(asked, language=visit.language, country=desk.node.country)
    return Page(template="places.html", view=PlacesView(asked=asked, places=places), data={"places": [builtins(each) for each in places]})


def typed_of(form: Form) -> TypedReport:
    """Return the fields of the form as typed."""
    return TypedReport(
        **{name: form.text(name) for name in FIELDS},
        grade=(form.text("reliability") + form.text("credibility"))[:8],
        grades={name: form.text(f"grade_{name}")[:8] for name in FIELDS if form.text(f"grade_{name}").strip()},
        source=form.text("source"), place_ref=form.text("place_choice") or form.text("place_ref"),
        lon=form.text("lon")[:20], lat=form.text("lat")[:20], radius_m=form.text("radius_m")[:10], typed_at=form.text("typed_at")[:40],
    )  # fmt: skip


def _view(desk: Desk, visit: Visit, form: Form, understood: Understood | None, *, stopped: bool = False) -> ReportView:
    with desk.node.ledger.reading() as book:
        likely = _likely(desk, visit, book, form, understood)
        incidents, received = _incidents(book), _received(book)
    typed = typed_of(form)
    reads = {read.field: read for read in understood.fields} if understood else {}
    sentences = Sentences(None)
    problems = understood.problems if understood and (understood.claims or stopped) else []
    told_at = {read.field for read in reads.values() if read.problem}
    return ReportView(
        fields=[_field(name, typed, reads.get(name)) for name in FIELDS], fresh=understood is None and not form.text("answers"),
        token=form.text("token") or new_token(desk.node), login=visit.officer.login,
        draft_key=b64encode(draft_key(desk.node, visit.officer)).decode(),
        typed=_stamped(typed, visit) if understood else typed,
        reliability=form.text("reliability"), credibility=form.text("credibility"), reliabilities=RELIABILITY, credibilities=CREDIBILITY,
        kind=form.text("kind") or REPORT_KINDS[0], kinds=[(kind, RECORD_KINDS[kind]) for kind in REPORT_KINDS],
        handling=form.text("handling") or "amber", levels=[(level, label(HANDLING_LEVELS, level)) for level in HANDLING],
        stage=form.text("stage"), stages={name: STAGES[name] for name in (INITIAL, *FOLLOWING)},
        incident=form.text("incident"), answers=form.text("answers"), incidents=incidents,
        based_on=" ".join(based_on(form)), received=received,
        statements=[sentences.state(claim, number) for number, claim in enumerate(understood.claims, 1)] if understood else [],
        problems=problems, others=[each for each in problems if each[0] not in told_at],
        persons=understood.persons if understood else [], warnings=understood.warnings if understood else [],
        seen=_seen(understood) if understood and understood.persons else "", stopped=stopped,
        likely=likely, likely_chosen=form.text("incident_choice"), at=_point(understood),
    )  # fmt: skip


def _likely(desk: Desk, visit: Visit, book: Book, form: Form, understood: Understood | None) -> list[Suggestion]:
    kind = form.text("kind") or REPORT_KINDS[0]
    if understood is None or not understood.claims or kind != "incident_account" or form.text("incident").strip():
        return []
    likeness = Record(
        id="", version=1, kind="incident_account", party=desk.node.party, office=visit.officer.office, side=desk.node.country, basis="own",
        handling="amber", incident="", claims=understood.claims, filed_at=visit.now, exercise=desk.node.exercise,
    )  # fmt: skip
    return likely_incidents(book, likeness)[:_MOST_LIKELY]


def _incident(form: Form) -> str:
    """Return the incident that was named, or chosen among those that may be the same."""
    return form.text("incident").strip() or form.text("incident_choice")


def _point(understood: Understood | None) -> str:
    places = [claim.value for claim in understood.claims if isinstance(claim.value, Place)] if understood else []
    known = [place for place in places if place.lon_udeg is not None and place.lat_udeg is not None]
    return f"{(known[0].lon_udeg or 0) / 1e6:.5f},{(known[0].lat_udeg or 0) / 1e6:.5f}" if known else ""


def _field(name: str, typed: TypedReport, read: FieldRead | None) -> FieldView:
    return FieldView(
        name=name, label=FIELDS[name], hint=_HINTS[name], limit=LONGEST.get(name, _LIMIT), value=getattr(typed, name),
        grade=typed.grades.get(name, ""), codes=[CODES[code] for code in _CODES.get(name, ())], problem=read.problem if read else None,
        advice=read.hint if read else None, notes=read.notes if read else [], choices=read.choices if read else [],
    )  # fmt: skip


def _stamped(typed: TypedReport, visit: Visit) -> TypedReport:
    """Keep when a time was typed: "-15m" in a form that comes back counts from when it came, not from when it is filed."""
    return typed if typed.typed_at or not typed.time else msgspec.structs.replace(typed, typed_at=visit.now.isoformat())


def based_on(form: Form) -> list[str]:
    """Return the records that the report is said to rest on, named one after the other."""
    return form.text("based_on")[:_LIMIT].replace(",", " ").split()


def _received(book: Book) -> list[str]:
    return [each.record.id for each in book.records_page(Filter()).rows if each.received_from]


def _incidents(book: Book) -> list[str]:
    return book.incidents()[:_INCIDENTS]


def _seen(understood: Understood) -> str:
    return hashlib.sha256(msgspec.json.encode(understood.persons)).hexdigest()[:16]


def _to(record: str, repeated: bool) -> str:
    return f"{path_to('records', record)}?filed={'before' if repeated else 'now'}"


def _data(understood: Understood) -> dict[str, object]:
    """Return what was understood as data. Programs read English, like everywhere."""
    return {
        "claims": [builtins(claim) for claim in understood.claims],
        "problems": [{"field": field, "what": str(what), "hint": str(hint) if hint else ""} for field, what, hint in understood.problems],
        "choices": {read.field: [builtins(choice) for choice in read.choices] for read in understood.fields if read.choices},
        "persons": [str(each) for each in understood.persons],
        "warnings": [str(each) for each in understood.warnings],
        "seen": _seen(understood) if understood.persons else "",
    }


ROUTES = [
    Route("GET", "/reports/new", "file", new_report),
    Route("POST", PREVIEW, "file", preview, harmless=True, keeps=PREVIEW),
    Route("POST", "/reports", "file", file, keeps=PREVIEW),
    Route("GET", "/places", "file", suggest),
]
