"""What Tryton's answers mean, and how it has to be named."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from activities.purchasing.tryton.rpc import Client, Meanwhile, TrytonRefuses, Warned
from activities.purchasing.tryton.settings import TrytonNotSet, TrytonSettings

SECRET = "plenty-of-words"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TrytonSettings:
    (tmp_path / "password").write_text(SECRET + "\n")
    monkeypatch.setenv("BATON_TRYTON_URL", "https://tryton.example/company/")
    monkeypatch.setenv("BATON_TRYTON_PASSWORD_FILE", str(tmp_path / "password"))
    return TrytonSettings.from_environment()


def answering(settings: TrytonSettings, answer: Callable[[dict[str, Any]], Any]) -> Client:
    """A client whose Tryton answers as told, and lets everybody in."""

    def handle(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        match asked["method"]:
            case "common.db.login":
                return httpx.Response(200, json={"id": 0, "result": [7, "token", None]})
            case "model.res.user.get_preferences":
                return httpx.Response(200, json={"id": 1, "result": {"company": 3}})
            case _:
                told = answer(asked)
                return told if isinstance(told, httpx.Response) else httpx.Response(200, json={"id": 1, **told})

    return Client(settings, httpx.Client(transport=httpx.MockTransport(handle)))


def test_a_password_is_read_from_its_file_and_shown_nowhere(settings: TrytonSettings) -> None:
    assert settings.password == SECRET
    assert SECRET not in repr(settings) + str(settings.model_dump())
    assert (settings.url, settings.user, settings.product) == ("https://tryton.example/company", "baton", "BATON")


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("BATON_TRYTON_URL", "http://tryton.example/company", "in the clear"),
        ("BATON_TRYTON_URL", "https://tryton.example", "server and database"),
        ("BATON_TRYTON_PASSWORD_FILE", "/nowhere", "which is no file"),
    ],
)
def test_a_bad_setting_is_named(
    settings: TrytonSettings, monkeypatch: pytest.MonkeyPatch, key: str, value: str, says: str
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(TrytonNotSet, match=says):
        TrytonSettings.from_environment()


def test_values_come_and_go_as_tryton_writes_them(settings: TrytonSettings) -> None:
    given = {"price": Decimal("20.50"), "day": date(2026, 3, 1), "lines": [["create", [{"of": None}]]]}
    client = answering(settings, lambda asked: {"result": asked["params"][0]})
    assert client.call("model.x.y", given) == given
    at = {"__class__": "datetime", "year": 2026, "month": 3, "day": 1, "hour": 4, "minute": 5, "second": 6, "microsecond": 7}
    assert answering(settings, lambda _: {"result": at}).call("model.x.y") == datetime(2026, 3, 1, 4, 5, 6, 7)
    assert answering(settings, lambda asked: {"result": asked["params"][-1]}).call("model.x.y")["company"] == 3


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (["UserError", ["No tax.", "", None]], TrytonRefuses),
        (["UserError", ['You can not call "confirm" on "PUR-1".', "", None]], Meanwhile),
        (["ConcurrencyException", "Records were modified in the meanwhile"], Meanwhile),
        (["UserWarning", ["abc.similar", "There is one alike.", ""]], Warned),
        (["'no.such.model'", "a traceback"], TrytonRefuses),
    ],
)
def test_every_no_has_its_own_meaning(settings: TrytonSettings, error: list[Any], raised: type[Exception]) -> None:
    with pytest.raises(raised):
        answering(settings, lambda _: {"error": error}).call("model.x.y")


def test_a_warning_is_answered_with_yes_only_where_it_was_expected(settings: TrytonSettings) -> None:
    accepted: list[str] = []

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["method"] == "model.res.user.warning.create":
            accepted.append(asked["params"][0][0]["name"])
            return {"result": [1]}
        return {"result": None} if accepted else {"error": ["UserWarning", ["abc.similar", "There is one alike.", ""]]}

    client = answering(settings, answer)
    with pytest.raises(Warned, match="one alike"):
        client.press("account.invoice", "post", [1], "other")
    client.press("account.invoice", "post", [1], "similar")
    assert accepted == ["abc.similar"]


def test_a_session_that_ran_out_is_opened_once_more(settings: TrytonSettings) -> None:
    answers = iter([httpx.Response(401), {"result": 5}])
    assert answering(settings, lambda _: next(answers)).call("model.x.y") == 5


def test_a_server_that_is_away_is_tried_again_later(settings: TrytonSettings) -> None:
    with pytest.raises(httpx.HTTPStatusError):
        answering(settings, lambda _: httpx.Response(503)).call("model.x.y")


def test_a_step_is_taken_from_the_state_that_was_seen_or_not_at_all(settings: TrytonSettings) -> None:
    pressed: list[Any] = []

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked["method"].endswith(".read"):
            return {"result": [{"id": 4, "state": "draft", "_timestamp": "12.5"}]}
        pressed.append(asked["params"][-1]["_timestamp"])
        return {"error": ["ConcurrencyException", "Records were modified in the meanwhile"]}

    client = answering(settings, answer)
    client.step("stock.shipment.in", 4, ("received",), "do")
    assert pressed == []
    with pytest.raises(Meanwhile, match="modified"):
        client.step("stock.shipment.in", 4, ("draft",), "receive")
    assert pressed == [{"stock.shipment.in,4": "12.5"}]
