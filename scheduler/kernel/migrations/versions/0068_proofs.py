"""Proofs of who is there: when the last one was, passwords forgotten, a second factor lost; the
secrets of telephones sealed.
"""

import sqlalchemy as sa
from alembic import op

from scheduler.kernel.schema.sealed_text import has_keys, seal

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("sign_ins", sa.Column("proved_at", MOMENT, nullable=True))
    op.add_column("practice", sa.Column("second_factor_from", sa.Date(), nullable=True))
    op.add_column("second_factors", sa.Column("sealed", sa.Text(), nullable=True))
    _asks()
    _losses()
    upgrade_rows()


def upgrade_rows() -> None:
    """Seal what stands open; without a key, as in a bare migration, it stays."""
    if has_keys():
        _seal()


def _asks() -> None:
    op.create_table(
        "password_asks",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_asks")),
    )
    op.create_index(
        "ix_password_asks_waiting",
        "password_asks",
        ["asked_at"],
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )


def _losses() -> None:
    op.create_table(
        "factor_losses",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by_id", sa.String(length=32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_id", sa.String(length=32), nullable=True),
        sa.Column("confirmed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_factor_losses_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_factor_losses_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["people.id"], name=op.f("fk_factor_losses_confirmed_by_id")
        ),
        sa.CheckConstraint(
            "confirmed_by_id IS NULL OR (confirmed_by_id <> asked_by_id "
            "AND confirmed_by_id <> person_id)",
            name=op.f("ck_factor_losses_two_people"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_losses")),
    )
    op.create_index(op.f("ix_factor_losses_person_id"), "factor_losses", ["person_id"])


def _seal() -> None:
    line = op.get_bind()
    write = sa.text("UPDATE second_factors SET sealed = :sealed, secret = '' WHERE person_id = :id")
    rows = list(line.execute(sa.text("SELECT person_id, secret FROM second_factors")))
    for person_id, secret in rows:
        if secret:
            line.execute(write, {"sealed": seal(secret), "id": person_id})
