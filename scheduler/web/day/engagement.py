"""Families' engagement as a picture and tables; what is small is hidden, and nothing says why."""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from scheduler.engagement import (
    FIELDS,
    SMALL,
    EngagementCounts,
    Pair,
    PatientCounts,
    engagement_report,
    grouped,
    suppressed,
    wilson,
)
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.planning import cohort_by_key
from scheduler.programs import Kind, all_cohorts
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.kind_words import kind_in
from scheduler.web.parts.page import Page

bp = Blueprint("engagement", __name__, url_prefix="/desk")
WIDE = 400
"""Units of the picture that 100 % takes."""
ROW = 30
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
LEADS = (
    (2, N_("less than 2 days before")),
    (7, N_("2 to 6 days before")),
    (14, N_("7 to 13 days before")),
    (100_000, N_("14 days before or more")),
)
NEVER_TOLD = N_("never told")
Row = tuple[int, str]
"""Where a row stands in its table, and what it says."""


@dataclass(frozen=True, slots=True)
class KindLine:
    """One kind of session: its counts, and where its rate and interval are in the picture."""

    words: str
    counts: EngagementCounts
    top: int
    rate: str
    interval: str
    bar: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SplitTable:
    """Pairs split up by one question; None is hidden because it is small."""

    heading: str
    rows: tuple[tuple[str, int | None, int | None, str], ...]
    invited: int | None
    attended: int | None


@bp.get("/engagement")
@allow(*STAFF)
def page() -> Page | Response:
    """Show the figures of one cohort or all; `as=csv` gives the counts by kind as a table."""
    chosen = request.args.get("cohort", "")
    cohort_id = cohort_by_key(chosen).id if chosen else None
    report = engagement_report(now=now(), cohort_id=cohort_id)
    if request.args.get("as") == "csv":
        return _table(report.kinds)
    lines = [_line(kind, counts, row) for row, (kind, counts) in enumerate(report.kinds.items())]
    return render_template(
        "day/engagement.html",
        lines=lines,
        height=len(lines) * ROW,
        tables=[] if chosen else _split(report.pairs),
        groups=_groups(report.with_family, report.without_family),
        cohorts=_cohorts(),
        chosen=chosen,
        small=SMALL,
    )


def _cohorts() -> list[tuple[str, str]]:
    _ = catalog(reader_language())
    options = [(cohort.key, cohort.key) for cohort in all_cohorts()]
    return [("", _("All cohorts")), *options]


def _line(kind: Kind, counts: EngagementCounts, row: int) -> KindLine:
    rate = counts.rate
    low, high = wilson(counts.attended, counts.invited) if rate is not None else (0.0, 0.0)
    return KindLine(
        words=kind_in(reader_language(), kind),
        counts=counts,
        top=row * ROW,
        rate=_percent(rate),
        interval=f"{_percent(low)} – {_percent(high)}" if rate is not None else "",
        bar=round((rate or 0) * WIDE, 1),
        low=round(low * WIDE, 1),
        high=round(high * WIDE, 1),
    )


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.0%}"


def _split(pairs: Sequence[Pair]) -> list[SplitTable]:
    """Return the tables that split people up: of the whole house only, so that none is the
    difference of two. One that splits nothing, or shows nothing, is left out: the counts by kind
    have its total.
    """
    _ = catalog(reader_language())
    tables = [
        _split_by(_("By relation"), pairs, lambda pair: (0, pair.relation)),
        _split_by(_("By weekday"), pairs, _weekday),
        _split_by(_("By when they were told"), pairs, _lead),
    ]
    found = []
    for table in tables:
        if len(table.rows) > 1 and table.invited is not None:
            found.append(table)
    return found


def _weekday(pair: Pair) -> Row:
    return pair.weekday, catalog(reader_language())(WEEKDAYS[pair.weekday])


def _lead(pair: Pair) -> Row:
    _ = catalog(reader_language())
    if pair.lead_days is None:
        return 0, _(NEVER_TOLD)
    for days, words in LEADS:
        if pair.lead_days < days:
            return days, _(words)
    return LEADS[-1][0], ""


def _split_by(heading: str, pairs: Sequence[Pair], name: Callable[[Pair], Row]) -> SplitTable:
    counts = grouped(pairs, name)
    names = sorted(counts)  # in order of figures the hidden ones would be told apart
    invited, all_invited = suppressed([counts[word].invited for word in names])
    attended, all_attended = suppressed([counts[word].attended for word in names])
    rows = []
    for (_place, word), asked, came in zip(names, invited, attended, strict=True):
        rate = ""
        if asked is not None and came is not None:
            rate = _percent(came / asked)
        rows.append((word, asked, came, rate))
    return SplitTable(heading, tuple(rows), all_invited, all_attended)


def _groups(with_family: PatientCounts, without: PatientCounts) -> list[dict[str, object]]:
    _ = catalog(reader_language())
    groups: list[dict[str, object]] = []
    for words, counts in (
        (_("with family sessions"), with_family),
        (_("without family sessions"), without),
    ):
        group = {
            "words": words,
            "counts": counts,
            "attendance": _percent(counts.attendance_rate),
            "completion": _percent(counts.completion_rate),
            "interval": _interval(counts),
        }
        groups.append(group)
    return groups


def _interval(counts: PatientCounts) -> str:
    if counts.completion_rate is None:
        return ""
    low, high = wilson(counts.completed, counts.ended)
    return f"{_percent(low)} – {_percent(high)}"


def _table(kinds: dict[Kind, EngagementCounts]) -> Response:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["kind", *FIELDS, "rate"])
    for kind, counts in kinds.items():
        figures = [getattr(counts, name) for name in FIELDS]
        rate = "" if counts.rate is None else f"{counts.rate:.4f}"
        writer.writerow([kind.value, *figures, rate])
    answer = Response(text.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="engagement.csv"'
    return answer
