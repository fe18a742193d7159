# SPDX-License-Identifier: Apache-2.0
"""How what is open between two parties goes from its beginning to its end: one table a kind. Pure: values in, values out."""
