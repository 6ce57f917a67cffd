// What the keys do. Tab moves within lists, tables and code and leaves the text everywhere else; Escape, then Tab, always leaves.
import { indentLess, indentMore } from "@codemirror/commands"
import { syntaxTree } from "@codemirror/language"
import { bullets, heading, numbers, quote } from "./blocks.js"
import { toggleInline } from "./inline.js"
import { footnote } from "./insert.js"
import { nextCell, previousCell } from "./cells.js"

export const formattingKeys = [
  { key: "Mod-b", run: toggleInline("bold") },
  { key: "Mod-i", run: toggleInline("italic") },
  { key: "Mod-e", run: toggleInline("code") },
  { key: "Mod-Shift-x", run: toggleInline("strike") },
  { key: "Mod-Shift-h", run: toggleInline("mark") },
  { key: "Mod-Alt-2", run: heading(2) },
  { key: "Mod-Alt-3", run: heading(3) },
  { key: "Mod-Alt-4", run: heading(4) },
  { key: "Mod-Shift-7", run: numbers },
  { key: "Mod-Shift-8", run: bullets },
  { key: "Mod-Shift-9", run: quote },
  { key: "Mod-Alt-n", run: footnote },
]

export const tabKeys = [
  { key: "Tab", run: (view) => nextCell(view) || (standsIn(view, /^(ListItem|FencedCode)$/) && indentMore(view)) },
  { key: "Shift-Tab", run: (view) => previousCell(view) || (standsIn(view, /^(ListItem|FencedCode)$/) && indentLess(view)) },
]

export function standsIn(view, names) {
  const { from, to } = view.state.selection.main
  const found = (at, side) => {
    for (let node = syntaxTree(view.state).resolveInner(at, side); node; node = node.parent) {
      if (names.test(node.name)) return true
    }
    return false
  }
  return found(from, -1) || found(to, 1)
}
