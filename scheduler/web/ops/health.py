"""Is it well: for load balancers and watchers; figures without personal data."""

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from scheduler import invitations, reminders, tasks, webhooks
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.outbox import (
    counts,
    doubtful,
    gateway,
    late_since,
    oldest_due,
    suspended,
    texts_by_state,
    worker_is_fresh,
)
from scheduler.outbox.models import Channel, LetterState
from scheduler.reminders.models import ReminderState
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.hostile_requests import LOOPBACK
from scheduler.webhooks.models import DeliveryState

bp = Blueprint("health", __name__)
FORWARDED = ("X-Forwarded-For", "Forwarded", "Via")
"""What a proxy adds: then this machine asks for somebody else."""
LEAST = 60.0
"""Seconds a heartbeat may be old at least; longer pulses get twelve of them."""
AGAIN = 30
"""Seconds after which to look again at what is not well."""


@bp.get("/healthz")
@allow(Who.ANYONE)
def serving() -> Response:
    """Return 200 when the database answers."""
    try:
        reading()
        db.session.execute(text("SELECT 1 FROM practice"))
    except SQLAlchemyError:
        return _said(False, "the database does not answer")
    return _said(True, "ok")


@bp.get("/healthz/worker")
@allow(Who.ANYONE)
def working() -> Response:
    """Return 200 when some worker's heartbeat is fresh and no letter is late."""
    try:
        reading()
        fresh = worker_is_fresh(within=within(), now=now())
        late = late_since(now=now(), channels=_carried()) is not None and suspended() is None
        unread = mail_unread_since()
    except SQLAlchemyError:
        return _said(False, "the database does not answer")
    if fresh and late:
        return _said(False, "letters are late")
    if fresh and unread is not None:
        return _said(False, "answers by mail are not read")
    return _said(fresh, "ok" if fresh else "no worker has finished a round lately")


@bp.get("/metrics")
@allow(Who.ANYONE)
def figures() -> Response:
    """Return the figures as Prometheus reads them, to this machine or a bearer of the token."""
    if not may_read_figures():
        abort(403)
    reading()
    moment = now()
    oldest = oldest_due(now=moment)
    lines = _by_state("kinfold_letters", "Letters by state.", counts())
    lines += _gauge(
        "kinfold_oldest_due_seconds", "Since when the oldest letter is due.", _age(oldest, moment)
    )
    fresh = worker_is_fresh(within=within(), now=moment)
    lines += _gauge(
        "kinfold_worker_fresh", "1 when some worker finished a round lately.", int(fresh)
    )
    unread = _age(mail_unread_since(), moment)
    lines += _gauge(
        "kinfold_mail_unread_seconds", "Since when the mailbox for answers is not watched.", unread
    )
    doubts = len(doubtful(limit=1000))
    lines += _gauge(
        "kinfold_letters_doubtful", "Letters that may have arrived twice, at most 1000.", doubts
    )
    lines += _gauge(
        "kinfold_outbox_held",
        "1 while nothing leaves, after a restore.",
        int(suspended() is not None),
    )
    lines += _by_state("kinfold_texts", "Text messages by state.", texts_by_state())
    lines += _by_state("kinfold_reminders", "Reminders by state.", reminders.counts())
    told = webhooks.delivery_counts()
    lines += _by_state("kinfold_webhook_deliveries", "What programs were told, by state.", told)
    lines += _gauge(
        "kinfold_tasks_open",
        "What staff have been asked to do and have not.",
        tasks.how_many_open(),
    )
    return Response(
        "\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8"
    )


def may_read_figures() -> bool:
    """True if the figures are asked for from this machine, by no proxy, or with METRICS_TOKEN."""
    wanted = current_app.config["KINFOLD"].metrics_token
    said = request.authorization
    if wanted is not None and said is not None and said.type == "bearer":
        return hmac.compare_digest((said.token or "").encode(), wanted.encode())
    is_forwarded = any(name in request.headers for name in FORWARDED)
    return request.remote_addr in LOOPBACK and not is_forwarded


def _gauge(name: str, meaning: str, value: float) -> list[str]:
    return [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", f"{name} {value:g}"]


def _by_state(
    name: str,
    meaning: str,
    counted: Mapping[LetterState, int] | Mapping[ReminderState, int] | Mapping[DeliveryState, int],
) -> list[str]:
    figures = [f'{name}{{state="{state.value}"}} {many}' for state, many in counted.items()]
    return [f"# HELP {name} {meaning}", f"# TYPE {name} gauge", *figures]


def _age(since: datetime | None, moment: datetime) -> float:
    return 0 if since is None else (moment - since).total_seconds()


def _carried() -> tuple[Channel, ...]:
    """Return the ways that are set up: what cannot leave by any is no worker's fault."""
    mail = (Channel.MAIL,) if current_app.config["KINFOLD"].smtp_url is not None else ()
    return mail + ((Channel.TEXT,) if gateway() is not None else ())


def mail_unread_since() -> datetime | None:
    """Return since when the mailbox for answers is not watched, None when it is, or there is
    none.
    """
    url = current_app.config["KINFOLD"].mail_in
    if url is None or url.startswith("lmtp:"):
        return None
    return invitations.unread_since(url, now=now())


def within() -> timedelta:
    """Return how old the worker's last heartbeat may be."""
    return timedelta(seconds=max(LEAST, 12 * current_app.config["KINFOLD"].tick_seconds))


def _said(well: bool, words: str) -> Response:
    answer = Response(f"{words}\n", mimetype="text/plain")
    if not well:
        answer.status_code = 503
        answer.headers["Retry-After"] = str(AGAIN)
    return answer
