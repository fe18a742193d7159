# SPDX-License-Identifier: Apache-2.0
"""Speed, as ratios against baselines of the same run: `make bench`. Prints and writes bench.json; asserts nothing."""
