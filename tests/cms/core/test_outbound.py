import datetime
import gzip
import ipaddress
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask

from cms.core import outbound
from cms.core.addresses import is_public, read_url
from cms.core.outbound import (
    AddressRefused,
    AnswerTooLarge,
    BadAnswer,
    OutboundClient,
    OutboundProblem,
    TookTooLong,
    TooManyRedirects,
    Unreachable,
)

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


class Wire(httpcore.NetworkBackend):
    """Notes where connections go; passes them on to this machine, or to nowhere."""

    def __init__(self, passes_on: bool = False) -> None:
        self.asked: list[tuple[str, int]] = []
        self.passes_on = passes_on

    def connect_tcp(  # type: ignore[override]
        self, host: str, port: int, timeout: float | None = None, *_: object, **__: object
    ) -> httpcore.NetworkStream:
        self.asked.append((host, port))
        if not self.passes_on:
            raise httpcore.ConnectError("nobody there")
        return httpcore.SyncBackend().connect_tcp(host, port, timeout=timeout)


# Names are resolved by a table: whoever asks for anything else is told of a public address, so that what is
# refused below is refused for what it is and not for being unknown.
NAMES = {
    "localhost": ["127.0.0.1", "::1"],
    "127.1": ["127.0.0.1"],
    "private.test": ["10.0.0.5"],
    "metadata.test": ["169.254.169.254"],
    "mixed.test": ["93.184.216.34", "10.0.0.5"],
    "mixed6.test": ["2606:2800:220:1::1", "fd00::1"],
    "mapped.test": ["::ffff:127.0.0.1"],
    "scoped.test": ["fe80::1%eth0"],
    "rubbish.test": ["not an address"],
    "zero.test": ["0.0.0.0"],
}


def resolve(host: str, port: int) -> list[str]:
    return NAMES.get(host, ["93.184.216.34"])


BLOCKED_ADDRESSES = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1 127.255.255.254 169.254.0.1
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.170 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1
192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255
240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::a00:1
64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:7f00:1::1 2001:10::1 2001:20::1 2001:2::1 2001:db8::1 2002:7f00:1::
2002:a00:1::1 2620:4f:8000::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fd12:3456::1 fe80::1 fe80::1234 fec0::1
fec0:0:0:ffff::1 ff02::1 ff0e::1
""".split()
PUBLIC_ADDRESSES = """
1.1.1.1 8.8.8.8 93.184.216.34 100.63.255.255 100.128.0.1 126.255.255.255 128.0.0.1 169.253.255.255 172.15.255.255
172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.255
2001:200::1 2001:4860:4860::8888 2400:cb00::1 2606:4700:4700::1111 2a00:1450:4001::1 2c0f:fb50::1 3ffe::1
""".split()

HOSTILE = [
    # Not an address at all, or another scheme
    *("", " ", "example.com", "//example.com/", "http:", "http:/", "http://", "http:///x", "https://:80/", "http://?x"),
    *("ftp://example.com/", "file:///etc/passwd", "gopher://example.com/_x", "javascript:alert(1)", "data:text/html,x"),
    *("dict://example.com/", "ws://example.com/", "view-source:http://example.com/", "jar:http://example.com!/"),
    *("blob:http://example.com/", "http:example.com", "http:/example.com", "http:\\\\example.com", "unix:/run/x"),
    # Read in two ways
    *("http://example.com@127.0.0.1/", "http://user@example.com/", "http://user:pass@example.com/"),
    *("http://127.0.0.1:80@example.com/", "http://a@b@example.com/"),
    *("http://example.com\\@127.0.0.1/", "http://example.com\\.evil.test/", "http://127.0.0.1\\example.com"),
    *("http://example.com\t/", "http://exa\nmple.com/", "http://example.com/\r\nHost: x", "http://example.com /"),
    *(" http://example.com/", "http://example.com/ ", "http://example.com/a b", "http://example.com/\0"),
    *("http://example.com/\x7f", "http://example.com/\u2028", "http://example\u3002com\u00a0/", "\ufeffhttp://x.test/"),
    *("http://%31%32%37.0.0.1/", "http://127%2e0%2e0%2e1/", "http://exa%6dple.com/", "http://example.com%00.x.test/"),
    *("http://example.com:80:80/", "http://example.com:/x:y", "http://example.com:-1/", "http://example.com:0/"),
    *("http://example.com:65536/", "http://example.com:99999999/", "http://example.com:8O/", "http://example.com:+80/"),
    # Numbers that some resolvers take for addresses
    *("http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://127.1/", "http://127.0.1/"),
    *("http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.0.0.01/", "http://0/", "http://0x/", "http://1.1.1.1.1/"),
    *("http://256.256.256.256/", "http://127.0.0.1.5/", "http://example.0x7f/", "http://１２７.０.０.１/"),
    *("http://①②⑦.0.0.1/", "http://127。0。0。1/", "http://0xa9fea9fe/", "http://2852039166/"),
    # Malformed names
    *("http://.example.com/", "http://example..com/", "http://-example.com/", "http://example-.com/"),
    *("http://exa mple.com/", "http://exam_ple_.com-/", f"http://{'a' * 64}.test/", f"http://{'a.' * 130}test/"),
    *("http://ex<ample.com/", "http://exam|ple.com/", "http://example.com,/", "http://*.example.com/", "http://xn--\u00e4.test/"),
    # Literal IPv6 in odd forms
    *("http://[::1", "http://::1/", "http://[::1]x/", "http://[fe80::1%25eth0]/", "http://[v1.x]/", "http://[]/"),
    *("http://[127.0.0.1]/", "http://[::1]:80:80/", "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:0:0:1]/"),
    # Names that lead inside
    *("http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://private.test/", "http://metadata.test/"),
    *("http://mixed.test/", "http://mixed6.test/", "http://mapped.test/", "http://scoped.test/", "http://rubbish.test/"),
    *("http://zero.test/", "https://private.test/", "http://PRIVATE.TEST/", "http://private。test/"),
    # Ports
    *("http://example.com:22/", "http://example.com:25/", "http://example.com:6379/", "http://example.com:8080/"),
    *("https://example.com:8443/", "http://93.184.216.34:11211/", "http://[2606:4700:4700::1111]:9200/"),
    *("http://example.com/" + "a" * 2048,),
    *(f"http://{one}/" for one in BLOCKED_ADDRESSES if "." in one and ":" not in one),
    *(f"http://[{one}]/" for one in BLOCKED_ADDRESSES if ":" in one),
]  # fmt: skip
HARMLESS = {
    "http://example.com": ("93.184.216.34", 80),
    "HTTP://EXAMPLE.COM/": ("93.184.216.34", 80),
    "https://example.com/a/b?c=d&e=%20#f": ("93.184.216.34", 443),
    "http://example.com:443/": ("93.184.216.34", 443),
    "https://example.com:80/": ("93.184.216.34", 80),
    "http://example.com./": ("93.184.216.34", 80),
    "https://中国移动.中国/新闻?页=1": ("93.184.216.34", 443),
    "https://b\u00fccher.test/": ("93.184.216.34", 443),
    "https://xn--bcher-kva.test/": ("93.184.216.34", 443),
    "http://under_score.example.com/": ("93.184.216.34", 80),
    "http://1.1.1.1/": ("1.1.1.1", 80),
    "http://[2606:4700:4700::1111]/": ("2606:4700:4700::1111", 80),
    "https://example.com/a//b;c=d/@e:f,g/~h/(i)": ("93.184.216.34", 443),
    "http://example.com#@127.0.0.1/@": ("93.184.216.34", 80),
    "http://3com.example/": ("93.184.216.34", 80),
}  # fmt: skip


def test_the_table_is_large() -> None:
    assert len(set(HOSTILE)) > 150


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_opens_no_connection(url: str) -> None:
    wire = Wire()
    with pytest.raises(AddressRefused) as refusal:
        OutboundClient(resolve=resolve, network=wire).fetch(url)
    assert wire.asked == []
    assert not refusal.value.was_sent
    assert refusal.value.status == 422


@pytest.mark.parametrize("url", HARMLESS)
def test_a_harmless_address_is_tried_at_the_address_that_was_checked(url: str) -> None:
    wire = Wire()
    with pytest.raises(Unreachable):
        OutboundClient(resolve=resolve, network=wire).fetch(url)
    assert wire.asked == [HARMLESS[url]]


@pytest.mark.parametrize("address", BLOCKED_ADDRESSES)
def test_an_address_that_is_not_one_public_machine_is_blocked(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC_ADDRESSES)
def test_the_edges_of_the_lists_are_exact(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_names_go_on_the_wire_in_their_ascii_form() -> None:
    target = read_url("https://Bücher.test/straße?ü=ö")
    assert target.url == "https://xn--bcher-kva.test/stra%C3%9Fe?%C3%BC=%C3%B6"
    assert read_url("http://example.com:80/#x").url == "http://example.com/"
    assert read_url("http://[2606:4700::1]:443").url == "http://[2606:4700::1]:443/"


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_mind() -> None:
    answers = [["93.184.216.34"], ["127.0.0.1"], ["127.0.0.1"]]
    wire = Wire()
    with pytest.raises(Unreachable):
        OutboundClient(resolve=lambda *_: answers.pop(0), network=wire).fetch("http://rebinding.test/")
    assert wire.asked == [("93.184.216.34", 80)]
    assert len(answers) == 2


def test_the_second_address_is_tried_when_the_first_does_not_answer() -> None:
    wire = Wire()
    with pytest.raises(Unreachable):
        OutboundClient(resolve=lambda *_: ["1.1.1.1", "2606:4700::1"], network=wire).fetch("http://two.test/")
    assert wire.asked == [("1.1.1.1", 80), ("2606:4700::1", 80)]


def test_an_unknown_name_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        OutboundClient(resolve=lambda *_: [], network=Wire()).fetch("http://nobody.test/")


def test_a_resolver_that_hangs_costs_no_more_than_the_deadline() -> None:
    done = threading.Event()
    client = OutboundClient(resolve=lambda *_: [str(done.wait(5))], network=Wire())
    start = time.monotonic()
    with pytest.raises(TookTooLong):
        client.fetch("http://slow.test/", seconds=0.2)
    done.set()
    assert time.monotonic() - start < 2


def test_proxies_named_by_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    wire = Wire()
    with pytest.raises(Unreachable):
        OutboundClient(resolve=resolve, network=wire).fetch("http://example.com/")
    assert wire.asked == [("93.184.216.34", 80)]


def test_the_operator_may_except_ranges_with_any_port() -> None:
    wire = Wire()
    client = OutboundClient(resolve=resolve, network=wire, allow=[ipaddress.ip_network("10.0.0.0/24")])
    with pytest.raises(Unreachable):
        client.fetch("http://private.test:8080/")
    with pytest.raises(AddressRefused):
        client.fetch("http://metadata.test/")
    with pytest.raises(AddressRefused):
        client.fetch("http://mixed.test:8080/")  # its public half may not use that port
    assert wire.asked == [("10.0.0.5", 8080)]


def test_the_applications_settings_say_what_is_excepted(app: Flask) -> None:
    assert outbound.client()._allow == app.config["PARLEY"].outbound_allow
    with pytest.raises(AddressRefused):
        outbound.fetch("http://127.0.0.1/")


# A real server on this machine ---------------------------------------------------------------------------------


class Server(ThreadingHTTPServer):
    """Answers by a table of behaviours, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[tuple[str, str, dict[str, str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.seen.append((self.command, self.path, headers))
        BEHAVIOURS[self.path.split("?")[0]](self)

    do_POST = do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def drip(self, seconds: float) -> None:
        self.send_response(200)
        self.end_headers()
        self._slowly(seconds, b"x")

    def drip_headers(self, seconds: float) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        self._slowly(seconds, b"X-A: b\r\n")

    def _slowly(self, seconds: float, piece: bytes) -> None:
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self.wfile.write(piece)
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def pour(self, size: int) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(size // 65536):
                self.wfile.write(b"x" * 65536)
        except OSError:
            pass

    def break_off(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")

    def say(self, words: bytes) -> None:
        self.wfile.write(words)


MEGABYTE = 1024 * 1024
BEHAVIOURS: dict[str, Callable[[Handler], None]] = {
    "/ok": lambda h: h.answer(200, b"hello", Content_Type="text/plain"),
    "/missing": lambda h: h.answer(404, b"no"),
    "/once": lambda h: h.answer(302, Location="/ok"),
    "/utf8": lambda h: h.say(b"HTTP/1.1 302 X\r\nLocation: /\xe4\xb8\xad\r\nContent-Length: 0\r\n\r\n"),
    "/%E4%B8%AD": lambda h: h.answer(200, b"zhong"),
    "/circle": lambda h: h.answer(302, Location="/circle"),
    "/nowhere": lambda h: h.answer(302),
    "/inside": lambda h: h.answer(302, Location="http://169.254.169.254/latest/meta-data/"),
    "/inside6": lambda h: h.answer(301, Location="http://[::ffff:169.254.169.254]/"),
    "/name-inside": lambda h: h.answer(307, Location="http://private.test/"),
    "/file": lambda h: h.answer(302, Location="file:///etc/passwd"),
    "/userinfo": lambda h: h.answer(302, Location="http://a@127.0.0.1/"),
    "/slashes": lambda h: h.answer(302, Location="//metadata.test/"),
    "/tabs": lambda h: h.say(b"HTTP/1.1 302 X\r\nLocation: /o\tk\r\nContent-Length: 0\r\n\r\n"),
    "/elsewhere": lambda h: h.answer(302, Location=f"http://other.test:{h.server.server_port}/ok"),
    "/says-large": lambda h: h.say(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
    "/large": lambda h: h.pour(30 * MEGABYTE),
    "/gzip": lambda h: h.answer(200, gzip.compress(b"packed"), Content_Encoding="gzip"),
    "/deflate": lambda h: h.answer(200, zlib.compress(b"packed"), Content_Encoding="deflate"),
    "/bomb": lambda h: h.answer(200, gzip.compress(b"\0" * 50 * MEGABYTE), Content_Encoding="gzip"),
    "/half-gzip": lambda h: h.answer(200, gzip.compress(b"packed" * 99)[:-12], Content_Encoding="gzip"),
    "/twice-gzip": lambda h: h.answer(200, gzip.compress(gzip.compress(b"x")), Content_Encoding="gzip, gzip"),
    "/brotli": lambda h: h.answer(200, b"\x0b\x02\x80packed\x03", Content_Encoding="br"),
    "/not-gzip": lambda h: h.answer(200, b"plain", Content_Encoding="gzip"),
    "/drip": lambda h: h.drip(10),
    "/drip-headers": lambda h: h.drip_headers(10),
    "/silent": lambda h: time.sleep(3),
    "/break-off": lambda h: h.break_off(),
    "/rubbish": lambda h: h.say(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "/huge-header": lambda h: h.say(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n"),
    "/empty": lambda h: None,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    made = Server()
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def client() -> OutboundClient:
    names = {**NAMES, "other.test": ["127.0.0.1"]}
    return OutboundClient(
        allow=LOOPBACK, resolve=lambda host, _: names.get(host, []), network=Wire(passes_on=True)
    )


def test_an_answer_is_given_as_it_is(server: Server, client: OutboundClient) -> None:
    answer = client.fetch(server.url + "/ok?a=b", headers={"X-Ours": "yes", "Host": "evil.test"})
    assert (answer.status, answer.body, answer.url) == (200, b"hello", server.url + "/ok?a=b")
    assert answer.headers["content-type"] == "text/plain"
    method, path, headers = server.seen[-1]
    assert (method, path, headers["x-ours"]) == ("GET", "/ok?a=b", "yes")
    assert headers["host"] == f"127.0.0.1:{server.server_port}"
    assert headers["user-agent"] == "Parley/0.1"
    assert client.fetch(server.url + "/missing").status == 404


def test_the_name_that_was_asked_for_is_said_to_the_server(server: Server, client: OutboundClient) -> None:
    client.fetch(f"http://other.test:{server.server_port}/ok")
    assert server.seen[-1][2]["host"] == f"other.test:{server.server_port}"


def test_head_brings_no_body_and_post_sends_one(server: Server, client: OutboundClient) -> None:
    assert client.fetch(server.url + "/ok", method="HEAD").body == b""
    assert client.fetch(server.url + "/ok", method="POST", content=b"{}").body == b"hello"
    assert server.seen[-1][2]["content-length"] == "2"


def test_redirects_are_followed_three_times_at_most(server: Server, client: OutboundClient) -> None:
    assert client.fetch(server.url + "/once").url == server.url + "/ok"
    assert client.fetch(server.url + "/utf8").body == b"zhong"
    assert client.fetch(server.url + "/nowhere").status == 302
    before = len(server.seen)
    with pytest.raises(TooManyRedirects):
        client.fetch(server.url + "/circle")
    assert len(server.seen) - before == 4


def test_a_webhook_is_not_redirected(server: Server, client: OutboundClient) -> None:
    before = len(server.seen)
    assert client.fetch(server.url + "/once", method="POST", content=b"{}").status == 302
    assert client.fetch(server.url + "/once", redirects=0).status == 302
    assert len(server.seen) - before == 2


@pytest.mark.parametrize(
    "path", ["/inside", "/inside6", "/name-inside", "/file", "/userinfo", "/slashes", "/tabs"]
)
def test_a_redirect_is_checked_like_any_address(path: str, server: Server, client: OutboundClient) -> None:
    client._allow = (ipaddress.ip_network("127.0.0.1/32"),)
    wire = client._network
    assert isinstance(wire, Wire)
    with pytest.raises(AddressRefused):
        client.fetch(server.url + path)
    assert wire.asked == [("127.0.0.1", server.server_port)]


def test_secrets_stay_with_the_site_they_were_meant_for(server: Server, client: OutboundClient) -> None:
    client.fetch(server.url + "/elsewhere", headers={"Authorization": "Bearer x", "Accept": "text/html"})
    (_, _, first), (_, _, second) = server.seen[-2:]
    assert (first["authorization"], first["accept"]) == ("Bearer x", "text/html")
    assert "authorization" not in second
    assert second["accept"] == "text/html"


def test_a_packed_answer_is_unpacked(server: Server, client: OutboundClient) -> None:
    assert client.fetch(server.url + "/gzip").body == b"packed"
    assert client.fetch(server.url + "/deflate").body == b"packed"


@pytest.mark.parametrize("path", ["/says-large", "/large", "/bomb"])
def test_an_answer_may_not_be_too_large_packed_or_unpacked(
    path: str, server: Server, client: OutboundClient
) -> None:
    with pytest.raises(AnswerTooLarge) as problem:
        client.fetch(server.url + path, most_bytes=MEGABYTE)
    assert problem.value.was_sent


@pytest.mark.parametrize(
    "path", ["/half-gzip", "/twice-gzip", "/brotli", "/not-gzip", "/rubbish", "/huge-header"]
)
def test_an_answer_that_cannot_be_understood_says_so(
    path: str, server: Server, client: OutboundClient
) -> None:
    with pytest.raises(BadAnswer):
        client.fetch(server.url + path)


@pytest.mark.parametrize("path", ["/break-off", "/empty"])
def test_a_connection_that_breaks_is_an_outbound_problem(
    path: str, server: Server, client: OutboundClient
) -> None:
    with pytest.raises(OutboundProblem) as problem:
        client.fetch(server.url + path)
    assert problem.value.was_sent


@pytest.mark.parametrize("path", ["/drip", "/drip-headers", "/silent"])
def test_a_slow_answer_costs_no_more_than_the_deadline(
    path: str, server: Server, client: OutboundClient
) -> None:
    start = time.monotonic()
    with pytest.raises(TookTooLong) as problem:
        client.fetch(server.url + path, seconds=0.3)
    assert time.monotonic() - start < 1.5
    assert problem.value.was_sent


def test_nobody_listening_is_unreachable_and_nothing_was_sent(client: OutboundClient) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable) as problem:
            client.fetch(f"http://127.0.0.1:{bound.getsockname()[1]}/")
    assert not problem.value.was_sent


def test_a_certificate_must_be_for_the_name_that_was_asked_for(tmp_path: Path) -> None:
    key, certificate = self_signed("right.test")
    (tmp_path / "key").write_bytes(key)
    (tmp_path / "certificate").write_bytes(certificate)
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    named: list[str | None] = []
    theirs.sni_callback = lambda _socket, name, _context: named.append(name)
    made = Server()
    made.socket = theirs.wrap_socket(made.socket, server_side=True)
    made.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True).start()
    ours = ssl.create_default_context(cadata=certificate.decode())
    client = OutboundClient(allow=LOOPBACK, resolve=lambda *_: ["127.0.0.1"], certificates=ours)
    try:
        assert client.fetch(f"https://right.test:{made.server_port}/ok").body == b"hello"
        with pytest.raises(Unreachable) as problem:
            client.fetch(f"https://wrong.test:{made.server_port}/ok")
        assert not problem.value.was_sent
    finally:
        made.shutdown()
        made.server_close()
    assert named == ["right.test", "wrong.test"]


def self_signed(name: str) -> tuple[bytes, bytes]:
    """A key and a certificate for a name, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)
