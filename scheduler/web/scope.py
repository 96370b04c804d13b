"""How far consents reach, in words that go with a disclosure (42 CFR 2.32(b)). Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.consents.models import Grant
from scheduler.web.times import KIND_WORDS


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
