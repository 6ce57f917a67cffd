"""What readers see without an account."""

from cms.posts import services as posts
from cms.site.models import HomeBlock
from tests.factories import make_media, make_note, make_person, make_post, make_section, make_tag, save
from tests.house.authorisation import everyone, only

FILES = ("feed_xml", "atom_xml", "feed_json")


def post(rest: str = "") -> str:
    return f"/posts/{make_post('Seen by all', slug='seen-by-all').slug}{rest}"


def recording() -> str:
    sound = make_media("audio")
    made = make_post("Heard by all", kind="audio", media=[posts.Attachment(sound.id)], transcript="Listen.")
    return f"/posts/{made.slug}/transcript.txt"


def section(rest: str = "") -> str:
    return f"/sections/{make_section('seen').slug}{rest}"


def tag(rest: str = "") -> str:
    return f"/tags/{make_tag('seen').slug}{rest}"


def somebody(rest: str = "") -> str:
    return f"/@{make_person('Sam Subject', 'author').handle}{rest}"


def month() -> str:
    make_post("Seen this month")
    return "/archive/2026/11"


def part_of_sitemap() -> str:
    from cms.site.queries.sitemap import PART

    return f"/sitemaps/posts-{make_post('In the sitemap').id // PART}.xml"


ROWS = {
    "site.preview_post GET": only(
        "editor",
        "manager",
        "admin",
        at=lambda: f"/desk/posts/{make_post('Not out', publish=False).id}/preview",
    ),
    "site.show_styles GET": only("author", "editor", "manager", "admin", at="/desk/styles"),
    "site.show_home GET": everyone("/"),
    "site.show_post GET": everyone(post),
    "site.show_note GET": everyone(lambda: f"/notes/{make_note().id}"),
    "site.list_sections GET": everyone("/sections"),
    "site.show_section GET": everyone(section),
    "site.list_tags GET": everyone("/tags"),
    "site.show_tag GET": everyone(tag),
    "site.show_person GET": everyone(somebody),
    "site.list_notes GET": everyone("/notes"),
    "site.list_podcast GET": everyone("/podcast"),
    "site.show_archive GET": everyone("/archive"),
    "site.show_month GET": everyone(month),
    "site.search GET": everyone("/search?q=words"),
    "site.show_transcript GET": everyone(recording),
    "site.show_artwork GET": everyone("/podcast/artwork.jpg"),
    "site.show_robots GET": everyone("/robots.txt"),
    "site.show_sitemap_index GET": everyone("/sitemap.xml"),
    "site.show_sitemap_of_posts GET": everyone(part_of_sitemap),
    "site.show_sitemap_of_lists GET": everyone("/sitemaps/lists.xml"),
    "site.show_opml GET": everyone("/opml.xml"),
    "site.show_digest GET": everyone("/llms.txt"),
    "site.show_icon GET": everyone("/favicon.ico"),
    "site.show_manifest GET": everyone("/site.webmanifest"),
    "site.show_theme GET": everyone("/theme-0b6e4f.css"),
    "site.show_theme_now GET": everyone("/theme.css"),
    **{f"site.site_feed_{file} GET": everyone("/" + file.replace("_", ".")) for file in FILES},
    **{f"site.notes_feed_{file} GET": everyone("/notes/" + file.replace("_", ".")) for file in FILES},
    **{f"site.podcast_feed_{file} GET": everyone("/podcast/" + file.replace("_", ".")) for file in FILES},
}
for _file in FILES:
    _name = "/" + _file.replace("_", ".")
    ROWS[f"site.section_feed_{_file} GET"] = everyone(lambda name=_name: section(name))
    ROWS[f"site.tag_feed_{_file} GET"] = everyone(lambda name=_name: tag(name))
    ROWS[f"site.person_feed_{_file} GET"] = everyone(lambda name=_name: somebody(name))

WRITES = {"site.search": "a search is counted, after the answer has gone out, and without who made it"}


def block(rest: str = "") -> str:
    made = save(HomeBlock(kind="newest", title={}, count=4, position=0))
    return f"/desk/home/blocks/{made.id}{rest}"


ARRANGERS = ("editor", "manager", "admin")
ROWS |= {
    "site.show_settings GET": only(*ARRANGERS, at="/desk/site"),
    "site.save_settings POST": only(*ARRANGERS, at="/desk/site"),
    "site.show_arrangement GET": only(*ARRANGERS, at="/desk/home"),
    "site.begin_arrangement POST": only(*ARRANGERS, at="/desk/home"),
    "site.add_block POST": only(*ARRANGERS, at="/desk/home/blocks"),
    "site.change_block POST": only(*ARRANGERS, at=block),
    "site.move_block POST": only(*ARRANGERS, at=lambda: block("/place")),
    "site.remove_block POST": only(*ARRANGERS, at=lambda: block("/removal")),
    "site.show_searches GET": only(*ARRANGERS, at="/desk/search"),
}
