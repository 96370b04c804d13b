"""Words around text messages: what people agree to, and a message that fits in one. Pure."""

from collections.abc import Sequence

from scheduler.i18n import catalog

MOST_SIGNS = 160
"""One message; longer ones are split and counted as several (47 CFR 64.1200(a)(9)(iv)(D))."""
AGREEMENT = (
    "{sender} may send me text messages about appointments, at most one a day and three a week, "
    "at {phone}. "
    "Text messages are not encrypted. I can answer STOP at any time."
)


def wording(sender: str, phone: str) -> str:
    """Return what a person agrees to; it names the sender as every message will."""
    return AGREEMENT.format(sender=sender, phone=phone)


def first_words(sender: str, language: str | None) -> str:
    """Return the message that confirms an agreement, in the reader's language: on the phone itself,
    naming the sender and the way out.
    """
    return (
        catalog(language)
        .gettext(
            "{sender}: you will get text messages about appointments, at most one a day. Answer "
            "STOP to end them."
        )
        .format(sender=sender)
    )


def fit(*choices: Sequence[str]) -> str:
    """Return the first of several ways to say it, as parts joined by spaces, that fits into one
    message.

    When none fits the last is cut: it is the shortest.
    """
    said = [" ".join(part for part in parts if part) for parts in choices]
    return next(
        (words for words in said if len(words) <= MOST_SIGNS),
        said[-1][: MOST_SIGNS - 1].rstrip() + "…",
    )
