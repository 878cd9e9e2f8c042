"""Where signed files are kept under the key of their permit: each is made once, whole or not at all."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from activities.mail.envelope import name_of


class Vault:
    """Signed files by key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def once(self, key: str, make: Callable[[], bytes]) -> bytes:
        """The file under this key; made now where there is none, and never a second time."""
        path = self._folder / f"{name_of(key)}.pdf"
        if not path.exists():
            self._keep(path, make())
        return path.read_bytes()

    def _keep(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=self._folder, prefix=".signing-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.link(temporary, path)
        except FileExistsError:  # another attempt under the same key was first: its signature stands
            pass
        finally:
            os.unlink(temporary)
