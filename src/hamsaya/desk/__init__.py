# SPDX-License-Identifier: Apache-2.0
"""The verbs of an office and their ports: trust, agree, read, file, release, receive, acknowledge. One verb a file."""
