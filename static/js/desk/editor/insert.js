// Things that stand on lines of their own: put after the line of the cursor, with an empty line on either side.
import { say } from "./words.js"

// `{chosen}` marks what is selected afterwards; words that were chosen before take its place.
export function insertBlock(view, text, chosen = "") {
  const { state } = view
  const range = state.selection.main
  const words = state.sliceDoc(range.from, range.to).trim() || chosen
  const [head, tail = ""] = text.split("{chosen}")
  const line = state.doc.lineAt(range.to)
  const isOnEmptyLine = range.empty && !line.text.trim()
  const from = range.empty ? (isOnEmptyLine ? line.from : line.to) : range.from
  const to = range.empty ? (isOnEmptyLine ? line.to : line.to) : range.to
  const before = gapBefore(state.sliceDoc(Math.max(0, from - 2), from))
  const after = gapAfter(state.sliceDoc(to, to + 2))
  const start = from + before.length + head.length
  view.dispatch({
    changes: { from, to, insert: before + head + words + tail + after },
    selection: { anchor: start, head: start + words.length },
    scrollIntoView: true,
    userEvent: "input",
  })
  view.focus()
  return true
}

function gapBefore(text) {
  if (text === "" || text.endsWith("\n\n") || text === "\n") return ""
  return text.endsWith("\n") ? "\n" : "\n\n"
}

function gapAfter(text) {
  if (text.startsWith("\n\n")) return ""
  return text.startsWith("\n") ? "\n" : "\n\n"
}

export const divider = (view) => insertBlock(view, "---\n\n{chosen}")
export const pullquote = (place) => (view) => insertBlock(view, "/// pullquote\n{chosen}\n///", say(place, "text"))
export const codeblock = (view) => insertBlock(view, "```\n{chosen}\n```")
export const foldout = (place) => (view) =>
  insertBlock(view, `/// details | ${say(place, "foldout")}\n{chosen}\n///`, say(place, "text"))
export const callout = (place, kind) => (view) =>
  insertBlock(view, `/// ${kind} | ${say(place, kind)}\n{chosen}\n///`, say(place, "text"))

// A mark where the cursor is, its text at the end, and the cursor there.
export function footnote(view) {
  const { state } = view
  const text = state.doc.toString()
  const used = new Set([...text.matchAll(/\[\^(\d+)\]/g)].map((found) => Number(found[1])))
  let number = 1
  while (used.has(number)) number++
  const at = state.selection.main.to
  const end = state.doc.length
  const gap = /\n\n$/.test(text) || /\[\^[^\]]+\]:[^\n]*\n$/.test(text) ? "" : text.endsWith("\n") ? "\n" : "\n\n"
  const changes = [{ from: at, insert: `[^${number}]` }, { from: end, insert: `${gap}[^${number}]: ` }]
  const spec = state.changes(changes)
  view.dispatch({ changes: spec, selection: { anchor: spec.newLength }, scrollIntoView: true, userEvent: "input" })
  view.focus()
  return true
}

export function table(view, place, columns, rows) {
  const names = Array.from({ length: columns }, (_none, at) => say(place, "column", { number: at + 1 }))
  const row = (cells) => `| ${cells.join(" | ")} |`
  const empty = row(names.map((name) => " ".repeat(name.length)))
  const [first, ...others] = names
  const body = Array.from({ length: rows }, () => empty)
  return insertBlock(
    view,
    [`| {chosen} ${others.map((name) => `| ${name} `).join("")}|`, row(names.map(() => "---")), ...body].join("\n"),
    first,
  )
}

export function link(view, address, words, fallback) {
  const { from, to } = view.state.selection.main
  const shown = words || view.state.sliceDoc(from, to) || fallback
  const insert = linkTo(address, shown.replace(/([\[\]])/g, "\\$1"))
  view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input" })
  view.focus()
  return true
}

// Brackets and spaces would end the address early.
export function linkTo(address, words) {
  const coded = (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`
  return `[${words}](${address.replace(/[ <>()]/g, coded)})`
}
