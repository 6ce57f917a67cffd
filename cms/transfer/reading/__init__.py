"""The reading side of imports: one parser per format, all speaking the words of `vocabulary`. No database."""
