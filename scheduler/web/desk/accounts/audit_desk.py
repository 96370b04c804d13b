"""The record for the auditor: who did what to which record, by person, by whom, by day."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for

from scheduler import audit
from scheduler.audit.models import AuditEntry
from scheduler.i18n import catalog
from scheduler.kernel.errors import NotFound
from scheduler.people import person_by_key, practice
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words

bp = Blueprint("audit_desk", __name__, url_prefix="/desk/audit")
A_PAGE = 50
LONGEST = 64


@bp.get("", strict_slashes=False)
@allow(*STAFF)
def overview() -> Page:
    """Show the newest entries that fit, fifty a page."""
    asked = {name: request.args.get(name, "").strip() for name in ("person", "by", "from", "to")}
    asked = {name: words[:LONGEST] for name, words in asked.items()}
    errors: dict[str, str] = {}
    about = _about(asked["person"], errors)
    begin = _midnight(asked["from"], "from", errors)
    end = _midnight(asked["to"], "to", errors)
    if errors:
        return _page(asked, errors, [], None), 422
    found = audit.search(
        about=about,
        by=asked["by"],
        begin=begin,
        end=end + timedelta(days=1) if end else None,
        before=_before(request.args.get("before", "")),
        limit=A_PAGE + 1,
    )
    older = None
    if len(found) > A_PAGE:
        older = _older(asked, found[A_PAGE - 1].number)
    return _page(asked, {}, _shown(found[:A_PAGE]), older)


def _before(word: str) -> int | None:
    """Return a number of an entry, None for what is none or what no database counts to."""
    if re.fullmatch("[0-9]{1,9}", word):
        return int(word)
    return None


def _shown(found: Sequence[AuditEntry]) -> list[dict[str, object]]:
    zone = practice().zone
    shown = []
    for entry in found:
        row = {
            "number": entry.number,
            "when": moment_words(entry.at, zone),
            "by": entry.by,
            "deed": entry.deed,
            "about": entry.about,
            "details": entry.details,
        }
        shown.append(row)
    return shown


def _about(key: str, errors: dict[str, str]) -> tuple[str, ...]:
    """Return what the record calls a person: by key in some deeds, by id in others."""
    if not key:
        return ()
    try:
        person = person_by_key(key)
    except NotFound:
        errors["person"] = catalog(reader_language()).gettext("There is nobody with this key.")
        return ()
    return (
        f"person {person.key}",
        f"person {person.id}",
        f"patient {person.key}",
        f"patient {person.id}",
    )


def _midnight(words: str, field: str, errors: dict[str, str]) -> datetime | None:
    """Return the beginning of a day in the practice's zone."""
    if not words:
        return None
    try:
        day = date.fromisoformat(words)
        if not 2000 <= day.year <= 2200:
            raise ValueError
    except ValueError:
        errors[field] = catalog(reader_language()).gettext("Give a day.")
        return None
    return datetime.combine(day, time(), ZoneInfo(practice().zone))


def _older(asked: dict[str, str], number: int) -> str:
    said = {name: words for name, words in asked.items() if words}
    said["before"] = str(number)
    return url_for("audit_desk.overview", **said)  # type: ignore[arg-type]


def _page(
    asked: dict[str, str],
    errors: dict[str, str],
    shown: list[dict[str, object]],
    older: str | None,
) -> str:
    return render_template(
        "desk/accounts/audit.html",
        asked=asked,
        errors=errors,
        shown=shown,
        older=older,
    )
