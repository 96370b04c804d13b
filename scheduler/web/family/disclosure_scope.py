"""How far consents reach, in words that go with a disclosure (42 CFR 2.32(b)). Pure."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.consents import Information, may_say
from scheduler.consents.model.models import Grant
from scheduler.web.parts.family_times import full_day
from scheduler.web.parts.family_words import Words


def scope_words(grants: Iterable[Grant], patient: str, zone: str, words: Words) -> list[str]:
    """Say what each grant lets be known and through which day (42 CFR 2.32(b)); `zone` is the
    practice's.

    The patient is named only where their taking part may be told: a workshop tells of nobody.
    """
    until: dict[tuple[datetime, bool], list[str]] = defaultdict(list)
    for grant in sorted(grants, key=lambda one: (one.valid_until, one.purpose)):
        names = Information.PARTICIPATION in may_say(grant)
        until[grant.valid_until, names].append(words.kinds[grant.purpose].lower())
    lines = []
    for (end, names), kinds in until.items():
        last = (end - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date()
        listed = f" {words.conjunction} ".join(
            [", ".join(kinds[:-1]), kinds[-1]] if len(kinds) > 1 else kinds
        )
        sentence = words.lets_you if names else words.you_may
        lines.append(sentence.format(patient=patient, what=listed, day=full_day(words, last)))
    return lines
