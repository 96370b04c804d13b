"""Who was told what of a patient, for the patient and for staff: three years back, on screen and on
paper.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import audit
from scheduler.consents.model.models import Grant
from scheduler.disclosures import Disclosure, accounting
from scheduler.disclosures.models import Opened
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import person_by_key, practice
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.programs import Kind
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.disclosure_log import start_fresh_transaction
from scheduler.web.parts.family_times import day_and_clock, day_in, zone_in
from scheduler.web.parts.kind_words import kind_in

bp = Blueprint("disclosures", __name__)
Page = str | tuple[str, int] | Response
LETTER = N_("Letter")
LETTERS = {
    "invitation": N_("Letter: an appointment"),
    "update": N_("Letter: a changed appointment"),
    "cancellation": N_("Letter: no longer on their calendar"),
    "reminder": N_("Letter: a reminder"),
    "code": N_("Letter: a code for their page"),
}
PAGES = {
    Opened.HOME: N_("Opened their list of appointments"),
    Opened.INVITATION: N_("Opened the page of an appointment"),
    Opened.ROOM: N_("Opened the online room"),
}
YEARS = 3
"""How far back an accounting reaches (42 CFR 2.25)."""


@bp.get("/mine/disclosures")
@allow(Who.PATIENT)
def mine() -> Page:
    """Show a patient who was told what of them; asked for to be printed, the page offers itself to
    the printer.
    """
    return render_template(
        "portal/disclosures.html",
        **_about(me(), reader_language()),
        printing="print" in request.args,
    )


@bp.get("/desk/patients/<key>/disclosures")
@allow(*STAFF)
def desk(key: str) -> Page:
    """Show staff the same; that they read it is written down, too."""
    start_fresh_transaction()
    person = _patient(key)
    if request.method != "HEAD":
        audit.append("accounting.read", f"person {person.id}", {}, by=me().key, now=now())
        db.session.commit()
    return render_template("desk/disclosures.html", **_about(_patient(key)), printing=False)


@bp.post("/desk/patients/<key>/disclosures")
@allow(*STAFF)
def to_print(key: str) -> Page:
    """Show it as it is printed, and write down who prints it."""
    person = _patient(key)
    audit.append("printed", f"accounting of person {person.id}", {}, by=me().key, now=now())
    db.session.commit()
    return render_template("desk/disclosures.html", **_about(_patient(key)), printing=True)


def _patient(key: str) -> Person:
    person = person_by_key(key)
    if person.kind is not PersonKind.PATIENT:
        raise NotFound(f"there is no patient with the key {key}")
    return person


def _about(patient: Person, language: str = "en") -> dict[str, object]:
    house, moment = practice(), now()
    local = moment.astimezone(ZoneInfo(house.zone))
    since = (local - timedelta(days=1)).replace(year=local.year - YEARS) + timedelta(days=1)
    rows = accounting(patient.id, since=since, zone=house.zone)
    family = (
        select(Person)
        .join(Relative, Relative.person_id == Person.id)
        .where(Relative.patient_id == patient.id)
    )
    people = [
        {
            "person": one,
            "rows": [_row(row, house.zone, language) for row in rows if row.person_id == one.id],
        }
        for one in db.session.scalars(family.order_by(Person.name)).unique()
    ]
    return {
        "patient": patient,
        "people": people,
        "count": len(rows),
        "zone": zone_in(language, house.zone),
        "house": house.name,
        "since": _date(since, house.zone, language),
        "until": _date(moment, house.zone, language),
        "language": language,
    }


def _row(row: Disclosure, zone: str, language: str) -> dict[str, str]:
    local, _ = row.at.astimezone(ZoneInfo(zone)), catalog(language)
    what = _(PAGES[row.page] if row.page else LETTERS.get(row.letter or "", LETTER))
    if row.times > 1:
        what = _("{what} {count} times that day").format(what=what, count=row.times)
    if not row.certain:
        what = _("{what}, may not have arrived").format(what=what)
    return {
        "when": day_and_clock(language, local),
        "what": what,
        "why": ", ".join(kind_in(language, Kind(each)) for each in row.purposes),
        "under": "; ".join(
            dict.fromkeys(_consent(each, zone, language) for each in _grants(row.grant_ids))
        ),
    }


def _grants(ids: Iterable[str]) -> list[Grant]:
    return [grant for grant in (db.session.get(Grant, each) for each in ids) if grant is not None]


def _consent(grant: Grant, zone: str, language: str) -> str:
    """Say which consent: when it was signed and until when it held; one paper of several purposes
    is said once.
    """
    end = grant.revoked_at or grant.valid_until - timedelta(seconds=1)
    _ = catalog(language)
    said = _("signed {signed}, through {end}")
    if grant.revoked_at:
        said = _("signed {signed}, withdrawn {end}")
    return said.format(signed=day_in(language, grant.signed), end=_date(end, zone, language))


def _date(at: datetime, zone: str, language: str) -> str:
    return day_in(language, at.astimezone(ZoneInfo(zone)).date())
