"""The door on a stream of real mail. Prints one JSON object.

    python -m benchmarks.intake --data DIR --limit 200 --seed 0 --json

Real mails (SpamAssassin's corpus, raw), real sentences and complaints put into mails (Enron, CFPB, NHTSA), and the project's
samples, mixed; one in ten comes twice, one in fifty is no mail at all. Half the writers of the made mails are customers on
file: theirs alone may become a case without a person. None of the real ones is a matter for a process of this company: each
that became a case did so wrongly.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from scipy.stats import beta

from baton.cases import arrivals, store
from baton.documents.store import open_store
from baton.doors.taking import Taking
from baton.intake import DOOR
from baton.runtime.connect import connect
from baton.runtime.settings import load
from baton.runtime.up import running
from baton.store import Database
from baton.types.cases import Case
from baton.types.ids import CaseId
from samples.records import rows, write_company
from samples.render import render_all
from samples.story import load_stories

TEXTS = {"email_intent_enron": "text", "cfpb_complaints": "text", "nhtsa_complaints_sample": "CDESCR"}
ASIDE = ("spam", "empty")


@dataclass(frozen=True)
class Piece:
    """One message of the stream."""

    source: str
    raw: bytes
    right: str = ""
    """The process it is for; empty where none of ours is."""
    label: str = ""


def real_mails(data: Path) -> list[Piece]:
    """SpamAssassin's mails as they are."""
    return [
        Piece("spamassassin_emails", one["raw_message"].encode("utf-8", "surrogateescape"), label=one["label"])
        for one in _items(data / "spamassassin_emails")
    ]


def real_texts(data: Path, senders: list[str], dice: random.Random) -> list[Piece]:
    """Real sentences and complaints, each in a mail of its own; half of the writers are customers."""
    return [
        Piece(
            name,
            _mail(
                _text_of(one, field), dice.choice(senders) if dice.random() < 0.5 else "somebody@elsewhere.example", name, number
            ),
        )
        for name, field in TEXTS.items()
        for number, one in enumerate(_items(data / name))
        if _text_of(one, field).strip()
    ]


def samples(folder: Path) -> list[Piece]:
    """The project's own messages that need no other before them."""
    stories = [one for one in load_stories() if not (one.after or one.during or one.same_as)]
    small = [one for one in stories if "large" not in one.name]
    return [
        Piece("samples", (folder / one.file).read_bytes(), one.process if one.process != DOOR else "?", one.name) for one in small
    ]


def stream(data: Path, folder: Path, limit: int, dice: random.Random) -> list[Piece]:
    """The mixture: as many of each source as there is room for, some twice, some broken."""
    senders = [row["email"] for row in rows("customers", date.today())]
    texts = real_texts(data, senders, dice)
    by_source = [real_mails(data), *([one for one in texts if one.source == name] for name in TEXTS), samples(folder)]
    for pieces in by_source:
        dice.shuffle(pieces)
    mixed = [piece for turn in zip(*(_round(pieces, limit) for pieces in by_source), strict=True) for piece in turn if piece][
        :limit
    ]
    again = [
        Piece(one.source, b"Received: from relay by mx\r\n" + one.raw, one.right, "again") for one in mixed if dice.random() < 0.1
    ]
    broken = [Piece("broken", dice.randbytes(400)) for _ in range(max(1, limit // 50))]
    everything = [*mixed, *again, *broken]
    dice.shuffle(everything)
    return everything


def words_kept(raw: bytes, filed: str) -> float:
    """The share of the words in a mail's own plain text that stand in the text on file."""
    try:
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
        said = set(str(body.get_content()).split()) if body is not None else set()
    except (LookupError, ValueError, AttributeError, KeyError):
        return 1.0  # no parser can say what it holds
    return len(said & set(filed.split())) / len(said) if said else 1.0


async def measure(data: Path, limit: int, seed: int, home: Path) -> dict[str, Any]:
    """Bring everything to the door and see what becomes of it."""
    dice = random.Random(seed)
    render_all(home / "samples", date.today())
    write_company(home / "company", date.today())
    pieces = stream(data, home / "samples", limit, dice)
    settings = load(home=str(home))
    os.environ.update({**settings.environment(), "BATON_COMPANY_SEED": str(home / "company")})
    async with running(settings, environment={"BATON_COMPANY_SEED": str(home / "company")}) as up:
        taking = Taking.of(settings, await connect(settings, up.address))
        await _settled(
            [(await taking.take(_mail("Hello there, just a word.", "warm@up.example", "warm", 0), "bench")).case], settings
        )
        began = time.monotonic()
        gate = asyncio.Semaphore(16)

        async def bring(piece: Piece) -> tuple[Piece, CaseId, str]:
            async with gate:
                done = await taking.take(piece.raw, "bench")
                return piece, done.case, done.how

        brought = await asyncio.gather(*(bring(piece) for piece in pieces))
        filed_in = time.monotonic() - began
        await _settled(sorted({case for _, case, _ in brought}), settings)
        seconds = time.monotonic() - began
        return await asyncio.to_thread(_figures, settings, brought, seconds, filed_in)


async def _settled(cases: list[CaseId], settings: Any) -> None:
    """Until each of these has ended or waits for a person."""
    database = Database(settings.database_url)
    deadline = time.monotonic() + 900
    while time.monotonic() < deadline:
        with database.read() as connection:
            standing = {case.id: case.status for case in store.cases(connection)}
            waiting = {task.case for task in store.tasks(connection)}
        if all(standing[case] in ("closed", "stuck") or case in waiting for case in cases):
            return
        await asyncio.sleep(0.5)
    raise SystemExit("the door did not come to an end within 15 minutes: see the logs")


def _figures(settings: Any, brought: list[tuple[Piece, CaseId, str]], seconds: float, filed_in: float) -> dict[str, Any]:
    database, documents = Database(settings.database_url), open_store(settings.home)
    first = {case: piece for piece, case, how in brought if how == "opened"}
    with database.read() as connection:
        known: dict[CaseId, Case] = {case.id: case for case in store.cases(connection)}
        messages = {case: store.messages(connection, case)[0] for case in first}
        became = {
            case: [known[one.case].process for one in arrivals.openings(connection, case) if one.how == "opened"]
            for case in first
        }
        stuck = sum(case.status == "stuck" for case in known.values())
    intact = [documents.read(messages[case].source.id) == piece.raw for case, piece in first.items()]
    kept = [words_kept(piece.raw, documents.read(messages[case].body.id).decode()) for case, piece in first.items()]
    real = {case: piece for case, piece in first.items() if piece.source in (*TEXTS, "spamassassin_emails", "broken")}
    wrong = [case for case in real if became[case]]
    ours = {case: piece for case, piece in first.items() if piece.source == "samples" and piece.right not in ("?", "")}
    results = {case: _result(known[case]) for case in first}
    return {
        "n": len(brought),
        "distinct": len({piece.raw.removeprefix(b"Received: from relay by mx\r\n") for piece, _, _ in brought}),
        "filed": len(first),
        "known_already": sum(how == "known" for _, _, how in brought),
        "raw_intact": all(intact),
        "words_kept": round(sum(kept) / len(kept), 4),
        "stuck": stuck,
        "became": dict(Counter(results.values()).most_common()),
        "by_source": {
            name: dict(Counter(results[case] for case, piece in first.items() if piece.source == name))
            for name in _sources(first)
        },
        "real": len(real),
        "wrongly_opened": len(wrong),
        "upper95": round(float(beta.ppf(0.95, len(wrong) + 1, max(1, len(real) - len(wrong)))), 4),
        "for_a_process": len(ours),
        "rightly_opened": sum(piece.right in became[case] for case, piece in ours.items()),
        "spam_put_aside": _share(first, results, "spam"),
        "ham_put_aside": _share(first, results, "ham"),
        "filed_per_second": round(len(brought) / filed_in, 1),
        "messages_per_second": round(len(brought) / seconds, 2),
        "seconds": round(seconds, 1),
    }


def _result(case: Case) -> str:
    return case.outcome.result if case.outcome else "to a person"


def _sources(first: dict[CaseId, Piece]) -> list[str]:
    return sorted({piece.source for piece in first.values()})


def _share(first: dict[CaseId, Piece], results: dict[CaseId, str], label: str) -> str:
    these = [case for case, piece in first.items() if piece.source == "spamassassin_emails" and piece.label == label]
    return f"{sum(results[case] in ASIDE for case in these)} of {len(these)}"


def _round(pieces: list[Piece], length: int) -> list[Piece | None]:
    return [*pieces[:length], *([None] * (length - len(pieces)))]


def _items(folder: Path) -> list[dict[str, Any]]:
    file = folder / "items.jsonl"
    if not file.is_file():
        raise SystemExit(f"there is no `{file}`: name the folder of public sets with --data")
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def _text_of(one: dict[str, Any], field: str) -> str:
    return str(one.get(field) or "\n\n".join(chunk["text"] for chunk in one.get("chunks", ())))


def _mail(text: str, sender: str, source: str, number: int) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "office@company.example", " ".join(text.split()[:5])[:60] or "Hello"
    made["Message-ID"] = f"<{source}-{number}@mail.example>"
    made.set_content(text)
    return bytes(made)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intake", description="The door on a stream of real mail.")
    parser.add_argument("--data", type=Path, required=True, help="folder of public sets")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print JSON (it always does)")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="baton-intake-") as folder:
        print(json.dumps(asyncio.run(measure(said.data, said.limit, said.seed, Path(folder))), indent=2), flush=True)
    os._exit(0)  # a process that ran a Temporal client can abort while the interpreter shuts down


if __name__ == "__main__":
    main()
