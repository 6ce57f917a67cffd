"""Accounts, sign-in, roles and permissions, guests, invitations, API tokens and the audit log."""
