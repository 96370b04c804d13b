"""Fetching from an address that a person typed: https alone, and never anything inside the house.

Server-side request forgery (OWASP ASVS 5.0 1.3.6): the name is resolved here, every address it has
must be a public one, and the connection goes to that very address, so that a name that changes its
mind gains nothing. Each redirect is judged anew. Meant for a child process (`kernel.sandbox`): name
servers and slow answers know no limit of their own.
"""

import ipaddress
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection, parse_headers
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from scheduler.kernel.untrusted.http_answer import (
    Unreachable,
    longest_wait,
    meaning,
    require_no_page,
    too_large,
    unpacked,
)

LONGEST = 2000
"""Characters of an address."""
PORT = 443
REDIRECTS = 3
SILENCE = 5.0
"""Seconds a server may say nothing."""
CONNECT = 3.0
"""Seconds for one of its addresses to take the connection."""
MOST_ADDRESSES = 4
"""Addresses of one name that are tried in turn."""
MOST_INTERIM = 10
"""Interim answers (1xx) before the final one."""
KEPT_IN_PATHS = "/%:@!$&'()*+,;=~-._[]?"
"""What stands for itself in a path or query (RFC 3986 3.3, 3.4); the rest is percent-encoded."""
WHOLE_ANSWERS = frozenset({200, 203})
"""203: as a proxy on the way has changed it (RFC 9110 15.3.4)."""
NO_ADDRESS = "this is not an address; copy it whole from your calendar program"
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
    places = [(str(place[0]), int(place[1])) for *_, place in found]
    return list(dict.fromkeys(places))


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
    """Return an address as it may be fetched: webcal means https, a name beyond ASCII becomes its
    A-label (RFC 5891), a path is percent-encoded as UTF-8 (RFC 3987 3.1).

    Raises Unreachable, saying what is wrong with it.
    """
    text = text.strip().strip('<>"')
    if len(text) > LONGEST or any(_is_odd(letter) for letter in text):
        raise Unreachable(NO_ADDRESS)
    parts = _parts(text)
    if parts.scheme.lower() not in {"https", "webcal", "webcals"}:
        raise Unreachable("the address must begin with https:// or webcal://")
    if "@" in parts.netloc:
        raise Unreachable(
            "the address holds a name or a password; use the secret address of the calendar"
        )
    if _port(parts) not in {None, PORT}:
        raise Unreachable("an address with a port is not read; use one without")
    host = _host_of(parts)
    path = quote(parts.path, safe=KEPT_IN_PATHS)
    query = quote(parts.query, safe=KEPT_IN_PATHS)
    plain = SplitResult("https", host, path, query, "").geturl()
    if len(plain) > LONGEST:
        raise Unreachable(NO_ADDRESS)
    return plain


def _is_odd(letter: str) -> bool:
    return letter <= " " or letter in '"<>\\^`{|}\x7f' or not letter.isprintable()


def _host_of(parts: SplitResult) -> str:
    """Return the name of an address' server in ASCII. Raises Unreachable for none, and for a number
    of a server.
    """
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise Unreachable(NO_ADDRESS) from error
    if "." not in host or ":" in host or host.rpartition(".")[2].isdigit():
        raise Unreachable("the address must name a server of the internet, as calendar.example.com")
    return host


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
                url = _led_on(url, answer.headers["Location"])
                continue
            return _taken(answer, connection.host, largest, conditional=bool(tag or modified))
        except (OSError, HTTPException) as error:
            raise Unreachable("the answer was cut off") from error
        finally:
            answer.close()  # a connection that is to be closed leaves its socket to the answer
            connection.close()
    raise Unreachable("the address leads from one place to the next; copy it anew")


def status_of(url: str, *, reach: Network = OPEN_INTERNET) -> int:
    """Return the status with which the server of an https address answers; nothing of the answer
    is read, and no redirect followed. Raises Unreachable.
    """
    connection, answer = _ask(url, {"Accept": "*/*"}, reach)
    answer.close()
    connection.close()
    return answer.status


def post(url: str, body: bytes, headers: dict[str, str], *, reach: Network = OPEN_INTERNET) -> int:
    """Hand a JSON body over at an https address and return the status of the answer, of which
    nothing is read; no redirect is followed. Raises Unreachable.
    """
    said = {"Content-Type": "application/json", "Accept": "*/*", **headers}
    connection, answer = _ask(plain_address(url), said, reach, body=body)
    answer.close()
    connection.close()
    return answer.status


def _led_on(url: str, location: str) -> str:
    """Return where an answer leads on to. Raises Unreachable for a place that is not read."""
    with suppress(UnicodeError):  # what was no UTF-8 stays as it came
        location = location.encode("latin-1").decode("utf-8")
    try:
        return plain_address(urljoin(url, location))
    except Unreachable as error:
        raise Unreachable(
            f"the address leads on to another one that is not read: {error}"
        ) from error


def _ask(
    url: str, conditions: dict[str, str], reach: Network, *, body: bytes | None = None
) -> tuple[HTTPSConnection, HTTPResponse]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    places = [(ip, parts.port or port) for ip, port in reach.places(host)]
    if not places or not all(reach.allowed(ip) for ip, _ in places):
        raise Unreachable(NOT_PUBLIC.format(host))
    connection = _Pinned(
        host, places[:MOST_ADDRESSES], ssl.create_default_context(cafile=reach.authorities)
    )
    said = {
        "User-Agent": "Kinfold",
        "Accept": "text/calendar",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    method = "GET" if body is None else "POST"
    place = parts._replace(scheme="", netloc="").geturl() or "/"
    try:
        connection.request(method, place, body, said | conditions)
        return connection, connection.getresponse()
    except (OSError, HTTPException) as error:
        connection.close()
        raise Unreachable(f"{host} {_fault(error)}; it is tried again later") from error


def _fault(error: Exception) -> str:
    """Return what a server that gives no answer does."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "shows no valid certificate"
    return "does not answer"


def _taken(answer: HTTPResponse, host: str, largest: int, *, conditional: bool) -> Fetched:
    tag, modified = answer.headers["ETag"], answer.headers["Last-Modified"]
    if answer.status == 304 and conditional:
        return Fetched(None, tag, modified)
    if answer.status not in WHOLE_ANSWERS:
        raise Unreachable(
            f"the address answers {answer.status}: {meaning(answer.status)}",
            wait=longest_wait(answer),
        )
    length, data = answer.length, answer.read(largest + 1)
    if len(data) > largest:
        raise too_large(largest)
    if length is not None and len(data) < length:
        raise Unreachable("the answer was cut off")
    codings = ",".join(answer.headers.get_all("Content-Encoding", []))
    data = unpacked(data, codings, largest)
    require_no_page(data, host)
    return Fetched(data, tag and tag[:200], modified and modified[:100])


def _parts(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError as error:
        raise Unreachable(NO_ADDRESS) from error


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        return 0


class _Final(HTTPResponse):
    """An answer whose interim ones are passed over (1xx, RFC 9110 15.2)."""

    def _read_status(self) -> tuple[str, int, str]:
        for _ in range(MOST_INTERIM):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 101 < status < 200:
                return version, status, reason
            parse_headers(self.fp)
        raise HTTPException("no final answer")


class _Pinned(HTTPSConnection):
    """A connection to one of the IP addresses of a name, whose certificate it must show."""

    response_class = _Final

    def __init__(self, host: str, places: list[Place], trust: ssl.SSLContext) -> None:
        super().__init__(host, PORT, timeout=SILENCE, context=trust)
        self.places, self.trust = places, trust

    def connect(self) -> None:
        plain = self._first_that_takes_it()
        plain.settimeout(SILENCE)
        try:
            self.sock = self.trust.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _first_that_takes_it(self) -> socket.socket:
        """Return a connection to the first address that takes one; some lead nowhere from here."""
        *others, last = self.places
        for place in others:
            try:
                return socket.create_connection(place, CONNECT)
            except OSError:
                continue
        return socket.create_connection(last, CONNECT)
