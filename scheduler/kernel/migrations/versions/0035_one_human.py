"""One human behind several rows of people: their sessions exclude each other, whichever row is in them.

Relatives whom a plan counts on and who are somebody else's relative, or a patient, too, are kept with the session.
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("body_id", sa.String(length=32), nullable=True))
    some = sa.text("body_id IS NOT NULL")
    op.create_index("ix_people_body_id", "people", ["body_id"], postgresql_where=some, sqlite_where=some)
    op.create_table(
        "session_guests",
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_session_guests_session_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_session_guests_person_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_session_guests")),
    )
    op.create_index("ix_session_guests_person_id", "session_guests", ["person_id"])
    connection = op.get_bind()
    path = Path(__file__).with_name(f"0035_one_human.{connection.dialect.name}.sql")
    for statement in path.read_text(encoding="utf-8").split("-- ;;\n"):
        connection.exec_driver_sql(statement)
