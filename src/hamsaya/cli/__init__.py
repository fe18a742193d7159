# SPDX-License-Identifier: Apache-2.0
"""The command line: one file a command, output also as JSON, stable exit codes."""

from hamsaya.cli.app import main

__all__ = ["main"]
