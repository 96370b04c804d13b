"""Every refusal of the API as `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response

from scheduler.kernel.errors import Problem

MEDIA_TYPE = "application/problem+json"
USUAL = {
    400: "The call cannot be read.",
    401: "Send a token that holds: Authorization: Bearer TOKEN.",
    403: "This is not for whom the token acts as, or not within its scopes.",
    404: "There is nothing here.",
    405: "That cannot be done here.",
    409: "Somebody was faster. Nothing was changed.",
    413: "That was too much at once. Nothing was changed.",
    415: "Send JSON: Content-Type: application/json.",
    429: "Too many calls. Wait, then call again.",
    500: "Something broke on our side. Nothing was changed.",
    503: "We are away for a moment. Nothing was changed.",
}


class ApiProblem(Exception):
    """A refusal with its status, a sentence, and what is wrong at which place."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: Sequence[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail or USUAL.get(status, "")
        self.errors = errors
        self.headers = dict(headers or {})


def problem_document(status: int, detail: str, errors: Sequence[Problem] = ()) -> dict[str, Any]:
    """Return a refusal as its document."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        document["errors"] = [
            {"place": problem.place, "message": problem.message} for problem in errors
        ]
    return document


def problem_answer(problem: ApiProblem) -> Response:
    """Return a refusal as the answer to a call."""
    document = problem_document(problem.status, problem.detail, problem.errors)
    words = json.dumps(document, ensure_ascii=False)
    answer = Response(words, problem.status, content_type=MEDIA_TYPE)
    answer.headers.update(problem.headers)
    return answer


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"place": {"type": "string"}, "message": {"type": "string"}},
                "required": ["place", "message"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["type", "title", "status", "detail"],
    "additionalProperties": False,
}
