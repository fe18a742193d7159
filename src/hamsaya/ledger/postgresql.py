# SPDX-License-Identifier: Apache-2.0
"""The store on PostgreSQL: one database, or one schema of a database, for one node.

- The address is libpq's own (`postgresql://…`): services, .pgpass, sockets and TLS work as everywhere. It is never shown
  with a password in it.
- Writers of one node take turns: each holds an advisory lock until its transaction ends, so that a log has one next
  number. A reader sees one moment (REPEATABLE READ) and waits for nobody.
- Text is UTF-8 and sorts by its bytes (COLLATE "C" on each column), whatever the database's own collation is.
- `synchronous_commit` is on for our sessions, whatever the server's default is: what was acknowledged is on its disk.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final
from urllib.parse import quote, urlsplit

from sqlalchemy import Connection, Engine, Table, create_engine, select, text
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError

from hamsaya.desk.wording import Query
from hamsaya.facts.errors import HamsayaError, InputError, OperatorError
from hamsaya.facts.words import say
from hamsaya.ledger import tables as t
from hamsaya.ledger.adapter import OPTION, SchemaPart
from hamsaya.ledger.sqlite import BUSY_MS

_CONNECT_S: Final = 10
_LOCK_CLASS: Final = 0x68616D73  # "hams"
_UNIQUE, _NO_ROOM, _RANGE = "23505", ("53100", "53200", "58030"), ("22003", "22001", "22021")
_BUSY: Final = ("55P03", "40001", "40P01", "57014")
_LOST: Final = ("08", "57P")
_UNREACHABLE_HINT: Final = say("See that the server runs and that `store` in hamsaya.toml is right (docs/how-to/postgresql.md).")


class PostgresAdapter:
    """The ledger in a PostgreSQL database."""

    name = "postgresql"
    reading: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    writing: Final[dict[str, Any]] = {"isolation_level": "READ COMMITTED"}  # each statement sees what the writer before us committed

    def __init__(self, url: str) -> None:
        """Take the address. Raises `OperatorError` without the driver, `InputError` for an address that is none."""
        self._psycopg = _driver()
        try:
            options = self._psycopg.conninfo.conninfo_to_dict(url)
            urlsplit(url)
        except (ValueError, self._psycopg.Error) as error:
            raise InputError(
                say("store: this is no address of a PostgreSQL database."), say("Write it as postgresql:///NAME or postgresql://USER@HOST/NAME.")
            ) from error
        self._secret = str(options.get("password") or "")
        self._conninfo = self._psycopg.conninfo.make_conninfo(
            url, client_encoding="utf8", application_name="hamsaya", connect_timeout=options.get("connect_timeout", _CONNECT_S)
        )
        self.shown = shown_address(url)

    def open(self) -> Engine:
        """Return an engine; a connection that the server closed meanwhile is replaced before it is used."""
        return create_engine("postgresql+psycopg://", creator=self._connect, pool_pre_ping=True, execution_options={OPTION: self})

    def _connect(self) -> Any:
        db = self._psycopg.connect(self._conninfo)
        encoding = db.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            db.close()
            raise OperatorError(
                say("The database at {where} keeps its text as {encoding}, not as UTF-8.", where=self.shown, encoding=encoding or "?"),
                say("Make one for the node: createdb --template=template0 --encoding=UTF8 NAME"),
            )
        db.autocommit = True
        db.execute("SET synchronous_commit = on")
        db.execute(f"SET lock_timeout = {BUSY_MS}")
        db.autocommit = False
        return db

    def turn(self) -> AbstractContextManager[None]:
        """Go on at once: the server lets writers go on in their order."""
        return nullcontext()

    def begin_writing(self, db: Connection, lock: str) -> None:
        """Wait for the lock of this name on this schema, up to ten seconds."""
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(%s, hashtext(%s || '/' || current_schema()))", (_LOCK_CLASS, lock))

    def create(self, db: Connection) -> None:
        """Create every table that is not there, in the first schema of the search path."""
        t.META.create_all(db)

    def drop(self, db: Connection, kind: str, names: Sequence[str]) -> None:
        """Drop these, and what hangs on them."""
        quoted = [db.dialect.identifier_preparer.quote(name) for name in names]
        db.exec_driver_sql(f"DROP {kind} {', '.join(quoted)} CASCADE")

    def is_empty(self, db: Connection) -> bool:
        """Say whether the schema holds nothing but what extensions made."""
        return not self.schema(db)

    def schema(self, db: Connection) -> set[SchemaPart]:
        """Return every table, column, index, constraint, trigger, rule, policy and function of the node's schema."""
        return _parts(db, "current_schema()::text::regnamespace::oid")

    def schema_made(self, db: Connection) -> set[SchemaPart]:
        """Return the same of a store made a moment ago, as temporary tables of another connection."""
        with db.engine.connect() as fresh:
            with fresh.begin() as making:
                fresh.exec_driver_sql("SET LOCAL search_path = pg_temp")
                t.META.create_all(fresh, checkfirst=False)
                made = _parts(fresh, "pg_my_temp_schema()")
                making.rollback()
            return made

    def raw_rows(self, db: Connection, table: Table) -> list[dict[str, Any]]:
        """Return the rows; PostgreSQL holds a column to its type, which `schema` compares."""
        return [
            {name: int(value) if isinstance(value, bool) else value for name, value in row.items()} for row in db.execute(select(table)).mappings()
        ]

    def index(self, db: Connection, rows: Sequence[tuple[int, str]]) -> None:
        """Do nothing: the index is over an expression, and follows the rows by itself."""

    def unindex(self, db: Connection, item: int, words: str) -> None:
        """Do nothing."""

    def reindex(self, db: Connection) -> None:
        """Do nothing."""

    def scour(self) -> None:
        """Let the server give up the old versions of the rows; its own log of writing, and its archives, are its keeper's."""
        db = self._connect()
        try:
            db.autocommit = True
            db.execute("VACUUM " + ", ".join(f'"{table.name}"' for table in (*t.EVIDENCE, *t.PROJECTIONS, t.ATTENDEE)))
        finally:
            db.close()

    def find(self, db: Connection, query: Query, below: int, limit: int) -> list[int]:
        """Return the highest numbers that fit. Words hold letters and digits only, and stand in quotes: none is an operator."""
        asked = " & ".join(f"'{word}'" for word in query.words) + (":*" if query.begins else "")
        fits = text("to_tsvector('simple', words) @@ to_tsquery('simple', :asked)").bindparams(asked=asked)
        where = (fits, t.WORDING.c.item < below)
        return list(db.execute(select(t.WORDING.c.item).where(*where).order_by(t.WORDING.c.item.desc()).limit(limit)).scalars())

    def index_fits(self, db: Connection, scratch: Connection) -> bool:
        """Say yes: PostgreSQL keeps the index from the rows, which are compared, and `schema` says what it is over."""
        del db, scratch
        return True

    def lost(self, error: DBAPIError) -> bool:
        """Say whether the server went away or was never reached."""
        state = getattr(error.orig, "sqlstate", None) or ""
        return state.startswith(_LOST) or error.connection_invalidated or (not state and isinstance(error, (OperationalError, InterfaceError)))

    def fault(self, error: DBAPIError) -> HamsayaError:
        """Return our error for the driver's."""
        state = getattr(error.orig, "sqlstate", None) or ""
        why = self._without_secret(str(error.orig).strip().split("\n")[0])
        if state == _UNIQUE:
            return InputError(say("This is already in the ledger. Nothing was changed."))
        if state in _BUSY:
            return OperatorError(say("The ledger {path} is busy with another command.", path=self.shown), say("Try again in a moment."))
        if state in _NO_ROOM:
            return OperatorError(
                say("The ledger {path} could not be written: {why}. Nothing was changed.", path=self.shown, why=why),
                say("Free space on the disk, then do it again."),
            )
        if self.lost(error):
            return OperatorError(say("The database at {where} cannot be reached: {why}", where=self.shown, why=why), _UNREACHABLE_HINT)
        if state in _RANGE or isinstance(error, DataError):
            return InputError(say("This cannot be kept in the ledger: {why}. Nothing was changed.", why=why))
        return OperatorError(
            say("The ledger {path} cannot be read: {why}", path=self.shown, why=why),
            say("Run `hamsaya verify`; restore a backup if the database is damaged."),
        )

    def _without_secret(self, text: str) -> str:
        return text.replace(self._secret, "…") if self._secret else text


def shown_address(url: str) -> str:
    """Return the address with user, host and database only: whatever else stands in it may be a secret."""
    try:
        told = _driver().conninfo.conninfo_to_dict(url)
    except Exception:  # noqa: BLE001  (no driver, or no address: then nothing of it is shown)
        return "postgresql://…"
    user, host, port, name = (quote(str(told.get(key) or ""), safe="") for key in ("user", "host", "port", "dbname"))
    return f"postgresql://{user}{'@' if user else ''}{host}{':' if port else ''}{port}/{name or told.get('service', '')}"


def _driver() -> Any:
    try:
        import psycopg
        import psycopg.conninfo
    except ImportError as error:
        raise OperatorError(
            say("This node is kept on PostgreSQL, and its driver is not installed."), say("Install it: pip install 'hamsaya[postgresql]'")
        ) from error
    return psycopg


_OURS: Final = "NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = {oid} AND d.deptype = 'e')"
"""What an extension made is not the node's."""


def _parts(db: Connection, schema: str) -> set[SchemaPart]:
    """Return what stands in the schema of this oid, with its name taken out of every definition."""
    found = db.exec_driver_sql(_PARTS.replace(":schema", schema))
    return {(kind, name, (what or "").replace(f"{space}.", "").replace("pg_temp.", "")) for kind, name, what, space in found}


_PARTS: Final = f"""
WITH space AS (SELECT oid, quote_ident(nspname) AS name FROM pg_namespace WHERE oid = :schema),
     rel AS (SELECT c.*, space.name AS space FROM pg_class c JOIN space ON c.relnamespace = space.oid WHERE {_OURS.format(oid="c.oid")})
SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'i' THEN 'index' WHEN 'v' THEN 'view' ELSE 'relation' END, relname::text,
       concat_ws(' ', relkind, CASE relpersistence WHEN 'u' THEN 'unlogged' END, relrowsecurity, relforcerowsecurity, reloptions::text,
                 CASE relkind WHEN 'i' THEN pg_get_indexdef(oid) END, (SELECT indisvalid FROM pg_index WHERE indexrelid = rel.oid)), space
  FROM rel
UNION ALL
SELECT 'column', concat_ws('.', relname, attname),
       concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated,
                 (SELECT collname FROM pg_collation l WHERE l.oid = attcollation),
                 (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum)), space
  FROM rel JOIN pg_attribute ON attrelid = rel.oid WHERE attnum > 0 AND NOT attisdropped AND relkind <> 'i'
UNION ALL
SELECT 'constraint', conname::text, pg_get_constraintdef(k.oid), space FROM rel JOIN pg_constraint k ON k.conrelid = rel.oid
UNION ALL
SELECT 'trigger', tgname::text, concat_ws(' ', pg_get_triggerdef(g.oid), tgenabled), space
  FROM rel JOIN pg_trigger g ON g.tgrelid = rel.oid WHERE NOT tgisinternal
UNION ALL
SELECT 'rule', rulename::text, pg_get_ruledef(w.oid), space FROM rel JOIN pg_rewrite w ON w.ev_class = rel.oid
UNION ALL
SELECT 'policy', polname::text, '', space FROM rel JOIN pg_policy p ON p.polrelid = rel.oid
UNION ALL
SELECT 'function', proname::text, p.oid::regprocedure::text, space.name
  FROM pg_proc p JOIN space ON p.pronamespace = space.oid WHERE {_OURS.format(oid="p.oid")}
"""  # noqa: S608  (no value of anybody's stands in it)
