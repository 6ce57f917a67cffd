"""Cards of the pages that notes link to: asked for once, kept as words and a picture of our own. Readers never load
anything from the other site."""
