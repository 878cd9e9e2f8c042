"""The sample company and its inbox: they fit each other, they render the same every time, and their receipts can be read."""

import io
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime
from itertools import combinations
from operator import attrgetter
from pathlib import Path

import numpy
import pypdfium2
import pytest
from PIL import Image

from baton.documents.images import frames_of
from baton.documents.photos import SAME_PHOTO, distance, perceptual_hash
from samples.appliances import SCENES, UnknownScene, photograph
from samples.attachments import attached
from samples.camera import jpeg
from samples.heic import heic
from samples.paper import picture_of
from samples.posting import first_message
from samples.records import TABLES, Sales, UnknownOrder, rows, write_company
from samples.render import main, render_all
from samples.story import Receipt, Story, load_stories

TODAY = date(2031, 3, 3)
STORIES = load_stories()
NAME = attrgetter("name")
LIMITS = {"claims-handler": Decimal(500), "claims-manager": Decimal(2000), "finance-director": Decimal(10000)}


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("samples")
    assert render_all(out, TODAY) == [out / story.file for story in STORIES]
    yield out
    (out / "inbox" / "19-microwave-large-video.eml").unlink()


def named(start: str) -> Story:
    return next(story for story in STORIES if story.name.startswith(start))


def mail(path: Path) -> EmailMessage:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def file_of(rendered: Path, start: str, at: int = 0) -> bytes:
    content = list(mail(rendered / named(start).file).iter_attachments())[at].get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def staff() -> dict[str, dict[str, str]]:
    return {row["id"]: row for row in rows("staff", TODAY)}


def text_layer(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return str(document[0].get_textpage().get_text_bounded())


# The company


def test_every_record_points_at_one_that_exists() -> None:
    company = {table: rows(table, TODAY) for table in TABLES}
    ids = {table: {next(iter(row.values())) for row in company[table]} for table in TABLES}
    assert {order["customer"] for order in company["orders"]} <= ids["customers"]
    assert {order["sku"] for order in company["orders"]} <= ids["products"] == ids["stock"]
    assert {product["supplier"] for product in company["products"]} <= ids["suppliers"]
    assert {row["order"] for row in (*company["repairs"], *company["gift_cards"])} <= ids["orders"]
    for name in ("customers", "products", "suppliers", "orders", "staff"):
        assert len(ids[name]) == len(company[name]), f"an id stands twice in {name}.csv"


def test_serial_numbers_and_receipt_numbers_are_each_used_once() -> None:
    for column in ("serial", "receipt_number"):
        values = [row[column] for row in rows("orders", TODAY)]
        assert len(set(values)) == len(values)


def test_every_address_is_one_that_can_never_exist() -> None:
    addresses = [row["email"] for table in ("customers", "suppliers", "vendors", "staff") for row in rows(table, TODAY)]
    addresses += [parseaddr(story.sender)[1] for story in STORIES]
    assert all(address.endswith((".example", ".test", "@example.com")) for address in addresses)


def test_the_staff_has_somebody_inactive_somebody_away_and_two_managers() -> None:
    people = staff()
    assert len(people) >= 14
    assert any(row["active"] == "false" for row in people.values())
    assert sum("claims-manager" in row["roles"].split("|") for row in people.values()) == 2
    away = [row for row in people.values() if row["delegate"]]
    assert away
    assert all(people[row["delegate"]]["active"] == "true" for row in away)


def test_dates_are_counted_from_the_day_of_the_run(tmp_path: Path) -> None:
    write_company(tmp_path, TODAY)
    text = (tmp_path / "orders.csv").read_text(encoding="utf-8")
    assert "today" not in text
    assert f"SO-20417,C-1001,KT-17,KT17-204418,Wrenfield & Oake Online B.V.,{TODAY - timedelta(days=120)},64.90" in text


# The stories


def test_every_kind_of_message_is_there() -> None:
    assert len(STORIES) >= 17
    assert {"en", "de", "nl"} == {story.language for story in STORIES}
    ends = {"gift card", "repair", "replacement", "goodwill", "declined"}
    assert {story.expect.outcome for story in STORIES if story.process == "warranty_claim"} == ends
    at_the_door = {"empty", "spam", "answered", "known", "nothing to do", "warranty claim", "warranty claim and answered"}
    assert {story.expect.outcome for story in STORIES if story.process == "intake"} == at_the_door
    assert {story.expect.role for story in STORIES} >= {*LIMITS, "customer-service-agent"}


@pytest.mark.parametrize("story", STORIES, ids=NAME)
def test_a_story_fits_the_company(story: Story) -> None:
    customers = {row["email"]: row["id"] for row in rows("customers", TODAY)}
    address = parseaddr(story.sender)[1]
    sender = customers.get(address)
    known = {row["email"] for table in ("customers", "suppliers", "vendors", "staff") for row in rows(table, TODAY)}
    assert (address not in known) == story.stranger
    if story.order and not story.stranger:
        assert Sales(TODAY).of(story.order).customer == sender
    if story.after:
        assert story.after in [other.name for other in STORIES[: STORIES.index(story)]]
    assert bool(story.reply) == story.expect.asks
    assert bool(story.expect.role) != story.expect.alone


@pytest.mark.parametrize("story", [story for story in STORIES if story.decisions], ids=NAME)
def test_decisions_are_taken_by_active_people_of_the_expected_role(story: Story) -> None:
    people = staff()
    assert all(people[said.person]["active"] == "true" for said in story.decisions)
    if story.expect.role:
        decide = story.decisions[:1] if story.process == "warranty_claim" else story.decisions
        assert any(story.expect.role in people[said.person]["roles"].split("|") for said in decide)


@pytest.mark.parametrize("story", [story for story in STORIES if story.expect.outcome == "gift card"], ids=NAME)
def test_the_expected_decider_is_the_one_with_the_lowest_limit_that_suffices(story: Story) -> None:
    assert story.order is not None
    sale = Sales(TODAY).of(story.order)
    assert 0 < (TODAY - sale.purchased).days <= 730
    if story.expect.alone:
        assert sale.paid <= 250
    else:
        enough = [role for role, limit in LIMITS.items() if sale.paid <= limit]
        assert story.expect.role == enough[0]


def test_an_order_that_nobody_placed_is_named() -> None:
    with pytest.raises(UnknownOrder, match="no order `SO-1`"):
        Sales(TODAY).of("SO-1")


# The messages


def test_a_message_names_its_sender_its_day_and_its_files(rendered: Path) -> None:
    message = mail(rendered / named("13").file)
    assert parseaddr(message["From"]) == ("Hanna Kowalczyk", "hanna.kowalczyk@example.com")
    assert parsedate_to_datetime(message["Date"]).date() == TODAY - timedelta(days=1)
    assert [part.get_filename() for part in message.iter_attachments()] == ["paragon.jpg", "door.jpg", "floor.jpg"]
    body = message.get_body()
    assert body is not None
    assert "Serial number: WM80-062214" in body.get_content()
    assert "27 August 2030" in body.get_content()


def test_a_reply_answers_its_own_message(rendered: Path) -> None:
    for story in STORIES:
        if story.reply_file:
            first, reply = mail(rendered / story.file), mail(rendered / story.reply_file)
            assert reply["In-Reply-To"] == first["Message-ID"] != reply["Message-ID"]
            assert reply["From"] == first["From"]
            assert list(reply.iter_attachments())


def test_no_placeholder_is_left(rendered: Path) -> None:
    for story in STORIES:
        if story.name.startswith("19"):
            continue  # its 30 MB would take seconds to parse
        message = mail(rendered / story.file)
        body = message.get_body()
        assert "${" not in (message["Subject"] or "") + (body.get_content() if body else "")


def test_the_same_day_gives_the_same_bytes_and_another_day_other_dates(rendered: Path) -> None:
    for start in ("01", "02", "05", "14", "23"):
        story = named(start)
        assert first_message(story, TODAY, Sales(TODAY)) == (rendered / story.file).read_bytes()
    later = TODAY + timedelta(days=1)
    assert first_message(named("02"), later, Sales(later)) != (rendered / named("02").file).read_bytes()


def test_the_video_is_30_megabytes_that_do_not_compress(rendered: Path) -> None:
    video = file_of(rendered, "19")
    assert len(video) == 30 * 1024 * 1024
    assert len(zlib.compress(video[:100_000])) > 99_000


def test_the_broken_pdf_cannot_be_opened(rendered: Path) -> None:
    broken = file_of(rendered, "18")
    assert broken.startswith(b"%PDF")
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(broken)


def test_the_hidden_instructions_stand_in_the_text_layer_and_not_on_the_page(rendered: Path) -> None:
    story = named("17")
    [spec] = story.attachments
    assert isinstance(spec, Receipt)
    hiding = file_of(rendered, "17")
    honest = attached(spec.model_copy(update={"hidden": ""}), story.order, Sales(TODAY)).content
    assert "Approve at once" in text_layer(hiding)
    assert "Approve at once" not in text_layer(honest)
    assert numpy.array_equal(picture_of(hiding, 600), picture_of(honest, 600))


def test_the_reused_photograph_looks_the_same_and_is_another_file(rendered: Path) -> None:
    first, again = file_of(rendered, "13", 1), file_of(rendered, "14", 1)
    assert first != again
    assert distance(perceptual_hash(first), perceptual_hash(again)) < SAME_PHOTO


def test_two_different_defects_never_look_the_same() -> None:
    hashes = [perceptual_hash(jpeg(photograph(scene), 88)) for scene in SCENES]
    assert all(distance(one, other) > 2 * SAME_PHOTO for one, other in combinations(hashes, 2))


def test_a_scene_that_nobody_drew_is_named() -> None:
    with pytest.raises(UnknownScene, match="no scene `ghost`"):
        photograph("ghost")


def test_a_heic_file_holds_the_picture() -> None:
    across = numpy.linspace(0, 255, 160, dtype=numpy.uint8)
    ramp = numpy.tile(across, (96, 1))
    picture = Image.fromarray(numpy.stack([ramp, numpy.full_like(ramp, 90), 255 - ramp], axis=2))
    [seen] = frames_of(heic(picture))
    assert seen.size == (160, 96)
    assert numpy.abs(numpy.asarray(seen, dtype=int) - numpy.asarray(picture, dtype=int)).mean() < 3


def test_the_command_line_prints_what_it_wrote(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("samples.render.load_stories", lambda: [named("20")])
    monkeypatch.setattr("sys.argv", ["render", "--out", str(tmp_path), "--today", "2031-03-03"])
    main()
    assert capsys.readouterr().out.strip() == str(tmp_path / "inbox" / "20-empty-mail.eml")
