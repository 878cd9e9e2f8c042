"""The API against its own description: whatever is sent, no error of the server's and no answer that the description lacks."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import Phase as Stage
from schemathesis import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from baton.cases import store
from baton.console.api.tokens import Tokens
from baton.store import Database
from tests.integration.console_house import House, person
from tests.integration.console_record import answered, judged, written

ORLA = person("orla", "Orla Brennan", "operations", "operations-manager", "customer-service-agent", "compliance-officer")
schemathesis.serializer.alias(["message/rfc822", "application/vnd.ms-outlook"], "application/octet-stream")
CHECKS = (
    status_code_conformance, content_type_conformance, response_schema_conformance, response_headers_conformance,
)  # fmt: skip


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    """An installation in which there is something of everything, and a server that does not answer."""
    made = House(sqlite_database, tmp_path / "home", up=False, settings={"api_per_minute": 0})
    with sqlite_database.write() as connection:
        store.keep_people(connection, [ORLA])
    task = made.task(made.belongs(made.file(), "C-1"))
    verdict = judged(made, task)
    answered(made, task, verdict)
    written(made, task, verdict)
    made.task(made.file("Toaster"), "402.00")
    Tokens(made.engine).make(ORLA, "web-shop", ["api-reader"])
    return made


def real(house: House) -> dict[str, Iterator[str]]:
    """Names that there are, so that more is met than `there is no such`."""
    with house.database.read() as connection:
        cases = [one.id for one in store.cases(connection)]
        tasks = [one.id for one in store.tasks(connection, None)]
        documents = [one.id for one in store.documents(connection, cases[0])]
        tokens = list(connection.exec_driver_sql("SELECT id FROM console_token").scalars())
    decisions = [row.id for row in house.engine.ledger.scan()]
    named = {"/cases": cases, "/tasks": tasks, "/decisions": decisions, "/tokens": tokens, "/customers": ["C-1"], "case": cases}
    return {name: itertools.cycle(known) for name, known in (named | {"documents": documents}).items()}


def drive(house: House, examples: int) -> int:
    """Send made-up requests to every operation; how many there were."""
    token = Tokens(house.engine)
    session = house.app.state.sessions.begin(ORLA.id, "api")
    keys = {"Authorization": f"Bearer {session}"}
    assert token.all(ORLA)
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", house.app)
    names, sent = real(house), itertools.count()
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:
        if operation.path == "/session" and operation.method == "delete":
            continue  # it would end the session that everything is asked with

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True, phases=(Stage.explicit, Stage.generate),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def check(case: Case) -> None:
            if next(sent) % 2:
                _name(case, names)
            response = case.call(headers=keys)
            case.validate_response(response, checks=list(CHECKS))
            assert response.status_code < 500 or response.status_code == 503  # the server of the cases is away

        given(case=operation.as_strategy())(check)()
    assert len(operations) >= 45
    return next(sent)


def _name(case: Case, names: dict[str, Iterator[str]]) -> None:
    """Give half of the requests the name of something that is there."""
    head = "/" + case.operation.path.split("/")[1]
    for name in case.path_parameters or {}:
        if name == "case":
            case.path_parameters[name] = next(names["case"])
        elif name == "id" and "/documents/" in case.operation.path:
            case.path_parameters[name] = next(names["documents"])
        elif name == "id" and head in names:
            case.path_parameters[name] = next(names[head])


def test_no_request_meets_an_error_or_an_answer_that_is_not_described(house: House) -> None:
    assert drive(house, 1) >= 45


@pytest.mark.long
def test_many_requests_meet_no_error_and_no_answer_that_is_not_described(house: House) -> None:
    assert drive(house, 8) > 300
