"""The sample site: an invented company, its people, two languages, and pictures and sounds made by code."""
