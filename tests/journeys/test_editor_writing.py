"""The editor in a real browser: a Chinese input method, pictures, pastes, the preview, and the keyboard alone."""

import re
from pathlib import Path
from time import monotonic

from playwright.sync_api import Locator, Page, expect

from tests.cms.media.samples import drawing, picture
from tests.journeys.looking import faults
from tests.journeys.test_editor import sign_in

PASTE = """(element, parts) => {
  const data = new DataTransfer()
  for (const [type, text] of Object.entries(parts)) data.setData(type, text)
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
}"""
GIVE = """(element, {name, type, bytes, how}) => {
  const data = new DataTransfer()
  data.items.add(new File([new Uint8Array(bytes)], name, { type }))
  const event = how === "paste"
    ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true })
  element.dispatchEvent(event)
}"""
WORD = (Path(__file__).parent / "samples" / "word.html").read_text(encoding="utf-8")
DOCS = (Path(__file__).parent / "samples" / "docs.html").read_text(encoding="utf-8")
WORD_AS_MARKDOWN = (Path(__file__).parent / "samples" / "word.md").read_text(encoding="utf-8").strip()
DOCS_AS_MARKDOWN = (Path(__file__).parent / "samples" / "docs.md").read_text(encoding="utf-8").strip()


def begin(page: Page) -> Locator:
    """A new post with the cursor in its text; gives the field."""
    if "/desk" not in page.url:
        sign_in(page)
    page.goto("/desk/posts/new")
    page.locator(".cm-content").wait_for()  # until then the plain text area has the name
    field = page.get_by_role("textbox", name="Text", exact=True)
    field.click()
    return field


def sent(page: Page) -> str:
    """What the form would send as the text."""
    return str(page.locator("[name=body]").input_value())


def paste(field: Locator, **parts: str) -> None:
    field.evaluate(PASTE, {f"text/{kind}": text for kind, text in parts.items()})


def give(field: Locator, *, name: str = "harbour.jpg", data: bytes, how: str = "drop") -> None:
    field.evaluate(GIVE, {"name": name, "type": "image/jpeg", "bytes": list(data), "how": how})


def test_words_that_are_being_composed_are_never_disturbed(page: Page) -> None:
    field = begin(page)
    keyboard = page.context.new_cdp_session(page)
    page.locator('[data-view="preview"]').click()
    field.click()
    for pinyin in ("n", "ni", "ni h", "ni hao"):
        keyboard.send(
            "Input.imeSetComposition",
            {"text": pinyin, "selectionStart": len(pinyin), "selectionEnd": len(pinyin)},
        )
    expect(page.frame_locator("iframe").locator("main")).to_contain_text("ni hao")
    keyboard.send("Input.insertText", {"text": "你好"})
    keyboard.send("Input.imeSetComposition", {"text": "shi jie", "selectionStart": 7, "selectionEnd": 7})
    keyboard.send("Input.insertText", {"text": "，世界"})
    page.keyboard.type(" 5G")
    assert sent(page) == "你好，世界 5G"
    expect(page.locator("[data-editor-count]")).to_have_text(re.compile("^5 characters and words"))
    expect(page.frame_locator("iframe").locator("main")).to_contain_text("你好，世界 5G")


def test_the_preview_is_the_real_page_and_stays_where_it_was_scrolled(page: Page) -> None:
    field = begin(page)
    page.get_by_label(re.compile("^Title")).fill("灯塔与风")
    page.keyboard.press("Enter")
    paste(field, plain="## First\n\n" + "Rain on the **harbour**.\n\n" * 60)
    page.locator('[data-view="preview"]').click()
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=1)).to_have_text("灯塔与风")
    expect(inside.locator("main strong")).to_have_count(60)
    scrolled = "document.querySelector('iframe').contentDocument.scrollingElement.scrollTop"
    page.evaluate(f"{scrolled} = 400")
    field.press("Control+End")
    page.keyboard.type("Last words.")
    expect(inside.locator("main")).to_contain_text("Last words.")
    assert page.evaluate(scrolled) == 400


def test_a_dropped_picture_arrives_while_typing_goes_on_and_asks_what_it_shows(page: Page) -> None:
    field = begin(page)
    page.keyboard.type("Before.")
    give(field, data=picture(image=drawing(800, 500)))
    page.keyboard.type(" Still typing.")
    expect(page.locator(".shown__picture")).to_be_visible()
    assert re.fullmatch(r"Before\. Still typing\.\n\n!\[\]\(/media/\S+\)\n*", sent(page))
    page.get_by_label("What does the picture show?").fill("Boats [in] rain")
    page.keyboard.press("Enter")
    expect(page.locator(".shown__ask")).to_have_count(0)
    assert r"![Boats \[in\] rain](/media/" in sent(page)


def test_what_is_no_picture_is_refused_with_its_reason_and_can_be_tried_again(page: Page) -> None:
    field = begin(page)
    give(field, name="letter.jpg", data=b"no picture at all", how="paste")
    line = page.locator(".uploading")
    expect(line.get_by_role("alert")).to_contain_text("letter.jpg was not uploaded")
    expect(line.get_by_role("button", name="Try again")).to_be_visible()
    line.get_by_role("button", name="Discard").click()
    expect(line).to_have_count(0)
    assert sent(page) == ""


def test_text_from_word_becomes_clean_markdown(page: Page) -> None:
    field = begin(page)
    paste(field, html=WORD, plain="whatever")
    assert sent(page).strip() == WORD_AS_MARKDOWN


def test_text_from_google_docs_becomes_clean_markdown(page: Page) -> None:
    field = begin(page)
    paste(field, html=DOCS, plain="whatever")
    assert sent(page).strip() == DOCS_AS_MARKDOWN


def test_a_hostile_paste_leaves_words_alone(page: Page) -> None:
    field = begin(page)
    hostile = (
        "<p><b>Words</b> <a href='javascript:alert(1)'>here</a><script>alert(1)</script>"
        "<img src=x onerror='window.hit=1'><img src='data:image/png;base64,AAAA'>"
        "<svg onload='window.hit=1'></svg><iframe src='https://evil.example'></iframe></p>"
    )
    paste(field, html=hostile, plain="Words here")
    assert sent(page).strip() == "**Words** here"
    expect(page.locator(".editor__notice")).to_contain_text("2 pictures could not be taken over")
    assert page.evaluate("window.hit") is None


def test_a_paste_of_five_megabytes_is_a_sentence_and_not_a_frozen_page(page: Page) -> None:
    field = begin(page)
    began = monotonic()
    field.evaluate(
        """element => {
        const data = new DataTransfer()
        data.setData("text/html", "<p><b>x</b></p>".repeat(400_000))
        element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
    }"""
    )
    expect(page.locator(".editor__notice")).to_contain_text("At most 5 MB can be pasted at once")
    assert monotonic() - began < 3
    field.evaluate(PASTE, {"text/plain": "字" * 100_001})
    expect(page.locator(".editor__notice")).to_contain_text("longer than 100,000 characters")
    field.evaluate(PASTE, {"text/html": "<div>" * 30_000 + "<b>deep</b>", "text/plain": "deep"})
    assert sent(page) == "deep"


def test_an_address_pasted_onto_words_links_them(page: Page) -> None:
    field = begin(page)
    page.keyboard.type("our mast")
    field.press("Shift+Control+ArrowLeft")
    paste(field, plain="https://example.com/mast_(one)")
    assert sent(page) == "our [mast](https://example.com/mast_%28one%29)"


def test_everything_can_be_done_with_the_keyboard(page: Page) -> None:
    field = begin(page)
    page.keyboard.type("ice")
    field.press("Control+a")
    field.press("Control+b")
    assert sent(page) == "**ice**"
    field.press("Control+b")
    field.press("Control+i")
    assert sent(page) == "*ice*"
    field.press("Control+i")
    field.press("Control+Alt+2")
    assert sent(page) == "## ice"
    field.press("Control+Alt+2")
    field.press("Control+k")
    page.keyboard.type("example.com")
    page.keyboard.press("Enter")
    assert sent(page) == "[ice](https://example.com)"
    field.press("Alt+F10")
    expect(page.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Keyboard and help")).to_be_visible()
    page.keyboard.press("Escape")
    field.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_tab_goes_through_a_table_and_leaves_a_paragraph(page: Page) -> None:
    field = begin(page)
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Table").click()
    page.get_by_label("Columns").fill("2")
    page.get_by_label("Rows").fill("1")
    page.get_by_role("button", name="Insert").click()
    for words in ("Year", "Masts", "2025", "12", "2026"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in sent(page).strip().split("\n")]
    assert cells == [["Year", "Masts"], ["---", "---"], ["2025", "12"], ["2026", ""]]
    field.press("Control+End")
    page.keyboard.type("\n\nwords")
    page.keyboard.press("Tab")
    expect(field).not_to_be_focused()


def test_nothing_but_the_text_is_on_a_full_screen_until_escape(page: Page) -> None:
    begin(page)
    page.get_by_role("button", name="Full screen").click()
    expect(page.locator(".desk__side")).to_be_hidden()
    expect(page.locator(".details")).to_be_hidden()
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".desk__side")).to_be_visible()


def test_axe_finds_nothing_in_any_part_of_the_editor(page: Page) -> None:
    field = begin(page)
    field.fill("## Head\n\nSome **bold** text.")
    found = {}
    for part in ("outline", "preview", "details"):
        page.locator(f'[data-view="{part}"]').click()
        found[part] = faults(page, widths=())
    page.get_by_role("button", name="Find and replace").click()
    found["find"] = faults(page, widths=())
    assert {part: said for part, said in found.items() if said} == {}
