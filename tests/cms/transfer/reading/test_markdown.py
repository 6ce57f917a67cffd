"""Reading folders and zips of Markdown files."""

import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cms.transfer.reading.markdown import read_markdown
from cms.transfer.reading.vocabulary import (
    ReadingOptions,
    SourceItem,
    SourcePost,
    SourceSkip,
    UnreadableSource,
)

OPTIONS = ReadingOptions(zone=ZoneInfo("Asia/Shanghai"))


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / "blog" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder / "blog"


def read(path: Path) -> list[SourceItem]:
    return list(read_markdown(path, OPTIONS))


def posts_of(items: list[SourceItem]) -> dict[str, SourcePost]:
    return {one.id: one for one in items if isinstance(one, SourcePost)}


def only_post(folder: Path, text: str, name: str = "one.md") -> SourcePost:
    return posts_of(read(write(folder, {name: text})))[name]


@pytest.mark.parametrize(
    "above",
    [
        '---\ntitle: "One: two"\ndate: 2024-05-01T10:00:00+02:00\ntags: [5G, 网络]\nauthor: Ana\nslug: first\n---\n',
        '+++\ntitle = "One: two"\ndate = 2024-05-01T10:00:00+02:00\ntags = ["5G", "网络"]\nauthor = "Ana"\nslug = "first"\n+++\n',  # noqa: E501
        '{\n"title": "One: two", "date": "2024-05-01T10:00:00+02:00", "tags": ["5G", "网络"], "author": "Ana", "slug": "first"}\n',  # noqa: E501
        "---\r\nTitle: 'One: two'\r\ndate: 2024-05-01 08:00:00 +0000\r\ntags: 5G, 网络\r\nauthors:\r\n  - name: Ana\r\nslug: first\r\n---\r\n",  # noqa: E501
    ],
    ids=["yaml", "toml", "json", "crlf"],
)
def test_front_matter_in_its_variants(tmp_path: Path, above: str) -> None:
    post = only_post(tmp_path, above + "\nWords.\n")
    assert (post.title, post.slug, post.authors, post.tags) == (
        "One: two",
        "first",
        ("Ana",),
        ("tag:5G", "tag:网络"),
    )
    assert post.published_at == datetime(2024, 5, 1, 8, 0, tzinfo=UTC)
    assert (post.body.strip(), post.format, post.is_published) == ("Words.", "markdown", True)


def test_a_date_without_time_is_midnight_in_the_sites_zone(tmp_path: Path) -> None:
    post = only_post(tmp_path, "---\ndate: 2024-05-01\n---\nWords.")
    assert post.published_at == datetime(2024, 4, 30, 16, 0, tzinfo=UTC)


def test_the_date_may_be_in_the_file_name_and_the_title_in_the_text(tmp_path: Path) -> None:
    post = only_post(tmp_path, "# Spring notes\n\nWords.\n", "2024-05-01-spring.md")
    assert (post.slug, post.title, post.body.strip()) == ("spring", "Spring notes", "Words.")
    assert post.published_at == datetime(2024, 4, 30, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "name", "sentence"),
    [
        ("---\ndate: 2024-05-01\ndraft: true\n---\nx", "a.md", "drafts stayed drafts"),
        ("---\ndate: 2024-05-01\npublished: false\n---\nx", "a.md", "drafts stayed drafts"),
        ("---\ndate: 2024-05-01\n---\nx", "_drafts/a.md", "drafts stayed drafts"),
        ("x", "a.md", "texts without a date became drafts"),
        ("---\ndate: 0000-00-00\n---\nx", "a.md", "texts without a date became drafts"),
    ],
)
def test_drafts_stay_drafts(tmp_path: Path, text: str, name: str, sentence: str) -> None:
    post = only_post(tmp_path, text, name)
    assert (post.is_published, post.losses[0].sentence) == (False, sentence)


def test_links_between_files_and_to_assets_find_their_way(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {
            "a/one.md": (
                "[[two]] and [[Two title|see]] and [[nobody]] and [x](../b/two.md#part) ![p](img/p.png) "
                "![[q.png]] [site](https://x.example/a.md) ![up](/img/r.png) `[[code]]`\n\n```\n[[code]]\n```\n"
                '<img src="img/p.png">\n\n[ref]: img/p.png\n'
            ),
            "b/two.md": "---\ntitle: Two title\nslug: second\n---\nWords.",
            "a/img/p.png": b"x",
            "static/img/r.png": b"x",
        },
    )
    post = posts_of(read(folder))["a/one.md"]
    assert post.body == (
        "[two](/posts/second) and [see](/posts/second) and nobody and [x](/posts/second#part) ![p](asset:a/img/p.png) "
        "![](asset:a/q.png) [site](https://x.example/a.md) ![up](asset:static/img/r.png) `[[code]]`\n\n"
        '```\n[[code]]\n```\n<img src="asset:a/img/p.png">\n\n[ref]: asset:a/img/p.png\n'
    )
    assert [(loss.sentence, loss.detail) for loss in post.losses[1:]] == [
        ("wiki links to texts that are not here became words", "nobody")
    ]


def test_bundles_and_languages_of_hugo(tmp_path: Path) -> None:
    text = "---\ndate: 2024-05-01\ncover: pier.jpg\naliases: [/old/path/, /older]\n---\nx"
    posts = posts_of(
        read(write(tmp_path, {"notes/pier/index.md": text, "notes/pier/index.zh.md": text, "_index.md": "x"}))
    )
    english, chinese = posts["notes/pier/index.md"], posts["notes/pier/index.zh.md"]
    assert (english.slug, english.language, chinese.language) == ("pier", "en", "zh")
    assert english.translation_of == chinese.translation_of == "notes/pier/index"
    assert english.cover == "asset:notes/pier/pier.jpg"
    assert english.addresses == ("/old/path", "/older")


def test_unreadable_front_matter_skips_the_file_with_a_reason(tmp_path: Path) -> None:
    bombs = "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]"
    folder = write(
        tmp_path,
        {
            "alias.md": f"---\n{bombs}\n---\nx",
            "bad.md": "---\ntitle: [\n---\nx",
            "code.md": "---\n!!python/object/apply:os.system ['true']\n---\nx",
            "latin.md": b"---\ntitle: caf\xe9\n---\nx",
            "good.md": "x",
        },
    )
    items = read(folder)
    assert list(posts_of(items)) == ["good.md"]
    reasons = {one.id: one.reason for one in items if isinstance(one, SourceSkip)}
    assert reasons.keys() == {"alias.md", "bad.md", "code.md", "latin.md"}
    assert reasons["alias.md"] == "its front matter cannot be read (aliases are not read)"
    assert reasons["latin.md"] == "it is not UTF-8 text"


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "secret.png").write_bytes(b"secret")
    folder = write(tmp_path, {"one.md": "![x](../secret.png) [y](../secret.md)", "sub/two.md": "x"})
    os.symlink(tmp_path / "secret.md", folder / "link.md")
    os.symlink(tmp_path, folder / "linked")
    posts = posts_of(read(folder))
    assert sorted(posts) == ["one.md", "sub/two.md"]
    assert posts["one.md"].body == "![x](asset:../secret.png) [y](../secret.md)"


def make_zip(folder: Path, entries: dict[str, bytes]) -> Path:
    path = folder / "blog.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def test_a_zip_is_read_like_a_folder(tmp_path: Path) -> None:
    assert list(posts_of(read(make_zip(tmp_path, {"posts/one.md": b"x", "posts/p.png": b"x"})))) == [
        "posts/one.md"
    ]


@pytest.mark.parametrize("name", ["../out.md", "/etc/out.md", "a/../../out.md", "..\\out.md", "C:\\out.md"])
def test_names_that_lead_out_of_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableSource, match="leads out of its folder"):
        read(make_zip(tmp_path, {"one.md": b"x", name: b"x"}))
    assert not (tmp_path.parent / "out.md").exists()


def test_links_inside_a_zip_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    entry = zipfile.ZipInfo("one.md")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(UnreadableSource, match="leads out of its folder"):
        read(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="unpacks to far more than a blog needs"):
        read(make_zip(tmp_path, {"one.md": b"\0" * 60_000_000}))


@pytest.mark.parametrize("name", ["nothing.md", "empty"])
def test_nothing_to_read_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableSource, match="Nothing was imported"):
        read(tmp_path / name)


def test_a_broken_zip_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(UnreadableSource, match="not a readable zip file"):
        read(path)
