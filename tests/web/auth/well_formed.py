"""Requests that are right: what programs, gateways, calendars and telephones send, and what no form
of a page leads to. The walk sends them as they are, or with one thing wrong.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select

from cast import grant
from hostile import DATES, HOURS, NUMBERS, TEXTS
from scheduler import feeds, outbox
from scheduler.consents.model.models import Grant
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import Scope, person_by_key
from scheduler.planning import ask_for_plan, fail_plan_job
from scheduler.programs import Kind
from scheduler.programs.models import Cohort, Enrolment
from scheduler.recordings import RecordingSource, add_recording, give_pass, pass_token, use_folder
from scheduler.sessions import schedule, session_by_key
from scheduler.sessions.rescheduling import meeting_at
from tests.people.proofs.authenticator import Telephone
from tests.web.api.caller import token_for
from tests.web.auth.proofs.test_passkey_step import HOST, LISTS, ORIGIN, asked
from tests.web.house import PASSWORD, clinic_file
from visitor import sign_in

FAMILY = "evening.fam.jordan.w1"
WORKSHOP, PAST_GROUP = "evening.learn.2027-02-23", "evening.process.2027-02-22"
TEXTS_SECRET = "a secret of the gateway of texts"
KINDS = ("Patient", "RelatedPerson", "Practitioner", "Appointment", "Schedule", "Consent")
HOUSE = json.loads(clinic_file())
ODD = (None, True, -1, 2**63, 1.5, [], {}, [[]], {"a": {}})
"""What stands in a body where something else is asked."""


@dataclass
class Stage:
    """What of one house a right request names."""

    feed: str
    recording: str
    phone: Telephone
    consent: str
    job: str
    resources: dict[str, str] = field(default_factory=dict)
    """By kind of FHIR an id."""


@dataclass(frozen=True)
class Right:
    """One request; `body` is sent as JSON, `fields` as a form."""

    method: str
    path: str
    body: Any = None
    fields: tuple[tuple[str, str], ...] = ()

    def said(self) -> dict[str, Any]:
        """Return what FlaskClient.open takes."""
        found: dict[str, Any] = {"path": self.path, "method": self.method, "headers": {}}
        if self.path.startswith("/api"):
            found["headers"]["If-Match"] = "*"
        if self.body is not None:
            found["data"] = json.dumps(self.body).encode()
            found["content_type"] = "application/json"
        elif self.method == "POST":
            found["data"] = dict(self.fields)
        if self.path == "/texts":
            found["headers"] |= outbox.signed(TEXTS_SECRET, found["data"], now())
        return found


def prepare(house: Flask, folder: Path) -> Stage:
    """Put into the house what right requests name."""
    told = replace(house.config["KINFOLD"], sms_secret=TEXTS_SECRET)
    house.config["KINFOLD"] = told
    jordan, mother = map(person_by_key, ("jordan", "jordan-mother"))
    for stay in db.session.scalars(select(Enrolment)):
        stay.first = date(2027, 2, 15)
    grant(mother, jordan, Kind.FAMILY_WORKSHOP)
    _past_group()
    _cohort_of_spring()
    (folder / "sleep.mp4").write_bytes(bytes(range(256)))
    (folder / "sleep.vtt").write_text("WEBVTT\n")
    use_folder(folder)
    held = session_by_key(WORKSHOP)
    made = add_recording(held, RecordingSource(file="sleep.mp4"), days=14, by="desk", now=now())
    recording = pass_token(give_pass(made, mother, by=mother.key, now=now()).id)
    feed = feeds.make(person_by_key("rivera"), by="rivera", now=now())
    job = ask_for_plan("spring", seconds=1, seed=0, by="desk", now=now())
    fail_plan_job(job, "nobody planned", now=now())
    consent = db.session.scalars(select(Grant.id).order_by(Grant.valid_from)).first()
    job_id = job.id
    db.session.commit()
    phone = _phone_of(house, "jordan")
    return Stage(feed, recording, phone, str(consent), job_id, _resources(house))


def _past_group() -> None:
    """Let a group have met that both patients sat in."""
    ahead = session_by_key("evening.process.2027-03-01")
    start = ahead.starts_at - timedelta(days=7)
    meeting = meeting_at(
        ahead,
        starts_local="2027-02-22T18:00",
        starts_at=start,
        ends_at=start + timedelta(hours=1),
    )
    schedule([replace(meeting, key=PAST_GROUP)], by="command", now=now())


def _cohort_of_spring() -> None:
    """Let there be a cohort after the first, to go on in."""
    first = db.session.scalars(select(Cohort)).one()
    spring = Cohort(
        key="spring",
        program_id=first.program_id,
        starts=date(2027, 3, 15),
        zone=None,
        leads={},
    )
    db.session.add(spring)
    db.session.flush()


def _phone_of(house: Flask, key: str) -> Telephone:
    """Give somebody a passkey on their own page."""
    client = house.test_client()
    person = person_by_key(key)
    phone = Telephone(HOST, ORIGIN, person.id)
    sign_in(client, person)
    page = LISTS[key]
    made = phone.make(asked(client.get(page).text))
    client.post(page, data={"credential": made, "name": "My phone"})
    return phone


def _resources(house: Flask) -> dict[str, str]:
    client = house.test_client()
    said = {"Authorization": f"Bearer {token_for('desk', Scope.READ)}"}
    found = {}
    for kind in KINDS:
        bundle = client.get(f"/fhir/R4/{kind}", headers=said).get_json(force=True)
        found[kind] = bundle["entry"][0]["resource"]["id"]
    return found


def right_calls(stage: Stage, number: int) -> list[Right]:
    """Return what a program may send; `number` tells what is new from what another call made."""
    cohort, colleague, program = (HOUSE[name][0] for name in ("cohorts", "clinicians", "programs"))
    kim = {"name": "Kim Farrow", "email": f"kim{number}@patient.example", "clinician": "rivera"}
    aunt = {"name": "Lou Lee", "relationship": "aunt", "email": f"lou{number}@family.example"}
    mark = {"person": "jordan", "state": "late", "minutes": 45}
    paper = {
        "patient": "jordan",
        "person": "jordan-mother",
        "purposes": ["family_workshop", "progress_update"],
        "signed": "2027-02-20",
        "expires": "2027-12-01",
    }
    said = [
        ("POST", "/cohorts/evening/publish?dry_run=true", {}),
        ("PATCH", f"/sessions/{FAMILY}", {"start": "2027-03-03T17:00"}),
        ("POST", f"/sessions/{FAMILY}/cancel", {"reason": "ill"}),
        ("POST", f"/sessions/{FAMILY}/put-back", {}),
        ("POST", "/cohorts", cohort | {"key": f"c-{number}", "starts": "2027-03-15"}),
        ("PATCH", "/cohorts/evening", {"zone": "America/Chicago"}),
        ("POST", "/programs", program | {"key": f"p-{number}"}),
        ("PATCH", "/programs/adult", {"name": "Adult evening IOP"}),
        ("POST", "/staff", colleague | {"key": f"k-{number}", "email": f"k{number}@hl.example"}),
        ("PATCH", "/staff/rivera", {"buffer": 15}),
        ("POST", "/patients", kim | {"cohort": "evening", "from": "2027-03-01"}),
        ("PATCH", "/patients/jordan", {"zone": "America/Chicago"}),
        ("POST", "/relatives", aunt | {"patient": "jordan"}),
        ("PATCH", "/relatives/jordan-father", {"phone": "+16175550111"}),
        ("PATCH", "/enrolments/jordan", {"to": "2027-03-12"}),
        ("POST", "/enrolments", {"patient": "noemie", "cohort": "spring", "from": "2027-03-15"}),
        ("POST", "/consents", paper),
        ("GET", f"/consents/{stage.consent}", None),
        ("POST", f"/consents/{stage.consent}/withdraw", {"reason": "as asked"}),
        ("POST", "/attendance", {"session": PAST_GROUP, "marks": [mark]}),
        ("GET", f"/jobs/{stage.job}", None),
    ]
    calls = [Right(method, f"/api/v1{path}", body) for method, path, body in said]
    for kind, key in stage.resources.items():
        calls.append(Right("GET", f"/fhir/R4/{kind}/{key}"))
    return calls


def right_deeds(number: int) -> list[Right]:
    """Return what staff do at the desk by forms that a page shows seldom, or once only."""
    session = f"/desk/sessions/{FAMILY}"
    move = "deed=move&day=2027-03-03&at=16:00&minutes=60&onward="
    new = (
        f"name,email,cohort,clinician,first day\nZ,z{number}@p.example,evening,rivera,2027-03-02\n"
    )
    line, zoe = "/desk/cohorts/evening/places", (("person", "zoe"),)
    forms = [
        (f"{session}/note", (("words", "Ask about the bus."),)),
        (f"{session}/attendance", (("state-jordan", "excused"), ("note-jordan", "ill"))),
        (f"{session}/answer", (("person", "jordan-mother"), ("answer", "yes"))),
        ("/desk/people/join", (("first", "zoe"), ("second", "zo"))),
        ("/desk/people/roster", (("text", new), ("go", "yes"))),
        (f"{line}/accept", zoe),
        (f"{line}/let-go", zoe),
        (f"{line}/offer", (*zoe, ("until", "2027-02-28"))),
    ]
    looks = [
        f"{session}/look?{move}",
        f"{session}/places",
        "/desk/cohorts/evening?week=1&person=jordan&kind=family_therapy&q=family",
        "/desk/people/join",
        "/desk/people/roster",
        line,
    ]
    sent = [Right("POST", path, fields=fields) for path, fields in forms]
    return [*sent, *(Right("GET", path) for path in looks)]


def right_requests(stage: Stage, number: int) -> list[Right]:
    """Return what comes to doors that no form of a page leads to."""
    receipt = {"kind": "reply", "id": f"r-{number}", "from": "+16175550142", "text": "YES"}
    watched = f"/r/{stage.recording}"
    return [
        Right("GET", f"/feeds/{stage.feed}.ics"),
        Right("GET", "/assets/print.js"),
        Right("POST", "/texts", receipt),
        Right("GET", watched),
        Right("POST", watched),
        Right("GET", f"{watched}/file"),
        Right("GET", f"{watched}/captions"),
        Right("GET", f"{watched}/code"),
        Right("POST", f"{watched}/send"),
    ]


def right_sign_ins(stage: Stage, challenge: bytes) -> Iterator[Right]:
    """Give the ways in: a passkey that answers `challenge`; the address and then the password."""
    yield Right("POST", "/passkey", fields=(("credential", stage.phone.answer(challenge)),))
    yield Right("POST", "/", fields=(("address", "sam@hl.example"), ("way", "password")))
    yield Right("POST", "/password", fields=(("password", PASSWORD),))


def spoiled(body: Any, chance: Random) -> Any:
    """Return a body with one thing wrong: a value that is none, left out, or one too many."""
    whole = copy.deepcopy(body)
    places = list(_places(whole))
    if not places:
        return chance.choice(ODD)
    inside, at = chance.choice(places)
    way = chance.random()
    if way < 0.1:
        del inside[at]
    elif way < 0.2 and isinstance(inside, dict):
        inside[chance.choice(TEXTS)] = chance.choice(TEXTS)
    elif way < 0.35:
        inside[at] = chance.choice(ODD)
    else:
        inside[at] = chance.choice(chance.choice((DATES, HOURS, NUMBERS, TEXTS, TEXTS)))
    return whole


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Give every place in a body: what it is in, and under which name or number."""
    inside = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for at, value in list(inside):
        yield tree, at
        if isinstance(value, dict | list):
            yield from _places(value)
