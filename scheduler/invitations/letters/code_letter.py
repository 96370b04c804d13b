"""The letter with a one-time code: neutral, and the same for everybody."""

from scheduler.i18n import LANGUAGES, N_, catalog
from scheduler.invitations.letters.letter_template import bodies
from scheduler.outbox import MailWords
from scheduler.people import Help

WHERE = N_(
    "Type it on the page where you asked for it: it works there alone, once, for ten minutes. If "
    "you did not ask for it, you need not do anything."
)
NO_CODE = N_(
    "Somebody typed many wrong codes for your address. To keep your pages safe, a phone or "
    "computer that you have not signed in with before gets no code now. Those you have signed in "
    "with before work as always. Please call us, and codes work everywhere again."
)


def code_words(code: str | None, sender: str, language: str, help_line: Help | None) -> MailWords:
    """Return the letter in a language (a tag of ours); without a code it says that this browser
    gets none.
    """
    _ = catalog(language)
    subject = _("Your code") if code else _("No code this time")
    told = {
        "subject": subject,
        "code": code,
        "said": _(WHERE) if code else _(NO_CODE),
        "sender": sender,
        "help": help_line,
        "language": language,
        "direction": LANGUAGES[language].direction,
    }
    text, html = bodies("code", told)
    return MailWords(subject, text, html)
