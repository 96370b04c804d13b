"""Sessions by command: every one as a JSON object a line; move, shorten or cancel one, or all from
one date on, and put one back.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import click
from flask.cli import AppGroup

from scheduler import audit
from scheduler.attendance import who_came
from scheduler.cli.acting_as import NotAllowed, actor, may_do_to_all
from scheduler.cli.exit_codes import answering
from scheduler.cli.near_days import near_day
from scheduler.cli.reports.places_report import places_to_move, places_to_put_back
from scheduler.consents import Recipient, audiences
from scheduler.invitations import standing_answers
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import Deed, practice
from scheduler.people.models import PersonKind
from scheduler.planning import (
    Finding,
    bend_rules,
    every_session,
    judge_trial,
    write_proposed,
)
from scheduler.programs import Seats
from scheduler.sessions import (
    apply_tzdata_update,
    cancel_sessions,
    close_days,
    edit_sessions,
    is_within_reach,
    moved_by_law,
    put_back,
    session_by_key,
)
from scheduler.sessions.models import Session, Status

sessions = AppGroup("sessions", help="Read sessions out; move, shorten, cancel or put them back.")
ONWARD = click.option(
    "--onward", is_flag=True, help="And all that follow in its series, by as much."
)
DAY = click.DateTime(["%Y-%m-%d"])


@sessions.command("export")
@answering
def export_command() -> None:
    """Print all sessions, one JSON object a line; `family` is who may be invited at this moment."""
    moment = now()
    proposed = write_proposed(by=actor(), now=moment)
    lines = [
        json.dumps(line, ensure_ascii=False) for line in _lines(every_session(), proposed, moment)
    ]
    db.session.rollback()
    audit.append("sessions.exported", "sessions", {"lines": len(lines)}, by=actor(), now=moment)
    db.session.commit()
    for line in lines:
        click.echo(line)


@sessions.command("move")
@click.argument("key")
@click.option(
    "--to", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Wall time of the session's zone."
)
@click.option("--minutes", type=int, help="How long it is from now on.")
@click.option(
    "--override", "reason", help="Why a rule that a person may bend is bent here; it is kept."
)
@ONWARD
@answering
def move_command(
    key: str, to: datetime | None, minutes: int | None, reason: str | None, onward: bool
) -> None:
    """Move the session KEY, change its length, or both; the worker tells everybody it concerns.

    What would break a rule that was not broken before is refused, as on the desk's page, with the
    nearest places that work.
    """
    if to is None and minutes is None:
        raise InputError("say where to or how long: --to 2027-03-09T18:00, --minutes 45")
    _refuse_bending(reason)
    row = session_by_key(key)
    moment = now()
    _refuse_far(row, to, moment)
    change = partial(
        edit_sessions, row, to=to, minutes=minutes, onward=onward, by=actor(), now=moment
    )
    try:
        done, brought = judge_trial(row.cohort.key, change, now=moment)
        if brought.refusal and reason is None:
            hint = '\nTo bend it, say why: --override "…"' if brought.may_be_bent else ""
            raise Conflict(f"{brought.refusal}. Nothing was changed.{hint}")
        if brought.refusal:
            bend_rules(brought, done, reason=reason or "", by=actor(), now=moment)
    except (Conflict, InputError) as error:
        db.session.rollback()
        lines = [str(error), *places_to_move(key, to, minutes, onward, moment)]
        raise type(error)("\n".join(lines)) from error
    bent = [f"accepted: {finding.sentence} ({reason})" for finding in brought.broken]
    said_of(done, "moved", brought.to_know, bent)


def _refuse_bending(reason: str | None) -> None:
    """Raise NotAllowed for a reason of somebody who may not bend rules."""
    if reason is not None and not may_do_to_all(Deed.BEND_RULES):
        raise NotAllowed("--override: only who may bend rules gives a reason")


def _refuse_far(row: Session, to: datetime | None, moment: datetime) -> None:
    """Raise InputError for a day that no session may be moved to, before any work."""
    if to is None or is_within_reach(row, to.date(), today=practice().day_at(moment)):
        return
    raise InputError(f"--to {to:%Y-%m-%d} lies outside the cohort's stay and two years from today")


@sessions.command("cancel")
@click.argument("key")
@ONWARD
@answering
def cancel_command(key: str, onward: bool) -> None:
    """Cancel the session KEY; the worker tells everybody it concerns."""
    row = session_by_key(key)
    moment = now()
    change = partial(cancel_sessions, row, onward=onward, by=actor(), now=moment)
    done, brought = judge_trial(row.cohort.key, change, now=moment)
    said_of(done, "cancelled", brought.of_a_cancellation().to_know)


@sessions.command("put-back")
@click.argument("key")
@click.option(
    "--to",
    type=click.DateTime(["%Y-%m-%dT%H:%M"]),
    help="Another time for a cancelled one; wall time of the session's zone.",
)
@answering
def put_back_command(key: str, to: datetime | None) -> None:
    """Put the session KEY back where it was before it was cancelled or moved; until it begins.

    What would break a rule that was not broken before is refused, as on the desk's page, with the
    nearest places that work.
    """
    row = session_by_key(key)
    moment = now()
    _refuse_far(row, to, moment)
    change = partial(put_back, row, to=to, by=actor(), now=moment)
    try:
        done, brought = judge_trial(row.cohort.key, change, now=moment)
        if brought.refusal:
            raise Conflict(f"{brought.refusal}. Nothing was changed.")
    except (Conflict, InputError) as error:
        db.session.rollback()
        lines = [str(error), *places_to_put_back(key, to, moment)]
        raise type(error)("\n".join(lines)) from error
    said_of(done, "put back", brought.to_know)


@sessions.command("zones")
@click.option("--apply", is_flag=True, help="Move them; the worker tells everybody it concerns.")
@answering
def zones_command(apply: bool) -> None:
    """List the sessions that new time zone rules put at another moment: the wall clock stays, the
    instant moves.
    """
    found = apply_tzdata_update(by=actor(), now=now()) if apply else moved_by_law(now=now())
    for move in found:
        row = move.session
        left = "" if move.steady else ": a skipped or doubled hour, move it yourself"
        click.echo(
            f"{row.key}, {row.starts_local.replace('T', ' ')} {row.zone}, is "
            f"{_utc(move.starts_at)} now{left}"
        )
    click.echo(f"{len(found)} sessions {'were' if apply else 'would be'} at another moment")
    db.session.commit()


@sessions.command("close")
@click.argument("first", type=DAY)
@click.argument("last", type=DAY)
@click.option("--dry-run", is_flag=True, help="Say what would be cancelled, and change nothing.")
@answering
def close_command(first: datetime, last: datetime, dry_run: bool) -> None:
    """Cancel every session from the day FIRST through the day LAST; the worker tells everybody it
    concerns.
    """
    moment = now()
    near_day("FIRST", first, now=moment)
    near_day("LAST", last, now=moment)
    if last < first:
        raise InputError("the last day is before the first")
    rows = close_days(
        first,
        last.replace(hour=23, minute=59),
        by=actor(),
        now=moment,
    )
    said_of(rows, "would be cancelled" if dry_run else "cancelled", kept=not dry_run)


def said_of(
    rows: Iterable[Session],
    word: str,
    to_know: Sequence[Finding] = (),
    bent: Sequence[str] = (),
    *,
    kept: bool = True,
) -> None:
    """Name what was changed, in its own zone, and what is to be known of it; keep it, or undo
    it.
    """
    said = [
        f"{word}: {row.key}, {row.starts_local.replace('T', ' ')} {row.zone}, {row.minutes} min"
        for row in rows
    ]
    if kept:
        db.session.commit()
    else:
        db.session.rollback()
    for line in [
        *(said or ["nothing was to be changed"]),
        *bent,
        *(f"to know: {finding.sentence}" for finding in to_know),
    ]:
        click.echo(line)


def _lines(
    rows: Iterable[Session], proposed: frozenset[str], moment: datetime
) -> Iterator[dict[str, Any]]:
    rows = list(rows)
    told = audiences(rows, now=moment)
    answers = standing_answers(told, rows)
    came = who_came([row.id for row in rows])
    for row in rows:
        line = _line(row, told[row.id], proposed)
        line["answers"] = answers[row.id]
        line["attendance"] = came.get(row.id, {})
        yield line


def _line(row: Session, told: Iterable[Recipient], proposed: frozenset[str]) -> dict[str, Any]:
    """Return what is said of one session."""
    people: dict[PersonKind, list[str]] = {kind: [] for kind in PersonKind}
    for recipient in told:
        people[recipient.role].append(recipient.person.key)
    if row.status is Status.CANCELLED and row.seats is not Seats.FAMILIES:
        people[PersonKind.PATIENT] = [patient.key for patient in row.patients]
    return {
        "key": row.key,
        "cohort": row.cohort.key,
        "kind": row.kind,
        "title": row.title,
        "status": "proposed" if row.key in proposed else row.status,
        "start": _utc(row.starts_at),
        "end": _utc(row.ends_at),
        "zone": row.zone,
        "week": row.week,
        "clinicians": [clinician.key for clinician in row.leads],
        "patients": sorted(people[PersonKind.PATIENT]),
        "family": sorted(people[PersonKind.RELATIVE]),
        "room": row.room.key if row.room else None,
        "cancelled_by": row.cancelled_by,
        "cancelled_at": _utc(row.cancelled_at) if row.cancelled_at else None,
    }


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
