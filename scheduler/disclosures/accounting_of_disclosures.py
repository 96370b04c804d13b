"""The accounting: every letter that left and every page that was opened, newest first (42 CFR 2.25:
three years).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from scheduler.disclosures.models import Opened, Opening
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState, Phase

YEARS = 3
"""How far back an accounting reaches (42 CFR 2.25)."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One thing one relative was told: a letter of a kind, or a page read `times` times in one day.

    `purposes` and `grant_ids` say under what; `certain` is False of a letter that may or may not
    have arrived.
    """

    at: datetime
    person_id: str
    letter: str | None
    page: Opened | None
    purposes: tuple[str, ...]
    grant_ids: tuple[str, ...]
    certain: bool = True
    times: int = 1


@dataclass(frozen=True, slots=True)
class ReadAddress:
    """A calendar address that a relative's programs ask for, which says when sessions are and
    nothing else: since when it is theirs, until when (None: still), and when it was asked for last.
    """

    person_id: str
    made_at: datetime
    ended_at: datetime | None
    read_at: datetime


def accounting(patient_id: str, *, since: datetime, zone: str) -> list[Disclosure]:
    """Return all that a patient's relatives were told from `since` on, newest first; days are those
    of `zone`.
    """
    found = _letters(patient_id, since) + _pages(patient_id, since, zone)
    return sorted(
        found,
        key=lambda disclosure: (disclosure.at, disclosure.person_id, disclosure.letter or ""),
        reverse=True,
    )


def begin_of_accounting(moment: datetime, zone: str) -> datetime:
    """Return the moment from which an accounting made at `moment` reaches back, a day of `zone`."""
    local = moment.astimezone(ZoneInfo(zone))
    yesterday = local - timedelta(days=1)  # never 29 February of a year that has none
    return yesterday.replace(year=local.year - YEARS) + timedelta(days=1)


def _letters(patient_id: str, since: datetime) -> list[Disclosure]:
    left = (
        (Letter.state == LetterState.SENT)
        | (Letter.phase == Phase.HANDING)
        | (Letter.ambiguous > 0)
    )
    when = func.coalesce(Letter.sent_at, Letter.due_at)
    rows = db.session.execute(
        select(
            Letter.sent_at,
            Letter.due_at,
            Letter.recipient_id,
            Letter.kind,
            Letter.purpose,
            Letter.grant_id,
        )
        .where(
            Letter.subject_id == patient_id,
            Letter.recipient_id != patient_id,
            left,
            when >= since,
        )
        .order_by(Letter.id)
    )
    return [
        Disclosure(
            row.sent_at or row.due_at,
            row.recipient_id,
            row.kind,
            None,
            (row.purpose,),
            (row.grant_id,),
            certain=row.sent_at is not None,
        )
        for row in rows
    ]


def _pages(patient_id: str, since: datetime, zone: str) -> list[Disclosure]:
    rows = db.session.scalars(
        select(Opening).where(
            Opening.patient_id == patient_id,
            Opening.at >= since,
        )
    )
    days: dict[tuple[object, ...], list[Opening]] = {}
    for row in rows:
        scope = tuple(grant["id"] for grant in row.grants)
        key = row.person_id, row.page, scope, row.at.astimezone(ZoneInfo(zone)).date()
        days.setdefault(key, []).append(row)
    return [_day(those) for those in days.values()]


def _day(rows: Sequence[Opening]) -> Disclosure:
    last = max(rows, key=lambda row: row.at)
    purposes = tuple(sorted({grant["purpose"] for grant in last.grants}))
    ids = tuple(grant["id"] for grant in last.grants)
    return Disclosure(
        last.at,
        last.person_id,
        None,
        last.page,
        purposes,
        ids,
        times=len(rows),
    )
