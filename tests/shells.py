# SPDX-License-Identifier: Apache-2.0
"""Shells in which tests run the commands of a page as they stand there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

END = "--end of what it printed--"


def our_command(folder: Path) -> Path:
    """Make a folder with `hamsaya` in it, as an installation would have it."""
    folder.mkdir()
    (folder / "hamsaya").write_text(f'#!/bin/sh\nexec {sys.executable} -m hamsaya "$@"\n')
    (folder / "hamsaya").chmod(0o755)
    return folder


class Machine:
    """A shell in a folder of its own. `said` is all that its commands printed."""

    def __init__(self, folder: Path, stick: Path, command: Path) -> None:
        folder.mkdir()
        (folder / "stick").symlink_to(stick)
        env = {name: value for name, value in os.environ.items() if not name.startswith("HAMSAYA_")}
        env |= {"HOME": str(folder), "PATH": f"{command}:{env['PATH']}", "HAMSAYA_LANGUAGE": "en"}
        self.shell = subprocess.Popen(
            ["bash", "--noprofile", "--norc"], cwd=folder, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip
        self.said = ""

    def run(self, line: str, typed: str = "") -> tuple[int, str]:
        """Run a line, type what it asks for, and return its exit code and what it printed."""
        self.shell.stdin.write(f"{line}\n{typed}{os.linesep if typed else ''}echo; echo '{END}' $?\n")
        self.shell.stdin.flush()
        printed = []
        for got in self.shell.stdout:
            if got.startswith(END):
                break
            printed.append(got)
        text = "".join(printed)
        self.said += text
        return int(got.removeprefix(END)), text

    def stop(self) -> None:
        self.shell.stdin.write("kill %1; wait %1; exit\n")
        self.shell.stdin.close()
        self.shell.wait(timeout=30)
        self.shell.stdout.close()
