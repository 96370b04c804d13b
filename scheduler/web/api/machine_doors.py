"""The addresses of the API and of FHIR, made of the routes that are written down."""

import json

from flask import Blueprint, Flask, Response, current_app, request

from scheduler.kernel.database import db
from scheduler.web.api.door.answering import say_quota, view_for
from scheduler.web.api.door.api_problem import ApiProblem, problem_answer
from scheduler.web.api.door.api_routes import BOOK, FHIR_BOOK
from scheduler.web.api.door.openapi_document import openapi_document
from scheduler.web.api.fhir import fhir_appointments, fhir_consents, fhir_people
from scheduler.web.api.fhir.capability_statement import capability_statement
from scheduler.web.api.fhir.fhir_bundle import MEDIA_TYPE as FHIR_TYPE
from scheduler.web.api.fhir.fhir_bundle import outcome
from scheduler.web.api.resources import (
    attendance_resource,
    audit_resource,
    consent_resource,
    enrolment_changes,
    enrolment_resource,
    house_resource,
    letter_resource,
    patient_resource,
    plan_resource,
    relative_resource,
    session_changes,
    session_resource,
)
from scheduler.web.api.resources.entries import join_resource, line_resource, roster_resource
from scheduler.web.api.resources.told import webhook_resource
from scheduler.web.auth.access import Who, allow
from scheduler.web.parts.error_pages import OTHERWISE, Answer

RESOURCES = (
    patient_resource,
    relative_resource,
    house_resource,
    enrolment_resource,
    enrolment_changes,
    consent_resource,
    session_resource,
    session_changes,
    plan_resource,
    line_resource,
    roster_resource,
    join_resource,
    attendance_resource,
    letter_resource,
    audit_resource,
    webhook_resource,
)
FHIR_RESOURCES = (fhir_people, fhir_appointments, fhir_consents)
"""Whose routes stand in the books once they are imported."""
bp = Blueprint("api", __name__, url_prefix="/api/v1")
fhir = Blueprint("fhir", __name__, url_prefix="/fhir/R4")


@bp.get("/openapi.json")
@allow(Who.ANYONE)
def describe() -> Response:
    """Return the description of the API, OpenAPI 3.1; it tells nothing of the practice."""
    return json_answer(openapi_document())


@fhir.get("/metadata")
@allow(Who.ANYONE)
def capabilities() -> Response:
    """Return what is served here, in the words of FHIR."""
    base_url = current_app.config["KINFOLD"].base_url
    words = json.dumps(capability_statement(base_url))
    return Response(words, content_type=FHIR_TYPE)


def _register() -> None:
    for route in BOOK.routes:
        view = allow(Who.TOKEN)(view_for(route))
        bp.add_url_rule(
            route.path,
            route.name,
            view,
            methods=[route.method],
        )
    bp.after_request(say_quota)
    for route in FHIR_BOOK.routes:
        view = allow(Who.TOKEN)(view_for(route, FHIR_TYPE))
        fhir.add_url_rule(
            route.path,
            route.name,
            view,
            methods=[route.method],
        )
    fhir.after_request(say_quota)


def answer_otherwise(app: Flask) -> None:
    """Let whatever goes wrong under these addresses be told as programs read it."""
    app.register_error_handler(ApiProblem, _refused)
    app.extensions[OTHERWISE] = {"/api/": _of_page, "/fhir/": _of_page}


def _refused(problem: ApiProblem) -> Response:
    db.session.rollback()
    if not request.path.startswith("/fhir/"):
        return problem_answer(problem)
    words = json.dumps(outcome(problem.status, problem.detail), ensure_ascii=False)
    answer = Response(words, problem.status, content_type=FHIR_TYPE)
    answer.headers.update(problem.headers)
    return answer


def _of_page(code: int, said: str | None, retry: int | None) -> Answer:
    problem = ApiProblem(code, said or "")
    if retry:
        problem.headers["Retry-After"] = str(retry)
    answer = _refused(problem)
    headers = {**problem.headers, "Content-Type": answer.content_type}
    return answer.get_data(as_text=True), code, headers


def json_answer(document: object) -> Response:
    """Return a document as an answer."""
    words = json.dumps(document, ensure_ascii=False)
    return Response(words, content_type="application/json")


_register()
