# SPDX-License-Identifier: Apache-2.0
"""Hamsaya: one honest record of what happens on a joint border, kept by both neighbours."""

__version__ = "0.1.0"
