"""What `doctor` looks at outside: the mail server, who is believed by mail, rooms and services."""

from scheduler import invitations, outbox
from scheduler.config import Config
from scheduler.kernel import clock
from scheduler.kernel.errors import KinfoldError
from scheduler.programs import RoomService, rooms_in_use
from scheduler.rooms import secret_of, service_faults


class Warned(str):
    """What was seen where nothing failed and somebody should still decide."""


def check_mail(settings: Config) -> str:
    """Say that the mail server answers. Raises KinfoldError."""
    if settings.smtp_url is None:
        raise KinfoldError("SMTP_URL is not set: letters wait and none leaves")
    try:
        with outbox.smtp_transport(settings.smtp_url) as carrier:
            carrier.open()
    except outbox.PostOfficeClosed as error:
        raise KinfoldError(f"the mail server cannot be reached ({error}); letters wait") from error
    return "the mail server answers"


def check_answers(settings: Config) -> str:
    """Say how answers by mail come in, and who is believed. Raises KinfoldError."""
    url = settings.mail_in
    if url is None:
        return "MAIL_IN is not set: people answer on their pages alone"
    if url.startswith("lmtp:"):
        return _believed(settings, "answers are handed over by the mail server")
    since = invitations.unread_since(url, now=clock.now())
    if since is not None:
        raise KinfoldError(
            f"the mailbox has not been read since {since:%Y-%m-%d %H:%M} UTC; read it yourself, "
            "and see the worker's log"
        )
    return _believed(settings, "the mailbox is watched")


def _believed(settings: Config, seen: str) -> str:
    """Return what was seen of answers by mail, and what follows where no verdict is asked for."""
    if settings.mail_authserv is not None:
        return f"{seen}; those count that {settings.mail_authserv} passed"
    return Warned(
        f"{seen}; MAIL_AUTHSERV names nobody, so whoever writes under a relative's address is "
        "believed: name your mail server, and only what it found genuine (DMARC) counts"
    )


def check_rooms(_: Config) -> str:
    """Read every room's secret, and name the rooms whose address opens more than one session."""
    fixed = []
    rooms = rooms_in_use()
    for room in rooms:
        if room.secret_file:
            secret_of(room)
        if room.service == RoomService.FIXED:
            fixed.append(room.key)
    if fixed:
        return Warned(
            f"a fixed address ({', '.join(fixed)}): who was in one session can go into the next; "
            "docs/clinic_file.md names services that make one for each session"
        )
    return f"{len(rooms)} with an address for each session"


def check_room_services(_: Config) -> str:
    """Say that every room's service answers. Raises KinfoldError."""
    faults = service_faults(rooms_in_use())
    if faults:
        raise KinfoldError("; ".join(faults))
    return "every room's service answers"
