"""Who was told what of a patient, for the patient and for staff: three years back, on screen and on
paper.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from scheduler import audit, feeds
from scheduler.consents.model.models import Grant
from scheduler.disclosures import (
    Disclosure,
    Looks,
    accounting,
    begin_of_accounting,
    looks_by_staff,
)
from scheduler.disclosures.models import Opened
from scheduler.feeds.models import Feed
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import names_by_key, patient_by_key, practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.web.auth.access import STAFF, Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.family.disclosure_log import start_fresh_transaction
from scheduler.web.parts.family_times import day_and_clock, day_in, zone_in
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page

bp = Blueprint("disclosures", __name__)
LETTER = N_("Letter")
LETTERS = {
    "invitation": N_("Letter: an appointment"),
    "update": N_("Letter: a changed appointment"),
    "cancellation": N_("Letter: an invitation ended"),
    "reminder": N_("Letter: a reminder"),
    "code": N_("Letter: a code for their page"),
}
CALENDAR = N_("Their calendar looked up the times of appointments (last time)")
COMING_IN = N_("The way to their own page")
MOST_DAYS = 100
"""Of one member of staff, shown one by one."""
PAGES = {
    Opened.HOME: N_("Opened their list of appointments"),
    Opened.INVITATION: N_("Opened the page of an appointment"),
    Opened.ROOM: N_("Opened the online room"),
    Opened.RECORDING: N_("Watched a recorded workshop"),
}


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
    person = patient_by_key(key)
    if request.method != "HEAD":
        audit.append(
            "accounting.read",
            f"person {person.id}",
            {},
            by=me().key,
            now=now(),
        )
        db.session.commit()
    return render_template(
        "desk/disclosures.html", **_about(patient_by_key(key), reader_language()), printing=False
    )


@bp.post("/desk/patients/<key>/disclosures")
@allow(*STAFF)
def to_print(key: str) -> Page:
    """Show it as it is printed, and write down who prints it."""
    person = patient_by_key(key)
    audit.append(
        "printed",
        f"accounting of person {person.id}",
        {},
        by=me().key,
        now=now(),
    )
    db.session.commit()
    return render_template(
        "desk/disclosures.html", **_about(patient_by_key(key), reader_language()), printing=True
    )


def _about(patient: Person, language: str) -> dict[str, object]:
    house = practice()
    moment = now()
    since = begin_of_accounting(moment, house.zone)
    rows = accounting(patient.id, since=since, zone=house.zone)
    family = relatives_of(patient)
    calendars = feeds.fetched_since([relative.id for relative in family], since)
    people = []
    for relative in family:
        own = [row for row in rows if row.person_id == relative.id]
        lines = [_row(row, house.zone, language) for row in own]
        lines += _read(relative, calendars, house.zone, language)
        people.append({"person": relative, "rows": lines})
    return {
        "patient": patient,
        "people": people,
        "count": len(rows) + len(calendars),
        "looks": _looks(patient, since, language),
        "zone": zone_in(language, house.zone),
        "house": house.name,
        "since": _date(since, house.zone, language),
        "until": _date(moment, house.zone, language),
        "language": language,
    }


def _looks(patient: Person, since: datetime, language: str) -> list[dict[str, object]]:
    """Return who of the practice opened pages about a patient, in words."""
    names = names_by_key()
    shown = []
    for look in looks_by_staff(patient.id, since=since, zone=practice().zone):
        shown.append({"name": names.get(look.by, look.by), **_days(look, language)})
    return shown


def _days(look: Looks, language: str) -> dict[str, object]:
    return {
        "many": len(look.days),
        "days": [day_in(language, day) for day in look.days[:MOST_DAYS]],
        "with_reason": [day_in(language, day) for day in look.with_reason],
    }


def _row(row: Disclosure, zone: str, language: str) -> dict[str, str]:
    _ = catalog(language)
    what = _(PAGES[row.page] if row.page else LETTERS.get(row.letter or "", LETTER))
    if row.times > 1:
        what = _("{what} {count} times that day").format(what=what, count=row.times)
    if not row.certain:
        what = _("{what}, may not have arrived").format(what=what)
    consents = [_consent(grant, zone, language) for grant in _grants(row.grant_ids)]
    return {
        "when": day_and_clock(language, row.at.astimezone(ZoneInfo(zone))),
        "what": what,
        "why": _about_what(row, language),
        "under": "; ".join(dict.fromkeys(consents)),
    }


def _read(
    relative: Person, calendars: Iterable[Feed], zone: str, language: str
) -> list[dict[str, str]]:
    """Return a line for each calendar address of a relative that was asked for."""
    lines = []
    for calendar in calendars:
        if calendar.person_id == relative.id and calendar.seen_at is not None:
            when = day_and_clock(language, calendar.seen_at.astimezone(ZoneInfo(zone)))
            what = catalog(language)(CALENDAR)
            lines.append({"when": when, "what": what, "why": "", "under": ""})
    return lines


def _about_what(row: Disclosure, language: str) -> str:
    """Return what was told of, in words; a code opens a page and tells of nothing."""
    if row.letter == "code":
        return catalog(language)(COMING_IN)
    return ", ".join(kind_in(language, Kind(purpose)) for purpose in row.purposes)


def _grants(ids: Iterable[str]) -> list[Grant]:
    found = [db.session.get(Grant, grant_id) for grant_id in ids]
    return [grant for grant in found if grant is not None]


def _consent(grant: Grant, zone: str, language: str) -> str:
    """Return which consent it was: when it was signed and until when it held."""
    end = grant.revoked_at or grant.valid_until - timedelta(seconds=1)
    _ = catalog(language)
    said = _("signed {signed}, through {end}")
    if grant.revoked_at:
        said = _("signed {signed}, withdrawn {end}")
    return said.format(signed=day_in(language, grant.signed), end=_date(end, zone, language))


def _date(at: datetime, zone: str, language: str) -> str:
    return day_in(language, at.astimezone(ZoneInfo(zone)).date())
