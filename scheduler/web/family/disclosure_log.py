"""A page that tells a relative something of a patient: noted as it is shown, with the notice and
scope it carries.
"""

from datetime import datetime

from flask import request

from scheduler.disclosures import NOTICES, NOTICES_READ, note_page_view, valid_grants
from scheduler.disclosures.models import Opened
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.web.auth.reader_language import language_of
from scheduler.web.family.disclosure_scope import scope_words


def start_fresh_transaction() -> None:
    """Begin anew, able to write: whether they may read, and that they did, must be one
    transaction.
    """
    db.session.rollback()


def log_disclosure(
    person: Person, page: Opened, *, about: str | None = None, now: datetime
) -> dict[str, object]:
    """Note that `person` reads `page` of their patient, commit, and give what the page must carry
    along.
    """
    said = carried_to(
        person,
        page,
        about=about,
        now=now,
    )
    if request.method != "HEAD":
        db.session.commit()
    return said


def carried_to(
    person: Person, page: Opened, *, about: str | None = None, now: datetime
) -> dict[str, object]:
    """Note that `person` reads `page`, uncommitted, and give what it must carry: who only tries
    undoes it all.

    The statement stands only where the practice is under Part 2 (42 CFR 2.32(a)); the scope always
    (2.32(b)).
    """
    assert person.relative is not None
    house, patient = practice(), person.relative.patient
    grants = valid_grants(person, patient.id, now=now)
    language = language_of(person)
    scope = scope_words(
        grants,
        patient.name,
        house.zone,
        language,
    )
    said: dict[str, object] = {"scope": scope, "statement": None, "statement_read": None}
    if request.method != "HEAD":
        row = note_page_view(
            person,
            patient.id,
            page,
            grants,
            about=about,
            by=person.key,
            now=now,
        )
        said["statement"] = NOTICES[row.notice] if row.notice else None
        said["statement_read"] = NOTICES_READ.get((row.notice or "", language))
    return said
