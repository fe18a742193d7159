# SPDX-License-Identifier: Apache-2.0
"""The demonstration: two exercise nodes, driven only through their public command line and HTTP."""

from hamsaya.demo.run import run_demo

__all__ = ["run_demo"]
