"""For whom a command is run: the operator of the machine, or an account of staff, which is held to
the table of roles as its pages are.
"""

from datetime import date

import click
from flask import current_app, has_app_context

from scheduler import audit
from scheduler.cli.command_deeds import LINES, Line, Named
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError, NotFound
from scheduler.people import Deed, Reach, may, person_by_key, practice, roles_on
from scheduler.people.models import Person
from scheduler.sessions import patient_reach, session_reach

OPERATOR = "command"
"""Who does what a command does, where it names no account."""


class NotAllowed(KinfoldError):
    """The table of roles does not let an account do this."""


def actor() -> str:
    """Return by whom a command is done: the key of the account it is run for, or the operator."""
    return _account() or OPERATOR


def hold_to_table(context: click.Context | None) -> None:
    """Let pass the operator, and an account as far as the table lets its pages go. Raises
    NotAllowed, which is written down, and NotFound for who is not there; commits.
    """
    key = _account()
    if key is None or context is None:
        return
    staff = person_by_key(key)
    path = _words_of(context)
    is_allowed = is_open(staff, LINES.get(path), context.params, day=practice().day_at(now()))
    db.session.rollback()
    if is_allowed:
        return
    audit.append("refused", f"command {path}", {}, by=key, now=now())
    db.session.commit()
    raise NotAllowed(f"{key} may not: {path}")


def is_open(staff: Person, line: Line | None, said: dict[str, object], *, day: date) -> bool:
    """True if the table lets somebody of staff do all that a command does to what it names."""
    account = staff.clinician
    if line is None or account is None or account.ended_at is not None:
        return False
    roles = roles_on(staff, day=day)
    reach = _reach(staff, line, said, day)
    return bool(roles) and all(may(roles, deed, reach) for deed in line.deeds)


def may_do_to_all(deed: Deed) -> bool:
    """True if whoever a command is run for may do a deed to everybody."""
    key = _account()
    if key is None:
        return True
    roles = roles_on(person_by_key(key), day=practice().day_at(now()))
    return may(roles, deed, Reach.OTHER)


def _reach(staff: Person, line: Line, said: dict[str, object], day: date) -> Reach:
    """Return how far it is to what a command names; what is not there is others'."""
    key = str(said.get(line.parameter) or "")
    if line.names is Named.SESSION:
        return session_reach(staff, key, day=day)
    if line.names is Named.PATIENT:
        return _patient_reach(staff, key, day)
    return Reach.OTHER


def _patient_reach(staff: Person, key: str, day: date) -> Reach:
    try:
        patient = person_by_key(key)
    except NotFound:
        return Reach.OTHER
    return patient_reach(staff, patient.id, day=day)


def _account() -> str | None:
    if not has_app_context():
        return None
    account: str | None = current_app.config["KINFOLD"].acting_as
    return account


def _words_of(context: click.Context) -> str:
    """Return a command as it is typed, without the program before it."""
    names: list[str] = []
    step: click.Context | None = context
    while step is not None:
        names.insert(0, step.command.name or "")
        step = step.parent
    return " ".join(names[-2:])
