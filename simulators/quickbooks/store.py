"""The SQLite file: one connection, one writer, WAL; every request is one transaction."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from simulators.quickbooks.serialise import read, write

Document = dict[str, Any]

SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS apps (client_id TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS companies (realm TEXT PRIMARY KEY, name TEXT NOT NULL,
    country TEXT NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (realm TEXT, family TEXT, value INTEGER NOT NULL,
    PRIMARY KEY (realm, family)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (realm TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL,
    number INTEGER NOT NULL, sync_token INTEGER NOT NULL, status TEXT NOT NULL,
    active INTEGER NOT NULL, name_key TEXT NOT NULL, doc_number TEXT NOT NULL,
    customer_id TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL, body TEXT NOT NULL,
    last_body TEXT, PRIMARY KEY (realm, entity, id));
CREATE INDEX IF NOT EXISTS objects_number ON objects (realm, entity, number);
CREATE INDEX IF NOT EXISTS objects_name ON objects (realm, entity, name_key);
CREATE INDEX IF NOT EXISTS objects_document ON objects (realm, entity, doc_number);
CREATE INDEX IF NOT EXISTS objects_full_name ON objects
    (realm, entity, json_extract(body, '$.FullyQualifiedName') COLLATE NOCASE, number);
CREATE INDEX IF NOT EXISTS objects_customer ON objects (realm, customer_id, entity);
CREATE INDEX IF NOT EXISTS objects_updated ON objects (realm, entity, updated);
CREATE TABLE IF NOT EXISTS links (realm TEXT NOT NULL, from_kind TEXT NOT NULL,
    from_id TEXT NOT NULL, to_kind TEXT NOT NULL, to_id TEXT NOT NULL, cents INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS links_from ON links (realm, from_kind, from_id);
CREATE INDEX IF NOT EXISTS links_to ON links (realm, to_kind, to_id);
CREATE TABLE IF NOT EXISTS journal (sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    realm TEXT NOT NULL, document_kind TEXT NOT NULL, document_id TEXT NOT NULL,
    account_id TEXT NOT NULL, cents INTEGER NOT NULL, tax_code TEXT, date TEXT NOT NULL,
    memo TEXT NOT NULL, superseded INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS journal_document ON journal (realm, document_kind, document_id);
CREATE INDEX IF NOT EXISTS journal_account ON journal (realm, superseded, account_id, cents);
CREATE TABLE IF NOT EXISTS codes (code TEXT PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS grants (id INTEGER PRIMARY KEY AUTOINCREMENT, client_id TEXT NOT NULL,
    realm TEXT NOT NULL, scope TEXT NOT NULL, refresh_token TEXT NOT NULL, issued REAL NOT NULL,
    refresh_expires REAL NOT NULL, hard_expires REAL NOT NULL, revoked INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS grants_refresh ON grants (refresh_token);
CREATE TABLE IF NOT EXISTS access_tokens (token TEXT PRIMARY KEY, grant_id INTEGER NOT NULL,
    realm TEXT NOT NULL, expires REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS replays (realm TEXT, request_id TEXT, fingerprint TEXT NOT NULL,
    body TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (realm, request_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (sequence INTEGER PRIMARY KEY AUTOINCREMENT, realm TEXT,
    method TEXT, path TEXT, query TEXT, request_id TEXT, status INTEGER, fault_code TEXT,
    intuit_tid TEXT, metered INTEGER, at REAL);
CREATE TABLE IF NOT EXISTS files (realm TEXT, id TEXT, content BLOB NOT NULL,
    PRIMARY KEY (realm, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS origins (realm TEXT NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL,
    request_id TEXT NOT NULL, made_by TEXT NOT NULL, committed REAL NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (realm, entity, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS superseded_tokens (token TEXT PRIMARY KEY, grant_id INTEGER NOT NULL,
    at REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meter (month TEXT, realm TEXT, reads INTEGER NOT NULL,
    PRIMARY KEY (month, realm)) WITHOUT ROWID;
"""

# Columns that files made by an earlier version lack.
LATER = (
    ("requests", "effect", "TEXT NOT NULL DEFAULT ''"),
    ("requests", "body", "TEXT NOT NULL DEFAULT ''"),
)


class Store:
    """Rows in and out; knows no rule of QuickBooks."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        self.connection.executescript(SCHEMA)
        self._grow()
        self.nested = 0

    def _grow(self) -> None:
        for table, column, definition in LATER:
            present = {row["name"] for row in self.rows(f"PRAGMA table_info({table})")}
            if column not in present:
                self.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction inside another is a savepoint."""
        name = f"level{self.nested}"
        self.execute("BEGIN IMMEDIATE" if not self.nested else f"SAVEPOINT {name}")
        self.nested += 1
        try:
            yield
        except BaseException:
            self.nested -= 1
            self.execute("ROLLBACK" if not self.nested else f"ROLLBACK TO {name}")
            raise
        self.nested -= 1
        self.execute("COMMIT" if not self.nested else f"RELEASE {name}")

    def execute(self, statement: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self.connection.execute(statement, values)

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a statement."""
        return self.connection.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a statement."""
        found: sqlite3.Row | None = self.connection.execute(statement, values).fetchone()
        return found

    def next_number(self, realm: str, family: str) -> int:
        """Count one up in a family of ids."""
        row = self.row(
            "INSERT INTO counters VALUES (?, ?, 1) "
            "ON CONFLICT (realm, family) DO UPDATE SET value = value + 1 RETURNING value",
            realm,
            family,
        )
        return int(row["value"]) if row else 0

    def raise_counter(self, realm: str, family: str, value: int) -> None:
        """Let the next number of a family be above this one."""
        self.execute(
            "INSERT INTO counters VALUES (?, ?, ?) "
            "ON CONFLICT (realm, family) DO UPDATE SET value = max(value, excluded.value)",
            (realm, family, value),
        )

    def setting(self, name: str, default: Any) -> Any:
        """A stored setting."""
        row = self.row("SELECT value FROM settings WHERE name = ?", name)
        return read(row["value"]) if row else default

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a setting over a restart."""
        self.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (name, write(value)))
