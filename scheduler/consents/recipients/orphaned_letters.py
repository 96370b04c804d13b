"""Letters that wait under a consent that no longer holds. They will not leave; but none should
still be waiting.
"""

from datetime import datetime

from sqlalchemy import select

from scheduler.consents.model.models import Grant
from scheduler.consents.model.validity import holds
from scheduler.consents.recipients.audience import is_barred
from scheduler.consents.recipients.barriers import barred_people
from scheduler.kernel.database import db
from scheduler.outbox.models import Basis, Letter, LetterState

OPEN = (LetterState.WAITING, LetterState.RETRY)


def orphaned_letters(*, now: datetime) -> list[Letter]:
    """Return the letters that wait though their consent was withdrawn, and those due by `now` whose
    consent has ended.

    A withdrawal keeps in what waits at that moment; an end, or a barrier, is met when a letter is
    to leave.
    """
    rows = select(Letter, Grant).join(Grant, Grant.id == Letter.grant_id)
    found = db.session.execute(
        rows.where(
            Letter.state.in_(OPEN),
            Letter.basis == Basis.GRANT,
        ).order_by(Letter.due_at, Letter.id)
    ).all()
    stopped = barred_people({grant.patient_id for _, grant in found})
    return [
        letter
        for letter, grant in found
        if grant.revoked_at is not None
        or (
            letter.due_at <= now
            and not (
                _covers(grant, letter, now)
                and not is_barred(grant.person_id, grant.patient_id, stopped)
            )
        )
    ]


def _covers(grant: Grant, letter: Letter, now: datetime) -> bool:
    """Say so as the database's gate does: now, and up to the end of what it tells of; a code tells
    of nothing.
    """
    until = letter.covers_until
    return holds(grant, now) and (
        letter.kind == "code" or until is None or grant.valid_until >= until
    )
