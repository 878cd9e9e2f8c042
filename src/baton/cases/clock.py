"""Time as the stores keep it: UTC, ISO 8601, always with the same number of digits so that text sorts as time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def written(moment: datetime) -> str:
    """`2026-11-21T22:56:14.000000+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """Back from `written`."""
    return datetime.fromisoformat(text)
