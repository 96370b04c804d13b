"""Jitsi Meet and BigBlueButton as their documents say that they judge a way in.

Jitsi (lib-jitsi-meet, tokens.md): signature by HS256, issuer and audience, the domain as `sub`, the
room of the address, `nbf` and `exp`; what it is told of the user is text. BigBlueButton (API
reference): a checksum over call, query and secret; a meeting ends after `duration` minutes; a
`createTime` other than the meeting's is refused.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from scheduler.kernel.untrusted.http_answer import Unreachable


@dataclass(frozen=True)
class Guest:
    """Who was let in where."""

    room: str
    name: str
    moderates: bool
    user: str


@dataclass
class FakeJitsi:
    host: str
    app_id: str
    secret: bytes

    def enter(self, address: str, at: datetime) -> Guest | None:
        """Let somebody in, or not."""
        parts = urlsplit(address)
        token = parse_qs(parts.query).get("jwt", [""])[0]
        if parts.scheme != "https" or parts.hostname != self.host or token.count(".") != 2:
            return None
        signed, _, signature = token.rpartition(".")
        right = hmac.new(self.secret, signed.encode(), hashlib.sha256).digest()
        header, claims = (json.loads(decoded(part)) for part in signed.split("."))
        room = parts.path.removeprefix("/")
        user = claims["context"]["user"]
        is_right = (
            hmac.compare_digest(right, decoded(signature))
            and header["alg"] == "HS256"
            and claims["iss"] == self.app_id
            and claims["aud"] == "jitsi"
            and claims["sub"] == self.host
            and claims["room"] == room
            and claims["nbf"] <= at.timestamp() < claims["exp"]
            and all(isinstance(value, str) for value in user.values())
        )
        if not is_right:
            return None
        return Guest(room, user["name"], user["moderator"] == "true", user["id"])


@dataclass
class Hosts:
    """The hosts of video services: `answers` holds the status of those that are up."""

    answers: dict[str, int]
    asked: list[str] = field(default_factory=list)

    def knock(self, address: str) -> int:
        self.asked.append(address)
        host = urlsplit(address).netloc
        if host not in self.answers:
            raise Unreachable(f"{host} does not answer; it is tried again later")
        return self.answers[host]


@dataclass
class Meeting:
    made_at: datetime
    passwords: tuple[str, str]
    minutes: int

    @property
    def create_time(self) -> str:
        return str(int(self.made_at.timestamp() * 1000))

    def runs(self, at: datetime) -> bool:
        return at < self.made_at + timedelta(minutes=self.minutes)


@dataclass
class FakeBigBlueButton:
    url: str
    secret: bytes
    at: datetime
    meetings: dict[str, Meeting] = field(default_factory=dict)
    is_down: bool = False

    def ask(self, address: str) -> bytes:
        """Answer a call, as XML."""
        if self.is_down:
            raise OSError("connection refused")
        if self._checked(address, "isMeetingRunning") is not None:
            return b"<response><returncode>SUCCESS</returncode><running>false</running></response>"
        ends = self._checked(address, "end")
        if ends is not None:
            return self._end(ends)
        said = self._checked(address, "create")
        if said is None:
            return b"<response><returncode>FAILED</returncode></response>"
        passwords = (said["attendeePW"], said["moderatorPW"])
        found = self.meetings.get(said["meetingID"])
        if found is None or not found.runs(self.at):
            found = Meeting(self.at, passwords, int(said["duration"]))
            self.meetings[said["meetingID"]] = found
        if found.passwords != passwords:
            return b"<response><returncode>FAILED</returncode></response>"
        return (
            "<response><returncode>SUCCESS</returncode>"
            f"<createTime>{found.create_time}</createTime></response>"
        ).encode()

    def _end(self, said: dict[str, str]) -> bytes:
        found = self.meetings.get(said["meetingID"])
        if found is None or found.passwords[1] != said["password"]:
            return b"<response><returncode>FAILED</returncode></response>"
        del self.meetings[said["meetingID"]]
        return b"<response><returncode>SUCCESS</returncode></response>"

    def enter(self, address: str, at: datetime) -> Guest | None:
        """Let somebody in, or not."""
        said = self._checked(address, "join")
        if said is None:
            return None
        meeting = self.meetings.get(said["meetingID"])
        if meeting is None or not meeting.runs(at) or said["createTime"] != meeting.create_time:
            return None
        is_moderator = said["role"] == "MODERATOR"
        return Guest(said["meetingID"], said["fullName"], is_moderator, said["userID"])

    def _checked(self, address: str, call: str) -> dict[str, str] | None:
        head, _, query = address.partition("?")
        signed, _, checksum = query.rpartition("&checksum=")
        right = hashlib.sha256(f"{call}{signed}".encode() + self.secret).hexdigest()
        if head != f"{self.url}/api/{call}" or not hmac.compare_digest(right, checksum):
            return None
        return {name: values[0] for name, values in parse_qs(signed).items()}


def decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
