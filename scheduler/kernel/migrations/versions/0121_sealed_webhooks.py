"""The secrets of webhooks sealed."""

import sqlalchemy as sa
from alembic import op

from scheduler.kernel.schema.sealed_text import has_keys, seal

revision = "0121"
down_revision = "0116"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("sealed", sa.Text(), nullable=True))
    upgrade_rows()


def upgrade_rows() -> None:
    """Seal what stands open; without a key, as in a bare migration, it stays."""
    if has_keys():
        _seal()


def _seal() -> None:
    line = op.get_bind()
    write = sa.text("UPDATE webhooks SET sealed = :sealed, secret = '' WHERE id = :id")
    rows = list(line.execute(sa.text("SELECT id, secret FROM webhooks WHERE secret <> ''")))
    for webhook_id, secret in rows:
        line.execute(write, {"sealed": seal(secret), "id": webhook_id})
