"""Hours in which the site was read far more, or far less, than such hours usually are: found, explained, told once."""
