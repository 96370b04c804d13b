"""Accounts of staff: roles that mean something, cover, links, second factor; the record by index.

Whoever is staff keeps what they could do so far: everybody becomes a coordinator, too.
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0055"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ALL = "coordinator"


def upgrade() -> None:
    op.add_column("clinicians", sa.Column("ended_at", MOMENT, nullable=True))
    for name in ("about", "by", "at"):
        op.create_index(f"ix_audit_entries_{name}", "audit_entries", [name, "number"])
    _cover()
    _glass()
    _links()
    _factors()
    _keep_what_they_could()


def _cover() -> None:
    op.create_table(
        "covers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("away_id", sa.String(length=32), nullable=False),
        sa.Column("covering_id", sa.String(length=32), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint("first <= last", name=op.f("ck_covers_days")),
        sa.ForeignKeyConstraint(["away_id"], ["people.id"], name=op.f("fk_covers_away_id")),
        sa.ForeignKeyConstraint(["covering_id"], ["people.id"], name=op.f("fk_covers_covering_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
    )
    op.create_index(op.f("ix_covers_away_id"), "covers", ["away_id"])
    op.create_index(op.f("ix_covers_covering_id"), "covers", ["covering_id"])


def _glass() -> None:
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["people.id"], name=op.f("fk_broken_glass_staff_id")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["people.id"], name=op.f("fk_broken_glass_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broken_glass")),
    )
    op.create_index("ix_broken_glass_who", "broken_glass", ["staff_id", "patient_id", "ends_at"])


def _links() -> None:
    op.create_table(
        "password_links",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_password_links_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_links_token_hash")),
    )
    op.create_index(op.f("ix_password_links_person_id"), "password_links", ["person_id"])


def _factors() -> None:
    op.create_table(
        "second_factors",
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_second_factors_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_second_factors")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_recovery_codes_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])


def _keep_what_they_could() -> None:
    line = op.get_bind()
    rows = list(line.execute(sa.text("SELECT person_id, roles FROM clinicians")))
    write = sa.text("UPDATE clinicians SET roles = :roles WHERE person_id = :person_id")
    for person_id, roles in rows:
        said = json.loads(roles) if isinstance(roles, str) else list(roles or [])
        if ALL not in said:
            line.execute(write, {"person_id": person_id, "roles": json.dumps([*said, ALL])})
