"""To which time somebody answered, who cancelled a session and when, and where a task leads."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

CANCELLED = """
    UPDATE sessions SET cancelled_by = entry."by", cancelled_at = entry.at
    FROM (
        SELECT about, max(number) AS number FROM audit_entries
        WHERE deed = 'sessions.cancel' GROUP BY about
    ) AS last JOIN audit_entries AS entry ON entry.number = last.number
    WHERE sessions.key = last.about AND sessions.status = 'cancelled'
"""
ANSWERS = """
    SELECT answers.id, answers.sequence, answers.recurrence, invitations.sequence, invitations.told,
        (SELECT max(letters.created_at) FROM letters
         WHERE letters.uid = answers.uid AND letters.sequence = answers.sequence) AS written
    FROM answers JOIN invitations ON invitations.uid = answers.uid
    WHERE invitations.told IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("sessions", sa.Column("cancelled_by", sa.String(length=64), nullable=True))
    op.add_column(
        "sessions", sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("answers", sa.Column("answered_to", sa.JSON(), nullable=True))
    op.add_column("tasks", sa.Column("leads_to", sa.String(length=300), nullable=True))
    line = op.get_bind()
    line.execute(sa.text(CANCELLED))
    changed = {}
    for session_id, at in line.execute(sa.text("SELECT id, changed_at FROM sessions")):
        changed[session_id] = at
    write = sa.text("UPDATE answers SET answered_to = :times WHERE id = :id")
    for answer_id, times in list(_answered(line, changed)):
        line.execute(write, {"id": answer_id, "times": json.dumps(times)})


def _answered(line: sa.Connection, changed: dict[str, object]) -> Iterator[tuple[str, object]]:
    """Yield each answer that stood, and the times it was an answer to: of its date, or of all."""
    for answer_id, sequence, recurrence, newest, told, written in line.execute(sa.text(ANSWERS)):
        document = json.loads(told) if isinstance(told, str) else told
        is_newest = sequence is None or sequence >= newest
        times = {}
        for session_id, _start, minutes, begins in document["meetings"]:
            at = changed.get(session_id)
            if is_newest or (written is not None and at is not None and at <= written):
                times[session_id] = [begins, minutes]
        if times and (recurrence is None or not document["series"]):
            yield answer_id, times
