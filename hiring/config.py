"""What an operator can set: one table of `HIRING_*` variables, each refused with a sentence."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class WrongSetting(SystemExit):
    """A setting that cannot be used. Any of our programs ends with its sentence, untraced."""


@dataclass(frozen=True)
class Setting:
    """One line of the table. A default may name settings above it in braces."""

    name: str
    default: str
    does: str
    expects: str
    read: Callable[[str], object]
    secret: bool = False

    @property
    def field(self) -> str:
        """The attribute of `Config` that holds it."""
        return self.name.removeprefix("HIRING_").lower()


def _choice(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return read


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and lowest <= int(text) <= highest):
            raise ValueError
        return int(text)

    return read


def _address(text: str) -> str:
    return text if text == "localhost" else str(ipaddress.ip_address(text))


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _database(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise ValueError from error
    if url.drivername == "sqlite":
        return _sqlite_file(url)
    if url.drivername != "postgresql" or not url.database:
        raise ValueError
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def _sqlite_file(url: URL) -> str:
    if not url.database or url.database == ":memory:":
        raise ValueError
    return url.set(database=str(_folder(url.database))).render_as_string()


def _web_address(text: str) -> str:
    parts = _parts(text, "http", "https")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise ValueError
    return f"{parts.scheme}://{parts.netloc}"


def _mail_server(text: str) -> str:
    return _parts(text, "smtp", "smtps").geturl()


def _parts(text: str, *schemes: str) -> SplitResult:
    parts = urlsplit(text)
    if parts.scheme not in schemes or not parts.hostname or parts.port == 0:
        raise ValueError
    return parts


def _sender(text: str) -> str:
    local, _, host = parseaddr(text)[1].partition("@")
    if not local or not host or "\n" in text:
        raise ValueError
    return text


def _secret(text: str) -> str:
    if len(text) < 32:  # noqa: PLR2004  128 bits in hexadecimal
        raise ValueError
    return text


YES_OR_NO = "0 or 1"
SETTINGS = (
    Setting(
        "HIRING_ENV", "production", "How strict to be: `development` reloads pages as they change.",
        "production, development or test", _choice("production", "development", "test"),
    ),
    Setting(
        "HIRING_HOST", "127.0.0.1", "The address of this machine to listen on; `0.0.0.0` is all.",
        "an address of this machine, such as 127.0.0.1 or 0.0.0.0", _address,
    ),
    Setting(
        "HIRING_PORT", "8000", "The port to listen on.",
        "a whole number between 1 and 65535", _whole(1, 65535),
    ),
    Setting(
        "HIRING_PUBLIC_URL", "http://localhost:{port}", "The address that people see.",
        "an address without a path, such as https://hiring.example.org", _web_address,
    ),
    Setting(
        "HIRING_PROXIES", "0", "Reverse proxies before it that say in `X-Forwarded-For` who asks.",
        "a whole number between 0 and 9", _whole(0, 9),
    ),
    Setting(
        "HIRING_INSECURE_HTTP", "0", "`1` lets people sign in over plain http: others can listen.",
        YES_OR_NO, lambda text: _choice("0", "1")(text) == "1",
    ),
    Setting(
        "HIRING_DATA_DIR", "var", "The folder for database, files and secret. Back this up.",
        "a folder", _folder,
    ),
    Setting(
        "HIRING_DATABASE_URL", "sqlite:///{data_dir}/hiring.db", "Where the data is kept.",
        "sqlite:///path/to/file.db or postgresql://user:password@host/name", _database, secret=True,
    ),
    Setting(
        "HIRING_SECRET_KEY", "", "Signs sessions and links. Empty: made once, kept with the data.",
        "at least 32 characters that nobody can guess", _secret, secret=True,
    ),
    Setting(
        "HIRING_SMTP_URL", "", "The mail server. Empty: mail is kept, to be read by the owner.",
        "smtp://user:password@host:port or smtps://user:password@host:port", _mail_server,
        secret=True,
    ),
    Setting(
        "HIRING_MAIL_FROM", "Hiring <hiring@localhost>", "The sender of every mail.",
        "a mail address, such as Hiring <hiring@example.org>", _sender,
    ),
    Setting(
        "HIRING_WORKERS", "2", "Server processes.", "a whole number between 1 and 64", _whole(1, 64)
    ),
    Setting(
        "HIRING_THREADS", "8", "Requests that one server process answers at once.",
        "a whole number between 1 and 64", _whole(1, 64),
    ),
    Setting(
        "HIRING_CLOCK_FILE", "",
        "Tests only (`HIRING_ENV=test`): a file with the seconds by which the clock is moved.",
        "a file", _folder,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Config:
    """The settings of one installation, read and checked."""

    env: str
    host: str
    port: int
    public_url: str
    proxies: int
    insecure_http: bool
    data_dir: Path
    database_url: str
    secret_key: str
    smtp_url: str | None
    mail_from: str
    workers: int
    threads: int
    clock_file: Path | None
    in_suite: bool = False  # the test suite calls the application in its own process

    @classmethod
    def from_environment(
        cls, environ: Mapping[str, str] = os.environ, *, in_suite: bool = False
    ) -> Config:
        """Read every setting, prepare the data folder, and keep a secret. Raises WrongSetting."""
        _refuse_unknown(environ)
        values: dict[str, Any] = {}
        for setting in SETTINGS:
            values[setting.field] = _value(setting, environ, values)
        _make_folder(values["data_dir"])
        values["secret_key"] = values["secret_key"] or _kept_secret(values["data_dir"] / "secret")
        config = cls(**values, in_suite=in_suite)
        config._refuse_contradictions()
        return config

    def for_flask(self) -> dict[str, Any]:
        """The same as plain values, under the names that Flask and its extensions read."""
        return {
            "TESTING": self.in_suite,
            "TEMPLATES_AUTO_RELOAD": self.env == "development",
            "SECRET_KEY": self.secret_key,
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SESSION_COOKIE_NAME": "session" if self.insecure_http else "__Host-session",
            "SESSION_COOKIE_SECURE": not self.insecure_http,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "INSECURE_HTTP": self.insecure_http,
            "PUBLIC_URL": self.public_url,
            "PROXIES": self.proxies,
            "SMTP_URL": self.smtp_url,
            "MAIL_FROM": self.mail_from,
            "SAFE_FOR_DEMO": self.safe_for_demo,
            # a form must arrive whole, so that what is too long is refused with its text still on the
            # page; 100,000 characters of Chinese are 900,000 bytes on the way
            "MAX_FORM_MEMORY_SIZE": 8_000_000,
            "MAX_CONTENT_LENGTH": 16_000_000,
        }

    @property
    def safe_for_demo(self) -> bool:
        """Whether known passwords harm nobody: only this machine reaches it, no mail leaves."""
        local = self.host in LOCAL_NAMES and urlsplit(self.public_url).hostname in LOCAL_NAMES
        return local and self.smtp_url is None

    def _refuse_contradictions(self) -> None:
        if self.clock_file and self.env != "test":
            raise WrongSetting("HIRING_CLOCK_FILE works with HIRING_ENV=test only.")
        parts = urlsplit(self.public_url)
        if parts.scheme == "http" and parts.hostname not in LOCAL_NAMES and not self.insecure_http:
            raise WrongSetting(
                f'HIRING_PUBLIC_URL must begin with https://, not "{self.public_url}": browsers'
                " keep no sign-in otherwise. HIRING_INSECURE_HTTP=1 allows it all the same."
            )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    names = [setting.name for setting in SETTINGS]
    for name in environ:
        # HIRING_TEST_… chooses what the test suite runs on, not what we do
        if name.startswith("HIRING_") and not name.startswith("HIRING_TEST_") and name not in names:
            near = get_close_matches(name, names, n=1, cutoff=0)[0]
            raise WrongSetting(f"{name} is not a setting. The nearest name is {near}.")


def _value(setting: Setting, environ: Mapping[str, str], values: Mapping[str, Any]) -> object:
    given = environ.get(setting.name, "").strip()
    text = given or setting.default.format(**values)
    if not text:
        return None
    try:
        return setting.read(text)
    except ValueError:
        shown = "what it is now" if setting.secret else f'"{text}"'
        raise WrongSetting(f"{setting.name} must be {setting.expects}, not {shown}.") from None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".writable").open("w"):
            pass
        (folder / ".writable").unlink(missing_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"HIRING_DATA_DIR must be a folder that can be written; {folder} cannot:"
            f" {error.strerror}."
        ) from None


def _kept_secret(path: Path) -> str:
    if not path.exists():
        # Linked into place whole, so that of several processes starting at once one secret wins.
        fresh = path.with_name(f"secret.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
