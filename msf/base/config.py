"""Settings of one installation, read once from the environment, with safe defaults below one home folder."""

import contextlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from msf.base.keys import refuse_same

LEAST_SECRET = 32


def data(name: str) -> Path:
    """The folder of shipped data called `name`: inside the installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_data" / name
    return inside if inside.is_dir() else package.parent / name


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator may set, each as the environment variable `MSF_<NAME>`; docs/operators.md names them all."""

    home: Path
    database_url: str
    keys: Path | str
    base_url: str
    mail: str
    mail_from: str
    service_name: str
    zone: str
    log_level: str
    secret_key: str
    audit_heads: str

    @property
    def host(self) -> str:
        """Host name (and port, where it is not the usual one) under which people reach the site."""
        return urlsplit(self.base_url).netloc

    @property
    def secure(self) -> bool:
        """Whether people reach the site over https, so that cookies and headers insist on it."""
        return self.base_url.startswith("https://")


def settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from `environ`; nothing is created here except what `secret_key` needs."""
    home = Path(environ.get("MSF_HOME", "instance")).resolve()
    database_url = environ.get("MSF_DATABASE_URL", f"sqlite:///{home / 'msf.db'}")
    return Settings(
        home=home,
        database_url=database_url,
        keys=_keys(environ.get("MSF_KEYS", str(home / "keys")), database_url),
        base_url=environ.get("MSF_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        mail=environ.get("MSF_MAIL", f"folder:{home / 'mail'}"),
        mail_from=environ.get("MSF_MAIL_FROM", "feedback@example.org"),
        service_name=environ.get("MSF_SERVICE_NAME", "Practitioner feedback"),
        zone=environ.get("MSF_ZONE", "Europe/London"),
        log_level=environ.get("MSF_LOG_LEVEL", "INFO"),
        secret_key=environ.get("MSF_SECRET_KEY") or _kept_secret(home / "secret_key"),
        audit_heads=environ.get("MSF_AUDIT_HEADS", ""),
    )


def _keys(place: str, database_url: str) -> Path | str:
    """Where keys are kept: the address of a database of their own, as it is written, or a folder."""
    keys = place if "://" in place else Path(place).resolve()
    refuse_same(keys, database_url)
    return keys


_current: list[Settings] = []


def use(chosen: Settings) -> None:
    """Make `chosen` the settings of this process."""
    _current[:] = [chosen]


def current() -> Settings:
    """The settings of this process: those chosen by `use`, else read from the environment once."""
    if not _current:
        use(settings())
    return _current[0]


def _kept_secret(path: Path) -> str:
    """The installation's own secret, made at the first start and readable by nobody else."""
    if not path.exists():
        _make_secret(path)
    secret = path.read_text("ascii").strip()
    if len(secret) < LEAST_SECRET:
        raise RuntimeError(f"The secret in {path} is cut short. Remove the file to have a new one made.")
    return secret


def _make_secret(path: Path) -> None:
    """Write a new secret whole before it gets its name, so that of several first starts all read the same one."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret")
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        os.unlink(draft)
