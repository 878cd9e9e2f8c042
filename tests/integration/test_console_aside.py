"""What the door put aside: seen in bulk by those who may, and brought back once, by name, on record."""

import re
from pathlib import Path
from typing import Any

import pytest

from baton.store import Database
from tests.integration.console_house import House
from tests.integration.console_record import put_aside


class Server:
    """Keeps what it is asked to run."""

    def __init__(self) -> None:
        self.ran: dict[str, Any] = {}

    async def start_workflow(self, workflow: str, message: Any, *, id: str, **_: Any) -> None:
        self.ran[id] = message


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def house(database: Database, tmp_path: Path, server: Server) -> House:
    async def connect() -> Any:
        return server

    made = House(database, tmp_path / "home")
    object.__setattr__(made.bench, "connect", connect)
    object.__setattr__(made.bench, "workflows", {"intake": "Intake"})
    return made


def listed(page: str) -> list[str]:
    return re.findall(r'name="cases" value="([^"]+)"', page)


def test_junk_and_empty_mail_is_listed_with_its_words_and_what_became_a_case_is_not(house: House) -> None:
    junk, empty = put_aside(house, "A million waits for you"), put_aside(house, " ", "empty", "")
    put_aside(house, "My kettle broke", "warranty claim", "Kettle")
    page = house.browser("lena").get("/aside").text
    assert listed(page) == [empty, junk]
    assert "A million waits for you" in page
    assert "luck@lottery.example" in page


def test_what_is_brought_back_goes_to_people_once_and_by_name(house: House, server: Server) -> None:
    junk = put_aside(house, "A million waits for you")
    lena = house.browser("lena")
    for _ in range(2):  # pressed twice
        said = lena.post("/aside/back", cases=junk)
        assert said.headers["location"] == "/aside?back=1"
    [(again, message)] = server.ran.items()
    assert again != junk
    assert message.told == "intake"  # the door does not judge it again
    assert message.subject == "You have won"
    [row] = [row for row in house.engine.ledger.of_case(junk) if row.outcome == "brought_back"]
    assert (row.by.id, row.detail["again"]) == ("lena", again)
    assert listed(lena.get("/aside").text) == []


def test_only_what_was_put_aside_can_be_brought_back(house: House, server: Server) -> None:
    claim = put_aside(house, "My kettle broke", "warranty claim", "Kettle")
    assert house.browser("lena").post("/aside/back", cases=claim).headers["location"] == "/aside?back=0"
    assert server.ran == {}


def test_whoever_may_not_hand_in_a_message_neither_sees_them_nor_brings_them_back(house: House, server: Server) -> None:
    junk = put_aside(house, "A million waits for you")
    marta = house.browser("marta")
    assert marta.get("/aside").status_code == 403
    assert marta.post("/aside/back", cases=junk).status_code == 403
    assert server.ran == {}
    assert "/aside" not in marta.get("/inbox").text


def test_a_long_list_goes_on(house: House) -> None:
    made = [put_aside(house, f"{number} millions wait for you") for number in range(53)]
    lena = house.browser("lena")
    first = lena.get("/aside").text
    older = re.search(r'href="(/aside\?before=[^"]+)"', first)
    assert older
    assert [*listed(first), *listed(lena.get(older[1]).text)] == made[::-1]


def test_a_program_lists_them_and_brings_them_back(house: House, server: Server) -> None:
    made = [put_aside(house, f"{number} millions wait for you") for number in range(3)]
    lena = house.browser("lena").client
    token = lena.post("/api/v1/session", json={"person": "lena"}).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    first = lena.get("/api/v1/aside?limit=2", headers=headers).json()
    rest = lena.get(f"/api/v1/aside?limit=2&cursor={first['next']}", headers=headers).json()
    assert [one["case"] for one in (*first["items"], *rest["items"])] == made[::-1]
    assert rest["next"] is None
    back = lena.post(f"/api/v1/aside/{made[0]}/back", headers=headers)
    assert (back.status_code, list(server.ran)) == (202, [back.json()["again"]])
    assert lena.post("/api/v1/aside/IE-9/back", headers=headers).status_code == 404


def test_files_of_mail_are_handed_in_and_one_that_is_none_does_not_stop_the_others(house: House, server: Server) -> None:
    lena = house.browser("lena")
    mail = b"From: ilse@example.org\nMessage-ID: <stick@x>\nSubject: From a stick\n\nMy kettle broke."
    files = [("files", ("kettle.eml", mail, "message/rfc822")), ("files", ("nothing.eml", b"", "message/rfc822"))]
    for how in ("taken in", "was here already"):
        said = lena.client.post("/hand-in", data={"csrf": lena.token}, files=files)
        assert said.status_code == 422
        assert how in said.text
        assert "The file is empty." in said.text
    [(case, message)] = server.ran.items()
    assert message.subject == "From a stick"
    assert f"/cases/{case}" in said.text
    assert lena.client.post("/hand-in", files=files).status_code == 403  # a form that is not ours
    assert lena.post("/hand-in").status_code == 422
