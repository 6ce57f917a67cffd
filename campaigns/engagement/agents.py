"""Which program asked, from its user agent: a kind and a name. The agent itself is not kept.

Tables are looked through in order, and the first word that is found decides. What stands in `EXCEPTIONS` is a browser
that carries the name of a machine.
"""

import re
from functools import lru_cache

EXCEPTIONS = ("Instagram", "GSA/", "Cubot")  # the app on a Pixel says "Google/google"; Cubot makes phones
PREVIEWS = {
    "mastodon": r"Mastodon/|http\.rb/",
    "fediverse": r"Pleroma|Akkoma|Misskey|Sharkey|Friendica|GoToSocial|Lemmy|PeerTube",
    "facebook": r"facebookexternalhit|Facebot|meta-externalfetcher",
    "x": r"Twitterbot",
    "slack": r"Slackbot|Slack-ImgProxy",
    "linkedin": r"LinkedInBot",
    "telegram": r"TelegramBot",
    "whatsapp": r"WhatsApp/",
    "discord": r"Discordbot",
    "bluesky": r"Bluesky Cardyb|bsky",
    "teams": r"SkypeUriPreview|Microsoft Teams",
    "dingtalk": r"DingTalkBot|LarkUrl2png|Lark-",
    "other": r"Iframely|Embedly|redditbot|Pinterestbot|vkShare|Viber|Signal-Android-Preview|[Ll]ink ?[Pp]review",
}
SCANNERS = {
    "mail": r"Proofpoint|Barracuda|Mimecast|SafeLinks|MessageLabs|TrendMicro|Forcepoint|ZScaler",
    "security": r"Nmap|Nikto|sqlmap|masscan|zgrab|CensysInspect|Nessus|Expanse|InternetMeasurement",
}
CRAWLERS = {
    "google": r"Googlebot|AdsBot-Google|Google-InspectionTool|GoogleOther|Storebot-Google",
    "bing": r"bingbot|BingPreview|adidxbot",
    "baidu": r"Baiduspider",
    "yandex": r"YandexBot|YandexImages",
    "sogou": r"Sogou|360Spider|YisouSpider|Bytespider|PetalBot",
    "apple": r"Applebot",
    "ai": r"GPTBot|ChatGPT-User|OAI-SearchBot|ClaudeBot|anthropic-ai|CCBot|PerplexityBot|Amazonbot|meta-externalagent",
    "headless": r"HeadlessChrome|PhantomJS|Puppeteer|Playwright|Selenium|Lighthouse",
    "program": r"^(curl|Wget|python|Python|Go-http-client|Java|okhttp|libwww|axios|node|Ruby|PHP|httpx|Apache-HttpClient)",
    "other": r"[Bb]ot\b|[Cc]rawl|[Ss]pider|[Ss]craper|[Ff]etcher|monitor(ing)?\b|[Uu]ptime|archiver|[Vv]alidator",
}
BROWSERS = {
    "wechat": r"MicroMessenger",
    "edge": r"Edg(A|iOS)?/",
    "opera": r"OPR/|Opera",
    "samsung": r"SamsungBrowser",
    "firefox": r"Firefox/|FxiOS/",
    "chrome": r"Chrome/|CriOS/",
    "safari": r"Version/.*Safari/|AppleWebKit/",
    "other": r"^Mozilla/5\.0 \(",
}
_KINDS = (("preview", PREVIEWS), ("scanner", SCANNERS), ("crawler", CRAWLERS))


@lru_cache(maxsize=8192)
def name_agent(agent: str) -> str:
    """`kind:name`; `empty:` where nothing was said, `unknown:` where nothing of it is known."""
    said = agent[:400]
    if not said.strip():
        return "empty:"
    if not any(word in said for word in EXCEPTIONS):
        for kind, table in _TABLES[:-1]:
            for name, pattern in table:
                if pattern.search(said):
                    return f"{kind}:{name}"
    for name, pattern in _TABLES[-1][1]:
        if pattern.search(said):
            return f"browser:{name}"
    return "unknown:"


@lru_cache(maxsize=8192)
def device_of(agent: str) -> str:
    """`d` a desk, `m` a hand, `t` a tablet, `?` when it does not say."""
    if re.search(r"iPad|Tablet|^(?!.*Mobile).*Android", agent):
        return "t"
    if re.search(r"Mobi|iPhone|Android", agent):
        return "m"
    return "d" if re.search(r"Windows NT|Macintosh|X11|CrOS", agent) else "?"


_TABLES = [
    (kind, [(name, re.compile(pattern)) for name, pattern in table.items()])
    for kind, table in (*_KINDS, ("browser", BROWSERS))
]
