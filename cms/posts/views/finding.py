"""What the command palette asks for while somebody types: posts, and what rooms below offer."""

from flask import Response, jsonify, request, url_for

from cms.core.access import allowed
from cms.core.desk import found_elsewhere
from cms.posts import queries, rules
from cms.posts.queries import DeskFilter
from cms.posts.views import bp
from cms.posts.views.asked import me

FEW = 8


@bp.get("/desk/find")
@allowed(rules.can_enter_desk)
def find_posts() -> Response:
    """Posts that one may open and whose title holds these words, last edited first."""
    words = " ".join(request.args.get("q", "").split())[:100]
    posts = queries.desk_posts(DeskFilter(title=words), person=me(), limit=FEW) if words else []
    found = [
        {
            "title": post.latest.title or post.latest.beginning if post.latest else "",
            "url": url_for(".edit_post", post_id=post.id),
            "language": post.language,
        }
        for post in posts
    ]
    response = jsonify(posts=found + found_elsewhere(words, me(), limit=FEW))
    response.headers["Cache-Control"] = "private, no-store"
    return response
