"""What must go with a disclosure under a consent: the statement and how far the consent reaches. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.consents.models import Grant
from scheduler.web.times import KIND_WORDS

STATEMENT = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""42 CFR 2.32(a)(2), as of 16 April 2024."""


def scope_words(grants: Iterable[Grant], patient: str, zone: str) -> list[str]:
    """Say what each grant lets be known and through which day (42 CFR 2.32(b)); `zone` is the practice's."""
    until: dict[datetime, list[str]] = defaultdict(list)
    for grant in sorted(grants, key=lambda one: (one.valid_until, one.purpose)):
        until[grant.valid_until].append(KIND_WORDS[grant.purpose].lower())
    lines = []
    for end, kinds in until.items():
        last = (end - timedelta(seconds=1)).astimezone(ZoneInfo(zone))
        listed = " and ".join([", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds)
        lines.append(f"{patient} lets you know about: {listed}, through {last.day} {last:%B} {last.year}.")
    return lines
