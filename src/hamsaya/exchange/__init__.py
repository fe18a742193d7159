# SPDX-License-Identifier: Apache-2.0
"""What two nodes say to each other: the bundle, and what a receiver may take from it. Bytes in, bytes out. Pure."""
