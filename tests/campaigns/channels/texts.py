"""Texts that are hard to cut: Chinese, emoji of many code points, combining marks, addresses, mentions."""

from hypothesis import strategies as given_one

WORDS = [
    "salt",
    "copper,",
    "Paint helps.",
    "e\u0301te\u0301",
    "👨‍👩‍👧‍👦",
    "🇨🇳🇳🇴",
    "盐会慢慢腐蚀铜。",
    "“油漆有用！”",
    "没有标点的一段很长的话",
    "한국어",
    "Z̷̢̛a̶l̸g̵o̶",
    "https://example.com/l/abc12",
    "https://例子.测试/路径?q=1.",
    "@mara@example.social",
    "@mara.bsky.social",
    "#海",
    "mara@example.com",
    "\u0301",
    "(see https://example.org/a_(b))",
    "\r\n",
    "\n\n",
    "\u3000",
    "𠮷",
    "...",
    "x" * 40,
]

texts = given_one.lists(
    given_one.tuples(given_one.sampled_from(WORDS), given_one.sampled_from([" ", "", "\n"])), max_size=60
).map(lambda pairs: "".join(word + space for word, space in pairs))
wild = given_one.text(max_size=400)
any_text = given_one.one_of(texts, wild)
