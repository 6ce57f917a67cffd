"""Who is who: the table, against agents as they really are."""

import pytest

from campaigns.engagement.agents import device_of, name_agent
from campaigns.engagement.classify import RULES, classify
from campaigns.engagement.lines import Line

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
PIXEL = (
    "Mozilla/5.0 (Linux; Android 16; Pixel 9 Build/BP2A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/142.0.0.0 Mobile Safari/537.36 Instagram 400.0.0 Android (36/16; 420dpi; Google/google; Pixel 9)"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
    "Mobile/15E148 Safari/604.1"
)
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0.60"


@pytest.mark.parametrize(
    ("agent", "name", "verdict", "device"),
    [
        (CHROME, "browser:chrome", "human", "d"),
        (PIXEL, "browser:chrome", "human", "m"),
        (IPHONE, "browser:safari", "human", "m"),
        (WECHAT, "browser:wechat", "human", "m"),
        ("http.rb/5.2.0 (Mastodon/4.5.0; +https://mastodon.social/) Bot", "preview:mastodon", "preview", "?"),
        ("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "preview:facebook", "preview", "?"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler:google", "crawler", "?"),
        ("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "preview:slack", "preview", "?"),
        ("WhatsApp/2.23.20.0", "preview:whatsapp", "preview", "?"),
        ("curl/8.5.0", "crawler:program", "crawler", "?"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0.0.0 Safari/537.36", "crawler:headless", "crawler", "d"),
        ("Barracuda Sentinel (EE)", "scanner:mail", "scanner", "?"),
        ("", "empty:", "unknown", "?"),
        ("something", "unknown:", "unknown", "?"),
    ],
)  # fmt: skip
def test_agents_are_told_apart(agent: str, name: str, verdict: str, device: str) -> None:
    assert (name_agent(agent), device_of(agent)) == (name, device)
    assert classify(Line(1, "click", "G", 1, "link:1", agent=name)).verdict == verdict


@pytest.mark.parametrize(
    ("hints", "rule", "verdict"),
    [
        ("H", 1, "preview"),
        ("Gp", 2, "prefetch"),
        ("Gps", 2, "prefetch"),
        ("Ps", 7, "staff"),
        ("Pd", 8, "human"),
    ],
)
def test_what_the_request_gives_away_comes_before_the_browser(hints: str, rule: int, verdict: str) -> None:
    found = classify(Line(1, "view", hints, 1, "page:/", agent="browser:chrome"))
    assert (found.id, found.verdict) == (rule, verdict)


def test_every_rule_has_a_number_of_its_own_and_words_for_readers() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert [rule.id for rule in RULES if not str(rule.words)] == []
