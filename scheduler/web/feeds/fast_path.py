"""The short way for programs that follow a calendar: finished bytes leave before what pages need is
set up.

It knows the one case that comes all day: an address that stands, whose bytes the asker holds
already or this process keeps. For everything else the view is asked, as if it were alone.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from scheduler.feeds import look_up_feed
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.web.auth.rate_limit import RateLimit
from scheduler.web.feeds.feed import ROUTE, headers_of, is_held, shelf, write_fetch
from scheduler.web.ops.access_log import write_visit

BEFORE, AFTER = ROUTE.split("<token>")
Answer = tuple[bytes, str, list[tuple[str, str]]]


def with_short_way(app: Flask) -> WSGIApplication:
    """Answer what is ready of subscribed calendars, and ask the application for the rest."""
    onward: WSGIApplication = app.wsgi_app
    with app.app_context():
        engine = db.engine

    def answered(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        is_feed = path.startswith(BEFORE) and path.endswith(AFTER)
        if not is_feed or environ["REQUEST_METHOD"] != "GET":
            return onward(environ, start)
        began = time.perf_counter()
        token = path[len(BEFORE) : -len(AFTER)]
        ready = None
        # An error of the database is left to the view, which meets the same and has words for it.
        with suppress(SQLAlchemyError):
            ready = _ready(
                token,
                environ,
                engine,
                app.config["FEED_PACE"],
            )
        if ready is None:
            return onward(environ, start)
        body, status, headers = ready
        write_visit("GET", ROUTE, int(status[:3]), began)
        start(status, headers)
        return Finished(body, lambda: write_fetch(engine, token, now()))

    return answered


class Finished:
    """A body that leaves in one piece, and what is done when it has left (PEP 3333: `close`)."""

    def __init__(self, body: bytes, afterwards: Callable[[], None]) -> None:
        self.body = body
        self.close = afterwards

    def __iter__(self) -> Iterator[bytes]:
        yield self.body


def _ready(token: str, environ: WSGIEnvironment, engine: Engine, pace: RateLimit) -> Answer | None:
    known = look_up_feed(token, engine)
    if known is None or not known.is_settled(now()):
        return None
    held = is_held(known.etag, known.changed_at, environ)
    body = b"" if held else shelf.get(known.etag)
    if body is None or pace.too_many(token_hash(token)):
        return None
    if held:
        return body, "304 NOT MODIFIED", headers_of(body, 304, known.etag, known.changed_at)
    return body, "200 OK", headers_of(body, 200, known.etag, known.changed_at)
