"""Who may use which route: every view says it, one guard holds all to it, and a view that says
nothing is shut.
"""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from flask import abort, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from scheduler import audit
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.people import (
    SEEN_EVERY,
    Deed,
    glass_is_broken,
    has_second_factor,
    practice,
    seen,
    signed_in,
)
from scheduler.people.models import Person, PersonKind
from scheduler.web.auth.cookies import forget_kept, sign_in_secret
from scheduler.web.auth.desk_deeds import (
    may_deed,
    may_do_here,
    may_give_reason,
    may_here,
    patient_named,
    roles_here,
)
from scheduler.web.auth.kept_device import people_kept


class Who(StrEnum):
    """The kinds of people a route may be for; a token's holder is judged by the view itself."""

    ANYONE = "anyone"
    TOKEN = "token"  # noqa: S105
    CLINICIAN = "clinician"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    PATIENT = "patient"
    RELATIVE = "relative"


STAFF = (Who.CLINICIAN, Who.COORDINATOR, Who.ADMINISTRATOR, Who.AUDITOR)
OPEN = frozenset({Who.ANYONE, Who.TOKEN})
KNOWN = "kinfold.person"
PROVED = "kinfold.proved"
ASKED_AGAIN = frozenset({"consent_give", "consent_withdraw", "own_passkeys", "signed_papers"})
"""Blueprints for which a device that stays known is not enough: the code is asked again."""
SETTING_UP = frozenset({"second_factor", "staff_passkeys"})
"""Blueprints that are open to staff who still need a second factor."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
NOT_ONLY_READING = frozenset({"api", "assets", "feed", "fhir", "health"})
"""Blueprints that need no database, that write down each call, or may write what time has made
untrue.
"""

V = TypeVar("V", bound=Callable[..., Any])


def allow(*who: Who) -> Callable[[V], V]:
    """Declare whom a view is for."""

    def mark(view: V) -> V:
        view.allowed = frozenset(who)  # type: ignore[attr-defined]
        return view

    return mark


def allowed_for(endpoint: str) -> frozenset[Who] | None:
    """Return whom a view declared itself for; None: it said nothing."""
    return getattr(current_app.view_functions[endpoint], "allowed", None)


def guard() -> Response | None:
    """Let pass whom the view is for; the others are asked to sign in, or refused."""
    if request.endpoint is None:
        return None
    allowed = allowed_for(request.endpoint)
    if allowed is None:
        abort(404)
    if request.method in SAFE and request.blueprint not in NOT_ONLY_READING:
        reading()
    if allowed & OPEN:
        return None
    person = _known_enough()
    if person is None:
        return _lead_to_sign_in()
    if not parts_of(person) & allowed:
        refuse(person)
    if person.clinician is not None:
        return _hold_to_table(person)
    return None


def _lead_to_sign_in() -> Response:
    if request.method in SAFE:
        session["next"] = request.path
    away = redirect(url_for("sign_in.front"), 303)
    # Whose sign-in ran out, or was ended elsewhere, never pressed "Sign out".
    if sign_in_secret() is None:
        return away
    return forget_kept(away)


def must_set_up(staff: Person) -> bool:
    """True if this page is shut until a member of staff has set up a second factor."""
    return request.blueprint not in SETTING_UP and lacks_factor(
        staff, practice().second_factor_from
    )


def lacks_factor(staff: Person, asked_from: date | None) -> bool:
    """True if the day has come from which staff need a second factor, and this one has none: the
    earlier of what the settings and an administrator (`asked_from`) say.
    """
    said = (current_app.config["KINFOLD"].second_factor_from, asked_from)
    days = [day for day in said if day is not None]
    if not days or practice().day_at(now()) < min(days):
        return False
    return not has_second_factor(staff)


def _hold_to_table(staff: Person) -> Response | None:
    """Let pass what the table of roles allows, or a reason given within the hour; a patient's page
    that opens is written down.
    """
    if must_set_up(staff):
        return redirect(url_for("second_factor.page"), 303)
    endpoint, names = str(request.endpoint), dict(request.view_args or {})
    is_allowed = may_here(staff, endpoint, names)
    patient = None
    if is_allowed or may_give_reason(staff, endpoint):
        patient = patient_named(names)
    if not is_allowed:
        if patient is None:
            refuse(staff)
        asks_why = _ask_why(staff, patient)
        if asks_why is not None:
            return asks_why
    if patient is not None and request.method == "GET":
        _note_opened(staff, patient)
    return None


def _ask_why(staff: Person, patient: Person) -> Response | None:
    """Lead whoever gave no reason within the hour to the page that asks; None: they gave one."""
    if glass_is_broken(staff, patient.id, now=now()):
        return None
    key = patient.key
    _note_refusal(staff)
    if request.method not in SAFE:
        abort(403)
    return redirect(url_for("break_glass.ask", key=key), 303)


def _note_opened(staff: Person, patient: Person) -> None:
    """Write down that somebody of staff opened a page about a patient. Commits."""
    about, by = f"person {patient.id}", staff.key
    db.session.rollback()
    audit.append("opened", about, {"page": request.endpoint}, by=by, now=now())
    db.session.commit()
    reading()


def refuse(person: Person) -> NoReturn:
    """Write down that somebody wanted what is not for them, and refuse it. Commits."""
    _note_refusal(person)
    abort(403)


def _note_refusal(person: Person) -> None:
    db.session.rollback()
    about = f"page {request.endpoint}"
    audit.append("refused", about, {"method": request.method}, by=person.key, now=now())
    db.session.commit()


def whoami() -> Person | None:
    """Return who is signed in with this browser, else the one person its device stays known to."""
    if KNOWN not in request.environ:
        person = _load()
        request.environ[PROVED] = person is not None
        request.environ[KNOWN] = person or _only_one_kept()
    known: Person | None = request.environ[KNOWN]
    return known


def _known_enough() -> Person | None:
    """Return who is here, where the page asks for no code again."""
    person = whoami()
    if request.blueprint in ASKED_AGAIN and not has_proved():
        return None
    return person


def has_proved() -> bool:
    """True if who is here has signed in, and is not only known by their device."""
    return whoami() is not None and bool(request.environ[PROVED])


def known_here(person_id: str) -> Person | None:
    """Return the person of this id if it is they who are here: signed in, or on a device that
    stays known to them, whoever else it is known to.
    """
    person = whoami()
    if person is not None and person.id == person_id:
        return person
    return next((kept for kept in people_kept() if kept.id == person_id), None)


def _only_one_kept() -> Person | None:
    kept = people_kept()
    if len(kept) == 1:
        return kept[0]
    return None


def me() -> Person:
    """Return who is signed in, where the guard has seen to it."""
    person = whoami()
    if person is None:
        abort(403)
    return person


def parts_of(person: Person) -> frozenset[Who]:
    """Return what a person is here: patient, relative, or the roles of staff."""
    if person.clinician is not None:
        return frozenset(Who(role.value) for role in roles_here(person))
    return frozenset({Who.PATIENT if person.kind is PersonKind.PATIENT else Who.RELATIVE})


def may_now(deed: str) -> bool:
    """True if whoever reads this page may do it at all: no link leads to what is refused."""
    person = whoami()
    return person is not None and may_deed(person, Deed(deed))


def may_open(endpoint: str, **names: str) -> bool:
    """True if whoever reads this page may do what a route does to what the page itself is about;
    `names` are those of the route's address.
    """
    person = whoami()
    return person is not None and may_here(person, endpoint, names)


def may_do(deed: str, **names: str) -> bool:
    """True if whoever reads this page may do a deed to what the page itself is about."""
    person = whoami()
    return person is not None and may_do_here(person, Deed(deed), names)


def home_of(person: Person) -> str:
    """Return the address of a person's first page."""
    if person.clinician is not None and not may_deed(person, Deed.SEE_BOARD):
        is_auditor = may_deed(person, Deed.RECORD)
        return url_for("audit_desk.overview" if is_auditor else "today.page")
    pages = {
        PersonKind.CLINICIAN: "today.page",
        PersonKind.PATIENT: "agenda.agenda",
        PersonKind.RELATIVE: "invitation.home",
    }
    return url_for(pages[person.kind])


def _load() -> Person | None:
    secret = sign_in_secret()
    if secret is None:
        return None
    moment = now()
    found = signed_in(secret, now=moment)
    if found is None:
        return None
    person, row = found
    if moment - row.seen_at < SEEN_EVERY:
        return person
    db.session.rollback()
    seen(row.id, now=moment)
    db.session.commit()
    if request.method in SAFE:
        reading()
    return db.session.get(Person, person.id)
