"""Whom to ask where the practice has named nobody: its address, if what comes there is read."""

from scheduler.clinics import has_practice
from scheduler.invitations import is_mail_read
from scheduler.people import practice


def mailbox_to_ask() -> str | None:
    """Return the address that patients and families may write to; None where nobody reads it."""
    return practice().outward_email if is_mail_read() and has_practice() else None
