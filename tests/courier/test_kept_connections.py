# SPDX-License-Identifier: Apache-2.0
"""A connection to a neighbour is used again while nothing has changed that it was made with, and never one bundle longer."""

from __future__ import annotations

import shutil
import socket
import ssl
import threading
import time
from contextlib import suppress

import msgspec
import pytest
from tests.conftest import START, card_of
from tests.gate.test_tls import made

from hamsaya.courier import pinned
from hamsaya.courier.pinned import PinnedCourier, admit, gate_context
from hamsaya.desk.holdings import Party
from hamsaya.facts.errors import LinkError, NeighbourError


class Gate:
    """East's gate, which says of each bundle how many handshakes there were, and does what it is told."""

    def __init__(self, folder, caller):
        self.context = gate_context(*made(folder, "east"))
        admit(self.context, caller.read_text("ascii"))
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.handshakes, self.bundles, self.status, self.ends, self.open = 0, [], 200, None, []
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                plain, _ = self.listening.accept()
            except OSError:
                return
            try:
                connection = self.context.wrap_socket(plain, server_side=True)
                connection.settimeout(10)
            except OSError:
                plain.close()
                continue
            self.handshakes += 1
            self.open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection):
        with connection, connection.makefile("rb") as file:
            while file.readline():
                length = 0
                while (line := file.readline().strip()) != b"":
                    if line.lower().startswith(b"content-length:"):
                        length = int(line.split(b":")[1])
                self.bundles.append(file.read(length))
                body = b"%d" % self.handshakes
                if self.ends == "before the answer" and len(self.bundles) > 1 and self.handshakes == 1:
                    break
                more = self.ends == "within the answer"
                connection.sendall(b"HTTP/1.1 %d X\r\ncontent-length: %d\r\n\r\n%b" % (self.status, len(body) + more, body))
                if self.ends in ("after the answer", "within the answer"):
                    break
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.listening.close()
        for each in self.open:
            each.close()
        self.thread.join(timeout=5)


@pytest.fixture
def west(tmp_path):
    """The paths of west's certificate and key."""
    return made(tmp_path, "west")


@pytest.fixture
def gate(tmp_path, west):
    gate = Gate(tmp_path, west[0])
    yield gate
    gate.close()


@pytest.fixture
def courier(west):
    courier = PinnedCourier(*west, timeout_s=5)
    yield courier
    courier.close()


@pytest.fixture
def east(gate, tmp_path, desk):
    card = msgspec.structs.replace(
        card_of(desk.node, "UTC"),
        party="east",
        address=f"127.0.0.1:{gate.listening.getsockname()[1]}",
        tls=(tmp_path / "east.crt").read_text("ascii"),
    )
    return Party(card=card, own=False, since=START)


def test_one_handshake_serves_many_bundles(gate, courier, east):
    assert [courier.exchange(east, b"%d" % number) for number in range(4)] == [b"1"] * 4
    assert gate.bundles == [b"0", b"1", b"2", b"3"]


@pytest.mark.parametrize("ends", ["after the answer", "before the answer"])
def test_one_that_was_closed_meanwhile_is_made_anew_and_the_bundle_sent_again(gate, courier, east, ends):
    gate.ends = ends
    assert courier.exchange(east, b"first") == b"1"
    time.sleep(0.05)
    assert courier.exchange(east, b"second") == b"2"
    assert gate.bundles[-1] == b"second"


def with_card(east, **changed):
    return msgspec.structs.replace(east, card=msgspec.structs.replace(east.card, **changed))


def test_another_pinned_certificate_is_never_spoken_to_over_the_old_connection(gate, courier, east, tmp_path):
    assert courier.exchange(east, b"first") == b"1"
    other = made(tmp_path, "other")[0].read_text("ascii")
    with pytest.raises(LinkError, match="another certificate"):
        courier.exchange(with_card(east, tls=other), b"second")
    assert gate.bundles == [b"first"]
    assert courier.exchange(east, b"third") == b"%d" % gate.handshakes != b"1"


def test_another_address_is_called_there(gate, courier, east):
    assert courier.exchange(east, b"first") == b"1"
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with pytest.raises(LinkError, match="cannot be reached"):
        courier.exchange(with_card(east, address=f"127.0.0.1:{port}"), b"second")
    assert gate.bundles == [b"first"]


def test_new_certificate_of_our_own_is_shown_at_once(gate, courier, east, west, tmp_path):
    assert courier.exchange(east, b"first") == b"1"
    crt, key = made(tmp_path, "west-new")
    admit(gate.context, crt.read_text("ascii"))
    for ours, new in zip(west, (crt, key), strict=True):
        shutil.move(new, ours)
    assert courier.exchange(east, b"second") == b"2"
    seen = gate.open[-1].getpeercert(binary_form=True)
    assert seen == ssl.PEM_cert_to_DER_cert(west[0].read_text("ascii"))


@pytest.mark.parametrize("limit", ["IDLE_S", "AGE_S"])
@pytest.mark.usefixtures("gate")
def test_one_that_was_left_alone_or_is_old_is_not_used_again(courier, east, monkeypatch, limit):
    assert courier.exchange(east, b"first") == b"1"
    monkeypatch.setattr(pinned, limit, 0)
    assert courier.exchange(east, b"second") == b"2"


def test_after_a_refusal_the_next_bundle_begins_anew(gate, courier, east):
    gate.status = 422
    with pytest.raises(NeighbourError):
        courier.exchange(east, b"first")
    gate.status = 200
    assert courier.exchange(east, b"second") == b"2"


def test_answer_that_breaks_off_is_no_answer(gate, courier, east):
    gate.ends = "within the answer"
    with pytest.raises(LinkError, match="cannot be reached"):
        courier.exchange(east, b"first")
    gate.ends = None
    assert courier.exchange(east, b"second") == b"2"


def test_threads_share_a_courier_and_each_gets_its_own_answer(gate, courier, east):
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(courier.exchange(east, b"x"))) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=20)
    assert len(answers) == len(gate.bundles) == 6
    assert len(courier._lines) == 1
