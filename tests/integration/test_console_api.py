"""The API: who may call, the same answer to the same write, pages, problems in one shape, and the console's own rows."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from baton.cases import store
from baton.console.api.callers import HOW
from baton.console.api.pace import Pace
from baton.console.api.tokens import Tokens
from baton.console.signin.visitor import NotAllowed
from baton.governance.policy import Policies
from baton.store import Database
from baton.types.cases import Task
from baton.types.people import Person
from tests.integration.console_house import ADDRESS, STAFF, House, person
from tests.integration.console_record import answered, judged, written
from tests.policies.claims import POLICIES, effects

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


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    made = House(sqlite_database, tmp_path / "home")
    with sqlite_database.write() as connection:
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


# -- who may call


def test_nobody_calls_without_a_token_and_every_refusal_has_one_shape(house: House) -> None:
    for path in ("/cases", "/tasks", "/decisions", "/tokens", "/webhooks", "/ledger"):
        answer = Caller(house).get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json"), path
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["detail"]
    assert Caller(house, "baton_made_up").get("/me").status_code == 401
    assert Caller(house).get("/nowhere").json()["status"] == 404


def test_a_token_opens_what_its_roles_say_until_it_is_withdrawn(house: House) -> None:
    task, _ = told(house)
    reader = integration(house, "api-reader")
    assert reader.get("/me").json()["person"]["id"] == "integration:web-shop"
    assert reader.get(f"/cases/{task.case}").status_code == 200
    assert reader.get("/decisions").status_code == 403
    assert integration(house, "api-auditor", name="auditor").get("/decisions").status_code == 200
    tokens = Tokens(house.engine)
    mine = next(one for one in tokens.all(ORLA) if one.integration == "integration:web-shop")
    tokens.withdraw(ORLA, mine.id)
    assert reader.get("/me").status_code == 401
    assert tokens.withdraw(ORLA, mine.id).withdrawn


def test_the_database_holds_no_token(house: House, sqlite_database: Database) -> None:
    made = Tokens(house.engine).make(ORLA, "web-shop", ["api-reader"])
    with sqlite_database.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM console_token").all())
    assert made.secret not in kept
    assert made.secret[-20:] not in kept


def test_only_whoever_keeps_the_accounts_makes_tokens_and_each_is_on_record(house: House) -> None:
    with pytest.raises(NotAllowed):
        Tokens(house.engine).make(STAFF[0], "web-shop", ["api-reader"])
    assert person_calls(house, "marta").post("/tokens", integration="web-shop", roles=["api-reader"]).status_code == 403
    orla = person_calls(house, "orla")
    assert orla.post("/tokens", integration="web-shop", roles=["operations-manager"]).status_code == 422
    made = orla.post("/tokens", integration="web-shop", roles=["api-reader"])
    assert made.status_code == 201
    assert orla.delete(f"/tokens/{made.json()['token']['id']}").json()["withdrawn"]
    rows = [row for row in house.engine.ledger.scan() if row.action == "baton:administer"]
    assert [(row.by.id, row.outcome) for row in rows] == [("orla", "token made"), ("orla", "token withdrawn")]
    assert made.json()["secret"] not in str(rows)


def test_an_integration_approves_nothing_that_people_must(house: House) -> None:
    task = house.task(house.file())
    desk = integration(house, "api-desk")
    looked = desk.get(f"/tasks/{task.id}").json()
    assert (looked["may_approve"], looked["may_answer"]) == (False, False)
    answer = desk.post(f"/tasks/{task.id}/answer", says="approve", hash=task.hash, readings={"serial": 2})
    assert answer.status_code == 422
    assert house.standing(task) == "open"


def test_a_policy_may_let_an_integration_approve(
    sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = (
        '@id("bot.approves") @reason("The desk robot may approve") @when1("it may") permit (principal is Integration in '
        'Role::"api-desk", action == Action::"erp.issue_gift_card:approve", resource) when { !resource.stopped };'
    )
    bundle = POLICIES.bundle.including("robot.cedar", rule)
    monkeypatch.setattr("tests.integration.console_house.POLICIES", Policies(bundle, effects()))
    house = House(sqlite_database, tmp_path / "home")
    with sqlite_database.write() as connection:
        store.keep_people(connection, [ORLA])
    desk = integration(house, "api-desk")
    task = house.task(house.file())
    with desk.client:
        said = desk.post(f"/tasks/{task.id}/answer?wait=10", says="approve", hash=task.hash, readings={"serial": 2}).json()
    assert said["status"] == "accepted"
    row = house.engine.ledger.find(said["decision"])
    assert row is not None
    assert (row.by.kind, row.by.id, row.by.roles) == ("integration", "integration:web-shop", ("api-desk",))
    assert desk.post(f"/tasks/{house.task(task.case, '402.00').id}/answer", says="edit", hash="x").status_code == 422


def test_a_browser_session_reads_and_writes_only_with_the_token_of_its_pages(house: House) -> None:
    browser = house.browser("marta")
    task = house.task(house.file())
    assert browser.client.get(f"{AT}/tasks/{task.id}").status_code == 200
    assert browser.client.post(f"{AT}/tasks/{task.id}/claim").status_code == 403
    assert browser.client.post(f"{AT}/tasks/{task.id}/claim", headers={"X-CSRF-Token": browser.token}).status_code == 204


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


def test_too_many_calls_are_told_to_slow_down(house: House) -> None:
    house.app.state.api.state.pace = Pace(8)
    marta = person_calls(house, "marta")
    answers = [marta.get("/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert person_calls(house, "jonas").get("/me").status_code == 200


def test_who_calls_by_token_is_told_apart_from_who_clicks(house: House) -> None:
    task = house.task(house.file())
    marta = person_calls(house, "marta")
    marta.get(f"/tasks/{task.id}")
    with house.database.read() as connection:
        shown = connection.exec_driver_sql("SELECT shown FROM console_view").scalar()
    assert HOW in str(shown)


def test_an_integration_is_nobody_to_sign_in_as(house: House) -> None:
    integration(house, "api-reader")
    assert "web-shop" not in house.browser().get("/sign-in").text
    assert Caller(house).post("/session", person="integration:web-shop").status_code == 401


def test_people_are_known_as_policies_see_them() -> None:
    robot = Person(id="integration:x", name="x", department="", roles=frozenset(), email="", kind="integration")  # type: ignore[arg-type]
    assert not POLICIES.may_do(robot.model_copy(update={"roles": frozenset({"compliance-officer"})}), "baton:stop").allowed


def test_whoever_keeps_the_accounts_makes_and_withdraws_tokens_on_a_page(house: House) -> None:
    assert house.browser("marta").get("/integrations").status_code == 403
    orla = house.browser("orla")
    assert 'href="/integrations"' in orla.get("/inbox").text
    made = orla.post("/integrations/tokens", name="web-shop", roles=["api-reader"], days="30")
    secret = re.search(r"baton_[\w-]{40,}", made.text)
    assert secret
    assert Caller(house, secret[0]).get("/me").status_code == 200
    assert secret[0] not in orla.get("/integrations").text
    assert orla.post("/integrations/tokens", name="Web Shop!", roles=["api-reader"]).status_code == 422
    withdraw = re.search(r'action="(/integrations/tokens/\w+/withdraw)"', orla.get("/integrations").text)
    assert withdraw
    assert orla.post(withdraw[1]).status_code == 303
    assert Caller(house, secret[0]).get("/me").status_code == 401


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
