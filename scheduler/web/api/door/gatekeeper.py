"""Who calls, and whether they may: the token, its scopes, and the one table of roles; every call is
written down with token and person.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g, request
from sqlalchemy import Select

from scheduler import audit
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.people import (
    SIGN,
    Deed,
    Keyed,
    Reach,
    Scope,
    count_call,
    farthest,
    glass_is_broken,
    is_spent,
    keyed,
    may,
    may_after_glass,
    person_by_key,
    practice,
    token_holder,
)
from scheduler.people.models import Person, PersonKind
from scheduler.planning import cohort_by_key
from scheduler.sessions import (
    cohort_reach,
    has_session,
    patient_reach,
    patient_record,
    patients_near,
    session_reach,
)
from scheduler.web.api.door.api_problem import ApiProblem
from scheduler.web.api.door.api_routes import About, Route
from scheduler.web.auth.access import lacks_factor
from scheduler.web.auth.desk_deeds import own_roles_count, roles_here

SCHEME = "bearer "
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api"'}
IN_ADDRESS = frozenset({"access_token", "api_key", "apikey", "authorization", "bearer", "token"})


@dataclass(frozen=True, slots=True)
class Holder:
    """A token that holds, and whom it acts as."""

    token_id: str
    scopes: tuple[Scope, ...]
    staff: Person
    by: str
    """The key of who it acts as."""
    is_spent: bool
    """Whether the calls of this minute are used up."""
    factor_from: date | None
    """From when the practice wants a second factor of them; None: no day."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is about: what the record calls it, whether it is there, whose patient."""

    about: str
    is_there: bool = True
    patient_id: str | None = None
    row: Any = None
    """What was read of it to know that; None: no more than that it is there."""


def refuse_token_in_address() -> None:
    """Raise 400 for a token where logs and histories would keep it; it is to be revoked."""
    asked = request.query_string.decode("latin-1")
    named = {name.lower() for name in request.args}
    if named & IN_ADDRESS or SIGN in asked or SIGN in request.path:
        said = "A token stands in the address, where others read it. Revoke it, and send it in the"
        raise ApiProblem(400, f"{said} header Authorization.")


def holder_here(*, now: datetime) -> Holder:
    """Return whose token this call brings. Raises 401."""
    said = request.headers.get("Authorization", "")
    if said.lower().startswith(SCHEME):
        secret = said[len(SCHEME) :].strip()
    else:
        secret = ""
    found = token_holder(secret, now=now) if secret else None
    if found is None:
        wrong = ', error="invalid_token"' if secret else ""
        challenge = CHALLENGE["WWW-Authenticate"] + wrong
        raise ApiProblem(401, headers={"WWW-Authenticate": challenge})
    token, person = found.token, found.person
    if not found.has_terms:
        own_roles_count(person)
    return Holder(
        token.id,
        token.scopes,
        person,
        person.key,
        is_spent(token, now=now),
        found.factor_from,
    )


def subject_of(route: Route, key: str) -> Subject:
    """Return what a call is about."""
    usual = f"api {route.name}"
    try:
        return _subject(route.about, key, usual)
    except NotFound:
        return Subject(usual, is_there=False)


def _subject(about: About, key: str, usual: str) -> Subject:
    if not key or about is About.NOBODY:
        return Subject(usual)
    if about is About.PATIENT:
        return _subject_patient(key)
    if about is About.RELATIVE:
        return _subject_relative(keyed(key))
    if about is About.SESSION:
        if not has_session(key):
            raise NotFound("there is no session of that key here")
        return Subject(f"session {key}")
    if about is About.COHORT:
        return Subject(f"cohort {cohort_by_key(key).id}")
    grant = db.session.get(Grant, key)
    if grant is None:
        raise NotFound("there is no such consent")
    return Subject(f"grant {grant.id}", patient_id=grant.patient_id)


def _subject_patient(key: str) -> Subject:
    row = patient_record(key)
    if row is None:
        raise NotFound("there is nobody of that key here")
    return Subject(f"person {row.id}", patient_id=row.id, row=row)


def _subject_relative(person: Keyed) -> Subject:
    if person.kind is not PersonKind.RELATIVE:
        raise NotFound("there is nobody of that key here")
    return Subject(f"person {person.id}", patient_id=person.patient_id)


def count_and_note(holder: Holder, route: Route, subject: Subject, *, now: datetime) -> None:
    """Count a call against its minute and write it down. Raises 429; commits."""
    quota = count_call(holder.token_id, now=now)
    g.quota = quota
    if quota.left < 0:
        db.session.rollback()
        raise ApiProblem(429, headers={"Retry-After": str(quota.seconds)})
    details = {"route": route.name, "method": route.method, "token": holder.token_id}
    audit.append(
        "api.called",
        subject.about,
        details,
        by=holder.by,
        now=now,
    )
    db.session.commit()


def note_refusal(holder: Holder, route: Route, subject: Subject, *, now: datetime) -> None:
    """Write down that a call was refused. Commits."""
    db.session.rollback()
    details = {"route": route.name, "method": route.method, "token": holder.token_id}
    audit.append(
        "refused",
        subject.about,
        details,
        by=holder.by,
        now=now,
    )
    db.session.commit()


def hold_to_table(
    holder: Holder, route: Route, subject: Subject, key: str, *, now: datetime
) -> None:
    """Raise 403 for what the scopes or the table of roles do not allow, as the pages do, and then
    404 for what is not there.
    """
    staff = holder.staff
    if route.scope not in holder.scopes:
        raise ApiProblem(403, f"The token lacks the scope {route.scope}.")
    if lacks_factor(staff, holder.factor_from):
        raise ApiProblem(403, "Whom it acts as has to set up a second factor first.")
    reach = _reach(staff, route, subject, key, now)
    if not is_open(
        staff,
        route.deed,
        reach,
        subject.patient_id,
        now=now,
    ):
        raise ApiProblem(403)
    if not subject.is_there:
        raise ApiProblem(404)


def is_open(
    staff: Person, deed: Deed, reach: Reach, patient_id: str | None, *, now: datetime
) -> bool:
    """True if the table allows a deed that far, or a reason given within the hour opens it."""
    roles = roles_here(staff)
    if may(roles, deed, reach):
        return True
    if patient_id is None or not may_after_glass(roles, deed):
        return False
    return glass_is_broken(staff, patient_id, now=now)


def patient_in_reach(staff: Person, deed: Deed, key: str, *, now: datetime) -> Person:
    """Return the patient that a body or a question names. Raises 403 as for one in the address,
    404.
    """
    try:
        patient = person_by_key(key)
        is_there = patient.kind is PersonKind.PATIENT
    except NotFound:
        is_there = False
    reach = Reach.OTHER
    if is_there:
        reach = patient_reach(staff, patient.id, day=practice().day_at(now))
    if not is_open(
        staff,
        deed,
        reach,
        patient.id if is_there else None,
        now=now,
    ):
        raise ApiProblem(403)
    if not is_there:
        raise ApiProblem(404, f"There is no patient {key}.")
    return patient


def patient_asked(staff: Person, key: str | None, *, now: datetime) -> str | None:
    """Return the id of the patient that a list is asked about; None for all of them. Raises 403,
    404.
    """
    if key is None:
        return None
    return patient_in_reach(staff, Deed.SEE_PATIENT, key, now=now).id


def patients_seen(staff: Person, *, now: datetime) -> Select[Any] | None:
    """Return the question for the patients that lists show to somebody of staff; None: all."""
    if reach_of_role(staff, Deed.SEE_PATIENT) is Reach.OTHER:
        return None
    return patients_near(staff, day=practice().day_at(now))


def reach_of_role(staff: Person, deed: Deed) -> Reach:
    """Return how far a member of staff goes with a deed."""
    return farthest(roles_here(staff), deed)


def _reach(staff: Person, route: Route, subject: Subject, key: str, now: datetime) -> Reach:
    """Return how far it is; what is not there is others'."""
    goes = reach_of_role(staff, route.deed)
    if not key or route.about is About.NOBODY or goes in (Reach.NONE, Reach.OTHER):
        return Reach.OWN
    if not subject.is_there:
        return Reach.OTHER
    day = practice().day_at(now)
    if route.about is About.SESSION:
        return session_reach(staff, key, day=day)
    if route.about is About.COHORT:
        return cohort_reach(staff, key, day=day)
    return patient_reach(staff, subject.patient_id or "", day=day)
