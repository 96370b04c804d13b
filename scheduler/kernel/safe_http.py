"""Fetching from an address that a person typed: https alone, and never anything inside the house.

Server-side request forgery (OWASP ASVS 5.0 1.3.6): the name is resolved here, every address it has
must be a public one, and the connection goes to that very address, so that a name that changes its
mind gains nothing. Each redirect is judged anew. Meant for a child process (`kernel.apart`): name
servers and slow answers know no limit of their own.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urljoin, urlsplit

from scheduler.kernel.errors import InputError

LONGEST = 2000
"""Characters of an address."""
PORT = 443
REDIRECTS = 3
SILENCE = 5.0
"""Seconds a server may say nothing."""
NOT_PUBLIC = "{} is no known server of the open internet; check the address"
"""One sentence for a name nobody knows and for one inside the house: who asks learns nothing of the
house.
"""
GIVEN_OUT = ipaddress.ip_network("2000::/3")
"""All of IPv6 that servers of the internet have (RFC 4291 2.4, IANA)."""
CARRIES_ANOTHER = tuple(ipaddress.ip_network(one) for one in ("2001::/32", "2002::/16"))
"""Of it, what stands for an IPv4 address (RFC 4380, 3056): none is a server's own."""

Place = tuple[str, int]
"""An IP address and a port."""


class Unreachable(InputError):
    """An address that may not be fetched, or that did not give what was asked for; in a sentence
    for its owner.
    """


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: `data` None when nothing has changed since; `tag` and `modified` are the answer's
    own conditions.
    """

    data: bytes | None
    tag: str | None
    modified: str | None


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the open internet's, and of nothing else."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 6 and (ip not in GIVEN_OUT or any(ip in one for one in CARRIES_ANOTHER)):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def places_of(host: str) -> list[Place]:
    """Ask the name servers where a host is. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(NOT_PUBLIC.format(host)) from error
    return [(str(place[0]), int(place[1])) for *_, place in found]


@dataclass(frozen=True, slots=True)
class Network:
    """How far a fetch may go. What is written here holds wherever nobody says otherwise, and only
    tests do.
    """

    places: Callable[[str], list[Place]] = places_of
    allowed: Callable[[str], bool] = is_public
    authorities: str | None = None
    """A file of certificates to trust instead of the system's."""


OPEN_INTERNET = Network()


def plain_address(text: str) -> str:
    """Return an address as it may be fetched (webcal means https). Raises Unreachable, saying what
    is wrong with it.
    """
    text = text.strip()
    if (
        len(text) > LONGEST
        or not text.isascii()
        or any(one <= " " or one in '"<>\\^`{|}\x7f' for one in text)
    ):
        raise Unreachable("this is not an address; copy it whole from your calendar program")
    parts = _parts(text)
    if parts.scheme.lower() not in {"https", "webcal", "webcals"}:
        raise Unreachable("the address must begin with https:// or webcal://")
    if "@" in parts.netloc:
        raise Unreachable(
            "the address holds a name or a password; use the secret address of the calendar"
        )
    if _port(parts) not in {None, PORT}:
        raise Unreachable("an address with a port is not read; use one without")
    host = (parts.hostname or "").rstrip(".")
    if "." not in host or ":" in host or host.rpartition(".")[2].isdigit():
        raise Unreachable("the address must name a server of the internet, as calendar.example.com")
    return parts._replace(scheme="https", netloc=host, fragment="").geturl()


def fetch(
    address: bytes,
    *,
    tag: str | None,
    modified: str | None,
    largest: int,
    reach: Network = OPEN_INTERNET,
) -> Fetched:
    """Get what stands at an address, at most `largest` octets; with `tag` or `modified` only if it
    changed since.

    RFC 9110 13.1. Raises Unreachable with what to tell the owner; the words never repeat the
    address.
    """
    url = address.decode("ascii")
    conditions = {"If-None-Match": tag, "If-Modified-Since": modified}
    for _ in range(REDIRECTS + 1):
        connection, answer = _ask(
            plain_address(url), {key: said for key, said in conditions.items() if said}, reach
        )
        try:
            if answer.status in {301, 302, 303, 307, 308} and answer.headers["Location"]:
                url = urljoin(url, answer.headers["Location"])
                continue
            return _taken(answer, largest, conditional=bool(tag or modified))
        except (OSError, HTTPException) as error:
            raise Unreachable("the answer was cut off") from error
        finally:
            answer.close()  # a connection that is to be closed leaves its socket to the answer
            connection.close()
    raise Unreachable("the address leads from one place to the next; copy it anew")


def _ask(
    url: str, conditions: dict[str, str], reach: Network
) -> tuple[HTTPSConnection, HTTPResponse]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    places = reach.places(host)
    if not places or not all(reach.allowed(ip) for ip, _ in places):
        raise Unreachable(NOT_PUBLIC.format(host))
    connection = _Pinned(host, places[0], ssl.create_default_context(cafile=reach.authorities))
    said = {
        "User-Agent": "Kinfold",
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    try:
        connection.request(
            "GET", parts._replace(scheme="", netloc="").geturl() or "/", headers=said | conditions
        )
        return connection, connection.getresponse()
    except (OSError, HTTPException) as error:
        connection.close()
        why = (
            "shows no valid certificate"
            if isinstance(error, ssl.SSLCertVerificationError)
            else "does not answer"
        )
        raise Unreachable(f"{host} {why}; it is tried again later") from error


def _taken(answer: HTTPResponse, largest: int, *, conditional: bool) -> Fetched:
    tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    if answer.status == 304 and conditional:
        return Fetched(None, tag, modified)
    if answer.status != 200:
        raise Unreachable(f"the address answers {answer.status}: {_meaning(answer.status)}")
    if (answer.headers["Content-Encoding"] or "identity").lower() != "identity":
        raise Unreachable("the answer is packed in a way that was not asked for")
    length, data = answer.length, answer.read(largest + 1)
    if len(data) > largest:
        raise Unreachable(f"the calendar is larger than {largest // 1024} KB; share less of it")
    if length is not None and len(data) < length:
        raise Unreachable("the answer was cut off")
    return Fetched(data, tag and tag[:200], modified and modified[:100])


def _meaning(status: int) -> str:
    if status in {401, 403}:
        return "it is not open to us; use the secret address of the calendar"
    if status in {404, 410}:
        return "there is no calendar any more; copy the address anew"
    return "it is tried again later"


def _parts(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise Unreachable(
            "this is not an address; copy it whole from your calendar program"
        ) from error


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return 0


class _Pinned(HTTPSConnection):
    """A connection to one IP address, under the name whose certificate it must show."""

    def __init__(self, host: str, place: Place, trust: ssl.SSLContext) -> None:
        super().__init__(host, PORT, timeout=SILENCE, context=trust)
        self.place, self.trust = place, trust

    def connect(self) -> None:
        plain = socket.create_connection(self.place, SILENCE)
        try:
            self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
