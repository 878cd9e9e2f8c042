"""The API: the same answer to the same write, pages, problems in one shape, and the console's own rows."""

from pathlib import Path
from typing import Any

import pytest

from baton.store import Database
from tests.integration.console_calls import AT, Caller, house_of, integration, person_calls, told
from tests.integration.console_house import House


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return house_of(sqlite_database, tmp_path / "home")


# -- writes


def test_what_a_person_says_goes_through_the_outbox_as_in_the_console(house: House) -> None:
    task = house.task(house.file())
    marta = person_calls(house, "marta")
    assert marta.get("/tasks").json()["items"][0]["id"] == task.id
    looked = marta.get(f"/tasks/{task.id}").json()
    assert [field["name"] for field in looked["shown"]["fields"] if field["state"] == "open"] == ["serial"]
    with marta.client:
        said = marta.post(f"/tasks/{task.id}/answer?wait=10", says="approve", hash=task.hash, readings={"serial": 2})
    assert (said.status_code, said.json()["status"]) == (202, "accepted")
    row = house.engine.ledger.find(said.json()["decision"])
    assert row is not None
    assert "chose reading 2 of serial" in row.detail["shown"]
    assert "signature" not in marta.get(f"/tasks/{task.id}").text
    assert (
        marta.post(f"/tasks/{task.id}/answer", says="approve", hash=task.hash).json()["detail"].startswith("Somebody was faster")
    )


def test_an_answer_waits_while_the_server_is_away_and_can_be_withdrawn_while_held(house: House) -> None:
    house.up = False
    task = house.task(house.file())
    marta, jonas = person_calls(house, "marta"), person_calls(house, "jonas")
    said = marta.post(f"/tasks/{task.id}/answer", says="reject", hash=task.hash, reason="not ours").json()
    assert said["status"] == "held"
    assert jonas.post(f"/answers/{said['id']}/withdraw").status_code == 404
    assert marta.post(f"/answers/{said['id']}/withdraw").json()["status"] == "withdrawn"
    assert marta.post(f"/answers/{said['id']}/withdraw").status_code == 409


def test_the_same_key_with_the_same_body_is_done_once_and_with_another_refused(house: House) -> None:
    task = house.task(house.file())
    marta = person_calls(house, "marta")
    first, again = (marta.post(f"/cases/{task.case}/comments", key="k-1", words="Called them.") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.content, again.headers["idempotency-replayed"]) == (again.content, "true")
    assert marta.post(f"/cases/{task.case}/comments", key="k-1", words="Other words.").status_code == 422
    assert person_calls(house, "jonas").post(f"/cases/{task.case}/comments", key="k-1", words="Mine.").status_code == 201
    events = marta.get(f"/cases/{task.case}").json()["events"]
    assert [event["title"] for event in events if event["kind"] == "comment"] == ["Called them.", "Mine."]


def test_a_write_that_was_refused_may_be_tried_again_under_its_key(house: House) -> None:
    task = house.task(house.file())
    marta = person_calls(house, "marta")
    assert marta.post(f"/cases/{task.case}/comments", key="k-1", words=" ").status_code == 422
    assert marta.post(f"/cases/{task.case}/comments", key="k-1", words="Called.").status_code == 201
    assert marta.post(f"/cases/{task.case}/comments", key="with space", words="Called.").status_code == 422


def test_a_message_needs_a_right_and_a_running_server(house: House) -> None:
    house.up = False
    mail = {"content": b"From: a@b.example\n\nhello", "headers": {"Content-Type": "message/rfc822"}}

    def hand_in(caller: Caller, **more: Any) -> int:
        headers = mail["headers"] | caller._headers  # type: ignore[operator]
        return int(caller.client.post(f"{AT}/cases", content=more.get("content", mail["content"]), headers=headers).status_code)

    assert hand_in(integration(house, "api-reader")) == 403
    assert hand_in(integration(house, "api-intake", name="post"), content=b" ") == 422
    house.bench.workflows["warranty_claim"] = "WarrantyClaim"
    assert hand_in(integration(house, "api-intake", name="post")) == 503


def test_the_same_message_handed_in_twice_is_one_case(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    async def start_workflow(self: Any, workflow: str, message: Any, *, id: str, **more: Any) -> None:
        begun.append(id)

    monkeypatch.setattr(type(house.cases), "start_workflow", start_workflow, raising=False)
    house.bench.workflows["warranty_claim"] = "WarrantyClaim"
    intake = integration(house, "api-intake", "api-reader")
    mail = b"From: a@b.example\nSubject: Broken\nMessage-ID: <1@b.example>\n\nmy kettle broke"
    headers = intake._headers | {"Content-Type": "message/rfc822"}
    first, again = (intake.client.post(f"{AT}/cases", content=mail, headers=headers) for _ in range(2))
    assert (first.status_code, first.json()["how"], again.json()["how"]) == (202, "opened", "known")
    assert first.json()["case"] == again.json()["case"] == begun[0]
    assert intake.get(f"/cases/{begun[0]}").json()["case"]["subject"] == "Broken"


# -- reads


def test_a_list_goes_on_where_it_ended_and_shows_nobody_what_is_not_theirs(house: House) -> None:
    for number in range(7):
        house.file(f"Kettle {number}")
    lena, kwame = person_calls(house, "lena"), person_calls(house, "kwame")
    seen, cursor = [], ""
    while cursor is not None:
        page = lena.get("/cases", limit=3, cursor=cursor).json()
        seen += [one["subject"] for one in page["items"]]
        cursor = page["next"]
    assert seen == [f"Kettle {number}" for number in reversed(range(7))]
    assert kwame.get("/cases").json() == {"items": [], "next": None}
    assert lena.get("/cases", cursor="made-up").status_code == 422
    assert kwame.get("/tasks", view="team", department="claims").status_code == 403


def test_reading_a_decision_and_taking_it_along_are_rows_and_its_proof_checks(house: House) -> None:
    _, verdict = told(house)
    beatrix = person_calls(house, "beatrix")
    looked = beatrix.get(f"/decisions/{verdict}").json()
    assert looked["row"]["private"] == {}
    assert beatrix.get(f"/decisions/{verdict}/record").json()["private"]["proposal"]["facts"]["order_known"]
    assert beatrix.post(f"/decisions/{verdict}/check").status_code == 200
    assert beatrix.get(f"/decisions/{verdict}/proof").text.startswith("c2sp.org/tlog-proof")
    assert len(beatrix.get("/decisions", q="389 EUR").json()["items"]) == 3
    assert verdict in beatrix.post("/exports", q="389", format="csv").text
    actions = [row.action for row in house.engine.ledger.scan() if row.by.id == "beatrix"]
    assert actions.count("baton:audit") == 2
    assert actions.count("baton:export") == 3
    assert beatrix.post("/ledger/verify").json()["ok"]


def test_stopping_asks_the_same_question_as_the_console(house: House) -> None:
    assert person_calls(house, "marta").post("/stops", reason="no").status_code == 403
    beatrix = person_calls(house, "beatrix")
    stopped = beatrix.post("/stops", reason="price list is wrong", process="warranty_claim").json()
    assert [one["name"] for one in stopped["switches"] if one["at"]] == ["warranty_claim"]
    assert beatrix.post("/stops/resume", reason="mended", process="warranty_claim").status_code == 200


def test_many_that_one_reason_holds_are_approved_together_and_the_others_named(house: House) -> None:
    case = house.file()
    alike = [house.task(case, f"{300 + number}.00").id for number in range(2)]
    other = house.task(case, "200.00", remedies_before=1).id
    marta = person_calls(house, "marta")
    failed = marta.get(f"/tasks/{alike[0]}").json()["task"]["failed"]
    body = {"tasks": [*alike, other], "sole": f"{failed[0]['policy']}/{failed[0]['position']}"}
    said = marta.post("/tasks/approve", key="once", **body)
    assert (said.status_code, said.json()) == (202, {"approved": alike, "left": [other]})
    assert marta.post("/tasks/approve", key="once", **body).json() == said.json()
    assert marta.post("/tasks/approve", **body).json() == {"approved": [], "left": [*alike, other]}


def test_a_colleague_is_asked_and_answers_and_the_task_stays_where_it_is(house: House) -> None:
    task = house.task(house.file())
    marta, jonas, kwame = (person_calls(house, who) for who in ("marta", "jonas", "kwame"))
    asked = marta.post(f"/tasks/{task.id}/questions", key="1", to="jonas", words="Is this receipt ours?")
    assert asked.status_code == 201
    assert marta.post(f"/tasks/{task.id}/questions", to="kwame", words="And you?").status_code == 403  # may not look at it
    assert kwame.get(f"/tasks/{task.id}/questions").status_code == 403
    place = f"/questions/{asked.json()['id']}/answer"
    assert marta.post(place, words="I say so myself").status_code == 409  # it was not put to her
    assert jonas.post(place, words="Yes.").json() == {"id": task.id}
    assert jonas.post(place, words="No.").status_code == 409  # once
    [question] = marta.get(f"/tasks/{task.id}/questions").json()
    assert (question["by"], question["to"], question["answer"]) == ("marta", "jonas", "Yes.")
    assert house.standing(task) == "open"
