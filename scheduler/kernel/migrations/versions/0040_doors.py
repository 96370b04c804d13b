"""Devices that stay known, short links of text messages, and what was told before a change."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_devices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_kept_devices_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kept_devices"),
        sa.UniqueConstraint("token_hash", name="uq_kept_devices_token_hash"),
    )
    op.create_index("ix_kept_devices_person_id", "kept_devices", ["person_id"])
    op.create_table(
        "short_links",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("patient_id", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.String(length=32), nullable=False),
        sa.Column("uid", sa.String(length=255), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_short_links_person_id"),
        sa.ForeignKeyConstraint(["patient_id"], ["people.id"], name="fk_short_links_patient_id"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_short_links_session_id"),
        sa.ForeignKeyConstraint(["uid"], ["invitations.uid"], name="fk_short_links_uid"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_short_links"),
    )
    op.create_index("ix_short_links_person_id", "short_links", ["person_id"])
    op.create_index("ix_short_links_ends_at", "short_links", ["ends_at"])
    op.add_column("invitations", sa.Column("was", sa.JSON(none_as_null=True), nullable=True))
