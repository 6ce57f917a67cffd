"""Groups in DingTalk, through a custom robot."""
