// What our renderer knows beyond CommonMark and GitHub's tables, tasks and strikes: ==marked== words and /// blocks.
// CodeMirror's own `markdown()` would bring parsers for HTML, CSS and JavaScript: half of the bundle, and nothing we show.
import { commonmarkLanguage, deleteMarkupBackward, insertNewlineContinueMarkup } from "@codemirror/lang-markdown"
import { Language, LanguageSupport, syntaxHighlighting } from "@codemirror/language"
import { Prec } from "@codemirror/state"
import { keymap } from "@codemirror/view"
import { Tag, tagHighlighter, tags } from "@lezer/highlight"
import { GFM } from "@lezer/markdown"

const marked = Tag.define()
const fence = Tag.define()
const delimiter = { resolve: "Marked", mark: "MarkedMark" }

const mark = {
  defineNodes: [{ name: "Marked", style: marked }, { name: "MarkedMark", style: tags.processingInstruction }],
  parseInline: [
    {
      name: "Marked",
      parse(context, next, at) {
        if (next !== 61 || context.char(at + 1) !== 61 || context.char(at + 2) === 61) return -1
        const before = context.slice(at - 1, at)
        const after = context.slice(at + 2, at + 3)
        return context.addDelimiter(delimiter, at, at + 2, !/^\s|^$/.test(after), !/^\s|^$/.test(before))
      },
      after: "Emphasis",
    },
  ],
}

const block = {
  defineNodes: [{ name: "BlockFence", block: true, style: fence }],
  parseBlock: [
    {
      name: "BlockFence",
      parse(context, line) {
        if (!/^\/\/\/+( |$)/.test(line.text.slice(line.pos))) return false
        context.addElement(context.elt("BlockFence", context.lineStart, context.lineStart + line.text.length))
        context.nextLine()
        return true
      },
      endLeaf: (_context, line) => /^\/\/\/+( |$)/.test(line.text.slice(line.pos)),
    },
  ],
}

const looks = tagHighlighter([
  { tag: tags.heading1, class: "md-h2" },
  { tag: tags.heading2, class: "md-h2" },
  { tag: tags.heading3, class: "md-h3" },
  { tag: tags.heading4, class: "md-h4" },
  { tag: tags.heading5, class: "md-h4" },
  { tag: tags.heading6, class: "md-h4" },
  { tag: tags.strong, class: "md-strong" },
  { tag: tags.emphasis, class: "md-emphasis" },
  { tag: tags.strikethrough, class: "md-strike" },
  { tag: marked, class: "md-marked" },
  { tag: tags.monospace, class: "md-code" },
  { tag: tags.link, class: "md-link" },
  { tag: tags.url, class: "md-address" },
  { tag: tags.processingInstruction, class: "md-sign" },
  { tag: tags.contentSeparator, class: "md-sign" },
  { tag: tags.labelName, class: "md-sign" },
  { tag: fence, class: "md-fence" },
])

const language = new Language(
  commonmarkLanguage.data,
  commonmarkLanguage.parser.configure([GFM, mark, block]),
  [],
  "markdown",
)
const keys = [
  { key: "Enter", run: insertNewlineContinueMarkup },
  { key: "Backspace", run: deleteMarkupBackward },
]

export function dialect() {
  return [new LanguageSupport(language), Prec.high(keymap.of(keys)), syntaxHighlighting(looks)]
}
