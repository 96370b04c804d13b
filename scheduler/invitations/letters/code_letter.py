"""The letter with a one-time code: neutral, and the same for everybody."""

from html import escape

from scheduler.i18n import LANGUAGES, N_, catalog
from scheduler.outbox import MailWords
from scheduler.people import Help

YOUR_CODE = N_("Your code is")
WHERE = N_(
    "Type it on the page where you asked for it: it works there alone, once, for ten minutes. If "
    "you did not ask for it, you need not do anything."
)
NO_CODE = N_(
    "Somebody typed many wrong codes for your address. To keep your pages safe, a phone or "
    "computer that you have not signed in with before gets no code now. Those you have signed in "
    "with before work as always. Please call us, and codes work everywhere again."
)
PAGE = (
    '<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>{title}</title>\n</head>\n"
    '<body style="margin:0;padding:24px;font-family:system-ui,sans-serif;font-size:16px;'
    'line-height:1.5;color:#1c2430;background:#ffffff">\n{body}\n</body>\n</html>\n'
)
LARGE = '<p style="font-size:26px;letter-spacing:4px;margin:8px 0"><b>{code}</b></p>'
SMALL = '<p style="margin:{above}px 0 0;color:#566070;font-size:14px">{words}</p>'


def code_words(code: str | None, sender: str, language: str, help_line: Help | None) -> MailWords:
    """Return the letter in a language (a tag of ours); without a code it says that this browser
    gets none.
    """
    _ = catalog(language)
    your_code = _(YOUR_CODE)
    said = [f"{your_code} {code}.", _(WHERE)] if code else [_(NO_CODE)]
    foot = [
        _("This message was sent by %(sender)s. It is meant for you alone.") % {"sender": sender}
    ]
    if help_line is not None:
        whom = _("Whom to ask:")
        foot.append(f"{whom} {help_line.line()}")
    subject = _("Your code") if code else _("No code this time")
    text = "\n\n".join([*said, "\n".join(foot)]) + "\n"
    return MailWords(subject, text, _page(code, said, foot, subject, language))


def _page(code: str | None, said: list[str], foot: list[str], title: str, language: str) -> str:
    lines = [f"<p>{escape(words)}</p>" for words in said]
    if code:
        your_code = escape(catalog(language)(YOUR_CODE))
        lines[0] = f"<p>{your_code}</p>\n{LARGE.format(code=code)}"
    for number, words in enumerate(foot):
        line = SMALL.format(above=4 if number else 24, words=escape(words))
        lines.append(line)
    return PAGE.format(
        language=language,
        direction=LANGUAGES[language].direction,
        title=escape(title),
        body="\n".join(lines),
    )
