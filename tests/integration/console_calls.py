"""Programs that call the console's API, by a person or as an integration."""

from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from baton.cases import store
from baton.console.api.tokens import Tokens
from baton.store import Database
from baton.types.cases import Task
from tests.integration.console_house import ADDRESS, House, person
from tests.integration.console_record import answered, judged, written

ORLA = person("orla", "Orla Brennan", "operations", "operations-manager")
AT = "/api/v1"


class Caller:
    """A program that calls."""

    def __init__(self, house: House, token: str = "") -> None:
        self.client = TestClient(house.app, base_url=ADDRESS, raise_server_exceptions=True)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(AT + path, params=query, headers=self._headers)

    def post(self, path: str, key: str = "", **body: Any) -> Any:
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(AT + path, json=body, headers=headers)

    def delete(self, path: str) -> Any:
        return self.client.delete(AT + path, headers=self._headers)


def house_of(database: Database, home: Path) -> House:
    """The house, with somebody who keeps the accounts."""
    made = House(database, home)
    with database.write() as connection:
        store.keep_people(connection, [ORLA])
    return made


def person_calls(house: House, who: str) -> Caller:
    """Somebody with a program of their own."""
    return Caller(house, Caller(house).post("/session", person=who).json()["token"])


def integration(house: House, *roles: str, name: str = "web-shop") -> Caller:
    return Caller(house, Tokens(house.engine).make(ORLA, name, roles).secret)


def told(house: House) -> tuple[Task, str]:
    """A gift card that was approved and written: its task, and the verdict's id."""
    task = house.task(house.file())
    verdict = judged(house, task)
    answered(house, task, verdict)
    written(house, task, verdict)
    return task, verdict.id
