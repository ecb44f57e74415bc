"""Stand-ins for what functions call besides AWS's data services: Telegram's Bot API, and the WebSocket's other end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

LOOPBACK = "127.0.0.1"
LOOK_PERIOD_S = 0.02
SENT = {"message_id": 1, "date": 1795168800, "chat": {"id": 700000001, "type": "private"}, "text": "sent"}


class Peer(BaseHTTPRequestHandler):
    """Answers as both: a method of the Bot API by its result, a frame by nothing."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:  # http.server's name
        """Takes anything."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        result = True if "answer" in self.path else SENT
        body = b"" if "/@connections/" in self.path else json.dumps({"ok": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Says nothing."""


@contextmanager
def peers() -> Iterator[str]:
    """The address of the stand-ins while they run."""
    server = ThreadingHTTPServer((LOOPBACK, 0), Peer)
    thread = Thread(target=server.serve_forever, args=(LOOK_PERIOD_S,), daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
