// In a table, Tab goes to the next cell, and from the last one to a new row.
import { syntaxTree } from "@codemirror/language"

export const nextCell = (view) => go(view, 1)
export const previousCell = (view) => go(view, -1)

function go(view, step) {
  const { state } = view
  const found = tableAround(state)
  if (!found) return false
  const cells = cellsOf(state, found)
  const at = state.selection.main.head
  const here = cells.findLastIndex((cell) => cell.from <= at)
  const target = cells[here + step]
  if (target) {
    view.dispatch({ selection: { anchor: target.text, head: target.end }, scrollIntoView: true })
    return true
  }
  return step > 0 && addRow(view, found, cells)
}

function tableAround(state) {
  const at = state.selection.main.head
  for (const side of [-1, 1]) {
    for (let node = syntaxTree(state).resolveInner(at, side); node; node = node.parent) {
      if (node.name === "Table") return { from: node.from, to: node.to }
    }
  }
  return null
}

// Each cell: where it begins, and where its words are. The line of dashes has none.
function cellsOf(state, { from, to }) {
  const cells = []
  for (let at = from; at <= to; ) {
    const line = state.doc.lineAt(at)
    if (!/^[\s|:-]*-[\s|:-]*$/.test(line.text)) cells.push(...cellsOfLine(line))
    at = line.to + 1
  }
  return cells
}

function cellsOfLine(line) {
  const signs = [...line.text.matchAll(/\\.|\|/g)].filter((found) => found[0] === "|").map((found) => found.index)
  const starts = line.text.trimStart().startsWith("|") ? signs : [-1, ...signs]
  return starts.slice(0, -1).map((at, number) => {
    const from = at + 1
    const inside = line.text.slice(from, starts[number + 1])
    const words = inside.trim()
    const text = line.from + from + (words ? inside.indexOf(words) : Math.min(1, inside.length))
    return { from: line.from + from, text, end: text + words.length, line: line.number }
  })
}

function addRow(view, { to }, cells) {
  const last = view.state.doc.lineAt(to)
  const count = cells.filter((cell) => cell.line === cells.at(-1).line).length
  const row = `\n|${"  |".repeat(count)}`
  view.dispatch({ changes: { from: last.to, insert: row }, selection: { anchor: last.to + 3 }, scrollIntoView: true })
  return true
}
