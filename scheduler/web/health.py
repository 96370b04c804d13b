"""Is it well: for load balancers and watchers; figures without personal data."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.outbox import counts, oldest_due, worker_is_fresh
from scheduler.web.access import Who, allow

health = Blueprint("health", __name__)
LEAST = 60.0
"""Seconds a heartbeat may be old at least; longer pulses get twelve of them."""


@health.get("/healthz")
@allow(Who.ANYONE)
def serving() -> Response:
    """Give 200 when the database answers."""
    try:
        reading()
        db.session.execute(text("SELECT 1 FROM practice"))
    except SQLAlchemyError:
        return _said(False, "the database does not answer")
    return _said(True, "ok")


@health.get("/healthz/worker")
@allow(Who.ANYONE)
def working() -> Response:
    """Give 200 when some worker's heartbeat is fresh."""
    try:
        reading()
        fresh = worker_is_fresh(within=_within(), now=now())
    except SQLAlchemyError:
        return _said(False, "the database does not answer")
    return _said(fresh, "ok" if fresh else "no worker has finished a round lately")


@health.get("/metrics")
@allow(Who.ANYONE)
def figures() -> Response:
    """Give the figures as Prometheus reads them."""
    reading()
    moment = now()
    oldest = oldest_due(now=moment)
    lines = ["# HELP kinfold_letters Letters by state.", "# TYPE kinfold_letters gauge"]
    lines += [f'kinfold_letters{{state="{state.value}"}} {many}' for state, many in counts().items()]
    lines += _gauge("kinfold_oldest_due_seconds", "Since when the oldest letter is due.", _age(oldest, moment))
    fresh = worker_is_fresh(within=_within(), now=moment)
    lines += _gauge("kinfold_worker_fresh", "1 when some worker finished a round lately.", int(fresh))
    return Response("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _gauge(name: str, meaning: str, value: float) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value:g}"]


def _age(since: datetime | None, moment: datetime) -> float:
    return 0 if since is None else (moment - since).total_seconds()


def _within() -> timedelta:
    return timedelta(seconds=max(LEAST, 12 * current_app.config["KINFOLD"].tick_seconds))


def _said(well: bool, words: str) -> Response:
    return Response(f"{words}\n", 200 if well else 503, mimetype="text/plain")
