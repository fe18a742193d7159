# SPDX-License-Identifier: Apache-2.0
"""Documents become drafts: rules and data files read what a text says, and a person decides what is filed."""

from hamsaya.intake.exclusion import Excluded
from hamsaya.intake.labels import map_labels
from hamsaya.intake.reading import Reading, read_document

__all__ = ["Excluded", "Reading", "map_labels", "read_document"]
