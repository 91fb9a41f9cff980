"""Fresh databases for tests: migrated once, then copied, so that every test commits for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg


class Databases(Protocol):
    """Databases by name. `renew` makes one as the template is, or empty while there is none."""

    def url(self, name: str) -> str: ...
    def renew(self, name: str) -> str: ...
    def keep_as_template(self, name: str) -> None: ...


@dataclass(frozen=True)
class SqliteFiles:
    """One file a database, in a folder of the xdist worker's own."""

    folder: Path

    def url(self, name: str) -> str:
        return f"sqlite:///{self._file(name)}"

    def renew(self, name: str) -> str:
        file = self._file(name)
        for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            part.unlink(missing_ok=True)
        if self._template.exists():
            shutil.copyfile(self._template, file)
        return self.url(name)

    def keep_as_template(self, name: str) -> None:
        shutil.copyfile(self._file(name), self._template)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    @property
    def _template(self) -> Path:
        return self.folder / "template.db"


@dataclass(frozen=True)
class PostgresClones:
    """Databases in one cluster. The first of a name is cloned; emptying it again takes a tenth of that.

    What the migrations themselves write stands in a schema of its own, from which it is put back.
    """

    cluster: Path  # the folder of its socket
    worker: str  # xdist worker: every name carries it, so that workers do not meet

    def url(self, name: str) -> str:
        return f"postgresql://hiring@/{self._called(name)}?host={self.cluster}"

    def renew(self, name: str) -> str:
        if self._has("template") and self._has(name):
            self._run(name, EMPTY)
        else:
            template = self._called("template") if self._has("template") else "template0"
            self._run("", f"DROP DATABASE IF EXISTS {self._called(name)} WITH (FORCE)")
            self._run("", f"CREATE DATABASE {self._called(name)} TEMPLATE {template}")
        return self.url(name)

    def keep_as_template(self, name: str) -> None:
        self._run(name, KEEP)
        self._run("", f"CREATE DATABASE {self._called('template')} TEMPLATE {self._called(name)}")

    def _called(self, name: str) -> str:
        return f"{self.worker}_{name}" if name else "postgres"

    def _has(self, name: str) -> bool:
        return self._run("", f"SELECT FROM pg_database WHERE datname = '{self._called(name)}'") == 1

    def _run(self, name: str, sql: str) -> int:
        with psycopg.connect(
            host=str(self.cluster), user="hiring", dbname=self._called(name), autocommit=True
        ) as connection:
            return connection.execute(sql.encode()).rowcount


# Keys and triggers are left out of it: the rows of all tables go together and come together.
KEEP = """
DO $$ DECLARE one text; filled bool; BEGIN
  CREATE SCHEMA kept;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', one) INTO filled;
    IF filled THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', one, one); END IF;
  END LOOP;
END $$
"""
EMPTY = """
DO $$ DECLARE one text; BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', one);
  END LOOP;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
    EXECUTE format('INSERT INTO public.%I TABLE kept.%I', one, one);
  END LOOP;
END $$
"""


class Cluster:
    """A PostgreSQL server of the test command's own: no network, no durability, gone afterwards."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="hiring-postgres-"))
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
        options = "--username=hiring --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync"
        subprocess.run(
            [*_as_postgres("initdb"), "-D", self.folder / "data", *options.split()],
            cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        self._log = (self.folder / "log").open("wb")
        settings = "listen_addresses= fsync=off synchronous_commit=off full_page_writes=off"
        self._process = subprocess.Popen(
            [
                *_as_postgres("postgres"), "-D", self.folder / "data", "-k", self.folder,
                *(part for setting in settings.split() for part in ("-c", setting)),
                "-c", "max_connections=200", "-c", "autovacuum=off",
            ],
            cwd=self.folder, stdout=self._log, stderr=self._log,
        )  # fmt: skip
        self._wait()

    def stop(self) -> None:
        """End the server and remove its folder."""
        self._process.terminate()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.send_signal(3)  # SIGQUIT: at once, without a shutdown checkpoint
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(host=str(self.folder), user="hiring", dbname="postgres").close()
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.05)
            else:
                return


def _as_postgres(program: str) -> list[str]:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if not installed:
        raise RuntimeError("PostgreSQL is not installed; `make test` installs it.")
    user = ["--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    # pdeathsig: the server ends with the test command, however that ends
    return ["setpriv", *user, "--pdeathsig=INT", str(installed[-1])]
