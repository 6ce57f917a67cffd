// Headings, lists and quotes are signs at the beginning of lines.
const HEADING = /^#{1,6}\s+/
const LISTED = /^(\s*)(?:[-*+]\s+\[[ xX]\]\s+|[-*+]\s+|\d+[.)]\s+)/
const QUOTED = /^>\s?/

export function heading(level) {
  const sign = `${"#".repeat(level)} `
  return eachLine((text, _number, all) => {
    const bare = text.replace(HEADING, "")
    return all.every((line) => line.startsWith(sign)) ? bare : sign + bare
  })
}

export const bullets = listed(() => "- ", /^\s*[-*+]\s+(?!\[[ xX]\])/)
export const numbers = listed((number) => `${number + 1}. `, /^\s*\d+[.)]\s+/)
export const tasks = listed(() => "- [ ] ", /^\s*[-*+]\s+\[[ xX]\]\s+/)

export const quote = eachLine((text, _number, all) =>
  all.every((line) => QUOTED.test(line)) ? text.replace(QUOTED, "") : `> ${text}`,
)

function listed(sign, known) {
  return eachLine((text, number, all) => {
    const indent = /^\s*/.exec(text)[0]
    const bare = text.replace(LISTED, "$1").slice(indent.length)
    return all.every((line) => known.test(line)) ? indent + bare : indent + sign(number) + bare
  })
}

// Empty lines between chosen lines stay as they are; one empty line alone is changed.
function eachLine(change) {
  return (view) => {
    const { state } = view
    const { from, to } = state.selection.main
    const lines = []
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at)
      lines.push(line)
      at = line.to + 1
    }
    const meant = lines.length > 1 ? lines.filter((line) => line.text.trim()) : lines
    const texts = meant.map((line) => line.text)
    const changes = meant.map((line, number) => differing(line, change(line.text, number, texts)))
    const spec = state.changes(changes)
    const selection = from === to ? { anchor: spec.mapPos(to, 1) } : undefined
    view.dispatch({ changes: spec, selection, scrollIntoView: true, userEvent: "input" })
    return true
  }
}

// Only the beginning of the line is touched, so the cursor stays beside its words.
function differing(line, text) {
  let same = 0
  while (same < line.text.length && same < text.length && line.text.at(-1 - same) === text.at(-1 - same)) same++
  return { from: line.from, to: line.to - same, insert: text.slice(0, text.length - same) }
}
