"""What reached whom: campaigns compared with each other, honestly, and every figure opened down to its rows.

The way of a comparison: question (`forms`) → what the store, the plans and the networks know (`gathering`) → arithmetic
(`figures`, pure) → a `Comparison` (`shapes`), which page, API and exports all read. Sentences are made last (`wording`),
so that the same figures can be said in any language.
"""
