"""How every call is answered: who calls, may they, what do they say; then the deed, once, kept or
undone as a whole.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, g, request

from scheduler import feeds
from scheduler.invitations import Told, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading, write_after_reading
from scheduler.kernel.errors import Conflict, InputError, InvalidFile, NotFound
from scheduler.people import keep_answer, names_by_id, take_answer
from scheduler.people.models import Person
from scheduler.web.api.door.api_problem import ApiProblem
from scheduler.web.api.door.api_routes import Answered, Call, Route
from scheduler.web.api.door.call_reading import idempotency_key, read_call
from scheduler.web.api.door.gatekeeper import (
    Holder,
    count_and_note,
    hold_to_table,
    holder_here,
    note_refusal,
    refuse_token_in_address,
    subject_of,
)

JSON = "application/json"


def view_for(route: Route, media_type: str = JSON) -> Callable[..., Response]:
    """Return what Flask calls for a route."""

    def view(key: str = "") -> Response:
        answered = _answer(route, key)
        return _response(route, answered, media_type)

    view.__doc__ = route.says
    view.__name__ = route.name
    return view


def _answer(route: Route, key: str) -> Answered:
    """Answer a call, counted and written down before anything is handed out: a write before it is
    done, a read after it was read, so that it needs no third transaction for the token.
    """
    moment = now()
    refuse_token_in_address()
    reading()
    holder = holder_here(now=moment)
    subject = subject_of(route, key)
    if route.writes or holder.is_spent:
        db.session.commit()
        count_and_note(holder, route, subject, now=moment)
    try:
        hold_to_table(holder, route, subject, key, now=moment)
        row = None if route.writes else subject.row
        call = read_call(route, key, holder.staff, row, now=moment)
        answered = _in_words(lambda: _done(route, call, holder))
    except Exception as problem:
        db.session.rollback()
        if not route.writes:
            count_and_note(holder, route, subject, now=moment)
        if isinstance(problem, ApiProblem) and problem.status == 403:
            note_refusal(holder, route, subject, now=moment)
        raise
    if not route.writes:
        write_after_reading()
        count_and_note(holder, route, subject, now=moment)
    return answered


def _in_words(deed: Callable[[], Answered]) -> Answered:
    """Do it, and say a refusal of the deed as one of the API."""
    try:
        return deed()
    except InvalidFile as error:
        said = "The record cannot be kept as it is said."
        raise ApiProblem(422, said, errors=error.problems) from error
    except NotFound as error:
        raise ApiProblem(404, _sentence(error)) from error
    except InputError as error:
        raise ApiProblem(422, _sentence(error)) from error
    except Conflict as error:
        raise ApiProblem(409, _sentence(error)) from error


def _sentence(error: Exception) -> str:
    words = str(error)
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _done(route: Route, call: Call, holder: Holder) -> Answered:
    if not route.writes:
        return route.view(call)
    key = idempotency_key()
    if route.rehearses and call.args.get("dry_run"):
        return _rehearsed(route, call)
    if key is None:
        answered = route.view(call)
        db.session.commit()
        return _waited_for(answered)
    return _done_once(route, call, holder, key)


def _done_once(route: Route, call: Call, holder: Holder, key: str) -> Answered:
    """Do what has a key of its own, unless it was done: then answer as before. Raises 409, 422."""
    before = take_answer(
        holder.token_id,
        key,
        call=_call_hash(call),
        now=call.now,
    )
    if not before.is_new:
        if not before.is_same:
            raise ApiProblem(422, "This Idempotency-Key was used for another call.")
        if before.answer is None:
            raise ApiProblem(409, "The same call is being done, or broke off: look what stands.")
        status, headers, document, tag = before.answer
        said = {**headers, "Idempotency-Replayed": "true"}
        return Answered(document, status, said, tag)
    answered = route.view(call)
    if answered.afterwards is not None:
        db.session.commit()
        answered = _waited_for(answered)
    kept = [
        answered.status or route.status,
        dict(answered.headers),
        answered.document,
        answered.tag,
    ]
    keep_answer(holder.token_id, key, kept)
    db.session.commit()
    return answered


def _waited_for(answered: Answered) -> Answered:
    """Return what a call is answered once what it waits for has come."""
    if answered.afterwards is None:
        return answered
    return replace(answered, document=answered.afterwards(), afterwards=None)


def _call_hash(call: Call) -> str:
    said = [request.method, request.full_path, call.match, call.body]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _rehearsed(route: Route, call: Call) -> Answered:
    """Do it, say what it came to and what would leave, and undo it."""
    answered = route.view(call)
    document = {
        "dry_run": True,
        "letters": letters_document(call.told),
        "result": answered.document,
    }
    db.session.rollback()
    return Answered(document, 200)


def letters_document(told: list[Told]) -> list[dict[str, str]]:
    """Return the letters that follow, each with its kind and whom it tells."""
    letters = [news for news in told if news.letter_id]
    keys = {person.id: person.key for person in _people(letters)}
    return [{"kind": news.kind, "person": keys[news.person_id]} for news in letters]


def _people(letters: list[Told]) -> list[Person]:
    ids = {news.person_id for news in letters}
    found = []
    for person_id in names_by_id(ids):
        person = db.session.get(Person, person_id)
        if person is not None:
            found.append(person)
    return found


def follow_up(call: Call, people: set[str] | None) -> None:
    """Let the letters and feeds of these people (ids) follow; None: of everybody."""
    call.told.extend(announce(by=call.by, now=call.now, people=people))
    feeds.refresh(now=call.now, people=people)


def row_tag(document: Any) -> str:
    """Return the ETag of a row: its document, hashed."""
    words = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return f'"{hashlib.sha256(words.encode()).hexdigest()[:32]}"'


def hold_to_match(call: Call, document: Any) -> None:
    """Raise 428 where a call says nothing of the row it was shown, 412 where it is another by
    now.
    """
    if call.match is None:
        raise ApiProblem(428, "Say which row you saw: If-Match with its ETag.")
    tags = {tag.strip() for tag in call.match.split(",")}
    if "*" not in tags and row_tag(document) not in tags:
        raise ApiProblem(412, "The row is another by now. Nothing was changed: read it anew.")


def _response(route: Route, answered: Answered, media_type: str) -> Response:
    document = answered.document
    if answered.shown_once:
        document = {**document, **answered.shown_once}
    words = json.dumps(document, ensure_ascii=False)
    status = answered.status or route.status
    response = Response(words, status, content_type=media_type)
    response.headers.update(answered.headers)
    if route.is_row and not (isinstance(document, dict) and document.get("dry_run")):
        response.headers["ETag"] = row_tag(answered.tag or document)
    return response


def say_quota(response: Response) -> Response:
    """Say what is left of this minute's calls."""
    quota = g.get("quota")
    if quota is not None:
        limits = response.headers
        limits["RateLimit-Limit"] = str(quota.most)
        limits["RateLimit-Remaining"] = str(max(quota.left, 0))
        limits["RateLimit-Reset"] = str(quota.seconds)
    response.headers.pop("Set-Cookie", None)
    return response
