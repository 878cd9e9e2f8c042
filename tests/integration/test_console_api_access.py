"""The API: who may call, by which token, how often, and as whom it is on record."""

import re
from pathlib import Path

import pytest

from baton.cases import store
from baton.console.api.callers import HOW
from baton.console.api.pace import Pace
from baton.console.api.tokens import Tokens
from baton.console.signin.visitor import NotAllowed
from baton.governance.policy import Policies
from baton.store import Database
from baton.types.people import Person
from tests.integration.console_calls import AT, ORLA, Caller, house_of, integration, person_calls, told
from tests.integration.console_house import STAFF, House
from tests.policies.claims import POLICIES, effects


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path) -> House:
    return house_of(sqlite_database, tmp_path / "home")


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


def test_whoever_keeps_the_accounts_makes_and_ends_webhooks_on_a_page(house: House) -> None:
    url = "https://shop.example/baton"
    assert house.browser("marta").post("/integrations/webhooks", url=url).status_code == 403
    orla = house.browser("orla")
    assert orla.client.post("/integrations/webhooks", data={"url": url}).status_code == 403  # without the form's token
    made = orla.post("/integrations/webhooks", url=url, events=["case.closed", "task.opened"])
    secret = re.search(r"whsec_[\w+/=]{40,}", made.text)
    assert secret
    page = orla.get("/integrations").text
    assert secret[0] not in page
    assert "case.closed, task.opened" in page
    refused = orla.post("/integrations/webhooks", url="https://user:word@shop.example/")
    assert refused.status_code == 422
    assert 'value="https://user:word@shop.example/"' in refused.text  # what was typed is still there
    assert orla.post("/integrations/webhooks", url=url, owner="integration:nobody").status_code == 422
    end = re.search(r'action="(/integrations/webhooks/\w+/end)"', page)
    assert end
    assert orla.post(end[1]).status_code == 303
