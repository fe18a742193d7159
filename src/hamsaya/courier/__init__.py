# SPDX-License-Identifier: Apache-2.0
"""Carrying bundles: over pinned TLS 1.3, or as a file on removable media."""
