"""Words around text messages: what people agree to, and a message that is short enough. Pure."""

from collections.abc import Sequence

from scheduler.i18n import catalog
from scheduler.sms.message_segments import plain_letters, segments

MOST_SIGNS = 160
"""What a text message should keep to (47 CFR 64.1200(a)(9)(iv)(D))."""
MOST_SEGMENTS = 2
"""What it may become on its way, with a long address or with letters that cost more."""
SENDER = (40, 20)
"""Letters of the sender's name, in the order they are tried."""
AGREEMENT = (
    "{sender} may send me text messages about appointments, at most one a day and three a week, "
    "at {phone}. "
    "Text messages are not encrypted. I can answer STOP at any time."
)


def wording(sender: str, phone: str) -> str:
    """Return what a person agrees to; it names the sender as every message will."""
    return AGREEMENT.format(sender=sender, phone=phone)


def first_words(sender: str, language: str | None, *, link: str) -> str:
    """Return the message that confirms an agreement, in the reader's language: on the phone itself,
    naming the sender, the way out and where the reader's own pages are.
    """
    _ = catalog(language)
    whole = _(
        "{sender}: you will get text messages about appointments, at most one a day. Answer "
        "STOP to end them."
    )
    brief = _("Reply STOP to end.")
    ways = []
    for limit in SENDER:
        name = sender[:limit].strip()
        ways.append((whole.format(sender=name), link))
    return fit(*ways, (f"{sender[: SENDER[0]].strip()}:", brief, link))


def fit(*choices: Sequence[str]) -> str:
    """Return the first of several ways to say it, as parts joined by spaces, that is short enough:
    as it is, or in plain letters. When none is, the shortest that two messages hold.

    Raises ValueError when no way fits: the last must be short by what it says.
    """
    ways = [" ".join(part for part in parts if part) for parts in choices]
    spelled = []
    for way in ways:
        spelled += [way, plain_letters(way)]
    held = [words for words in spelled if segments(words) <= MOST_SEGMENTS]
    if not held:
        raise ValueError("no way to say it fits into two text messages")
    return next((words for words in held if len(words) <= MOST_SIGNS), held[0])
