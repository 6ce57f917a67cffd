// The text area below the editor stays what the form sends. The editor writes every change into it and says so with
// an `input` event; when another script writes into it and says so, the editor follows, and it goes to a place that one
// asks for (`editor:select`).
import { EditorView } from "@codemirror/view"

export function writeThrough(source) {
  return EditorView.updateListener.of((change) => {
    if (!change.docChanged) return
    source.value = change.state.doc.toString()
    source.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: { editor: true } }))
  })
}

export function follow(source, view) {
  source.addEventListener("editor:select", (event) => {
    event.preventDefault()
    const { from, to } = event.detail
    view.dispatch({ selection: { anchor: from, head: Math.min(to, view.state.doc.length) }, scrollIntoView: true })
    view.focus()
  })
  source.addEventListener("input", (event) => {
    if (!event.detail?.editor) replaceWhatDiffers(view, source.value.replace(/\r\n?/g, "\n"))
  })
}

// Only the part that differs is replaced, so that the cursor stays where it was.
function replaceWhatDiffers(view, text) {
  const now = view.state.doc.toString()
  if (now === text) return
  let from = 0
  while (from < now.length && now[from] === text[from]) from++
  let end = 0
  while (end < now.length - from && end < text.length - from && now.at(-1 - end) === text.at(-1 - end)) end++
  view.dispatch({ changes: { from, to: now.length - end, insert: text.slice(from, text.length - end) } })
}
