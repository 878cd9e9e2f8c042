"""Tryton over its own JSON-RPC. A call is one transaction there: it stands whole, or not at all."""

import base64
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from threading import Lock
from typing import Any, Final, TypeAlias

import httpx

from activities.purchasing.tryton.settings import TrytonNotSet, TrytonSettings
from baton.errors import BatonError

Record: TypeAlias = dict[str, Any]
Domain: TypeAlias = Sequence[Any]

_PATIENCE: Final = httpx.Timeout(60.0, connect=5.0)
_TRIES: Final = 5
_PRESSED: Final = "You can not call"
"""What Tryton says, in English as we ask it, of a button that another pressed before."""


class TrytonRefuses(BatonError):
    """Tryton refuses what it was asked, in its own words."""


class Meanwhile(Exception):
    """Somebody else changed it in the meanwhile, or wrote it first."""


class Warned(BatonError):
    """Tryton warns and wants a person to say yes."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__(f"Tryton warns: {words}")
        self.name = name


class Client:
    """Calls of one user. A server that cannot be reached is an `httpx.TransportError`: the step is tried again."""

    def __init__(self, settings: TrytonSettings, given: httpx.Client | None = None) -> None:
        self._settings = settings
        self._http = given or httpx.Client(timeout=_PATIENCE)
        self._lock = Lock()
        self._session = ""
        self._context: Record = {}
        self._settled: dict[str, list[Record]] = {}

    def search(
        self, model: str, domain: Domain, fields: Sequence[str], *, order: str = "id", hidden: bool = False
    ) -> list[Record]:
        """Records of a model, in order; `hidden` finds inactive ones too."""
        more = {"active_test": False} if hidden else {}
        found = self.call(f"model.{model}.search_read", list(domain), 0, None, [[order, "ASC"]], list(fields), **more)
        return [dict(one) for one in found]

    def settled(self, model: str, domain: Domain, fields: Sequence[str]) -> list[Record]:
        """What an accountant set up once (currencies, journals, the warehouse): asked for once, when it is there."""
        asked = f"{model} {domain} {fields}"
        if not self._settled.get(asked):
            self._settled[asked] = self.search(model, domain, fields)
        return self._settled[asked]

    def read(self, model: str, ids: Sequence[int], fields: Sequence[str]) -> list[Record]:
        """Records by their ids, in the order of the ids."""
        if not ids:
            return []
        found = {one["id"]: dict(one) for one in self.call(f"model.{model}.read", list(ids), list(fields))}
        return [found[id] for id in ids if id in found]

    def create(self, model: str, *records: Record) -> list[int]:
        """New records, all or none."""
        return [int(id) for id in self.call(f"model.{model}.create", list(records))]

    def write(self, model: str, ids: Sequence[int], values: Record) -> None:
        """Change records."""
        self.call(f"model.{model}.write", list(ids), values)

    def delete(self, model: str, ids: Sequence[int]) -> None:
        """Remove records."""
        if ids:
            self.call(f"model.{model}.delete", list(ids))

    def step(self, model: str, id: int, states: Collection[str], button: str, *accepted: str) -> None:
        """Press a button of a document that is in one of these states. Raises `Meanwhile` when another changes it meanwhile.

        Tryton reads a document's state before it locks anything: a second press at the same moment would set it back.
        """
        [seen] = self.read(model, [id], ["state", "_timestamp"])
        if seen["state"] in states:
            self.press(model, button, [id], *accepted, unchanged={f"{model},{id}": seen["_timestamp"]})

    def press(
        self, model: str, button: str, ids: Sequence[int], *accepted: str, unchanged: Mapping[str, str] | None = None
    ) -> None:
        """Press a button; of Tryton's warnings only those whose name ends as `accepted` are answered with yes."""
        since = {"_timestamp": unchanged} if unchanged else {}
        for _ in range(_TRIES):
            try:
                self.call(f"model.{model}.{button}", list(ids), **since)
                return
            except Warned as warned:
                if not warned.name.endswith(accepted or ("\0",)):
                    raise
                self.create("res.user.warning", {"user": self.user, "name": warned.name, "always": False})
        raise TrytonRefuses(f"Tryton goes on warning about `{button}` of {model} `{list(ids)}`: look at it there")

    def wizard(self, name: str, state: str, button: str, values: Record, model: str, ids: Sequence[int]) -> None:
        """Walk a wizard of one page."""
        session, _, _ = self.call(f"wizard.{name}.create")
        about = {"active_model": model, "active_id": ids[0], "active_ids": list(ids)}
        self.call(f"wizard.{name}.execute", session, {state: values}, button, **about)
        self.call(f"wizard.{name}.delete", session)

    @property
    def company(self) -> int:
        """The company that Baton's user works in."""
        self._begin()
        found: int | None = self._context.get("company")
        if not found:
            raise TrytonNotSet(f"Tryton's user `{self._settings.user}` works in no company: choose one in its preferences")
        return found

    @property
    def user(self) -> int:
        """Baton's user."""
        self._begin()
        return int(self._context["_user"])

    def call(self, method: str, *given: Any, **more: Any) -> Any:
        """One call. Raises `TrytonRefuses`, `Warned`, `Meanwhile`; logs in once more when the session has run out."""
        self._begin()
        before = self._session
        answer = self._post(method, given, more)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self._begin(instead_of=before)
            answer = self._post(method, given, more)
        answer.raise_for_status()
        return _result(answer.json())

    def _begin(self, instead_of: str | None = None) -> None:
        with self._lock:
            if self._session and self._session != instead_of:
                return
            self._session, self._context = "", {}
            asked = [self._settings.user, {"password": self._settings.password}]
            answer = self._http.post(f"{self._settings.url}/rpc/", json={"id": 0, "method": "common.db.login", "params": asked})
            if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND):
                raise TrytonNotSet(
                    f"Tryton at `{self._settings.url}` does not let `{self._settings.user}` in "
                    f"({answer.status_code}): check the database, the user and its password file"
                )
            answer.raise_for_status()
            user, token, *_ = _result(answer.json())
            self._session = base64.b64encode(f"{self._settings.user}:{user}:{token}".encode()).decode()
            wanted = dict(_result(self._post("model.res.user.get_preferences", (True,), {}).json()))
            self._context = {"company": wanted.get("company"), "language": "en", "_user": user}

    def _post(self, method: str, given: Sequence[Any], more: Record) -> httpx.Response:
        context = {name: value for name, value in self._context.items() if not name.startswith("_")}
        body = {"id": 1, "method": method, "params": _coded([*given, context | more])}
        return self._http.post(f"{self._settings.url}/rpc/", json=body, headers={"Authorization": f"Session {self._session}"})


def _result(answer: Any) -> Any:
    if not isinstance(answer, dict) or set(answer) - {"id", "result", "error"}:
        return _decoded(answer)
    if "error" not in answer:
        return _decoded(answer.get("result"))
    kind, *told = answer["error"]
    match kind, told:
        case "UserWarning", [[name, message, *_]]:
            raise Warned(str(name), str(message))
        case "UserError", [[message, *_]] if str(message).startswith(_PRESSED):
            raise Meanwhile(str(message))
        case "UserError", [[message, *_]]:
            raise TrytonRefuses(f"Tryton says: {message}")
        case "ConcurrencyException", _:
            raise Meanwhile(str(told))
        case _:
            raise TrytonRefuses(f"Tryton cannot do this: {kind}")


def _coded(value: Any) -> Any:
    """As Tryton's JSON wants it."""
    match value:
        case Decimal():
            return {"__class__": "Decimal", "decimal": f"{value:f}"}
        case date():
            return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
        case dict():
            return {key: _coded(one) for key, one in value.items()}
        case list() | tuple():
            return [_coded(one) for one in value]
        case _:
            return value


def _decoded(value: Any) -> Any:
    match value:
        case {"__class__": "Decimal", "decimal": told}:
            return Decimal(told)
        case {"__class__": "date", "year": year, "month": month, "day": day}:
            return date(year, month, day)
        case {"__class__": "datetime"}:
            told = {part: int(number) for part, number in value.items() if part != "__class__"}
            return datetime(**told)
        case dict():
            return {key: _decoded(one) for key, one in value.items()}
        case list():
            return [_decoded(one) for one in value]
        case _:
            return value
