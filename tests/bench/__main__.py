# SPDX-License-Identifier: Apache-2.0
"""Measure what is named (`deciding`, `exchange`, `filing`, `pages`, `size`, `throughput`, `backlog`, `flash`, `suggest`, `stop`, `planned`, `open`; all if none is), print one table, write bench.json."""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import backlog, deciding, docket, exchange, filing, flash, pages, planned, size, stop, suggest, throughput
from bench.measure import Row, table
from bench.million import RECORDS

PARTS = {
    "deciding": deciding.rows,
    "exchange": exchange.rows,
    "filing": filing.rows,
    "pages": pages.rows,
    "size": size.rows,
    "throughput": throughput.rows,
    "backlog": backlog.rows,
    "flash": flash.rows,
    "suggest": suggest.rows,
    "stop": stop.rows,
    "planned": planned.rows,
    "open": docket.rows,
}


def main() -> None:
    wanted = sys.argv[1:] or list(PARTS)
    rows: list[Row] = []
    for part in wanted:
        print(f"measuring: {part} …", file=sys.stderr, flush=True)
        rows += PARTS[part]()
    print(table(rows))
    about = {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "cores": os.cpu_count(), "load": os.getloadavg(), "python": platform.python_version(),
             "records": RECORDS, "rows": [{**msgspec.to_builtins(row), "ratio": round(row.ratio, 3)} for row in rows]}  # fmt: skip
    Path("bench.json").write_bytes(msgspec.json.format(msgspec.json.encode(about), indent=1))


if __name__ == "__main__":
    main()
