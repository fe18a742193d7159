# SPDX-License-Identifier: Apache-2.0
"""What can be said at the border: claims, grades, times, places, counts, records, and how saying it can fail. Pure."""
