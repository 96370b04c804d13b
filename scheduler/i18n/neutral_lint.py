"""Looks over all that goes out for words of the field and for names that stay in the house.
Pure.
"""

import email
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message

WORD_STARTS = (
    *(
        "iop",
        "php",
        "soap",
        "addict",
        "recover",
        "rehab",
        "detox",
        "sober",
        "relapse",
        "substance",
        "sud",
    ),
    *(
        "opioid",
        "alcohol",
        "mental",
        "psych",
        "therap",
        "counsel",
        "treatment",
        "clinic",
        "patient",
        "dbt",
        "cbt",
    ),
    *("trauma", "depress", "eating", "crisis", "suicid", "42 cfr"),
    *("adicc", "adict", "terap", "psic", "psiq", "pacient", "tratamiento", "desintox"),
)
"""What no subject, body, entry or address may begin a word with, in the languages we write."""
CREDENTIALS = (
    "licsw",
    "lcsw",
    "lmhc",
    "lmft",
    "lpc",
    "ladc",
    "cadc",
    "psyd",
    "phd",
    "md",
    "rn",
    "np",
    "aprn",
)
"""Letters after a clinician's name, as whole words."""

_RANDOM = re.compile(
    r"/[ij]/[\w-]{43}|/feeds/[\w-]{43}|\b[0-9a-f]{32}\b|boundary=\S+|={5,}\d+={2,}", re.ASCII
)
_STARTS = re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, WORD_STARTS))})", re.IGNORECASE)
_LETTERS = re.compile(rf"(?<!\w)({'|'.join(CREDENTIALS)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A word that must not be there, and where: a header's name, a part's type, or the place
    given.
    """

    place: str
    word: str

    def __str__(self) -> str:
        return f"{self.place}: {self.word}"


def lint(
    outward: str | bytes, secrets: Collection[str] = (), *, recipient: str = ""
) -> list[Finding]:
    """Return every finding in a text, or in the decoded headers and parts of a whole MIME message
    (bytes).

    `secrets` are names (of people, of the practice) that may stand nowhere; `recipient` is the
    reader's own address.
    """
    found: list[Finding] = []
    for place, text in _pieces(outward):
        found += (Finding(place, word) for word in _words(text, secrets, recipient))
    return list(dict.fromkeys(found))


def lint_outward(
    name: str, address: str, titles: Iterable[str] = (), legal_name: str = "", base_url: str = ""
) -> list[Finding]:
    """Return what is wrong with all that a practice shows to the outside: its sender, its programs'
    titles, its links.
    """
    shown = [
        ("outward_name", name),
        ("outward_email", address),
        *(("outward_title", title) for title in titles),
    ]
    shown += [("BASE_URL", base_url)]
    return [
        Finding(place, word) for place, text in shown for word in _words(text, [legal_name], "")
    ]


def names_to_keep_in(names: Iterable[str]) -> list[str]:
    """Return the forms in which people's names may stand nowhere outside: whole, and as initials
    with points.
    """
    found = []
    for name in names:
        initials = []
        for part in name.split():
            if part[0].isalpha():
                initials.append(part[0])
        found.append(name)
        if len(initials) > 1:
            found += [".".join(initials), ". ".join(initials)]
    return list(dict.fromkeys(found))


def _words(text: str, secrets: Collection[str], recipient: str) -> Iterator[str]:
    plain = _RANDOM.sub(" ", _unfolded(text))
    if recipient:
        plain = re.sub(
            re.escape(recipient),
            " ",
            plain,
            flags=re.IGNORECASE,
        )
    for pattern in (_STARTS, _LETTERS):
        yield from (match.group(1).lower() for match in pattern.finditer(plain))
    folded = _folded(plain)
    for secret in secrets:
        bare = _folded(secret)
        # A regular expression a name is a hundred times dearer than the question whether the name
        # stands there at all.
        if bare and bare in folded and re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", folded):
            yield secret


def _pieces(outward: str | bytes) -> Iterator[tuple[str, str]]:
    if isinstance(outward, str):
        yield "text", outward
        return
    if not re.match(rb"(?i)[!-9;-~]+:[^\r\n]*\r?\n", outward) or outward.startswith(
        b"BEGIN:VCALENDAR"
    ):
        yield "text", outward.decode("utf-8", errors="replace")
        return
    yield from _of_message(email.message_from_bytes(outward, policy=policy.default))


def _of_message(message: Message) -> Iterator[tuple[str, str]]:
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        yield from ((name, str(value)) for name, value in part.items())
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            data = payload if isinstance(payload, bytes) else b""
            yield (
                part.get_content_type(),
                data.decode(part.get_content_charset("utf-8"), errors="replace"),
            )


def _unfolded(text: str) -> str:
    return (
        re.sub(r"\r?\n[ \t]", "", text).replace("\\n", " ") if "BEGIN:VCALENDAR" in text else text
    )


def _folded(text: str) -> str:
    """Return text as it is compared: without accents and case, white space as one space."""
    bare = text
    if not text.isascii():
        signs = unicodedata.normalize("NFKD", text)
        bare = "".join(sign for sign in signs if not unicodedata.combining(sign))
    return " ".join(bare.casefold().split())
