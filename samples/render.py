"""Render the sample company and its inbox: `python -m samples.render --out DIR [--today 2025-03-14]`."""

import argparse
from datetime import date
from pathlib import Path

from samples.posting import first_message, reply_message
from samples.records import Sales, write_company
from samples.story import Story, load_stories


def render_company(out: Path, today: date) -> None:
    """Write `company/*.csv` below `out`: who and what there is before any message comes."""
    write_company(out / "company", today)


def render_all(out: Path, today: date) -> list[Path]:
    """Write `company/*.csv`, `inbox/*.eml` and `replies/*.eml` below `out`; returns the inbox in its order.

    Every date is counted from `today`, so that purchases are in or out of warranty whenever the samples run. The
    same day gives the same bytes.
    """
    render_company(out, today)
    sales = Sales(today)
    return [_render(story, out, today, sales) for story in load_stories()]


def _render(story: Story, out: Path, today: date, sales: Sales) -> Path:
    path = out / story.file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(first_message(story, today, sales))
    if story.reply_file is not None:
        reply = out / story.reply_file
        reply.parent.mkdir(parents=True, exist_ok=True)
        reply.write_bytes(reply_message(story, today, sales))
    return path


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m samples.render", description="Render the sample company and its inbox.")
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="the day all dates count from")
    said = parser.parse_args()
    for path in render_all(said.out, said.today):
        print(path)


if __name__ == "__main__":
    main()
