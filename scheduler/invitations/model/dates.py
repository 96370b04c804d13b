"""The dates of what somebody was told, each by the name it has within its series. Pure."""

from datetime import datetime

from scheduler.invitations.model.content import Content


def dates_of(content: Content) -> dict[datetime, datetime]:
    """Return the instant by which each date of a series is named, and the instant at which it now
    begins.
    """
    if not content.series:
        return {meeting.begins_at: meeting.begins_at for meeting in content.meetings}
    original = original_starts(content)
    dates = {}
    for meeting in content.meetings:
        name = content.instant(original.get(meeting.start, meeting.start))
        dates[name] = meeting.begins_at
    return dates


def original_starts(content: Content) -> dict[datetime, datetime]:
    """Return by wall-clock start of each moved meeting of a series the start that names it."""
    form = content.form()
    if form is None:
        return {}
    return {instance.start: instance.original for instance in form.moved}
