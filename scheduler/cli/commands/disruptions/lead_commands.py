"""`sessions lead`: a colleague in a leader's place, for one session or all that follow."""

import click

from scheduler.cli.acting_as import actor
from scheduler.cli.commands.session_commands import said_of, sessions
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import person_by_key
from scheduler.people.models import Person
from scheduler.planning import colleagues_for, judge_trial, let_lead, let_lead_onward
from scheduler.sessions import session_by_key
from scheduler.sessions.models import Session


@sessions.command("lead")
@click.argument("key")
@click.argument("clinician")
@click.option("--for", "leader", help="Whose place it is; needed where several lead it.")
@click.option("--onward", is_flag=True, help="And all that follow in its series they could lead.")
@answering
def lead_command(key: str, clinician: str, leader: str | None, onward: bool) -> None:
    """Let CLINICIAN (key) lead the session KEY instead of who leads it, now and in later plans; the
    worker tells everybody it concerns.

    Who could not is refused, with the colleagues who could.
    """
    row = session_by_key(key)
    moment = now()
    comes = person_by_key(clinician)
    leaves = _whose_place(row, leader)
    left: list[str] = []

    def change() -> list[Session]:
        if not onward:
            return let_lead(row, leaves=leaves, comes=comes, by=actor(), now=moment)
        led = let_lead_onward(row, leaves=leaves, comes=comes, by=actor(), now=moment)
        left.extend(f"not led by {clinician}: {why}" for why in led.left)
        return led.done

    try:
        done, brought = judge_trial(row.cohort.key, change, now=moment)
        if brought.refusal:
            raise Conflict(brought.refusal)
    except Conflict as error:
        db.session.rollback()
        could = colleagues_for(session_by_key(key), now=moment)
        lines = [f"{error}. Nothing was changed.", *(f"could lead it: {who}" for who in could)]
        raise Conflict("\n".join(lines)) from error
    said_of(done, f"led by {clinician}", brought.to_know, left)


def _whose_place(row: Session, leader: str | None) -> Person:
    """Return in whose place another one comes. Raises InputError where several lead it."""
    if leader is not None:
        return person_by_key(leader)
    if len(row.leads) != 1:
        raise InputError(f"several lead {row.key}: say whose place it is with --for")
    return row.leads[0]
