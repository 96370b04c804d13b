"""`sessions export`: every session, published or proposed, one JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import click
from flask.cli import AppGroup

from scheduler.cli.answers import answering
from scheduler.consents import audiences
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people.models import PersonKind
from scheduler.planning import every_session, write_proposed
from scheduler.programs import Seats
from scheduler.sessions.models import Session, Status

sessions = AppGroup("sessions", help="Read sessions out.")


@sessions.command("export")
@answering
def export_command() -> None:
    """Print all sessions, one JSON object a line; `family` is who may be invited at this moment."""
    moment = now()
    proposed = write_proposed(by="command", now=moment)
    for line in _lines(every_session(), proposed, moment):
        click.echo(json.dumps(line, ensure_ascii=False))
    db.session.rollback()


def _lines(rows: Iterable[Session], proposed: frozenset[str], moment: datetime) -> Iterator[dict[str, Any]]:
    rows = list(rows)
    told = audiences(rows, now=moment)
    for row in rows:
        people: dict[PersonKind, list[str]] = {kind: [] for kind in PersonKind}
        for recipient in told[row.id]:
            people[recipient.role].append(recipient.person.key)
        if row.status is Status.CANCELLED and row.seats is not Seats.FAMILIES:
            people[PersonKind.PATIENT] = [one.key for one in row.patients]
        yield {
            "key": row.key,
            "cohort": row.cohort.key,
            "kind": row.kind,
            "title": row.title,
            "status": "proposed" if row.key in proposed else row.status,
            "start": _utc(row.starts_at),
            "end": _utc(row.ends_at),
            "zone": row.zone,
            "week": row.week,
            "clinicians": [one.key for one in row.leads],
            "patients": sorted(people[PersonKind.PATIENT]),
            "family": sorted(people[PersonKind.RELATIVE]),
            "room": row.room.key if row.room else None,
        }


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
