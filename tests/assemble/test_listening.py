# SPDX-License-Identifier: Apache-2.0
"""Where desk and gate listen: an answer does not wait for the acknowledgement of its own head."""

from __future__ import annotations

import socket

from hamsaya.assemble.serving import _bind


def test_connection_that_was_accepted_sends_at_once_what_is_written():
    with _bind("127.0.0.1", 0, "desk") as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
