// Bold, italic and their like: signs around the chosen words, put there or taken away.
import { EditorSelection } from "@codemirror/state"

export const SIGNS = { bold: "**", italic: "*", strike: "~~", mark: "==", code: "`" }

export function toggleInline(name) {
  const sign = SIGNS[name]
  return (view) => {
    const change = view.state.changeByRange((range) => toggled(view.state, range, sign))
    view.dispatch(view.state.update(change, { scrollIntoView: true, userEvent: "input" }))
    return true
  }
}

function toggled(state, range, sign) {
  const { from, to } = trimmed(state, range)
  const inside = state.sliceDoc(from, to)
  const length = sign.length
  if (isSigned(inside, sign)) {
    const changes = [{ from, to: from + length }, { from: to - length, to }]
    return { changes, range: EditorSelection.range(from, to - 2 * length) }
  }
  if (standsBetween(state, from, to, sign)) {
    const changes = [{ from: from - length, to: from }, { from: to, to: to + length }]
    return { changes, range: EditorSelection.range(from - length, to - length) }
  }
  const changes = [{ from, insert: sign }, { from: to, insert: sign }]
  return { changes, range: EditorSelection.range(from + length, to + length) }
}

// Signs do not work beside spaces, so a choice loses those at its ends.
function trimmed(state, { from, to }) {
  const text = state.sliceDoc(from, to)
  if (!text.trim()) return { from, to: from === to ? to : from }
  return { from: from + text.length - text.trimStart().length, to: to - (text.length - text.trimEnd().length) }
}

function isSigned(text, sign) {
  const isLonger = sign === "*" && text.startsWith("**") && !text.startsWith("***")
  return text.length > 2 * sign.length && text.startsWith(sign) && text.endsWith(sign) && !isLonger
}

function standsBetween(state, from, to, sign) {
  const before = state.sliceDoc(Math.max(0, from - 3), from)
  const after = state.sliceDoc(to, to + 3)
  if (!before.endsWith(sign) || !after.startsWith(sign)) return false
  if (sign !== "*") return true
  return run(before.split("").reverse().join("")) % 2 === 1 && run(after) % 2 === 1
}

function run(text) {
  return /^\**/.exec(text)[0].length
}
