"""Who a mail says it is from, and what our mail server found about that: From (RFC 5322 3.6.2) and
Authentication-Results (RFC 8601), read by their grammar. Pure.

This runs in a child process: nothing here may be believed to end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from scheduler.invitations.reading.mail_parts import storable
from scheduler.kernel.mail_address import compared_form

ATOM = re.compile(r"[^\s;=()\"\\<>,:]+")
ADDRESS = re.compile(r"[^\s@<>,;:\"()\\\[\]%]{1,64}@[^\s@<>,;:\"()\\\[\]%]{1,255}")
METHOD = re.compile(r"([a-z][a-z0-9-]*)(?:/(\d+))?")
RESULT = re.compile(r"[a-z][a-z0-9-]*")
LONGEST = 20_000
QUOTED = '"'


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a quoted string, or one sign; comments and blanks are none."""

    text: str
    is_quoted: bool = False


OPENS = Piece("<")
SIGNS = (OPENS, Piece(">"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who judged, "" for nobody named; what DMARC came to; and about which domain of From."""

    server: str = ""
    dmarc: str = ""
    domain: str = ""


def raw_fields(message: Message, name: str) -> list[str]:
    """Return every header field of this name as it came, unfolded: no encoded word is undone, which
    would make marks of what stood inside a word.
    """
    found = []
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            found.append(storable(re.sub(r"\r?\n", "", str(value)))[:LONGEST])
    return found


def one_sender(froms: list[str]) -> str:
    """Return the one bare address of From; "" unless there is one field with one well-formed
    address. Words that are no address ("Lee, Dana" without quotes) stand beside it often.
    """
    pieces = _pieces(froms[0]) if len(froms) == 1 else None
    if pieces is None:
        return ""
    angles, outside = _angles(pieces)
    beside = [piece.text for piece in outside if not piece.is_quoted]
    if angles is None or len(angles) > 1:
        return ""
    if angles:
        address = _address(angles[0])
        return "" if _names_another(beside, address) else address
    if len(beside) == len(outside):
        return _address("".join(beside))
    return ""


def _names_another(words: list[str], address: str) -> bool:
    """True if words beside an address name a group or another address."""
    others = []
    for word in words:
        if "@" in word and compared_form(word) != address:
            others.append(word)
    return ":" in words or bool(others)


def _address(said: str) -> str:
    if ADDRESS.fullmatch(said):
        return compared_form(said)
    return ""


def _angles(pieces: list[Piece]) -> tuple[list[str] | None, list[Piece]]:
    """Return what stands in angle brackets, None where they do not match, and what does not."""
    angles: list[str] = []
    outside: list[Piece] = []
    inside: str | None = None
    for piece in pieces:
        if piece in SIGNS:
            if (piece == OPENS) is (inside is not None):
                return None, outside
            if inside is not None:
                angles.append(inside)
            inside = "" if piece == OPENS else None
        elif inside is None:
            outside.append(piece)
        else:
            inside += f"{QUOTED}{piece.text}" if piece.is_quoted else piece.text
    return (None if inside is not None else angles), outside


def verdict_of(field: str) -> Verdict:
    """Return what one Authentication-Results says; nothing where it has no such form, or is of a
    version that nobody has written down.

    A verdict counts whose every DMARC result is the same, about one domain.
    """
    pieces = _pieces(field)
    if pieces is None:
        return Verdict()
    first, *statements = _statements(pieces)
    server = _server(first)
    if server is None:
        return Verdict()
    found = set()
    for statement in statements:
        result = _dmarc(statement)
        if result is not None:
            found.add(result)
    if len(found) > 1:
        is_failed = any(dmarc == "fail" for dmarc, _domain in found)
        return Verdict(server, "fail" if is_failed else "contradictory")
    dmarc, domain = found.pop() if found else ("", "")
    return Verdict(server, dmarc, domain)


def _server(pieces: list[Piece]) -> str | None:
    """Return who judged, "" where nobody is named as Outlook does; None for another version."""
    if not pieces or any(piece.text == "=" and not piece.is_quoted for piece in pieces):
        return ""
    name, *version = pieces
    if version and [piece.text for piece in version] != ["1"]:
        return None
    return name.text.lower()


def _dmarc(pieces: list[Piece]) -> tuple[str, str] | None:
    """Return a DMARC result and the domain of From that it is about; None for another method.

    One in no known form is neither: "unreadable".
    """
    if not pieces or pieces[0].is_quoted:
        return None
    method = METHOD.fullmatch(pieces[0].text.lower())
    if method is None or method[1] != "dmarc":
        return None
    result = _result(pieces) if method[2] in {None, "1"} else ""
    if not result:
        return "unreadable", ""
    domains = set(_values(pieces[3:], "header.from"))
    return result, (domains.pop() if len(domains) == 1 else "")


def _result(pieces: list[Piece]) -> str:
    """Return what a method came to, "" where it does not say so as the grammar has it."""
    if len(pieces) < 3 or pieces[1] != Piece("=") or pieces[2].is_quoted:
        return ""
    said = pieces[2].text.lower()
    return said if RESULT.fullmatch(said) else ""


def _values(pieces: list[Piece], name: str) -> Iterator[str]:
    """Yield what a property says, with its blanks and comments taken away (RFC 8601 2.2)."""
    for place, piece in enumerate(pieces):
        if piece != Piece("=") or place + 1 >= len(pieces):
            continue
        words: list[str] = []
        for before in reversed(pieces[:place]):
            if before.is_quoted or before.text == "=":
                break
            words.insert(0, before.text)
        if _property(words) == name:
            yield pieces[place + 1].text.lower().rpartition("@")[2].rstrip(".")


def _property(words: list[str]) -> str:
    """Return the name before a sign of equality: `header.from`, also with blanks around the dot."""
    name = ""
    for word in reversed(words):
        name = word + name
        if "." in name and not name.startswith("."):
            break
    return name.lower()


def _statements(pieces: list[Piece]) -> list[list[Piece]]:
    statements: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece == Piece(";"):
            statements.append([])
        else:
            statements[-1].append(piece)
    return statements


def _pieces(text: str) -> list[Piece] | None:
    """Return the pieces of a field without comments; None where a quote or comment has no end."""
    pieces: list[Piece] = []
    place = 0
    while place < len(text):
        sign = text[place]
        if sign == "(":
            end = _comment_end(text, place)
        elif sign == QUOTED:
            end = _quote_end(text, place)
            if end is not None:
                inside = re.sub(r"\\(.)", r"\1", text[place + 1 : end - 1])
                pieces.append(Piece(inside, is_quoted=True))
        else:
            atom = ATOM.match(text, place)
            end = atom.end() if atom else place + 1
            if not sign.isspace():
                pieces.append(Piece(text[place:end]))
        if end is None:
            return None
        place = end
    return pieces


def _comment_end(text: str, place: int) -> int | None:
    """Return where a comment ends that begins here; comments stand in comments."""
    depth = 0
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 1
        elif sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if not depth:
                return place + 1
        place += 1
    return None


def _quote_end(text: str, place: int) -> int | None:
    place += 1
    while place < len(text):
        if text[place] == "\\":
            place += 1
        elif text[place] == QUOTED:
            return place + 1
        place += 1
    return None
