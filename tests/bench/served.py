# SPDX-License-Identifier: Apache-2.0
"""The desk of the node with many records, on loopback, one process: for `bench.pages`. Prints its address."""

from __future__ import annotations

import logging

import uvicorn
from argon2 import PasswordHasher

from bench.million import open_many
from hamsaya.assemble.serving import listen_on, settle
from hamsaya.desk.parties import add_officer
from hamsaya.web import create_desk


def main() -> None:
    desk, _ = open_many()
    if "reader" not in desk.officers:
        add_officer(desk.node, login="reader", office="reading office", role="officer", language="en", password="for measuring only",
                    hash_password=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash)  # fmt: skip
    listening = listen_on("127.0.0.1", 0)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    logging.disable(logging.INFO)
    app = create_desk(desk.node)
    settle()
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run([listening])


if __name__ == "__main__":
    main()
