"""Calendar feeds by secret address: for programs, without cookies, answered from finished bytes."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from scheduler.feeds import serve
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.web.access import Who, allow

feed = Blueprint("feed", __name__)
CACHE = "private, max-age=300, must-revalidate"


class CalendarResponse(Response):
    """Says Last-Modified in a 304, too: werkzeug drops it, and programs that keep no ETag live by it."""

    def get_wsgi_headers(self, environ: dict[str, Any]) -> Headers:
        """Give the headers as they leave."""
        headers = super().get_wsgi_headers(environ)
        headers.setdefault("Last-Modified", self.headers["Last-Modified"])
        return headers


@feed.get("/feeds/<token>.ics")
@allow(Who.TOKEN)
def calendar(token: str) -> Response:
    """Give the calendar, 304 when the asker has it, 410 when the address ended long ago, 404 for everything else."""
    served = serve(token, now=now())
    db.session.commit()
    if served is None or served.body is None:
        response = Response("There is nothing here.\n", 404 if served is None else 410, mimetype="text/plain")
        response.headers["Cache-Control"] = "no-store"
        return response
    response = CalendarResponse(served.body, content_type="text/calendar; charset=utf-8")
    response.set_etag(served.etag.strip('"'))
    response.last_modified = served.changed_at
    response.headers["Cache-Control"] = CACHE
    response.make_conditional(request)
    response.last_modified = served.changed_at  # a 304 says it too (RFC 9110 15.4.5 lets it)
    return response
