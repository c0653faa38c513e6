"""The two times that a connection keeps, over real sockets."""

import contextlib
import socketserver
import threading
import time

import pytest

from integrations.contracts import DeadlinePassed
from integrations.errors import OutcomeUnknown, RemoteBusy
from integrations.quickbooks import punctual
from integrations.quickbooks.transport import Transport

ANSWER = b'{"Invoice": {"Id": "1"}}'


class Books(socketserver.ThreadingTCPServer):
    """Answers every request, a piece at a time; remembers who came and what they asked."""

    allow_reuse_address, daemon_threads = True, True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Guest)
        self.guests, self.requests, self.pieces, self.pause = 0, 0, (ANSWER,), 0.0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Guest(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.guests += 1
        while self.rfile.readline():
            length = 0
            while (line := self.rfile.readline().strip().lower()) != b"":
                length = int(line.split(b":")[1]) if line.startswith(b"content-length") else length
            self.rfile.read(length)
            self.server.requests += 1
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(ANSWER))
            with contextlib.suppress(ConnectionError):
                self._drip()
            if b"".join(self.server.pieces) != ANSWER:
                return

    def _drip(self):
        for piece in self.server.pieces:
            self.wfile.write(piece)
            time.sleep(self.server.pause)


@pytest.fixture
def books():
    with Books() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def transport(books):
    return Transport(api_url=books.url, realm="1", access_token="t", read_seconds=0.4)


def write(transport):
    return transport.post(f"{transport.api_url}/company/1/invoice", b"{}", request_id="op-1")


def read(transport):
    return transport.get(f"{transport.api_url}/company/1/invoice/1")


@pytest.fixture
def slow_to_connect(monkeypatch):
    connect = punctual._Plain.connect

    def slowly(self):
        connect(self)
        time.sleep(0.3)

    monkeypatch.setattr(punctual._Plain, "connect", slowly)


@pytest.mark.usefixtures("slow_to_connect")
def test_a_deadline_that_passes_while_connecting_leaves_nothing_written(books, transport):
    transport.send_before = time.monotonic() + 0.1
    with pytest.raises(DeadlinePassed):
        write(transport)
    time.sleep(0.1)
    assert (books.guests, books.requests) == (1, 0)
    transport.send_before = time.monotonic() + 5
    assert write(transport) == {"Invoice": {"Id": "1"}}
    assert books.requests == 1


@pytest.mark.usefixtures("slow_to_connect")
def test_a_read_has_no_deadline(books, transport):
    transport.send_before = time.monotonic() + 0.1
    assert read(transport) == {"Invoice": {"Id": "1"}}


def test_one_connection_serves_many_requests(books, transport):
    for _ in range(3):
        write(transport)
        read(transport)
    assert (books.guests, books.requests) == (1, 6)


def test_an_answer_in_pieces_is_read_whole(books, transport):
    books.pieces, books.pause = (ANSWER[:5], ANSWER[5:]), 0.05
    assert write(transport) == {"Invoice": {"Id": "1"}}


@pytest.mark.parametrize(("ask", "name"), [(write, OutcomeUnknown), (read, RemoteBusy)])
def test_an_answer_that_drips_is_given_up(books, transport, monkeypatch, ask, name):
    monkeypatch.setattr("integrations.quickbooks.transport.CONNECT_SECONDS", 0.1)
    books.pieces, books.pause = tuple(ANSWER[n : n + 1] for n in range(len(ANSWER))), 0.1
    began = time.monotonic()
    with pytest.raises(name):
        ask(transport)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(("ask", "name"), [(write, OutcomeUnknown), (read, RemoteBusy)])
def test_an_answer_that_breaks_off_is_not_believed(books, transport, ask, name):
    books.pieces = (ANSWER[:10],)
    with pytest.raises(name):
        ask(transport)
