# SPDX-License-Identifier: Apache-2.0
"""Lines, and how far from each a point lies and on which side of it. Pure: numbers in, values out."""
