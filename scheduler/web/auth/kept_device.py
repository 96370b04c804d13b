""" "This is my phone": a device that stays known to people until their program ends.

A signed cookie holds a secret for each; the rows behind them say whose they are and when they end.
A device opens doors and pages without another code, but never where consent is given or withdrawn.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from scheduler.consents import may_have_code, stay_of
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import devices_behind, end_devices, keep_device, people_by_id, practice
from scheduler.people.models import Person, PersonKind
from scheduler.web.auth.cookies import is_secure, named_cookie, signing_keys

DEVICE = "kinfold-device"
MOST_PEOPLE = 5
"""Whom one device stays known to, the last ones; more are forgotten."""
LONGEST = timedelta(days=200)
"""No device stays known for longer, whatever the program."""
NAMES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
"""What a device may be called, looked for in this order in what the browser says of itself."""


def people_kept() -> list[Person]:
    """Return to whom this device is known: whose program goes on and who may still have a code."""
    if DEVICE not in request.environ:
        request.environ[DEVICE] = _people_kept(now())
    people: list[Person] = request.environ[DEVICE]
    return people


def may_be_kept(person: Person, moment: datetime) -> bool:
    """True if a device may be known to a person at `moment`: never to staff."""
    if person.clinician is not None or not may_have_code(
        person,
        moment,
    ):
        return False
    return moment < _end_of_program(person, moment)


def keep_if_asked(response: Response, person: Person) -> Response:
    """Let this device be known to `person` from now on, if the form that brought the code says it
    is theirs. Commits.
    """
    moment = now()
    if request.form.get("keep") != "yes" or not may_be_kept(
        person,
        moment,
    ):
        return response
    ends_at = min(
        _end_of_program(person, moment),
        moment + LONGEST,
    )
    before = _secrets_apart_from(
        person,
        moment,
    )
    secret = keep_device(
        person,
        what=_what(),
        ends_at=ends_at,
        now=moment,
    )
    db.session.commit()
    return _set(
        response,
        [secret, *before][:MOST_PEOPLE],
    )


def forget_here(response: Response, person: Person) -> Response:
    """Let this device be known to `person` no longer; others stay. Commits."""
    moment = now()
    rows = devices_behind(
        _secrets(),
        now=moment,
    )
    theirs = [row.id for row in rows if row.person_id == person.id]
    if theirs:
        kept = _secrets_apart_from(
            person,
            moment,
        )
        end_devices(
            person,
            theirs,
            by=person.key,
            now=moment,
        )
        db.session.commit()
        return _set(
            response,
            kept,
        )
    return response


def local_day(at: datetime, person: Person) -> date:
    """Return the day of an instant where a person is."""
    return at.astimezone(ZoneInfo(person.zone or practice().zone)).date()


def device_here(person: Person) -> str | None:
    """Return the id of this device in the list of a person's; None when it is not in it."""
    for row in devices_behind(
        _secrets(),
        now=now(),
    ):
        if row.person_id == person.id:
            return row.id
    return None


def _people_kept(moment: datetime) -> list[Person]:
    rows = devices_behind(
        _secrets(),
        now=moment,
    )
    if not rows:
        return []
    people = people_by_id({row.person_id for row in rows}).values()
    return [
        person
        for person in people
        if may_be_kept(
            person,
            moment,
        )
    ]


def _end_of_program(person: Person, moment: datetime) -> datetime:
    """Return the instant at which a person's program is over: the patient's last day, at their
    clinic.
    """
    if person.kind is PersonKind.PATIENT:
        patient_id = person.id
    else:
        patient_id = _patient_of(person)
    zone = ZoneInfo(practice().zone)
    stay = stay_of(patient_id, moment.astimezone(zone).date())
    if stay is None:
        return datetime.min.replace(tzinfo=UTC)
    after = stay.last + timedelta(days=1)
    return datetime.combine(after, time(), zone).astimezone(UTC)


def _patient_of(person: Person) -> str:
    if person.relative is not None:
        return person.relative.patient_id
    return ""


def _secrets() -> list[str]:
    """Return the secrets that this browser brought."""
    try:
        secrets = _signer().loads(
            request.cookies.get(
                named_cookie(DEVICE),
                "",
            )
        )
    except (BadSignature, ValueError, TypeError):
        return []
    return [str(secret) for secret in secrets][:MOST_PEOPLE]


def _secrets_apart_from(person: Person, moment: datetime) -> list[str]:
    kept = []
    for secret in _secrets():
        rows = devices_behind(
            [secret],
            now=moment,
        )
        if rows and rows[0].person_id != person.id:
            kept.append(secret)
    return kept


def _set(response: Response, secrets: list[str]) -> Response:
    response.set_cookie(
        named_cookie(DEVICE),
        _signer().dumps(secrets),
        max_age=LONGEST if secrets else 0,
        httponly=True,
        secure=is_secure(),
        samesite="Lax",
        path="/",
    )
    return response


def _what() -> str:
    said = request.headers.get(
        "User-Agent",
        "",
    )
    return next((name for name in NAMES if name in said), "")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(signing_keys(), salt=DEVICE)
