"""Letters to the recipients of an account (SMTP)."""
