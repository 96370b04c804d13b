"""Hours that will lack this week unless something is made up: a line while they can be mended."""

from datetime import datetime

from scheduler.hours import weeks_at_risk
from scheduler.i18n import N_
from scheduler.tasks import Matter

WORDS = N_(
    "{name} will have {hours} of {least} hours this week, even with all that is still open. "
    "Offer a make-up."
)


def hours_at_risk(*, now: datetime, zone: str) -> list[Matter]:
    """Return a matter for each running week that lacks hours."""
    matters = []
    for each in weeks_at_risk(now=now, zone=zone):
        week = each.record.week
        words = WORDS.format(
            name=each.patient.name,
            hours=f"{round(each.record.reachable, 2):g}",
            least=f"{each.record.least:g}",
        )
        key = f"hours:{each.patient.id}:{each.cohort}:{week}"
        where = f"week:{each.cohort}:{week}"
        matters.append(Matter(key, words, each.patient.id, leads_to=where))
    return matters
