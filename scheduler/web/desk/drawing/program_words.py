"""What a program asks, in sentences: the rhythm of an appointment, a rule and its source. Pure."""

from dataclasses import dataclass

from scheduler.i18n import N_, catalog, listed
from scheduler.programs import Appointment, Rules
from scheduler.web.desk.clinic.setup_fields import COUNTS, MILESTONES
from scheduler.web.parts.kind_words import kind_in

LEVEL_OF_CARE = N_("SAMHSA 2021 (ASAM 2.1): 9 hours and more for adults, 6 for adolescents")
SOURCES = {"recertify_days": "42 CFR 424.24", "cans_days": "MassHealth CANS"}
"""Where what comes due is written."""


def appointment_words(appointment: Appointment, language: str | None) -> str:
    """Return what an appointment is, how long, and how often."""
    _ = catalog(language)
    kind = kind_in(language, appointment.kind)
    said = _("{kind}, {minutes} minutes, {rhythm}")
    rhythm = rhythm_words(appointment, language)
    return said.format(kind=kind, minutes=appointment.minutes, rhythm=rhythm)


def rhythm_words(appointment: Appointment, language: str | None) -> str:
    """Return in which weeks an appointment is due."""
    _ = catalog(language)
    if appointment.in_weeks:
        weeks = ", ".join(str(week) for week in appointment.in_weeks)
        said = _.ngettext(
            "once in week {weeks}", "once in each of weeks {weeks}", len(appointment.in_weeks)
        )
        return said.format(weeks=weeks)
    every = appointment.every_weeks or 1
    said = _.ngettext(
        "every week, weeks {first} to {last}",
        "every {count} weeks, weeks {first} to {last}",
        every,
    )
    return said.format(count=every, first=appointment.first_week, last=appointment.last_week)


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule of a program as a sentence, and where it comes from; "" where the program says so."""

    sentence: str
    source: str = ""


LIMITS = (
    ("week_days_min", N_("At least {value} days with sessions a week.")),
    ("day_hours_max", N_("At most {value} hours a day.")),
    ("day_minutes_min", N_("A day counts from {value} minutes on.")),
    ("days_gap_max", N_("At most {value} days between two days with sessions.")),
    ("group_cap", N_("At most {value} patients in a group.")),
    ("start_every", N_("Placed sessions start every {value} minutes.")),
)
"""What a single figure of the rules says."""


def rule_lines(rules: Rules, language: str | None) -> list[RuleLine]:
    """Return what a program asks of every week, a sentence each, with its source."""
    return [
        _hours_line(rules, language),
        *_limit_lines(rules, language),
        *_once_a_day_lines(rules, language),
        *_attendance_lines(rules, language),
        *_milestone_lines(rules, language),
    ]


def _hours_line(rules: Rules, language: str | None) -> RuleLine:
    _ = catalog(language)
    said = _("From {least} to {most} hours a week. {counted}.")
    words = said.format(
        least=_figure(rules.week_hours_min),
        most=_figure(rules.week_hours_max),
        counted=_(COUNTS[rules.hour_counts]),
    )
    return RuleLine(words, _(LEVEL_OF_CARE))


def _limit_lines(rules: Rules, language: str | None) -> list[RuleLine]:
    lines = []
    for name, words in LIMITS:
        value = getattr(rules, name)
        if value is None:
            continue
        said = catalog(language)(words)
        line = RuleLine(said.format(value=_figure(value)))
        lines.append(line)
    return lines


def _once_a_day_lines(rules: Rules, language: str | None) -> list[RuleLine]:
    if not rules.once_a_day:
        return []
    _ = catalog(language)
    kinds = [kind_in(language, kind) for kind in rules.once_a_day]
    said = _("Of these kinds at most one a day: {kinds}.")
    words = said.format(kinds=listed(kinds, language))
    return [RuleLine(words, "130 CMR 429.441(B)")]


def _attendance_lines(rules: Rules, language: str | None) -> list[RuleLine]:
    """Return what a program asks about school, and about coming."""
    _ = catalog(language)
    lines = []
    if rules.school is not None:
        said = _("Nothing is placed for patients under 18 while they are at school.")
        lines.append(RuleLine(said))
    asked = rules.attendance
    if asked is not None and asked.excused_hours_before is not None:
        said = _("An absence said at least {value} hours before is excused.")
        lines.append(RuleLine(said.format(value=asked.excused_hours_before)))
    if asked is not None and asked.missed_max is not None:
        said = _("At most {value} sessions may be missed.")
        lines.append(RuleLine(said.format(value=asked.missed_max)))
    return lines


def _milestone_lines(rules: Rules, language: str | None) -> list[RuleLine]:
    """Return what comes due in a stay."""
    if rules.milestones is None:
        return []
    lines = []
    for ask in MILESTONES:
        days = getattr(rules.milestones, ask.name)
        if days is None:
            continue
        label = catalog(language)(ask.label)
        source = SOURCES.get(ask.name, "")
        line = RuleLine(f"{label}: {days}", source)
        lines.append(line)
    return lines


def _figure(value: object) -> str:
    """Return a number without a fraction of nothing."""
    return f"{value:g}" if isinstance(value, float) else str(value)
