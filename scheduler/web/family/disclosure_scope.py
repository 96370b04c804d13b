"""How far consents reach, in words that go with a disclosure (42 CFR 2.32(b)). Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.consents import Information, may_say
from scheduler.consents.model.models import Grant
from scheduler.i18n import catalog, listed
from scheduler.web.parts.family_times import day_in
from scheduler.web.parts.kind_words import kind_in


def scope_words(grants: Iterable[Grant], patient: str, zone: str, language: str) -> list[str]:
    """Return what each grant lets be known and through which day (42 CFR 2.32(b)); `zone` is the
    practice's.

    The patient is named only where their taking part may be told of all: a workshop tells of
    nobody. So it is one list, a line for each day on which something ends.
    """
    _ = catalog(language)
    known = sorted(grants, key=lambda one: (one.valid_until, one.purpose))
    names = all(Information.PARTICIPATION in may_say(grant) for grant in known)
    until: dict[datetime, list[str]] = defaultdict(list)
    for grant in known:
        until[grant.valid_until].append(kind_in(language, grant.purpose).lower())
    lines = []
    for end, kinds in until.items():
        last = (end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
        sentence = _("{patient} lets you know about: {what}, through {day}.")
        if not names:
            sentence = _("You may know about: {what}, through {day}.")
        what, day = listed(kinds, language), day_in(language, last)
        lines.append(
            sentence.format(
                patient=patient,
                what=what,
                day=day,
            )
        )
    return lines
