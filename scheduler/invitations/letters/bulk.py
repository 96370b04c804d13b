"""What one person is told at once, in several letters, and what each of those letters is. Pure."""

from dataclasses import dataclass

from scheduler.invitations.letters.change_summary import Role
from scheduler.invitations.model.itip import Message, News


@dataclass(slots=True)
class Bulk:
    """All that one person is told at once under one grant.

    `lead` (a Message-ID), `lead_id` and `subject` are of the letter that tells it all, which leaves
    before the others.
    """

    messages: tuple[Message, ...]
    lead: str | None = None
    lead_id: str | None = None
    subject: str = ""

    @property
    def role(self) -> Role:
        """What the next letter of these is."""
        if len(self.messages) == 1:
            return Role.ALONE
        if all(message.news is News.NEW for message in self.messages):
            return Role.ALONE
        if self.lead is None:
            return Role.LEAD
        return Role.FOLLOWER

    def role_of(self, message: Message) -> Role:
        """Return what the next letter of these is, which tells `message`."""
        role = self.role
        stands = set()
        for other in self.messages:
            for meeting in other.fresh():
                stands.add(meeting.session_id)
        gone = {meeting.session_id for meeting in message.before}
        if role is Role.FOLLOWER and message.news is News.GONE and gone <= stands:
            return Role.SWEEP
        return role
