"""An observer at the mail server, a process of its own: it reads clinic files and the log of
commands, and judges every letter by them. It knows nothing of the product: only files, mail and the
calendar format.

    python tests/fakes/observer.py PORT FOLDER     takes mail until its input ends, then prints
    its findings as JSON

FOLDER holds `log.jsonl` (one line a command: begun, ended, and either the file loaded or the
relative revoked with the kind or null), the clinic files it names, `sessions.jsonl` (key, kind,
start, end, patients) and `canaries.txt`.
"""

import email
import json
import re
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import policy
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml
from aiosmtpd.controller import Controller


@dataclass(eq=False)
class Taken:
    """One letter at the moment it was accepted."""

    at: float
    to: list[str]
    content: bytes


@dataclass
class Observer:
    """Takes every letter and keeps it with its moment."""

    letters: list[Taken] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.letters.append(
            Taken(time.time(), list(envelope.rcpt_tos), bytes(envelope.original_content))
        )
        return "250 kept"


@dataclass(frozen=True)
class Consent:
    """One consent of one file, and from when until when that file was in force."""

    address: str
    patient: str
    kinds: frozenset[str]
    first: datetime
    after: datetime
    others: bool
    from_: float
    until: float


def consents(folder: Path) -> list[Consent]:
    """Read every consent from every file that was loaded; one that was revoked by command ends with
    its answer.
    """
    said = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    log = [entry for entry in said if "file" in entry]
    found = []
    for number, entry in enumerate(log):
        until = log[number + 1]["ended"] if number + 1 < len(log) else float("inf")
        withdrawn = [
            one for one in said if "revoked" in one and entry["begun"] < one["begun"] < until
        ]
        clinic = yaml.safe_load((folder / entry["file"]).read_text())
        zone = ZoneInfo(clinic["practice"]["zone"])
        for patient in clinic["patients"]:
            for relative in patient["family"]:
                gone = [one for one in withdrawn if one["revoked"] == relative["key"]]
                for paper in relative["consents"] if relative.get("ready") else []:
                    day = {
                        name: datetime.fromisoformat(str(paper[name]))
                        for name in ("signed", "expires")
                    }
                    for kind in paper["kinds"]:
                        ends = [one["ended"] for one in gone if one["kind"] in (None, kind)]
                        found.append(
                            Consent(
                                relative["email"],
                                patient["key"],
                                frozenset({kind}),
                                day["signed"].replace(tzinfo=zone),
                                (day["expires"] + timedelta(days=1)).replace(tzinfo=zone),
                                bool(paper.get("others")),
                                entry["begun"],
                                min([until, *ends]),
                            )
                        )
    return found


def told_without_consent(folder: Path) -> set[str]:
    """Return the addresses of the patients themselves, whose own affair it is, and of staff, who
    are asked before a session to which nobody has answered.
    """
    files = {
        json.loads(line).get("file") for line in (folder / "log.jsonl").read_text().splitlines()
    } - {None}
    clinics = [yaml.safe_load((folder / file).read_text()) for file in files]
    people = [*clinics[0]["clinicians"]]
    for clinic in clinics:
        people += clinic["patients"]
    return {person["email"] for person in people}


@cache
def calendar(letter: Taken) -> str:
    """Return the calendar part, unfolded."""
    for part in email.message_from_bytes(letter.content, policy=policy.default).walk():
        if part.get_content_type() == "text/calendar":
            return bytes(part.get_payload(decode=True)).decode().replace("\r\n ", "")  # type: ignore[arg-type]
    return ""


def everything(letter: Taken) -> str:
    """Return all that can be read of a letter."""
    message = email.message_from_bytes(letter.content, policy=policy.default)
    texts = [
        str(part.get_content()) for part in message.walk() if part.get_content_maintype() == "text"
    ]
    return "\n".join(
        [*(f"{name}: {value}" for name, value in message.items()), *texts, calendar(letter)]
    ).casefold()


def starts(entries: str) -> list[datetime]:
    """Return the instant at which each entry of a calendar begins, first of a series."""
    found = []
    for zone, said in re.findall(
        r"\nDTSTART(?:;TZID=([^:\r\n]+))?:(\d{8}T\d{6})Z?\r", entries.partition("BEGIN:VEVENT")[2]
    ):
        moment = datetime.strptime(said, "%Y%m%dT%H%M%S")
        found.append(moment.replace(tzinfo=ZoneInfo(zone) if zone else UTC))
    return found


Consents = dict[str, list[Consent]]
"""Consents by the address of the relative they name."""
Sessions = dict[datetime, list[dict[str, Any]]]
"""Sessions by when they start."""


def is_covered(
    letter: Taken, all_: Consents, sessions: Sessions, sent: set[tuple[str, str]]
) -> bool:
    """Say whether a consent in force at acceptance covers each entry; a cancellation only follows
    what was sent.
    """
    entries, address = calendar(letter), letter.to[0]
    if not entries:
        told = reminded(letter)
        return bool(told) and all(
            any(_opens(one, at, sessions) for one in _in_force(letter, all_)) for at in told
        )
    uids = set(re.findall(r"\nUID:([^\r\n]+)", entries))
    if "METHOD:CANCEL" in entries:
        return all((address, uid) in sent for uid in uids)
    sent |= {(address, uid) for uid in uids}
    mine = _in_force(letter, all_)
    return bool(uids) and all(
        any(_opens(one, start, sessions) for one in mine) for start in starts(entries)
    )


def _in_force(letter: Taken, all_: Consents) -> list[Consent]:
    now, mine = datetime.fromtimestamp(letter.at, UTC), all_.get(letter.to[0], [])
    return [
        one for one in mine if one.from_ <= letter.at <= one.until and one.first <= now < one.after
    ]


def reminded(letter: Taken) -> list[datetime]:
    """Return the instants that a letter without a calendar part names, as it writes them: clinic
    time in English.
    """
    message = email.message_from_bytes(letter.content, policy=policy.default)
    body = message.get_body(("plain",))  # type: ignore[attr-defined]
    words = str(body.get_content()).replace("\xa0", " ") if body else ""
    found = []
    for day, begin, half, end in re.findall(
        r"\w{3} (\d+ \w+ \d{4}), (\d+:\d\d)(?: ([AP]M))? – \d+:\d\d ([AP]M)", words
    ):
        at = datetime.strptime(f"{day} {begin} {half or end}", "%d %B %Y %I:%M %p")
        found.append(at.replace(tzinfo=ZoneInfo("America/New_York")))
    return found


def _opens(one: Consent, start: datetime, sessions: Sessions) -> bool:
    return any(
        row["kind"] in one.kinds
        and (row["kind"] != "multi_family_group" or one.others)
        and (row["kind"] != "family_therapy" or one.patient in row["patients"])
        and datetime.fromisoformat(row["end"]) <= one.after
        for row in sessions.get(start.astimezone(UTC), [])
    )


def findings(observer: Observer, folder: Path) -> dict[str, Any]:
    """Judge every letter that came."""
    sent, rows = (
        set[tuple[str, str]](),
        [json.loads(line) for line in (folder / "sessions.jsonl").open()],
    )
    all_, sessions = Consents(), Sessions()
    for one in consents(folder):
        all_.setdefault(one.address, []).append(one)
    for row in rows:
        sessions.setdefault(datetime.fromisoformat(row["start"]).astimezone(UTC), []).append(row)
    canaries = [
        word.casefold() for word in (folder / "canaries.txt").read_text().splitlines() if word
    ]
    own = told_without_consent(folder)
    placed = {
        datetime.fromisoformat(row["start"]) for row in rows if row["kind"] == "family_therapy"
    }
    judged = [
        (letter, set(letter.to) <= own or is_covered(letter, all_, sessions, sent))
        for letter in observer.letters
    ]
    return {
        "letters": len(judged),
        "cancellations": sum("METHOD:CANCEL" in calendar(letter) for letter, _ in judged),
        "reminders": sum(
            not calendar(letter) and not set(letter.to) <= own for letter, _ in judged
        ),
        "placed": sum(any(at in placed for at in starts(calendar(letter))) for letter, _ in judged),
        "uncovered": [[*letter.to, calendar(letter)[:400]] for letter, good in judged if not good],
        "canaries": [
            word for text in map(everything, observer.letters) for word in canaries if word in text
        ],
        "many": [
            letter.to
            for letter, _ in judged
            if len(letter.to) != 1 or _attendees(letter) - {letter.to[0]}
        ],
    }


def _attendees(letter: Taken) -> set[str]:
    return {
        each.casefold()
        for each in re.findall(r"\nATTENDEE[^\r\n]*mailto:([^\r\n]+)", calendar(letter))
    }


def main() -> None:
    """Observe until the input ends, then judge."""
    observer, folder = Observer(), Path(sys.argv[2])
    door = Controller(observer, hostname="127.0.0.1", port=int(sys.argv[1]), enable_SMTPUTF8=True)
    door.start()
    print("ready", flush=True)
    sys.stdin.read()
    door.stop()
    print(json.dumps(findings(observer, folder)), flush=True)


if __name__ == "__main__":
    main()
