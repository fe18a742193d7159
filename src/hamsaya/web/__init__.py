# SPDX-License-Identifier: Apache-2.0
"""The desk: the officers' application. Server-rendered, three languages, no request to anywhere else."""

from hamsaya.web.app import create_desk

__all__ = ["create_desk"]
