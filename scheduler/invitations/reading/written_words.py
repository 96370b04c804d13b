"""What a person wrote in a mail, without what they quote. Pure.

This runs in a child process: nothing here may be believed to end.
"""

import re
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from typing import Literal

from mailparser_reply import EmailReplyParser

from scheduler.invitations.reading.mail_parts import walk

MOST_READ = 20_000
MOST_WORDS = 2_000
LANGUAGES = ["en", "es", "fr", "de", "it"]
"""Those of `mail-parser-reply` that relatives may write in; Portuguese is known below."""

_ATTRIBUTION = re.compile(
    r"(?m)^(Em|No dia|El|On) .{3,150}\n?.{0,150}\b(escreveu|escribi[oó]|wrote)\s*:\s*$"
)
_OPEN_CODE = re.compile(r"(?is)<(style|script)\b[^>]*>(?!.*</\1)[^<]*")
"""What a style or script holds that is never closed; a reader takes all behind it for its own."""
_HEADER_BLOCK = re.compile(
    r"(?m)^\W*(De|Fra|Von|From)\s*:.*\n"
    r"(.*\n){0,1}?\W*(Enviad[oa]( em| el)?|Data|Fecha|Sendt|Gesendet|Sent|Date)\s*:.*\n"
    r"(.*\n){0,3}?\W*(Assunto|Asunto|Emne|Betreff|Subject)\s*:"
)
"""What Outlook writes above the letter it quotes, in languages its helper does not know."""
_QUOTED = re.compile(r"(?m)^[ \t]*>.*$\n?")


class _Text(HTMLParser):
    """Gathers the words of HTML; what no reader sees is left out."""

    UNSEEN = frozenset({"style", "script", "title", "blockquote"})
    BREAKS = frozenset({"p", "div", "br", "tr", "li"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a tag."""
        self.unseen += tag in self.UNSEEN
        if tag == "body":
            self.unseen = 0  # whatever the head left open
        if tag in self.BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a tag."""
        if tag in self.UNSEEN and self.unseen:
            self.unseen -= 1

    def handle_data(self, data: str) -> None:
        """Take words."""
        if not self.unseen:
            self.words.append(data)


def written_words(message: EmailMessage) -> str:
    """Return the words of the sender, without quotes; all of them where only quotes were found."""
    whole = _body(message)[:MOST_READ]
    own = _without_quotes(whole)
    return _trimmed(own) or _trimmed(whole)


def quoted_words(message: EmailMessage) -> str:
    """Return what a mail holds beside the words of its sender, "" where that is nothing."""
    whole = _body(message)[:MOST_READ]
    own = _trimmed(_without_quotes(whole))
    if not own:
        return ""
    said = set(own.splitlines())
    left = [line for line in _lines(whole) if line not in said]
    return "\n".join(left).strip()[:MOST_WORDS]


def _lines(text: str) -> list[str]:
    return [printable(line) for line in text.splitlines()]


def _body(message: EmailMessage) -> str:
    """Return the words of the body: as plain text, else as HTML, else of whatever text there is."""
    plain = _found(message, "plain")
    html = _found(message, "html")
    parts = [plain, html]
    for part in walk(message):
        kind = part.get_content_type()
        if kind in {"text/plain", "text/html"}:
            parts.append(part)
    for found in parts:
        words = _words_of(found) if found is not None else ""
        if words.strip():
            return words
    return ""


def _found(message: EmailMessage, kind: Literal["plain", "html"]) -> MIMEPart | None:
    try:
        return message.get_body((kind,))
    except (AttributeError, KeyError, ValueError):
        return None


def _words_of(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    text = _decoded(content, part.get_content_charset())
    if part.get_content_subtype() != "html":
        return text
    reader = _Text()
    reader.feed(_OPEN_CODE.sub("", text))
    reader.close()
    return "".join(reader.words)


def _decoded(content: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8", "cp1252"):
        try:
            return content.decode(name)
        except (LookupError, ValueError):
            continue
    return content.decode("utf-8", "replace")


def _without_quotes(text: str) -> str:
    for mark in (_ATTRIBUTION, _HEADER_BLOCK):
        begun = mark.search(text)
        if begun is not None:
            text = text[: begun.start()]
    reply = EmailReplyParser(languages=list(LANGUAGES)).parse_reply(text) or ""
    return _QUOTED.sub("", reply)


def _trimmed(text: str) -> str:
    lines = [printable(line) for line in text.strip().splitlines()]
    joined = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return joined[:MOST_WORDS]


def printable(line: str) -> str:
    """Return the words of a line; control signs are no words, and no database keeps them all."""
    signs = (sign if sign.isprintable() else " " for sign in line)
    return " ".join("".join(signs).split())
