# SPDX-License-Identifier: Apache-2.0
"""`python -m hamsaya` is the `hamsaya` command."""

from hamsaya.cli import main

main()
