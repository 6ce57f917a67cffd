"""A line on which an answer can be lost: the request arrives and is acted on, and the client hears nothing."""

import contextlib
import selectors
import socket

from tests.proxies import Proxy


class LosingProxy(Proxy):
    """As a proxy; while `loses` is set, a connection ends at the first byte that comes back."""

    loses = False

    def _forward(self, client: socket.socket) -> None:
        with client, socket.create_connection(self.target) as server, selectors.DefaultSelector() as ready:
            self.pairs |= {client, server}
            ready.register(client, selectors.EVENT_READ, server)
            ready.register(server, selectors.EVENT_READ, client)
            with contextlib.suppress(OSError):
                while True:
                    for key, _events in ready.select():
                        data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                        if not data or (key.fileobj is server and self.loses):
                            return
                        key.data.sendall(data)
            self.pairs -= {client, server}
