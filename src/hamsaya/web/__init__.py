# SPDX-License-Identifier: Apache-2.0
"""The desk: the officers' application. Server-rendered, three languages, no request to anywhere else."""

from hamsaya.web.app import create_desk
from hamsaya.web.visit import LinkState

__all__ = ["LinkState", "create_desk"]
