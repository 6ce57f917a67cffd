"""What readers see without an account."""

from cms.posts import services as posts
from tests.factories import make_media, make_note, make_person, make_post, make_section, make_tag
from tests.house.authorisation import GOES, HIDDEN, SIGN_IN, circles, each, everyone, only, staff

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


def experts() -> str:
    seen = make_tag("seen")
    make_post("By somebody", bylines=[make_person("Gail Guest", "guest")], tags=[seen])
    return "/experts/seen"


def month() -> str:
    make_post("Seen this month")
    return "/archive/2026/11"


def part_of_sitemap() -> str:
    from cms.site.queries.sitemap import PART

    return f"/sitemaps/posts-{make_post('In the sitemap').id // PART}.xml"


def outgoing() -> str:
    return f"/desk/posts/{make_post('Not out', publish=False).id}/outgoing"


ROWS = {
    "site.list_experts GET": everyone("/experts"),
    "site.list_experts_on GET": everyone(experts),
    "site.list_corrections GET": everyone("/corrections"),
    "site.preview_post GET": only(
        "editor",
        "manager",
        "admin",
        at=lambda: f"/desk/posts/{make_post('Not out', publish=False).id}/preview",
    ),
    "site.show_outgoing GET": only("editor", "manager", "admin", at=outgoing),
    "site.publish_outgoing POST": only("editor", "manager", "admin", at=outgoing),
    "site.mail_outgoing POST": only("editor", "manager", "admin", at=lambda: outgoing() + "/mail"),
    "site.preview_unsaved POST": each(
        visitor=SIGN_IN,
        member=HIDDEN,
        expert=GOES,
        author=GOES,
        editor=GOES,
        manager=GOES,
        admin=GOES,
        at="/desk/posts/preview",
    ),
    "site.preview_typed POST": only(
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
    "site.show_sized_icon GET": everyone("/icon-32.png"),
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
    ROWS[f"site.circle_feed_{_file} GET"] = everyone(lambda name=_name: circles.at(name))
    ROWS[f"site.own_circle_feed_{_file} GET"] = everyone(
        lambda name=_name: circles.link("feed").replace("/hours.ics", name)
    )
    ROWS[f"site.tag_feed_{_file} GET"] = everyone(lambda name=_name: tag(name))
    ROWS[f"site.person_feed_{_file} GET"] = everyone(lambda name=_name: somebody(name))

WRITES = {"site.search": "a search is counted, after the answer has gone out, and without who made it"}


ARRANGERS = ("editor", "manager", "admin")
ROWS |= {
    "site.show_settings GET": only(*ARRANGERS, at="/desk/site"),
    "site.save_settings POST": only(*ARRANGERS, at="/desk/site"),
    "site.show_arrangement GET": only(*ARRANGERS, at="/desk/home"),
    "site.save_home POST": only(*ARRANGERS, at="/desk/home"),
    "site.preview_home POST": only(*ARRANGERS, at="/desk/home/preview"),
    "site.show_colours GET": only(*ARRANGERS, at="/desk/site/colours?accent=%23aa3311"),
    "site.show_menus GET": only(*ARRANGERS, at="/desk/site/menus"),
    "site.save_menus POST": only(*ARRANGERS, at="/desk/site/menus"),
    "site.show_feed_settings GET": only(*ARRANGERS, at="/desk/site/feeds"),
    "site.save_feed_settings POST": only(*ARRANGERS, at="/desk/site/feeds"),
    "site.show_all_settings GET": staff("/desk/settings"),
    "site.show_searches GET": only(*ARRANGERS, at="/desk/search"),
}

ROWS |= {
    f"site.{name}_{file} GET": everyone(lambda at=at, file=file: f"{at()}/{file.replace('_', '.')}")
    for file in FILES
    for name, at in {
        "post_comments": lambda: f"/posts/{make_post().slug}/comments",
        "note_comments": lambda: f"/notes/{make_note().id}/comments",
        "comments": lambda: "/comments",
    }.items()
}
