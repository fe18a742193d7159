# SPDX-License-Identifier: Apache-2.0
"""What others write and read, in and out: texts of navigational warnings."""
