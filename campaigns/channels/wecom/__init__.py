"""Groups in WeCom (企业微信), through a group robot."""
