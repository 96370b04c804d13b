"""Rows become relatives: each patient's family with what the patient consented to."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.consents import Information, barred_people, is_barred, may_say, silent_people
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.people.models import Relative as RelativeRow
from scheduler.planning.problem.problem import Consent, Relative


def load_families(patient_ids: list[str], zone: str) -> dict[str, list[Relative]]:
    """Return the relatives by their patient, with what each patient consented to; a person
    without a zone of their own has `zone`.

    A relative's own word that nothing be written to them changes no plan: staff are told to say it
    to nobody, and a cancelled session would.
    """
    consents = _consents(patient_ids)
    families: dict[str, list[Relative]] = defaultdict(list)
    stopped = barred_people(patient_ids)
    silent = silent_people(patient_ids)
    rows = (
        select(Person)
        .join(RelativeRow, RelativeRow.person_id == Person.id)
        .where(RelativeRow.patient_id.in_(patient_ids))
        .order_by(Person.key)
    )
    for person in db.session.scalars(rows).unique():
        row = person.relative
        assert row is not None
        held = consents[row.patient_id, person.id]
        is_kept_out = is_barred(person.id, row.patient_id, stopped)
        if is_kept_out and person.id not in silent:
            held = []
        held = _while_ready(held, row.ready_until, practice().zone)
        families[row.patient_id].append(
            Relative(
                key=person.key,
                zone=person.zone or zone,
                free=person.free,
                ready=row.ready,
                consents=tuple(held),
            )
        )
    return families


def _while_ready(held: list[Consent], until: date | None, zone: str) -> list[Consent]:
    """Cut consents at the end of the last day on which their relative is found ready."""
    if until is None:
        return held
    end = datetime.combine(until + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
    cut = []
    for consent in held:
        if consent.valid_from < end:
            cut.append(replace(consent, valid_until=min(consent.valid_until, end)))
    return cut


def _consents(patient_ids: list[str]) -> dict[tuple[str, str], list[Consent]]:
    """Return what says times and is not revoked, by patient and relative."""
    found: dict[tuple[str, str], list[Consent]] = defaultdict(list)
    held = (
        select(Grant)
        .where(Grant.patient_id.in_(patient_ids), Grant.revoked_at.is_(None))
        .order_by(Grant.valid_from)
    )
    for grant in db.session.scalars(held):
        if Information.TIMES not in may_say(grant):
            continue
        consent = Consent(
            grant.purpose,
            grant.valid_from,
            grant.valid_until,
            grant.others,
        )
        found[grant.patient_id, grant.person_id].append(consent)
    return found
