"""Everything a reader without an account sees: home, posts, lists, search, feeds, sitemap."""
