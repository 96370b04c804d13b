"""Nobody and no room in two sessions at once, by the database itself: whom a session keeps engaged, and that once.

PostgreSQL excludes it; a range of one word stands for equality, so that no extension is needed (`btree_gist` is often
not there). SQLite has no such constraint: what clashes refers to nothing, and the transaction cannot be committed.
Both look when a transaction ends, so that a new plan may let sessions change places.

Of sessions that stood at once before this, the later one is left out until it is next changed.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ONE_WORD = 'CREATE TYPE one_word AS RANGE (subtype = text, collation = "C")'
ONE_AT_A_TIME = """ALTER TABLE engagements ADD CONSTRAINT ex_engagements_one_at_a_time EXCLUDE USING gist
(one_word(what, what, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&) DEFERRABLE INITIALLY DEFERRED"""
STANDING = """
SELECT s.id, t.what, s.starts_at, s.ends_at FROM sessions s JOIN (
  SELECT l.session_id, l.person_id AS what FROM session_leads l
  UNION SELECT p.session_id, p.person_id FROM session_patients p JOIN sessions h ON h.id = p.session_id
    AND h.seats <> 'families'
  UNION SELECT r.id, r.room_id FROM sessions r WHERE r.room_id IS NOT NULL) t ON t.session_id = s.id
WHERE s.status <> 'cancelled' ORDER BY t.what, s.starts_at, s.id"""


def upgrade() -> None:
    connection = op.get_bind()
    _table()
    if connection.dialect.name == "postgresql":
        op.execute(ONE_WORD)
        op.execute(ONE_AT_A_TIME)
        # The triggers' lock lets every writer finish first, and keeps the next one out: nothing is missed.
        _triggers(connection)
        _fill(connection)
    else:
        _fill(connection)
        _triggers(connection)


def _table() -> None:
    op.create_table(
        "engagements",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clash", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_engagements_session_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["clash"], ["sessions.id"], name=op.f("fk_engagements_clash"), deferrable=True, initially="DEFERRED"
        ),
        sa.PrimaryKeyConstraint("session_id", "what", name=op.f("pk_engagements")),
        sa.CheckConstraint("clash = '!'", name=op.f("ck_engagements_clash")),
    )
    op.create_index("ix_engagements_what", "engagements", ["what", "ends_at"])
    clash = sa.text("clash IS NOT NULL")
    op.create_index("ix_engagements_clash", "engagements", ["clash"], postgresql_where=clash, sqlite_where=clash)


def _fill(connection: sa.Connection) -> None:
    kept, last = [], (None, None)
    for row in connection.execute(sa.text(STANDING)):
        if row.what == last[0] and row.starts_at < last[1]:
            continue
        last = (row.what, row.ends_at)
        kept.append({"session": row.id, "what": row.what, "starts": row.starts_at, "ends": row.ends_at})
    if kept:
        into = "INSERT INTO engagements (session_id, what, starts_at, ends_at) VALUES (:session, :what, :starts, :ends)"
        connection.execute(sa.text(into), kept)


def _triggers(connection: sa.Connection) -> None:
    path = Path(__file__).with_name(f"0020_one_at_a_time.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement)
