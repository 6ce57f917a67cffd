"""What posts are about: sections that editors make, free tags, and the hot words drawn from them."""
