"""What reading one record asks of the database, on each engine."""

from flask import Flask
from sqlalchemy import event

from scheduler.kernel.database import db
from tests.web.api.caller import program

ASKED = {
    "sqlite": "BEGIN SELECT SELECT ROLLBACK BEGIN UPDATE SELECT INSERT COMMIT",
    "postgresql": "SELECT SELECT UPDATE SELECT SELECT INSERT COMMIT",
}
"""The token with its person and the patient; the count, the record's newest line (PostgreSQL waits
for its turn first) and the next.
"""


def test_reading_one_asks_twice_and_is_recorded_once(house: Flask) -> None:
    caller = program(house, "desk")
    caller.get("/patients/jordan")
    asked: list[str] = []
    listening = {
        "before_cursor_execute": lambda *said: asked.append(said[2].split()[0]),
        "commit": lambda _: asked.append("COMMIT"),
        "rollback": lambda _: asked.append("ROLLBACK"),
    }
    for name, hear in listening.items():
        event.listen(db.engine, name, hear)
    try:
        caller.get("/patients/jordan")
    finally:
        for name, hear in listening.items():
            event.remove(db.engine, name, hear)

    assert " ".join(asked) == ASKED[db.engine.dialect.name]
