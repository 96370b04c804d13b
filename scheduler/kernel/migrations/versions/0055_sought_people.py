"""What people are found by at the desk: name without accents, key, address, number."""

import sqlalchemy as sa
from alembic import op

from scheduler.kernel.sought import sought_line

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

PEOPLE = sa.table(
    "people",
    sa.column("id", sa.String),
    sa.column("key", sa.String),
    sa.column("name", sa.String),
    sa.column("email", sa.String),
    sa.column("phone", sa.String),
    sa.column("sought", sa.String),
)


def upgrade() -> None:
    op.add_column("people", sa.Column("sought", sa.String(), nullable=False, server_default=""))
    rows = op.get_bind()
    for person in rows.execute(sa.select(PEOPLE)).all():
        line = sought_line(person.name, (person.key, person.email, person.phone))
        mine = PEOPLE.c.id == person.id
        rows.execute(sa.update(PEOPLE).where(mine).values(sought=line))
    op.create_index("ix_people_sought", "people", ["sought"])
