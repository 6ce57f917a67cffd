// Files dropped, pasted or chosen: each gets a line of its own in the text that says how far it is. That line is no
// part of the text until the file is there, so typing, undo and the kept draft never see half an upload.
import { StateEffect, StateField } from "@codemirror/state"
import { Decoration, EditorView, WidgetType } from "@codemirror/view"
import { token } from "./preview.js"
import { say } from "./words.js"

const began = StateEffect.define({ map: ({ at, ...rest }, change) => ({ ...rest, at: change.mapPos(at, 1) }) })
const ended = StateEffect.define()

class Waiting extends WidgetType {
  constructor(line) {
    super()
    this.line = line
  }

  eq(other) {
    return other.line === this.line
  }

  toDOM() {
    return this.line
  }

  ignoreEvent() {
    return true
  }
}

const waiting = StateField.define({
  create: () => Decoration.none,
  update(value, transaction) {
    let now = value.map(transaction.changes)
    for (const effect of transaction.effects) {
      if (effect.is(began)) {
        const widget = Decoration.widget({ widget: new Waiting(effect.value.line), block: true, side: 1 })
        now = now.update({ add: [widget.range(effect.value.at)] })
      }
      if (effect.is(ended)) now = now.update({ filter: (_from, _to, one) => one.spec.widget.line !== effect.value })
    }
    return now
  },
  provide: (field) => EditorView.decorations.from(field),
})

export function uploads(source, place) {
  const url = source.dataset.editorUpload
  if (!url) return []
  return [
    waiting,
    EditorView.domEventHandlers({
      drop(event, view) {
        const files = [...(event.dataTransfer?.files ?? [])]
        if (!files.length) return false
        event.preventDefault()
        uploadAll(view, files, view.posAtCoords(event) ?? view.state.selection.main.head, place, url)
        return true
      },
    }),
  ]
}

export function startChoosing(view, source, place) {
  const chooser = place.around.querySelector("[data-editor-files]")
  chooser?.addEventListener("change", (event) => {
    event.stopPropagation()
    uploadAll(view, [...chooser.files], view.state.selection.main.head, place, source.dataset.editorUpload)
    chooser.value = ""
  })
  chooser?.addEventListener("input", (event) => event.stopPropagation())
}

export function uploadAll(view, files, at, place, url) {
  const end = view.state.doc.lineAt(at).to
  for (const file of files) {
    const line = document.createElement("div")
    line.className = "uploading"
    view.dispatch({ effects: began.of({ at: end, line }) })
    send(view, file, line, place, url)
  }
}

function send(view, file, line, place, url) {
  const request = new XMLHttpRequest()
  const fields = new FormData()
  fields.append("file", file)
  const progress = drawProgress(line, file, place)
  request.upload.addEventListener("progress", (event) => event.lengthComputable && progress(event.loaded / event.total))
  request.addEventListener("load", () => {
    const answer = read(request)
    if (request.status < 300 && answer.markdown) finish(view, line, answer)
    else fail(view, file, line, place, url, answer.message ?? String(request.status))
  })
  request.addEventListener("error", () => fail(view, file, line, place, url, say(place, "notConnected")))
  request.open("POST", url)
  request.setRequestHeader("X-CSRFToken", token())
  request.setRequestHeader("Accept", "application/json")
  request.send(fields)
}

function read(request) {
  try {
    return JSON.parse(request.responseText)
  } catch {
    return {} // an error page of a proxy; the status says enough
  }
}

function drawProgress(line, file, place) {
  const words = document.createElement("span")
  const bar = document.createElement("progress")
  bar.max = 100
  bar.setAttribute("aria-label", file.name)
  line.replaceChildren(bar, words)
  const show = (part) => {
    bar.value = Math.round(part * 100)
    words.textContent = say(place, "uploading", { name: file.name, percent: `${bar.value} %` })
  }
  show(0)
  return show
}

// Words that are being composed must not be disturbed, so the picture waits for the end of the composition.
function finish(view, line, answer) {
  if (view.composing) {
    view.contentDOM.addEventListener("compositionend", () => setTimeout(() => finish(view, line, answer)), { once: true })
    return
  }
  const at = placeOf(view, line)
  const { doc } = view.state
  const here = doc.lineAt(at)
  const isEmpty = !here.text.trim()
  const next = here.number < doc.lines ? doc.line(here.number + 1).text : ""
  const insert = `${isEmpty ? "" : "\n\n"}${answer.markdown}${next.trim() || here.number === doc.lines ? "\n\n" : "\n"}`
  const from = isEmpty ? here.from : here.to
  const moves = view.state.selection.main.head === from && isEmpty
  view.dispatch({
    changes: { from, to: here.to, insert },
    effects: ended.of(line),
    selection: moves ? { anchor: from + insert.length } : undefined,
    userEvent: "input.upload",
  })
}

function fail(view, file, line, place, url, why) {
  const words = document.createElement("span")
  words.setAttribute("role", "alert")
  words.textContent = say(place, "uploadFailed", { name: file.name, why })
  const again = button(say(place, "tryAgain"), () => send(view, file, line, place, url))
  const discard = button(say(place, "discard"), () => {
    view.dispatch({ effects: ended.of(line) })
    view.focus()
  })
  line.replaceChildren(words, again, discard)
  view.requestMeasure()
}

export function button(words, act) {
  const made = document.createElement("button")
  made.type = "button"
  made.className = "button button--small button--quiet"
  made.textContent = words
  made.addEventListener("click", act)
  return made
}

function placeOf(view, line) {
  let found = view.state.doc.length
  view.state.field(waiting).between(0, view.state.doc.length, (from, _to, one) => {
    if (one.spec.widget.line === line) found = from
  })
  return found
}
