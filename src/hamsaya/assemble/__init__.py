# SPDX-License-Identifier: Apache-2.0
"""The only place that picks concrete parts: a node from its folder."""
