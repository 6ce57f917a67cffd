"""Small WordPress exports made for one test each."""

from pathlib import Path
from xml.sax.saxutils import escape

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old blog</title><link>https://old.example</link>
<language>en-GB</language><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
FOOT = "</channel></rss>"


def item(post_id: int = 1, body: str = "<p>Words.</p>", inside: str = "", **fields: str) -> str:
    """One `<item>`; keyword arguments replace its fields."""
    values = {
        "title": f"Post {post_id}",
        "link": f"https://old.example/2020/05/post-{post_id}/",
        "creator": "ana",
        "guid": f"https://old.example/?p={post_id}",
        "date": "2020-05-01 10:00:00",
        "date_gmt": "2020-05-01 08:00:00",
        "name": f"post-{post_id}",
        "status": "publish",
        "type": "post",
        "password": "",
        "excerpt": "",
        **fields,
    }
    text = {key: escape(value) for key, value in values.items()}
    return (
        f"<item><title>{text['title']}</title><link>{text['link']}</link>"
        f"<dc:creator>{text['creator']}</dc:creator><guid isPermaLink='false'>{text['guid']}</guid>"
        f"<content:encoded>{escape(body)}</content:encoded>"
        f"<excerpt:encoded>{text['excerpt']}</excerpt:encoded><wp:post_id>{post_id}</wp:post_id>"
        f"<wp:post_date>{text['date']}</wp:post_date><wp:post_date_gmt>{text['date_gmt']}</wp:post_date_gmt>"
        f"<wp:post_name>{text['name']}</wp:post_name><wp:status>{text['status']}</wp:status>"
        f"<wp:post_type>{text['type']}</wp:post_type><wp:post_password>{text['password']}</wp:post_password>"
        f"{inside}</item>"
    )


def comment(
    comment_id: int, parent: int = 0, kind: str = "", approved: str = "1", text: str = "Well said."
) -> str:
    """One `<wp:comment>`."""
    return (
        f"<wp:comment><wp:comment_id>{comment_id}</wp:comment_id><wp:comment_author>Rae</wp:comment_author>"
        f"<wp:comment_author_email>rae@example.com</wp:comment_author_email>"
        f"<wp:comment_date_gmt>2020-05-02 09:00:00</wp:comment_date_gmt>"
        f"<wp:comment_content>{escape(text)}</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent></wp:comment>"
    )


def attachment(post_id: int, path: str, parent: int = 0, alt: str = "") -> str:
    """An uploaded file at `path` under wp-content/uploads."""
    return item(
        post_id,
        "",
        f"<wp:post_parent>{parent}</wp:post_parent>"
        f"<wp:attachment_url>https://old.example/wp-content/uploads/{path}</wp:attachment_url>"
        f"<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>{escape(alt)}</wp:meta_value>"
        "</wp:postmeta>",
        type="attachment",
        status="inherit",
        title=f"File {post_id}",
        link=f"https://old.example/file-{post_id}/",
    )


def meta(key: str, value: str) -> str:
    """A `<wp:postmeta>`."""
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value>{escape(value)}</wp:meta_value></wp:postmeta>"


def term(name: str, slug: str, domain: str = "category") -> str:
    """A category, tag or format of an item."""
    return f'<category domain="{domain}" nicename="{slug}">{escape(name)}</category>'


def write_wxr(folder: Path, *parts: str, name: str = "export.xml") -> Path:
    """The file holding these items."""
    path = folder / name
    path.write_text(HEAD + "".join(parts) + FOOT, encoding="utf-8")
    return path
