"""What becomes of a reminder when its time has come: everything is looked at anew. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from scheduler.reminders.policy import ASKING, Lead, Policy
from scheduler.reminders.wishes.wish import Way

NOT_WANTED = "the program does not send this any more"
NOT_CHOSEN = "they chose not to get this"
NOT_AGREED = "the family agreed that they do not come to this"


class Verdict(StrEnum):
    """What to do with it now."""

    MAIL = "mail"
    TEXT = "text"
    BOTH = "both"
    TASK = "task"
    WAIT = "wait"
    EXPIRE = "expire"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that counts, at the moment `now` (UTC; `wall` is the recipient's clock)."""

    lead: Lead
    policy: Policy
    now: datetime
    wall: time
    due: datetime
    worthless: datetime
    stands: bool
    """The session is where it was when the reminder was made."""
    in_audience: bool
    told: bool
    """A patient's own session, or one the relative was told of as it stands."""
    known_since: datetime
    answered: bool = False
    declined: bool = False
    anyone_answered: bool = False
    cools: bool = False
    """What it would tell of was published a moment ago, and may still be taken back."""
    left_out: bool = False
    """What the family agreed on says that they do not come to sessions of this kind."""
    way: Way | None = None
    """By which way they chose to be reminded; None: they chose nothing."""
    may_text: bool = False
    """Set up, agreed to, within the number's budget, and not tried for this reminder before."""
    text_is_safe: bool = True
    """No hours hold now in which no text message may arrive."""
    mail_from: datetime | None = None
    """When mail may arrive again; None: it may now, or never."""

    @property
    def by_mail(self) -> Verdict:
        """By mail, or wait where no mail may arrive now and those hours end in time."""
        waits = self.mail_from is not None and self.mail_from < self.worthless
        return Verdict.WAIT if waits else Verdict.MAIL


def judge(at: Situation) -> tuple[Verdict, str | None]:
    """Return what to do, and the reason for staff when it is not sent."""
    if at.cools and at.now < at.worthless:
        return Verdict.WAIT, None
    if not at.stands:
        return Verdict.DROP, "the session is elsewhere or off"
    if not at.in_audience:
        return Verdict.DROP, "no longer in the audience"
    if unwanted := _unwanted(at):
        return Verdict.DROP, unwanted
    if at.now >= at.worthless:
        return Verdict.EXPIRE, "it was too late to be of use"
    if not at.told:
        return Verdict.WAIT, None
    if at.known_since > at.due:
        return Verdict.DROP, "told of it only after this reminder was due"
    reason = _answered(at)
    if reason:
        return (Verdict.DROP, reason)
    return _way(at)


def _unwanted(at: Situation) -> str | None:
    """Return why it is not wanted; a task for staff is whatever somebody chose for themselves."""
    if at.left_out:
        return NOT_AGREED
    if not at.policy.wants(at.lead):
        return NOT_WANTED if at.way is None else NOT_CHOSEN
    is_to_them = at.lead is not Lead.ASK_STAFF
    if is_to_them and at.way is Way.NONE:
        return NOT_CHOSEN
    return None


def _answered(at: Situation) -> str | None:
    if at.lead in ASKING:
        return "an answer came" if at.anyone_answered else None
    if at.declined:
        return "they said they will not come"
    if at.answered and at.policy.only_unanswered and at.lead in (Lead.DAY_BEFORE, Lead.WEEK_AHEAD):
        return "they have answered"
    return None


def _way(at: Situation) -> tuple[Verdict, str | None]:
    """A text message never at night, however late; mail disturbs nobody, and the last reminder
    cannot wait. In hours in which nothing may arrive it waits for their end, so that its words are
    true then; what cannot wait for that the outbox holds up, and has told otherwise.
    """
    may_disturb = not at.policy.is_quiet(at.wall)
    if at.lead is Lead.ASK_STAFF:
        return Verdict.TASK, None
    by_text = may_disturb and at.text_is_safe
    if at.lead is Lead.ASK_TEXT:
        return _asked_by_text(at, by_text)
    if at.lead is Lead.HOUR_BEFORE or may_disturb:
        return _mail_or_text(at, by_text), None
    return Verdict.WAIT, None


def _mail_or_text(at: Situation, by_text: bool) -> Verdict:
    """By text message where one may go; by mail as well for whoever chose both."""
    if not (by_text and at.may_text):
        return at.by_mail
    is_both = at.way is Way.BOTH and at.by_mail is Verdict.MAIL
    return Verdict.BOTH if is_both else Verdict.TEXT


def _asked_by_text(at: Situation, by_text: bool) -> tuple[Verdict, str | None]:
    if not at.may_text:
        return Verdict.DROP, "no text message may go to this number now"
    return (Verdict.TEXT if by_text else Verdict.WAIT), None
