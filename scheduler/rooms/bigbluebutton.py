"""Rooms of BigBlueButton, made and entered by signed calls (docs.bigbluebutton.org, "API
Reference": checksum over the call's name, its query and the secret). Pure.

A meeting is made by the first who comes, ends by itself with the session, and a way in carries the
meeting's `createTime`: it opens no later meeting, even of the same name.
"""

import hashlib
import math
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from scheduler.rooms.visit import Visit, opaque, session_name, visitor_name

NAME = "Appointment"
"""What the meeting is called in the service: neutral, as everything outside."""
_CREATE_TIME = re.compile(rb"<createTime>\s*([0-9]{1,20})\s*</createTime>")
_SUCCESS = re.compile(rb"<returncode>\s*SUCCESS\s*</returncode>")


def create_address(url: str, secret: bytes, visit: Visit, *, key: bytes, now: datetime) -> str:
    """Return the call that makes the session's meeting, or finds it made; it ends with the
    session.
    """
    meeting = session_name(key, visit)
    left = visit.ends_at - now
    minutes = max(1, math.ceil(left.total_seconds() / 60))
    said = {
        "name": NAME,
        "meetingID": meeting,
        "attendeePW": opaque(key, "attendee", meeting),
        "moderatorPW": opaque(key, "moderator", meeting),
        "duration": str(minutes),
        "record": "false",
        "autoStartRecording": "false",
        "allowStartStopRecording": "false",
    }
    return signed_call(url, "create", said, secret)


def join_address(url: str, secret: bytes, visit: Visit, *, key: bytes, create_time: str) -> str:
    """Return the address that lets one person into the meeting made at `create_time`."""
    said = {
        "fullName": visit.name,
        "meetingID": session_name(key, visit),
        "role": "MODERATOR" if visit.moderates else "VIEWER",
        "userID": visitor_name(key, visit),
        "createTime": create_time,
        "redirect": "true",
    }
    return signed_call(url, "join", said, secret)


def check_address(url: str, secret: bytes) -> str:
    """Return a call that changes nothing and that only the right secret may make."""
    return signed_call(url, "isMeetingRunning", {"meetingID": "check"}, secret)


def is_success(answer: bytes) -> bool:
    """True if the service did what it was asked."""
    return _SUCCESS.search(answer) is not None


def end_address(url: str, secret: bytes, visit: Visit, *, key: bytes) -> str:
    """Return the call that ends the session's meeting for all who are in it: what they were handed
    opens no later one.
    """
    meeting = session_name(key, visit)
    said = {"meetingID": meeting, "password": opaque(key, "moderator", meeting)}
    return signed_call(url, "end", said, secret)


def create_time(answer: bytes) -> str | None:
    """Return when the service made the meeting, as it says it; None when it did not."""
    found = _CREATE_TIME.search(answer)
    if found is None or not is_success(answer):
        return None
    return found[1].decode()


def signed_call(url: str, call: str, said: Mapping[str, str], secret: bytes) -> str:
    """Return the address of a call with its checksum (SHA-256)."""
    query = urlencode(said)
    checksum = hashlib.sha256(f"{call}{query}".encode() + secret).hexdigest()
    return f"{url.rstrip('/')}/api/{call}?{query}&checksum={checksum}"
