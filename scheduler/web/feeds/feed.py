"""Calendar feeds by secret address: for programs, without cookies, answered from finished bytes."""

from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from typing import Any
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import Headers
from werkzeug.http import http_date, parse_date, parse_etags

from scheduler.feeds import BodyCache, RecentFetches, look_up_feed, note_fetch, serve
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.known_browser import counted_place
from scheduler.web.auth.rate_limit import RateLimit

bp = Blueprint("feed", __name__)
ROUTE = "/feeds/<token>.ics"
CACHE = "private, max-age=300, must-revalidate"
ASKED = 120, 600.0
"""How often one address is answered in ten minutes; programs ask once in a quarter of an hour at
most.
"""
GUESSED = 30, 3600.0
"""How many unknown addresses one caller may try in an hour before it is told to wait."""

shelf = BodyCache()
recent = RecentFetches()


@bp.record
def _begin(state: BlueprintSetupState) -> None:
    state.app.config["FEED_PACE"] = RateLimit(*ASKED)
    state.app.config["FEED_GUESSES"] = RateLimit(*GUESSED)


@bp.get(ROUTE)
@allow(Who.TOKEN)
def calendar(token: str) -> Response:
    """Return the calendar, 304 when the asker has it, 404 for everything else."""
    if look_up_feed(token, db.engine) is None:
        guesses: RateLimit = current_app.config["FEED_GUESSES"]
        return _nothing(429 if guesses.too_many(counted_place()) else 404)
    pace: RateLimit = current_app.config["FEED_PACE"]
    if pace.too_many(token_hash(token)):
        return _nothing(429)
    moment = now()
    answer = _from_rows(token, moment)
    engine = db.engine
    if answer.status_code in (200, 304):
        answer.call_on_close(lambda: write_fetch(engine, token, moment))
    return answer


def write_fetch(engine: Engine, token: str, moment: datetime) -> None:
    """Write that an address was fetched, when the answer has left; a database that is away is no
    matter here.
    """
    address = token_hash(token)
    if recent.is_due(address, moment):
        with suppress(SQLAlchemyError):
            note_fetch(engine, address, moment)


def is_held(etag: str, changed_at: datetime, asked: WSGIEnvironment) -> bool:
    """True if the asker has these bytes: by ETag, weakly compared, in a list or `*`; by date
    only without one (RFC 9110 13.1.2, 13.1.3, 13.2.2).
    """
    tags = asked.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags in (f'"{etag}"', "*") or parse_etags(tags).contains_weak(etag)
    since = asked.get("HTTP_IF_MODIFIED_SINCE")
    date = parse_date(since) if since else None
    return date is not None and changed_at.replace(microsecond=0) <= date


def _from_rows(token: str, moment: datetime) -> Response:
    """Serve from the row itself, writing anew first what time has made untrue."""
    served = serve(token, now=moment)
    db.session.commit()
    if served is None:
        return _nothing(404)
    shelf.put(served.etag, served.body)
    if is_held(
        served.etag,
        served.changed_at,
        request.environ,
    ):
        return _answer(b"", 304, served.etag, served.changed_at)
    return _answer(
        served.body,
        200,
        served.etag,
        served.changed_at,
    )


def _answer(body: bytes, status: int, etag: str, changed_at: datetime) -> Response:
    headers = Headers(headers_of(body, status, etag, changed_at))
    return CalendarResponse(
        body or None,
        status,
        headers,
    )


def headers_of(body: bytes, status: int, etag: str, changed_at: datetime) -> list[tuple[str, str]]:
    """Return the headers of a calendar, or of the 304 with what the 200 would have said of it (RFC
    9110 15.4.5).
    """
    headers = [
        ("ETag", f'"{etag}"'),
        ("Last-Modified", _date(changed_at)),
        ("Cache-Control", CACHE),
    ]
    if status == 200:
        headers += [
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ]
    return headers


class CalendarResponse(Response):
    """Leaves with its headers as they are: werkzeug drops Last-Modified in a 304, which some
    programs live by.
    """

    default_mimetype = None

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Return the headers as they leave: there is no address in them to be made whole, nothing
        to take out.
        """
        return self.headers


@lru_cache(1000)
def _date(at: datetime) -> str:
    return http_date(at)


def _nothing(status: int) -> Response:
    """Answer nothing, in the same words for every reason."""
    response = Response("There is nothing here.\n", status, mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    if status == 429:
        response.headers["Retry-After"] = "600"
    return response
