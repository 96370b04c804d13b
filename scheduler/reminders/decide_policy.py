"""What staff decide: which reminders a program sends, to patients and to relatives."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.programs import newest_id
from scheduler.programs.models import Cohort, Program
from scheduler.reminders.models import ReminderPolicy
from scheduler.reminders.policy import USUAL, Audience, Policy


def policy_of(program: Program, audience: Audience) -> Policy:
    """Return what a program sends to an audience: what was decided, else the usual."""
    row = db.session.get(ReminderPolicy, (program.id, audience))
    if row is not None:
        return row.policy
    return USUAL[audience]


def decide(program: Program, audience: Audience, policy: Policy, *, by: str, now: datetime) -> None:
    """Write down what a program sends from now on; it holds for reminders already in place too.
    Raises InputError.
    """
    if not 0 <= policy.earliest < policy.latest <= 23:
        raise InputError(
            "reminders: the hour they begin must lie before the hour they end, both from 0 to 23"
        )
    db.session.merge(ReminderPolicy(program_id=program.id, audience=audience, policy=policy))
    details = {"audience": audience.value} | asdict(policy)
    audit.append(
        "decide reminders", about=f"program {program.key}", details=details, by=by, now=now
    )


def policies_by_cohort() -> dict[tuple[str, Audience], Policy]:
    """Return what was decided for each cohort's program, by (cohort, audience); where nothing
    stands the usual holds.
    """
    decided = {
        (row.program_id, row.audience): row.policy
        for row in db.session.scalars(select(ReminderPolicy))
    }
    wanted = select(Cohort.id, newest_id).join(Program, Program.id == Cohort.program_id)
    cohorts = db.session.execute(wanted).all()
    return {
        (cohort, audience): decided[program, audience]
        for cohort, program in cohorts
        for audience in Audience
        if (program, audience) in decided
    }
