"""Who is the same human as whom: all rows of each, and nobody else's. The father is one row."""

from household import Household
from scheduler.kernel.database import db
from scheduler.people import bodies_by_id, bodies_by_key, other_selves, rows_of_bodies


def test_rows_of_one_human_are_found_by_any_of_them(home: Household) -> None:
    home.aunt.body_id = home.mother.body_id = home.mother.id
    db.session.flush()
    both = {home.aunt.id: home.mother.id, home.mother.id: home.mother.id}
    rows = rows_of_bodies([home.mother.id])

    assert bodies_by_id([home.aunt.id, home.mother.id, home.father.id]) == both
    assert bodies_by_key([home.aunt.key, home.father.key]) == {home.aunt.key: home.mother.id}
    assert sorted(row.id for row in rows[home.mother.id]) == sorted(both)
    assert other_selves([home.aunt.id, home.father.id]) == {home.mother.id}
