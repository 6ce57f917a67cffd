"""People from outside who take part by link, without an account: experts who write, partners and lawyers who agree."""
