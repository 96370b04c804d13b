"""The one stylesheet, the small scripts, and the classes that place a block on the board."""

from functools import cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from scheduler.web.auth.access import Who, allow
from scheduler.web.parts.board import LANES, ROWS

bp = Blueprint("assets", __name__, url_prefix="/assets")
STATIC = Path(__file__).resolve().parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FILES = {
    path.name: (path.read_bytes(), KINDS[path.suffix])
    for path in STATIC.iterdir()
    if path.suffix in KINDS
}
KEPT = "public, max-age=300"


@bp.get("/<name>")
@allow(Who.ANYONE)
def file(name: str) -> Response:
    """Return a stylesheet, script or picture of ours."""
    if name not in FILES:
        abort(404)
    content, kind = FILES[name]
    response = Response(content, mimetype=kind)
    response.add_etag()
    response.headers["Cache-Control"] = KEPT
    response.make_conditional(request)
    return response


@bp.get("/board.css")
@allow(Who.ANYONE)
def board() -> Response:
    """Return the classes that say where a block begins, how long it is and which lane it keeps."""
    response = Response(_rows(), mimetype="text/css")
    response.headers["Cache-Control"] = KEPT
    return response


@cache
def _rows() -> str:
    rows = []
    for row in range(ROWS):
        line = row + 1
        rows.append(f".r{row}{{grid-row-start:{line}}}")
        rows.append(f".n{line}{{grid-row-end:span {line}}}")
    for lane in range(LANES):
        lanes = lane + 1
        width = max(7, lanes * 8)
        columns = f"grid-template-columns:repeat({lanes},minmax(0,1fr))"
        rows.append(f".c{lane}{{grid-column:{lanes}}}")
        rows.append(f".lanes{lanes}{{{columns};min-width:{width}rem}}")
    for hour in range(24):
        hours = hour + 1
        lines = hours * 12
        rows.append(f".h{hours}{{grid-template-rows:repeat({lines},var(--row))}}")
    return "\n".join(rows)
