"""Sites that let no program post: Toutiao, Zhihu, Xiaohongshu, Medium and any other. A person does it by hand."""
