import hashlib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from cms.core.storage import storage

NAME = "3f/a2/3fa2-9c1e.mp4"
BODY = bytes(range(256)) * 40


@pytest.fixture(autouse=True, params=["local", "memory"])
def stored(app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "memory":
        from dataclasses import replace

        other = replace(app.config["PARLEY"], storage_url="memory://serving")
        monkeypatch.setitem(app.config, "PARLEY", other)
    storage().put(NAME, BODY)


def test_a_file_is_good_for_ever_and_can_run_nothing(client: FlaskClient, count_queries: list[str]) -> None:
    answer = client.get(f"/media/{NAME}")

    assert (answer.status_code, answer.data) == (200, BODY)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Length"] == str(len(BODY))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == '"3fa2-9c1e"'
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert count_queries == []


def test_head_says_the_same_without_the_bytes(client: FlaskClient) -> None:
    head, get = client.head(f"/media/{NAME}"), client.get(f"/media/{NAME}")
    assert (head.status_code, head.data) == (200, b"")
    assert dict(head.headers) == dict(get.headers)


def test_who_has_it_already_gets_304(client: FlaskClient) -> None:
    answer = client.get(f"/media/{NAME}", headers={"If-None-Match": '"3fa2-9c1e"'})
    assert (answer.status_code, answer.data) == (304, b"")
    assert client.get(f"/media/{NAME}", headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, len(BODY) - 1),
        ("bytes=-50", len(BODY) - 50, len(BODY) - 1),
        (f"bytes={len(BODY) - 1}-", len(BODY) - 1, len(BODY) - 1),
        ("bytes=5-999999999", 5, len(BODY) - 1),
        ("bytes=-999999999", 0, len(BODY) - 1),
    ],
)
def test_a_part_is_answered_with_206(client: FlaskClient, asked: str, first: int, last: int) -> None:
    answer = client.get(f"/media/{NAME}", headers={"Range": asked})

    assert (answer.status_code, answer.data) == (206, BODY[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(BODY)}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.headers["ETag"] == '"3fa2-9c1e"'


@pytest.mark.parametrize("asked", [f"bytes={len(BODY)}-", "bytes=999999-9999999", "bytes=-0"])
def test_a_part_that_is_not_there_is_416(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/media/{NAME}", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{len(BODY)}"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "lines=0-5", "bytes", "bytes=", "bytes=a-b", "bytes=9-5", "x" * 900]
)
def test_a_range_we_do_not_do_is_no_range(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/media/{NAME}", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (200, BODY)


def test_a_part_of_another_version_is_not_mixed_in(client: FlaskClient) -> None:
    def asked(tag: str) -> int:
        headers = {"Range": "bytes=0-9", "If-Range": tag}
        return client.get(f"/media/{NAME}", headers=headers).status_code

    assert asked('"3fa2-9c1e"') == 206
    assert asked('"other"') == 200


@pytest.mark.parametrize(
    "path",
    [
        *(
            "no/such/file.jpg",
            "",
            "3f/a2",
            "3f/a2/",
            "..%2f..%2fparley.db",
            "../../../etc/passwd",
            "3f/a2/x.svg",
        ),
        *(
            "3f/a2/x.html",
            "3f/a2/.hidden.jpg",
            "3f//a2/x.jpg",
            "x%00.jpg",
            "parley.db",
            "secret_key",
            "X.JPG",
        ),
    ],
)
def test_anything_else_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(f"/media/{path}").status_code in (404, 308)


def test_many_small_reads_add_up(client: FlaskClient) -> None:
    body = b"".join(
        client.get(f"/media/{NAME}", headers={"Range": f"bytes={at}-{at + 99}"}).data
        for at in range(0, len(BODY), 100)
    )
    assert hashlib.sha256(body).digest() == hashlib.sha256(BODY).digest()


def test_a_large_file_is_not_read_into_memory(client: FlaskClient, tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(64 * 1024 * 1024)
    storage().put("aa/bb/big.mp4", big)
    answer = client.get("/media/aa/bb/big.mp4", buffered=False)
    assert len(next(answer.response)) <= 1024 * 1024
    answer.close()
