"""Candidates in a process of their own, who write down each acknowledgement that they get.

`python -m tests.faults.candidates <url> <record> <saves> <token>…`: takes each invitation, saves that many
texts, hands in. What fails is tried again, as the browser does: with the newest text, the tab's next count
and the last base that was acknowledged. The record has one JSON line an acknowledgement.
"""

from __future__ import annotations

import json
import random
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import IO
from urllib.parse import urlencode, urlsplit

AT_ONCE = 6
PATIENCE_SECONDS = 120
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Candidate:
    """One person's browser: cookies, the tab's count and base, and what is known to be saved."""

    host: str
    record: IO[str]
    lock: threading.Lock
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""

    def take(self, token: str, saves: int) -> None:
        """The whole attempt, from the link to the receipt."""
        self.ask("GET", f"/invitations/{token}")
        _, desk, _ = self.ask("POST", f"/invitations/{token}/attempt", {})
        _, _, page = self.ask("GET", f"{desk}/tasks/2")
        action = _find(r'hx-post="([^"]+)"', page)
        base = 0
        for nth in range(1, saves + 1):
            text = f"{desk} wrote {nth} " + "word " * random.randint(0, 200)
            base = self.save(action, text, base=base, nth=nth)
            time.sleep(random.uniform(0, 0.05))
        self.ask("POST", f"{desk}/submission", {})

    def save(self, action: str, text: str, *, base: int, nth: int) -> int:
        """Save until it is acknowledged; returns the revision, which is the new base."""
        fields = {"text": text, "base": str(base), "tab": "the-tab", "nth": str(nth)}
        status, _, answer = self.ask("POST", action, fields, headers=PARTIAL)
        if status != 200:
            raise RuntimeError(f"{status}: {answer[:400]}")
        number = int(_find(r'data-base="(\d+)"', answer))
        self.note({"action": action, "number": number, "text": text})
        return number

    def note(self, told: dict[str, object]) -> None:
        with self.lock:
            self.record.write(json.dumps(told) + "\n")
            self.record.flush()

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, *,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, str, str]:  # fmt: skip
        """Status, where it leads, and the page; tried again until the platform answers at all."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                status, place, page = self._ask_once(method, path, fields, headers or {})
                if status < 500:
                    return status, place, page
            except (OSError, HTTPException):
                pass
            if time.monotonic() > deadline:
                raise TimeoutError(path)
            time.sleep(0.1)

    def _ask_once(
        self, method: str, path: str, fields: dict[str, str] | None, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        connection = HTTPConnection(self.host, timeout=20)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded", **headers}
        body = urlencode({"csrf_token": self.csrf, **fields}) if fields is not None else None
        try:
            connection.request(method, path, body, told)
            answer = connection.getresponse()
            page = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if token := re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', page):
            self.csrf = token[1]
        return answer.status, urlsplit(answer.headers.get("Location", "")).path, page


def _find(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if found is None:
        raise RuntimeError(f"{pattern} is not on this page: {page[:800]}")
    return found[1]


def main() -> None:
    """Be several candidates at a time, until each has handed in."""
    url, record, saves, *tokens = sys.argv[1:]
    lock = threading.Lock()
    with Path(record).open("w") as file, ThreadPoolExecutor(AT_ONCE) as pool:
        people = [Candidate(urlsplit(url).netloc, file, lock) for _ in tokens]
        list(pool.map(lambda one, token: one.take(token, int(saves)), people, tokens))


if __name__ == "__main__":
    main()
