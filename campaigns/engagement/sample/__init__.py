"""Who reads the sample site, and how: invented, seeded, and told in the lines that web processes write."""
