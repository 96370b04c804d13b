"""What ends soon and has to be renewed by a person: consents, licences, days a payer agreed to."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.consents.model.models import Grant
from scheduler.i18n import N_, dated_day
from scheduler.kernel.database import db
from scheduler.people import names_by_id
from scheduler.people.models import Clinician, Person
from scheduler.programs.models import Enrolment
from scheduler.reminders import ending_grants
from scheduler.tasks import Matter

CONSENT_DAYS = 14
LICENCE_DAYS = 30
AUTHORISATION_DAYS = 14
STAFF = "en"
CONSENT = N_("The consent for {relative} ends on {day}. Ask whether it should go on.")
LICENCE = N_("The licence of {name} for {state} ends on {day}.")
AUTHORISATION = N_("The payer agreed to days until {day}, and to none after. Ask for more.")


def ending_consents(*, now: datetime, zone: str) -> list[Matter]:
    """Return a matter for each patient, relative and last day of consents that end within two weeks
    and are followed by none.
    """
    found = {}
    near = [grant for grant in ending_grants(now=now) if _is_near(grant, now)]
    names = names_by_id({grant.person_id for grant in near})
    for grant in near:
        moment = grant.valid_until - timedelta(seconds=1)
        last = moment.astimezone(ZoneInfo(zone)).date()
        words = CONSENT.format(relative=names[grant.person_id], day=dated_day(last, STAFF))
        key = f"consent_end:{grant.patient_id}:{grant.person_id}:{last}"
        found[key] = Matter(key, words, grant.patient_id)
    return list(found.values())


def _is_near(grant: Grant, now: datetime) -> bool:
    return grant.valid_until <= now + timedelta(days=CONSENT_DAYS + 1)


def ending_licences(today: date) -> list[Matter]:
    """Return a matter for each licence of staff that ends within a month, or ended in the last."""
    matters = []
    reach = timedelta(days=LICENCE_DAYS)
    rows = select(Person).join(Clinician, Clinician.person_id == Person.id).order_by(Person.key)
    for person in db.session.scalars(rows).unique():
        own = person.clinician
        for licence in own.licences if own else ():
            if today - reach <= licence.until <= today + reach:
                day = dated_day(licence.until, STAFF)
                words = LICENCE.format(name=person.name, state=licence.state, day=day)
                key = f"licence_end:{person.id}:{licence.state}:{licence.until}"
                matters.append(Matter(key, words, person.id))
    return matters


def ending_authorisations(today: date) -> list[Matter]:
    """Return a matter for each patient whose last authorised day is within two weeks and before the
    stay ends.
    """
    matters = []
    reach = today + timedelta(days=AUTHORISATION_DAYS)
    rows = select(Enrolment).where(Enrolment.authorisations.is_not(None), Enrolment.waits.is_(None))
    for stay in db.session.scalars(rows):
        days = [authorisation.last for authorisation in stay.authorisations or ()]
        last = max(days, default=None)
        if last is None or not today <= last <= reach:
            continue
        if stay.last is not None and stay.last <= last:
            continue
        words = AUTHORISATION.format(day=dated_day(last, STAFF))
        key = f"authorisation_end:{stay.patient_id}:{last}"
        matters.append(Matter(key, words, stay.patient_id))
    return matters
