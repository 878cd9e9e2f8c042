"""Where payment files wait for the bank: whole or not at all, one a payment, named by it."""

import asyncio
import os
import tempfile
from pathlib import Path

from activities.company.settings import home
from activities.purchasing.words import file_name


async def hand_over(payment: str, data: bytes) -> Path:
    """Put a payment file into the bank's folder. The same payment twice is one file."""
    return await asyncio.to_thread(_put, home() / "bank", payment, data)


def _put(folder: Path, payment: str, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".leaving-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path = folder / file_name(payment)
    os.replace(temporary, path)
    return path
