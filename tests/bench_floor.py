"""The floor that saves are measured against: a bare Flask view that makes one SQLite FULL commit."""

from __future__ import annotations

import os
import sqlite3
import threading

from flask import Flask, request

app = Flask(__name__)
mine = threading.local()


def connection() -> sqlite3.Connection:
    """This thread's connection: WAL, synchronous FULL, transactions by hand."""
    if not hasattr(mine, "connection"):
        mine.connection = sqlite3.connect(
            os.environ["FLOOR_FILE"], isolation_level=None, timeout=15
        )
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            mine.connection.execute(f"PRAGMA {pragma}")
        mine.connection.execute("CREATE TABLE IF NOT EXISTS saved (text TEXT)")
    return mine.connection  # type: ignore[no-any-return]


@app.post("/save")
def save() -> str:
    """One row, one commit."""
    writer = connection()
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO saved VALUES (?)", (request.form["text"],))
    writer.execute("COMMIT")
    return "saved"


@app.get("/synchronous")
def synchronous() -> str:
    """The mode that this thread's connection commits in."""
    return str(connection().execute("PRAGMA synchronous").fetchone()[0])


@app.get("/healthz")
def healthz() -> str:
    """It lives."""
    return "ok"
