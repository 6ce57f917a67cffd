"""Carrying work outward and measuring it. Imports `cms`, never the other way round."""
