"""The company's CSV files: loaded whole, or refused by file, line and column."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table

from activities.company.journal import TwoAlike, letters, next_number
from activities.company.lines import BadSeed, OrderLine, StaffLine, read_lines
from activities.company.opening import open_company
from activities.company.parts import series
from activities.company.settings import CompanySettings
from activities.company.staff import staff
from activities.systems import NoAdapter, erp, forget
from tests.integration.small_company import FILES, write_files


def opened(folder: Path, **changed: str) -> CompanySettings:
    return CompanySettings(url=f"sqlite:///{folder / 'company.db'}", seed=write_files(folder / "seed", **changed))


def test_a_date_may_be_so_many_days_ago(tmp_path: Path) -> None:
    write_files(tmp_path)
    first = next(read_lines(tmp_path, "orders.csv", OrderLine))
    assert first.purchased == datetime.now(UTC).date() - timedelta(days=100)


def test_a_wrong_value_is_named_by_file_line_and_column(tmp_path: Path) -> None:
    orders = FILES["orders.csv"].replace("579.00,EUR,R-3", "cheap,EUR,R-3")
    with pytest.raises(BadSeed, match=r"orders\.csv` line 4, column `paid`"):
        open_company(opened(tmp_path, orders=orders))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSeed, match=r"stock\.csv` must have exactly the columns sku,quantity"):
        open_company(opened(tmp_path, stock="sku\nK-1\n"))


def test_an_order_of_nobody_is_refused_and_nothing_is_loaded(tmp_path: Path) -> None:
    orders = FILES["orders.csv"].replace("SO-1,C-1", "SO-1,C-9")
    with pytest.raises(BadSeed, match=r"orders\.csv` does not fit"):
        open_company(opened(tmp_path, orders=orders))
    database = open_company(opened(tmp_path))  # nothing stood in the way of the corrected files
    assert len(staff(database)) == 2


def test_two_customers_never_share_an_address(tmp_path: Path) -> None:
    customers = FILES["customers.csv"] + "C-9,Twin,ADA.winter@mail.example,standard,true\n"
    with pytest.raises(BadSeed, match=r"customers\.csv"):
        open_company(opened(tmp_path, customers=customers))


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSeed, match="BATON_COMPANY_SEED"):
        open_company(CompanySettings(url=f"sqlite:///{tmp_path / 'c.db'}", seed=tmp_path / "nothing"))


def test_staff_have_their_roles_and_delegates(tmp_path: Path) -> None:
    marta, ruth = staff(open_company(opened(tmp_path)))
    assert (marta.id, marta.roles, marta.delegate) == ("marta", {"claims-handler"}, "ruth")
    assert (ruth.roles, ruth.delegate) == ({"claims-handler", "claims-manager"}, None)


def test_the_projects_own_company_loads(tmp_path: Path) -> None:
    samples = Path(__file__).parents[2] / "samples" / "company"
    database = open_company(CompanySettings(url=f"sqlite:///{tmp_path / 'c.db'}", seed=samples))
    assert len(staff(database)) == len(list(read_lines(samples, "staff.csv", StaffLine))) > 0


@pytest.mark.parametrize("name", ["nothing", "port", "../sandbox"])
def test_a_system_without_an_adapter_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    monkeypatch.setenv("BATON_ERP", name)
    with pytest.raises(NoAdapter, match="BATON_ERP names"):
        erp()
    forget()


def test_a_system_keeps_records_of_its_own_beside_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = ModuleType("activities.shelf.records")
    shelf = Table("company_shelf", MetaData(), Column("name", String(20)))
    filled: list[Path] = []

    def seed(connection: Connection, folder: Path) -> None:
        shelf.create(connection)
        filled.append(folder)

    vars(system).update(SERIES={"shelf": "SF"}, seed=seed)
    monkeypatch.setattr("activities.company.parts.parts", lambda: (system,))
    monkeypatch.setattr("activities.company.seed.parts", lambda: (system,))
    letters.cache_clear()
    series.cache_clear()
    try:
        database = open_company(opened(tmp_path))
        with database.write() as connection:
            assert next_number(connection, "shelf") == 1
    finally:
        letters.cache_clear()
        series.cache_clear()
    assert filled == [tmp_path / "seed"]


@pytest.mark.parametrize(("kind", "begin"), [("gift_card", "ZZ"), ("shelf", "GC")])
def test_two_systems_never_number_their_entries_alike(kind: str, begin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("activities.company.journal.series", lambda: {kind: begin})
    letters.cache_clear()
    try:
        with pytest.raises(TwoAlike, match="is taken"):
            letters()
    finally:
        letters.cache_clear()
