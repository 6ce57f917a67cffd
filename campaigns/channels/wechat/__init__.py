"""WeChat Official Accounts (微信公众号): drafts for a person to send, or articles where the account may publish."""
