"""Everything about one customer: who sees what of it, what stands and what was taken back, and who knows nothing of it."""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import event

from baton.cases import stages, store
from baton.cases.clock import now
from baton.console.known import known_of, systems
from baton.governance import rows
from baton.governance.declare import KnowsCustomers
from baton.store import Database
from baton.types.cases import Outcome, Task
from baton.types.customers import Bought, KnownCustomer
from baton.types.decisions import Decision
from baton.types.ids import CaseId, StepKey, decision_id
from baton.types.money import Money
from tests.integration.console_calls import integration, person_calls
from tests.integration.console_house import House
from tests.integration.console_record import AGENT, judged, put, taken_back, written
from tests.integration.small_company import at_work

KETTLE = Bought(
    number="SO-1", what="Pebble Kettle", on=date(2026, 3, 2), price=Money(amount="389.00", currency="EUR"), more={"serial": "4Q7"}
)


class Shop:
    """A system that knows one customer, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def known(self, customer: str) -> KnownCustomer | None:
        self.asked += 1
        known = KnownCustomer(name="Ilse de Wit", email="ilse@records.example", tier="gold", active=True, bought=(KETTLE,))
        return known if customer in ("C-1", "C-7") else None


async def down(customer: str) -> KnownCustomer | None:
    raise ConnectionError("nobody answers")


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def house(sqlite_database: Database, tmp_path: Path, shop: Shop) -> House:
    return known_in(House(sqlite_database, tmp_path / "home"), shop)


@pytest.fixture
def everywhere(database: Database, tmp_path: Path, shop: Shop) -> House:
    """The same, on each of the databases."""
    return known_in(House(database, tmp_path / "home"), shop)


def known_in(house: House, shop: Shop) -> House:
    asked = (KnowsCustomers("erp", shop.known, frozenset({"erp.issue_gift_card"})),)
    object.__setattr__(house.bench, "systems", asked)
    return house


def theirs(house: House, name: str = "Kettle broke", customer: str = "C-1") -> CaseId:
    return house.belongs(house.file(name), customer)


def gift(house: House, case: CaseId, amount: str = "389.00") -> tuple[Task, Decision]:
    """A gift card that stands."""
    task = house.task(case, amount)
    done = written(house, task, judged(house, task), amount)
    with house.database.write() as connection:
        store.change_task(connection, task.model_copy(update={"status": "decided"}))
    return task, done


def wrote(house: House, case: CaseId, action: str, **done: object) -> Decision:
    """An effect that nobody judged in this test."""
    step = StepKey(f"{case}/{action}/0")
    made = rows.row(
        "effect", decision_id(step, "effect"), AGENT, "written", case=case, process="warranty_claim", stage="claims", step=step,
        action=action, subject="C-1", links={"verdict": "d-none"}, private={"done": done},
    )  # fmt: skip
    put(house, made)
    return made


def only_in(house: House, case: CaseId, department: str) -> None:
    """The case has been there and nowhere else."""
    with house.database.write() as connection:
        for table in ("handoff", "task"):
            connection.exec_driver_sql(f'DELETE FROM {table} WHERE "case" = ?', (case,))
        stages.enter_stage(connection, case, 1, department, "intake", "gerard", now(), {})  # type: ignore[arg-type]


def part(page: str, name: str) -> str:
    """One section of the page, by its heading's id."""
    return page[page.index(f'aria-labelledby="{name}"') :].partition("</section>")[0]


def test_everything_about_a_customer_stands_on_one_page(everywhere: House) -> None:
    house = everywhere
    case, earlier = theirs(house), theirs(house, "Toaster")
    gift(house, earlier, "300.00")
    waiting = house.task(case, "640.00")
    letter = wrote(house, case, "mail.send_letter", recipient="ilse@example.org", reference="L-1", subject="Your gift card")
    wrote(house, case, "crm.open_claim", reference="CL-1001", wrote={"claim": "CL-1001"})
    undo = taken_back(house, *gift(house, earlier, "301.00"))
    with house.database.write() as connection:
        store.close(connection, earlier, Outcome(result="gift card"))
    page = house.browser("lena").get("/customers/C-1").text
    assert all(one in page for one in ("Ilse de Wit", "ilse@records.example", "ilse@example.org", "Gold", "Lena Okafor"))
    bought, given, flight, said = (part(page, name) for name in ("bought", "given", "flight", "said"))
    assert all(one in bought for one in ("SO-1", "Pebble Kettle", "€389.00", "2 Mar", "Serial 4Q7"))
    assert "GC-1007 over 300.00 EUR" in given
    assert given.index("GC-1007") < given.index("1 more entry") < given.index("CL-1001")
    assert all(one in flight for one in (f"/cases/{case}", "Marta Wiśniewska", f"/tasks/{waiting.id}", "640.00"))
    assert f"/decisions/{undo.id}" in given
    assert earlier not in flight
    assert earlier in part(page, "earlier")
    assert case not in part(page, "earlier")
    assert "Your gift card" in said
    assert said.index(f"/decisions/{letter.id}") < said.index("from ilse@example.org"), "the latest comes first"
    assert said.count("from ilse@example.org") == 2


def test_what_was_taken_back_says_when_and_why(house: House) -> None:
    case = theirs(house)
    stands, _ = gift(house, case, "300.00")
    task, effect = gift(house, case, "389.00")
    undo = taken_back(house, task, effect)
    given = part(house.browser("lena").get("/customers/C-1").text, "given")
    gone = given[given.index(f'id="d-{effect.id}"') :].partition("</li>")[0]
    assert 'class="gone"' in gone
    assert "taken back" in gone
    assert f"/decisions/{undo.id}" in gone
    kept = given[given.index(f'id="d-{decision_id(stands.step, "effect")}"') :].partition("</li>")[0]
    assert "taken back" not in kept
    told = integration(house, "api-reader").get("/customers/C-1").json()["given"]
    assert {one["id"]: bool(one["undone"]) for one in told}[effect.id] is True
    assert [bool(one["undone"]) for one in told].count(False) == 1


def test_whoever_may_look_at_none_of_their_cases_sees_nothing_and_no_system_is_asked(house: House, shop: Shop) -> None:
    gift(house, theirs(house))
    kwame = house.browser("kwame")
    answer = kwame.get("/customers/C-1")
    assert (answer.status_code, "Ilse" in answer.text, "389.00" in answer.text) == (403, False, False)
    assert kwame.get("/customers/C-7").status_code == 404, "somebody without a case is nobody to whoever may not look at all"
    assert person_calls(house, "kwame").get("/customers/C-1").status_code == 403
    assert shop.asked == 0
    assert "/customers/" not in kwame.get("/jump?q=C-1").text


def test_of_the_customers_cases_everybody_sees_their_own_only(house: House) -> None:
    mine, others = theirs(house), theirs(house, "A private matter")
    gift(house, mine, "300.00")
    _, hidden = gift(house, others, "402.00")
    only_in(house, others, "finance")
    marta, lena = (house.browser(who).get("/customers/C-1").text for who in ("marta", "lena"))
    for secret in (others, "A private matter", "402.00", hidden.id):
        assert secret in lena
        assert secret not in marta
    assert mine in marta
    told = person_calls(house, "marta").get("/customers/C-1").json()
    assert [one["id"] for one in told["cases"]] == [mine]


def test_somebody_without_a_case_is_shown_to_whoever_may_look_at_all(house: House) -> None:
    page = house.browser("lena").get("/customers/C-7")
    assert page.status_code == 200
    assert "Pebble Kettle" in page.text
    assert "Nothing is under way for them." in page.text


def test_an_unknown_customer_is_said_to_be_unknown(house: House) -> None:
    theirs(house)
    lena = house.browser("lena")
    for id in ("C-404", "%00", "x" * 300, "<b>bold"):
        answer = lena.get(f"/customers/{id}")
        assert answer.status_code == 404, id
        assert "there is no customer" in answer.text
        assert "<b>bold" not in answer.text
    assert integration(house, "api-reader").get("/customers/C-404").json()["status"] == 404


def test_a_system_that_is_down_is_named_and_takes_nothing_else_away(house: House, shop: Shop) -> None:
    gift(house, theirs(house))
    systems = (*house.bench.systems, KnowsCustomers("crm", down, frozenset()))
    object.__setattr__(house.bench, "systems", systems)
    page = house.browser("lena").get("/customers/C-1").text
    assert "No answer from CRM just now" in page
    assert "Pebble Kettle" in page
    assert "GC-1007" in page
    assert integration(house, "api-reader").get("/customers/C-1").json()["silent"] == ["crm"]


def test_an_auditor_who_reads_it_is_on_record_and_people_at_their_work_are_not(house: House) -> None:
    theirs(house)
    before = house.engine.ledger.size()
    house.browser("lena").get("/customers/C-1")
    assert house.engine.ledger.size() == before
    house.browser("beatrix").get("/customers/C-1")
    last = list(house.engine.ledger.scan())[-1]
    assert (last.by.id, last.outcome, last.action) == ("beatrix", "read", "baton:audit")
    assert last.detail == {"what": "customer", "case": "", "customer": "C-1"}


def test_the_customer_is_one_step_from_the_case_the_task_and_the_search(house: House) -> None:
    case = theirs(house)
    task = house.task(case)
    ruth = house.browser("ruth")
    for path in (f"/cases/{case}", f"/tasks/{task.id}", "/jump?q=c-1", "/jump?q=ilse@example.org"):
        assert 'href="/customers/C-1"' in ruth.get(path).text, path
    assert "/customers/" not in ruth.get(f"/jump?q={case}").text, "who asks for a case wants the case"
    stranger = house.file("From nobody we know")
    assert "/customers/" not in ruth.get(f"/cases/{stranger}").text


def test_many_cases_take_as_few_questions_as_one(house: House) -> None:
    browsers = house.browser("lena"), house.browser("marta")
    gift(house, theirs(house))
    few = [asked(house.database, partial(who.get, "/customers/C-1")) for who in browsers]
    for number in range(6):
        gift(house, theirs(house, f"Another {number}"))
    assert [asked(house.database, partial(who.get, "/customers/C-1")) for who in browsers] == few
    assert 5 < min(few) <= max(few) < 20, few


def asked(database: Database, what: Callable[[], object]) -> int:
    """How many questions reached the database, the ledger's own among them."""
    what()  # what is asked once in a process
    seen: list[str] = []

    def listen(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_trace_callback(lambda text: seen.append(text) if re.match(r"\s*(SELECT|WITH)", text) else None)

    event.listen(database.engine, "checkout", listen)
    try:
        what()
    finally:
        event.remove(database.engine, "checkout", listen)
    return len(seen)


@pytest.fixture
def company(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("BATON_HOME", str(tmp_path / "home"))
    for name in ("contracts", "crm", "erp", "purchasing"):
        import_module(f"activities.{name}.customers")  # as a start of Baton does with every file there
    with at_work(f"sqlite:///{tmp_path / 'company.db'}", tmp_path):
        yield


def test_the_companys_own_systems_say_who_somebody_is_and_what_they_bought(company: None) -> None:
    every = {one.name: one for one in systems()}
    assert every.keys() == {"contracts", "crm", "erp", "purchasing"}
    assert "erp.issue_gift_card" in every["erp"].gives
    assert {"signing.sign", "contracts.archive"} <= every["contracts"].gives
    asked = (every["crm"], every["erp"])
    ada = asyncio.run(known_of(asked, "C-1")).customer
    assert ada is not None
    assert (ada.name, ada.tier, ada.active) == ("Ada Winter", "standard", True)
    assert [one.number for one in ada.bought] == ["SO-1", "SO-2"]
    first = ada.bought[0]
    assert (str(first.price), first.more["serial"]) == ("59.90 EUR", "KT17-0001")
    assert first.more["warranty_until"] == (first.on + timedelta(days=730)).isoformat()
    assert asyncio.run(known_of(asked, "C-404")).customer is None


@pytest.mark.parametrize("bound", ["customerview.MOST", "customerview._MESSAGES", "giventhem._MOST"])
def test_what_is_left_out_is_said(house: House, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    for name in ("Kettle broke", "Toaster"):
        gift(house, theirs(house, name))
    whole = house.browser("lena").get("/customers/C-1").text
    monkeypatch.setattr(f"baton.console.{bound}", 1)
    short = house.browser("lena").get("/customers/C-1").text
    assert ("There is more" in whole, "There is more" in short) == (False, True)
