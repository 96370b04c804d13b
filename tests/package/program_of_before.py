"""Run in the folder of the program of 0.1.0, with its settings: a clinic is loaded and published,
many letters wait, and its pages are served at a port until it is ended. It prints whose letters
wait and how to be signed in.
"""

import json
import sys
from datetime import date, timedelta
from typing import Any

import waitress
from scheduler.cli.demo_clinic import SIGN_INS, clinic_file
from scheduler.kernel.migrate import upgrade
from sqlalchemy import insert, select

from config import Config
from scheduler import create_app
from scheduler.clinics import load, read
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import begin_sign_in, person_by_key
from scheduler.planning import begin, keep, make_plan, publish


def publish_clinic() -> None:
    """Load the clinic of the demo, plan its evening cohort and publish it."""
    today = date.today()
    file = read(clinic_file(today + timedelta(days=7 - today.weekday())))
    load(file, by="before", now=now())
    db.session.commit()
    task = begin("evening", now=now())
    db.session.rollback()
    plan = make_plan(task.problem, seconds=0.3, seed=0)
    keep(task, plan, seed=0, by="before", now=now())
    publish("evening", by="before", now=now())
    announce(by="before", now=now())
    db.session.commit()


def let_wait(many: int) -> list[str]:
    """Let so many letters wait, each like one that does; return the Message-IDs of all."""
    table = Letter.__table__
    waiting = select(table).where(table.c.state == LetterState.WAITING)
    models = [dict(row) for row in db.session.execute(waiting).mappings()]
    found = [str(model["message_id"]) for model in models]
    rows = [copied(models[number % len(models)]) for number in range(many - len(models))]
    if rows:
        db.session.execute(insert(table), rows)
    db.session.commit()
    return found + [str(row["message_id"]) for row in rows]


def copied(model: dict[str, Any]) -> dict[str, Any]:
    """Return a letter of its own with the same words to the same person."""
    name = new_id()
    message_id = str(model["message_id"]).replace(str(model["id"]), name)
    mime = bytes(model["mime"]).replace(model["message_id"].encode(), message_id.encode())
    row = model | {"id": name, "dedupe_key": name, "kind": "update", "uid": None}
    return row | {"sequence": None, "mime": mime, "message_id": message_id, "follows": None}


def main(port: int, many: int) -> None:
    """Make it all, say so, and serve."""
    app = create_app(Config.from_environment())
    with app.app_context():
        upgrade(db.engine)
        publish_clinic()
        message_ids = let_wait(many)
        secret = begin_sign_in(person_by_key(SIGN_INS[0][0]), now=now())
        db.session.commit()
        db.session.remove()
    print(json.dumps({"message_ids": message_ids, "secret": secret}), flush=True)
    waitress.serve(app, listen=f"127.0.0.1:{port}", threads=8)


main(int(sys.argv[1]), int(sys.argv[2]))
