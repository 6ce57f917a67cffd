"""Groups in Feishu and Lark, through a custom robot."""
