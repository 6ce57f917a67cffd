"""What the quality panel finds, and what is measured of a text."""

import pytest
from flask.testing import FlaskClient
from lxml import html

from cms.core import clock
from cms.core.database import transaction
from cms.core.errors import NotFound
from cms.posts import services as posts
from cms.reviews import claimwords, passages, queries, services
from cms.reviews.claimwords import find_claims
from cms.reviews.models import LinkCheck
from cms.reviews.quality import Writing, advise
from cms.reviews.queries.quality import link_digest
from cms.reviews.sentences import measure, sentences
from tests.factories import make_media, make_person, nadia, save, sign_in


def writing(body: str, **fields: object) -> Writing:
    content = posts.prepare(title="Spring notes", summary="What we saw.", body=body)
    return Writing(
        **{
            "kind": "article",
            "language": "en",
            "title": content.title,
            "summary": content.summary,
            "html": content.html,
            "plain": content.plain,
            "has_cover": True,
            **fields,
        }
    )


def codes(body: str, **fields: object) -> list[str]:
    return [one.code for one in advise(writing(body, **fields), words=[])]


@pytest.mark.usefixtures("app")
def test_a_good_text_gets_no_advice() -> None:
    assert codes("## Rain\n\nIt rained. ![A mast](/media/a.webp) See [this](https://example.com/).") == []


@pytest.mark.usefixtures("app")
def test_what_is_missing_is_said() -> None:
    assert codes("Words.", title="", summary="", has_cover=False) == [
        "title.empty",
        "summary.empty",
        "cover.empty",
    ]
    assert codes("Words.", kind="note", title="", summary="", has_cover=False) == []


@pytest.mark.usefixtures("app")
def test_what_is_too_long_for_search_engines_is_said_by_width() -> None:
    assert codes("Words.", title="A" * 61, summary="B" * 161) == ["title.long", "summary.long"]
    assert codes("Words.", title="网" * 31, summary="络" * 81) == ["title.long", "summary.long"]
    assert codes("Words.", title="网" * 30, summary="络" * 80) == []


@pytest.mark.usefixtures("app")
def test_pictures_without_words_are_found_in_the_text_and_beside_it() -> None:
    found = advise(writing("Before the mast.\n\n![](/media/a.webp)", alts=("A mast", "", " ")), words=[])
    assert [(one.code, one.quote) for one in found] == [
        ("picture.alt", "Before the mast."),
        ("file.alt", ""),
    ]
    assert found[1].sentence == "2 pictures of the post have no alternative text."


@pytest.mark.usefixtures("app")
def test_headings_that_skip_a_level_are_found() -> None:
    found = advise(writing("## One\n\n#### Three\n\n##### Four\n\n## Two"), words=[])
    assert [(one.code, one.quote) for one in found] == [("heading.skip", "Three")]


@pytest.mark.usefixtures("app")
def test_long_paragraphs_and_sentences_are_found_in_both_scripts() -> None:
    assert codes("word " * 161 + ".") == ["paragraph.long"]
    assert codes("网" * 301 + "。") == ["paragraph.long"]
    short = "It rained. It stopped. "
    assert codes(short + "word " * 36 + "end.") == ["sentence.long"]
    assert codes("下雨了。雨停了。" + "网" * 81 + "。") == ["sentence.long"]


@pytest.mark.usefixtures("app")
def test_claim_words_are_found_with_their_sentence() -> None:
    english = list(claimwords.WORDS["en"])
    text = "It rained. Our masts are carbon neutral since 2.5 years! Neutral carbonates are not."
    assert find_claims(text, english) == [("carbon neutral", "Our masts are carbon neutral since 2.5 years!")]
    assert find_claims("我们已实现碳中和。天气很好。", list(claimwords.WORDS["zh"])) == [
        ("碳中和", "我们已实现碳中和。")
    ]
    assert find_claims("unsustainable", english) == []
    assert find_claims("sustainable", []) == []


def test_sentences_do_not_end_at_a_decimal_or_inside_an_address() -> None:
    assert sentences("It grew 2.5 times. See example.com today! 下雨了。“停了。”真的？") == [
        "It grew 2.5 times.",
        "See example.com today!",
        "下雨了。",
        "“停了。”",
        "真的？",
    ]


def test_reading_ease_is_measured_and_says_what() -> None:
    easy = measure("The cat sat. The dog ran. The sun was out.")
    assert easy is not None
    assert (easy.sentences, easy.length, easy.lix, easy.is_han) == (3, 3.3, 3, False)
    hard = measure("Telecommunication infrastructure necessitates comprehensive standardisation. " * 3)
    assert hard is not None
    assert hard.lix == 105
    chinese = measure("今天下雨了。明天放晴。后天有风。")
    assert chinese is not None
    assert (chinese.is_han, chinese.lix, chinese.length) == (True, None, 4.3)
    assert measure("Too short.") is None


@pytest.mark.usefixtures("app")
def test_a_hostile_text_is_looked_at_in_no_time() -> None:
    long = "sustainable " * 8_000 + "." * 3_000
    assert [one.code for one in advise(writing(long), words=["sustainable"])][-1] == "claim.word"


@pytest.mark.usefixtures("app")
def test_links_that_the_worker_found_broken_are_named() -> None:
    url = "https://example.com/gone"
    save(
        LinkCheck(
            digest=link_digest(url),
            url=url,
            asked_at=clock.now(),
            status=404,
            problem="gone",
            failures=1,
        )
    )
    text = writing(f"See [the report]({url}) and [that]({url}) and [this](https://example.com/).")
    found = advise(text, words=[], broken=queries.broken_links(text.html))
    assert [(one.sentence, one.quote) for one in found] == [
        ("A link leads to a page that is gone: https://example.com/gone", "the report")
    ]


def test_a_text_that_is_not_saved_is_looked_at(client: FlaskClient) -> None:
    sign_in(client, make_person("Arno Weber", "author"))
    picture = make_media(alt="")
    answer = client.post(
        "/desk/quality",
        data={
            "kind": "article",
            "title": "A title",
            "summary": "A summary.",
            "body": "We are carbon neutral.",
            "cover": str(picture.id),
        },
    )
    tree = html.fromstring(answer.text)
    assert answer.status_code == 200
    assert [one.text_content() for one in tree.xpath("//li/p[1]")] == [
        "1 picture of the post has no alternative text.",
        "“carbon neutral” is a claim: say where it is from.",
    ]
    assert tree.xpath("//a/@data-jump") == ["We are carbon neutral."]


def test_a_text_that_cannot_be_rendered_says_so(client: FlaskClient) -> None:
    sign_in(client, nadia())
    answer = client.post("/desk/quality", data={"title": "x", "body": "a" * 100_001})
    assert answer.status_code == 422
    assert "longer than 100,000 characters" in answer.text


def test_editors_write_the_list_of_claim_words(client: FlaskClient) -> None:
    sign_in(client, nadia())
    answer = client.post(
        "/desk/reviews/words", data={"words_en": "quantum\n\n quantum \nblazing  fast", "words_zh": ""}
    )
    assert answer.status_code == 303
    assert queries.claim_words() == {"en": ["quantum", "blazing fast"], "zh": []}
    answer = client.post("/desk/reviews/words", data={"words_en": "x" * 81})
    assert answer.status_code == 422
    assert "x" * 81 in answer.text


def test_a_passage_is_found_by_what_stands_around_it() -> None:
    text = "One mast fell. Two people saw it. One mast fell. Nobody saw it."
    assert passages.surroundings("One mast fell.", text, prefix="saw it. ") == (
        "One mast fell. Two people saw it. ",
        " Nobody saw it.",
    )
    assert passages.surroundings("Three masts", text) is None
    assert passages.stands_in("Two\n people", text)
    assert passages.replaced("a b a", "a", "c") is None
    assert passages.replaced("a b", "b", "c") == "a c"


@pytest.mark.usefixtures("app")
def test_claim_words_of_a_language_nobody_reads_are_refused() -> None:
    with pytest.raises(NotFound), transaction():
        services.set_claim_words({"xx": ["a"]}, by=None, at=clock.now())
