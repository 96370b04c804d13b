"""Patients choose how their sessions come into their own calendar; an invitation of their own needs no grant.

SQLite cannot loosen a column: the table and what refers to it are written anew, rows and all.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("invitations", "answers", "replies_held")
OWN = "grant_id IS NOT NULL OR person_id = patient_id"


def upgrade() -> None:
    op.create_table(
        "calendar_choices",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("way", sa.String(length=32), nullable=False),
        sa.Column("first_names", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("way IN ('feed', 'invitations', 'both')", name=op.f("ck_calendar_choices_way")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_choices_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_calendar_choices")),
    )
    if op.get_bind().dialect.name == "sqlite":
        _write_anew()
        return
    op.alter_column("invitations", "grant_id", existing_type=sa.String(length=32), nullable=True)
    op.create_check_constraint(op.f("ck_invitations_granted_or_own"), "invitations", OWN)


def _write_anew() -> None:
    connection = op.get_bind()
    said = {name: _said(connection, name) for name in TABLES}
    for name in TABLES:
        op.execute(f"CREATE TEMP TABLE kept_{name} AS SELECT * FROM {name}")
    for name in reversed(TABLES):
        op.execute(f"DROP TABLE {name}")
    loosened = said["invitations"][0].replace("grant_id VARCHAR(32) NOT NULL", "grant_id VARCHAR(32)")
    key = "CONSTRAINT pk_invitations"
    assert loosened != said["invitations"][0] and loosened.count(key) == 1
    said["invitations"][0] = loosened.replace(key, f"CONSTRAINT ck_invitations_granted_or_own CHECK ({OWN}), {key}")
    for name in TABLES:
        for statement in said[name]:
            connection.exec_driver_sql(statement)
        op.execute(f"INSERT INTO {name} SELECT * FROM kept_{name}")
        op.execute(f"DROP TABLE kept_{name}")


def _said(connection: sa.Connection, name: str) -> list[str]:
    """Give the statements that made a table and its indexes, the table's first."""
    rows = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'", (name,)
    )
    return [row[0] for row in rows]
