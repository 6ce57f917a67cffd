"""A manager connects an account, gives it times, stops it and removes it, all without script."""

from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Instance


def test_an_account_is_connected_and_looked_after_without_script(
    browser: Browser, instance: Instance
) -> None:
    context = browser.new_context(base_url=instance.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/en/sign-in?next=/en/desk/channels/new")
    page.get_by_label("E-mail").fill("admin@example.com")
    page.get_by_label("Password").fill("parley-admin")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("link", name="Telegram").click()
    page.get_by_label("Token of the bot").fill("1:wrong")
    page.get_by_label("Channel or group").fill("@ours")
    page.get_by_text("Advanced").click()
    page.get_by_label("Where its addresses begin").fill("http://10.0.0.8")
    page.get_by_role("button", name="Test and connect").click()
    expect(page.get_by_role("alert")).to_contain_text("This address cannot be fetched.")
    expect(page.get_by_label("Channel or group")).to_have_value("@ours")
    expect(page.get_by_label("Token of the bot")).to_have_value("")

    page.get_by_role("link", name="Another network").click()
    page.get_by_role("link", name="By hand").click()
    page.get_by_label("Site", exact=True).select_option("zhihu")
    page.get_by_label("What the desk calls it").fill("Our column")
    page.get_by_label("Time zone").fill("Asia/Shanghai")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our column")

    page.get_by_label("At what time").fill("09:30")
    page.get_by_role("button", name="Add this time").click()
    expect(page.locator(".slots")).to_contain_text("09:30 Every weekday")

    page.get_by_label("Why").fill("Storm")
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.get_by_text("Storm")).to_be_visible()
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".status").first).to_have_text("Works")

    page.get_by_role("link", name="Remove this account …").click()
    page.get_by_label("Name of the account").fill("Our column")
    page.get_by_role("button", name="Remove it for good").click()
    expect(page.get_by_text("its credentials are destroyed")).to_be_visible()
    expect(page.locator(".accounts")).not_to_contain_text("Our column")
    context.close()
