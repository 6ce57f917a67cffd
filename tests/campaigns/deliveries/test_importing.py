"""Planning from a table: whatever program wrote it, tried before it is written, and harmless when it comes again."""

import contextlib
import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from campaigns.channels.models import Account
from campaigns.deliveries.importing import MOST_ROWS, Report, import_sheet, read_sheet, try_sheet
from campaigns.deliveries.importing.moments import read_when
from campaigns.deliveries.models import Delivery, Variant
from campaigns.deliveries.timing import AtWall, NextSlot, Now, When, WithPost
from cms.core.database import db, transaction
from cms.core.errors import Invalid
from cms.people.models import Person
from cms.posts.models import Post
from tests.campaigns.deliveries.making import make_account, plan, story
from tests.conftest import NOW
from tests.factories import make_media, make_note, make_person, make_post, read_again

ZONE = "Asia/Shanghai"


@pytest.fixture(autouse=True)
def in_a_request(app: Flask) -> Iterator[None]:
    """Reports are sentences in the language of a request."""
    with app.test_request_context():
        yield


def table(*lines: str, header: str = "id,post,account,at,zone,text,media") -> bytes:
    return "\n".join([header, *lines]).encode()


def tried(*lines: str, header: str = "id,post,account,at,zone,text,media") -> Report:
    return try_sheet(read_sheet(table(*lines, header=header), zone=ZONE), at=NOW)


def imported(*lines: str, by: Person | None = None) -> Report:
    by = by or make_person(handle="importer")
    return import_sheet(read_sheet(table(*lines), zone=ZONE), by=by, at=NOW)


def wrong(report: Report) -> list[tuple[str, ...]]:
    return [one.sentences for one in report.lines if one.outcome == "wrong"]


# Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_table_is_read_whatever_program_wrote_it(encoding: str, delimiter: str, newline: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=newline)
    writer.writerows(
        [
            ["编号", "内容", "账号", "时间", "正文"],
            ["1", "春天", "微博", "2026-12-01 09:30", "你好，“海”\n第二行"],
        ]
    )
    sheet = read_sheet(file.getvalue().encode(encoding), zone=ZONE)
    row = sheet.rows[0]
    assert (row.number, row.id, row.post, row.account, row.at) == (2, "1", "春天", "微博", "2026-12-01 09:30")
    assert row.text.split() == ["你好，“海”", "第二行"]
    assert sheet.encoding == encoding.removesuffix("-sig")


def test_formulas_are_the_text_that_they_are() -> None:
    data = table('=1+1,12,"=HYPERLINK(""http://x"")",now,,\'=cmd|\' /C calc\'!A0,')
    row = read_sheet(data, zone=ZONE).rows[0]
    assert (row.id, row.account, row.text) == ("=1+1", '=HYPERLINK("http://x")', "=cmd|' /C calc'!A0")


def test_lines_are_counted_as_in_the_file_and_empty_ones_are_skipped() -> None:
    data = b'sep=;\r\npost;account;at;more\r\n\r\n1;"a\r\nb";now;x\r\n;;;\r\n2;c;now;\r\n'
    sheet = read_sheet(data, zone=ZONE)
    assert [(one.number, one.post) for one in sheet.rows] == [(4, "1"), (7, "2")]
    assert sheet.unknown == ("more",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"\xef\xbb\xbf \n", "This file is empty."),
        (b"post,account,at", "There is nothing below the names of the columns."),
        (b"post,when\n1,2", "The first line must name the columns. These are missing: account, at."),
        (b"post,account,at,post\n1,2,3,4", "The column “post” comes twice."),
        (b'post,account,at\n1,"2,3', "Line 2 cannot be read: a quotation mark is missing, or stands alone."),
        (
            b"\x89PNG\r\n\x1a\n\x00\x00",
            "This is no text file in UTF-8. Please save the table as “CSV UTF-8”.",
        ),
        (b"x" * 1_000_001, "This file is larger than 1 MB. Please split it."),
        (
            b"post,account,at\n" + b"1,2,3\n" * (MOST_ROWS + 1),
            "This table has more than 350 lines. Please split it.",
        ),
    ],
)
def test_what_is_no_table_of_ours_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet(data, zone=ZONE)
    assert refused.value.errors == {"file": sentence}


@given(st.binary(max_size=300))
def test_whatever_the_bytes_they_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        read_sheet(b"post,account,at\n" + data, zone=ZONE)


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2026-12-01 09:30", AtWall("2026-12-01T09:30", ZONE)),
        ("2026-12-01T09:30:00", AtWall("2026-12-01T09:30", ZONE)),
        ("2026/12/1 9:30", AtWall("2026-12-01T09:30", ZONE)),
        ("2026年12月1日 9：30", AtWall("2026-12-01T09:30", ZONE)),
        ("2026-12-01T01:30Z", AtWall("2026-12-01T09:30", ZONE, 0)),
        ("2026-12-01 09:30+08:00", AtWall("2026-12-01T09:30", ZONE, 0)),
        ("now", Now()),
        ("Next  slot", NextSlot()),
        ("with post", WithPost()),
        ("队列", NextSlot()),
    ],
)
def test_times_are_read_as_people_and_programs_write_them(said: str, when: When) -> None:
    assert read_when(said, ZONE) == when


@pytest.mark.parametrize("said", ["01/12/2026 9:30", "1.12.26", "2026-13-01 09:30", "soon", "", "2026-12-01"])
def test_a_time_that_may_mean_two_things_or_nothing_is_refused(said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_when(said, ZONE)
    assert list(refused.value.errors) == ["wall"]


def test_an_offset_says_which_of_two_times_is_meant() -> None:
    found = [read_when(f"2027-10-31 02:30{offset}", "Europe/Berlin") for offset in ("+02:00", "+01:00")]
    assert found == [AtWall("2027-10-31T02:30", "Europe/Berlin", which) for which in (0, 1)]


# Trying -----------------------------------------------------------------------------------------------------------


def test_a_dry_run_says_what_would_become_of_every_row_and_writes_nothing() -> None:
    make_post("Salt")
    make_account("Hook")
    report = tried("1,salt,Hook,2026-12-01 09:30,,,", "2,pepper,Hook,2026-12-01 09:30,,,")
    assert report.counts == {"planned": 1, "moved": 0, "unchanged": 0, "wrong": 1}
    assert wrong(report) == [("There is no post “pepper” here.",)]
    assert db.session.scalars(select(Delivery.id)).all() == []


def test_every_wrong_cell_of_a_row_is_named() -> None:
    report = tried("1,pepper,Nobody,soon,,,7")
    assert wrong(report) == [
        (
            "There is no post “pepper” here.",
            "There is no account “Nobody”.",
            "“soon” is no time. Write it like 2026-12-01 09:30.",
            "“7” is no picture of the library. Upload it there, and give its number or address.",
        )
    ]


def test_posts_are_named_by_number_slug_or_address_on_our_own_site() -> None:
    post, note = make_post("Salt"), make_note()
    make_account("Hook")
    names = [
        str(post.id), "salt", "/posts/salt", "http://localhost/posts/salt", "http://localhost/zh/posts/salt",
        f"http://localhost/notes/{note.id}",
    ]  # fmt: skip
    found = [tried(f"{number},{name},hook,now,,,").lines[0].post_id for number, name in enumerate(names)]
    assert found == [post.id] * 5 + [note.id]
    assert wrong(tried("1,https://elsewhere.example/posts/salt,hook,now,,,")) == [
        ("There is no post “https://elsewhere.example/posts/salt” here.",)
    ]


def test_two_accounts_of_one_name_are_told_apart_by_number() -> None:
    make_post("Salt")
    first, _second = make_account("Hook"), make_account("hook")
    assert wrong(tried("1,salt,HOOK,now,,,")) == [
        ("Several accounts are called “HOOK”. Please give its number.",)
    ]
    assert tried(f"1,salt,{first.id},now,,,").lines[0].account_id == first.id


@pytest.mark.parametrize(
    "address",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://elsewhere.example/a.jpg",
        "file:///etc/passwd",
        "../../x",
    ],
)
def test_pictures_come_from_the_library_and_nothing_is_fetched(address: str) -> None:
    make_post("Salt")
    make_account("T", "telegram")
    assert wrong(tried(f"1,salt,T,now,,Look,{address}")) == [
        (f"“{address}” is no picture of the library. Upload it there, and give its number or address.",)
    ]


def test_what_stands_in_the_way_is_said_and_what_is_only_to_be_known_too() -> None:
    post = make_post("Salt", publish=False)
    make_account("Hook", slots=[(0, "09:00")], state="paused", problem="")
    assert wrong(tried("1,salt,Hook,2026-11-20 09:30,,,")) == [
        ("This time has passed. Please choose another, or send it now.",)
    ]
    assert wrong(tried("1,salt,Hook,2027-10-31 02:30,Europe/Berlin,,")) == [
        (
            "Clocks go back then, and this time comes twice. "
            "Say which by its offset, like 2026-10-25 02:30+02:00.",
        )
    ]
    line = tried("1,salt,Hook,2026-12-01 09:30,,,").lines[0]
    assert (line.outcome, line.sentences) == (
        "planned",
        (
            "This account is paused: nothing goes out until it is connected again.",
            "The post is not published, and nobody planned it. It goes out only if it is live by then.",
        ),
    )
    with transaction():
        db.session.execute(
            update(Post).where(Post.id == post.id).values(embargo_until=datetime(2027, 1, 1, tzinfo=UTC))
        )
    assert wrong(tried("1,salt,Hook,2026-12-01 09:30,,,"))[0][0].startswith("An embargo stands until")


def test_the_same_line_twice_in_one_table_is_wrong_the_second_time() -> None:
    make_post("Salt")
    make_account("Hook")
    report = tried("1,salt,Hook,2026-12-01 09:30,,,", "1,salt,Hook,2026-12-02 09:30,,,")
    assert wrong(report) == [("This is the same as line 2.",)]
    report = tried("1,salt,Hook,2026-12-01 09:30,,,", "2,salt,Hook,2026-12-02 09:30,,,")
    assert wrong(report) == [("Line 2 sends this post to this account already.",)]


# Writing ----------------------------------------------------------------------------------------------------------


def test_good_rows_are_planned_and_wrong_ones_hold_nobody_up() -> None:
    make_post("Salt")
    make_account("Hook")
    make_account("T", "telegram")
    report = imported(
        "1,salt,Hook,2026-12-01 09:30,,,",
        "2,salt,Nobody,2026-12-01 09:30,,,",
        "3,salt,T,2026-12-01 09:30,Europe/Berlin,Salt eats copper {link},",
    )
    assert [one.outcome for one in report.lines] == ["planned", "wrong", "planned"]
    rows = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [(one.id, one.wall, one.zone) for one in rows] == [
        (report.lines[0].delivery_id, "2026-12-01T09:30", ZONE),
        (report.lines[2].delivery_id, "2026-12-01T09:30", "Europe/Berlin"),
    ]
    assert db.session.scalars(select(Variant.parts)).all() == [
        [{"text": "Salt eats copper {link}", "media": []}]
    ]


def test_the_same_table_again_changes_nothing() -> None:
    make_post("Salt")
    make_account("T", "telegram")
    by = make_person(handle="importer")
    lines = ("1,salt,T,2026-12-01 09:30,,Own words,", ",salt,T,2026-12-02 09:30,,,")
    first = imported(lines[0], by=by)
    again = imported(lines[0], by=by)
    assert [one.outcome for one in again.lines] == ["unchanged"]
    assert again.lines[0].delivery_id == first.lines[0].delivery_id
    assert len(db.session.scalars(select(Delivery.id)).all()) == 1


def test_a_row_without_an_id_is_known_by_what_it_says() -> None:
    make_post("Salt")
    make_account("Hook")
    by = make_person(handle="importer")
    assert imported(",salt,Hook,2026-12-01 09:30,,,", by=by).counts["planned"] == 1
    assert imported(",salt,Hook,2026-12-01 09:30,,,", by=by).counts["unchanged"] == 1
    assert wrong(imported(",salt,Hook,2026-12-02 09:30,,,", by=by)) == [
        ("Hook has this post planned already. Move or cancel what is planned there first.",)
    ]


def test_a_row_whose_time_changed_moves_what_was_planned_until_it_has_gone_out() -> None:
    make_post("Salt")
    make_account("Hook")
    by = make_person(handle="importer")
    made = imported("1,salt,Hook,2026-12-01 09:30,,,", by=by).lines[0].delivery_id
    assert made is not None
    assert imported("1,salt,Hook,2026-12-02 09:30,,,", by=by).counts["moved"] == 1
    assert read_again(Delivery, made).due_at == datetime(2026, 12, 2, 1, 30, tzinfo=UTC)
    assert story(made) == ["planned", "moved"]
    with transaction():
        read_again(Delivery, made).state = "sent"
    assert imported("1,salt,Hook,2026-12-03 09:30,,,", by=by).counts["unchanged"] == 1


def test_words_that_somebody_wrote_before_are_not_overwritten() -> None:
    make_post("Salt")
    make_account("T", "telegram")
    by = make_person(handle="importer")
    imported("1,salt,T,2026-12-01 09:30,,First words,", by=by)
    with transaction():
        db.session.execute(update(Delivery).values(state="cancelled"))
    assert wrong(imported("2,salt,T,2026-12-02 09:30,,Other words,", by=by)) == [
        (
            "Somebody wrote a version of its own for this account. "
            "Leave the text empty here, or change it there.",
        )
    ]
    assert imported("2,salt,T,2026-12-02 09:30,,First words,", by=by).counts["planned"] == 1


def test_text_that_is_too_long_and_pictures_of_the_library() -> None:
    make_post("Salt")
    make_account("T", "telegram")
    picture = make_media(alt="A mast")
    assert wrong(tried(f"1,salt,T,now,,{'字' * 4100},")) == [
        ("The text is too long for this network, by 4.",)
    ]
    imported(f"1,salt,T,2026-12-01 09:30,,Look,http://localhost/media/{picture.file}")
    assert db.session.scalars(select(Variant.parts)).all() == [
        [{"text": "Look", "media": [[picture.id, "A mast"]]}]
    ]


def test_the_queue_is_filled_slot_by_slot() -> None:
    account = make_account("Hook", slots=[(0, "09:00")])
    for title in ("Salt", "Water"):
        make_post(title)
    imported("1,salt,Hook,next slot,,,", "2,water,Hook,next slot,,,")
    walls = db.session.scalars(select(Delivery.wall).order_by(Delivery.id)).all()
    assert walls == ["2026-11-23T09:00", "2026-11-30T09:00"]
    assert read_again(Account, account.id).name == "Hook"


def test_what_another_editor_planned_meanwhile_is_said_and_kept() -> None:
    post, account = make_post("Salt"), make_account("Hook")
    plan(post, account, AtWall("2026-12-05T09:30", ZONE))
    assert wrong(tried("1,salt,Hook,2026-12-01 09:30,,,")) == [
        ("Hook has this post planned already. Move or cancel what is planned there first.",)
    ]


def test_a_table_of_many_lines_asks_about_each_post_once(count_queries: list[str]) -> None:
    accounts = [make_account(f"Hook {one}").id for one in range(4)]
    make_post("Salt")
    counts = []
    for some in (accounts[:1], accounts):
        db.session.expunge_all()
        count_queries.clear()
        report = tried(*[f"{one},salt,{one},2026-12-01 09:30,,," for one in some])
        assert report.counts["planned"] == len(some)
        counts.append(len(count_queries))
    assert counts[1] - counts[0] <= 2 * 3  # its pictures, and whether it is planned already
