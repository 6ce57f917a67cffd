// Below a line with a picture of ours stands the picture; without an alternative text, a small form asks for one.
import { StateEffect, StateField } from "@codemirror/state"
import { Decoration, EditorView, WidgetType } from "@codemirror/view"
import { button } from "./upload.js"
import { say } from "./words.js"

const PICTURE = /^[ \t]*!\[((?:\\.|[^\]\\\n])*)\]\((\/media\/[^\s)]+)(?:[ \t]+"[^"\n]*")?\)[ \t]*$/gm
const decided = StateEffect.define()

class Shown extends WidgetType {
  constructor(src, asks, place) {
    super()
    Object.assign(this, { src, asks, place })
  }

  eq(other) {
    return other.src === this.src && other.asks === this.asks
  }

  toDOM(view) {
    const around = document.createElement("div")
    around.className = "shown"
    around.contentEditable = "false"
    const image = document.createElement("img")
    Object.assign(image, { src: this.src, alt: "", className: "shown__picture" })
    around.append(image)
    if (this.asks) around.append(asking(view, this.src, this.place))
    return around
  }

  ignoreEvent() {
    return true
  }
}

function asking(view, src, place) {
  const form = document.createElement("div")
  form.className = "shown__ask"
  const label = document.createElement("label")
  label.className = "field__label"
  label.textContent = say(place, "whatShows")
  const field = document.createElement("input")
  Object.assign(field, { type: "text", className: "field__input", maxLength: 1000, autocomplete: "off" })
  label.append(field)
  const keep = () => field.value.trim() && describe(view, src, field.value.trim())
  field.addEventListener("keydown", (event) => {
    event.stopPropagation()
    if (event.isComposing) return
    if (event.key === "Enter") {
      event.preventDefault()
      keep()
    } else if (event.key === "Escape") view.focus()
  })
  field.addEventListener("input", (event) => event.stopPropagation())
  const decorative = () => {
    view.dispatch({ effects: decided.of(src) })
    view.focus()
  }
  const acts = document.createElement("p")
  acts.className = "shown__acts"
  acts.append(button(say(place, "keep"), keep), button(say(place, "decorative"), decorative))
  form.append(label, acts)
  return form
}

function describe(view, src, words) {
  const text = view.state.doc.toString()
  const alt = words.replace(/[\r\n]+/g, " ").replace(/([\[\]\\])/g, "\\$1")
  const changes = [...text.matchAll(PICTURE)]
    .filter((found) => found[2] === src && !found[1].trim())
    .map((found) => {
      const from = found.index + found[0].indexOf("![") + 2
      return { from, to: from + found[1].length, insert: alt }
    })
  view.dispatch({ changes, userEvent: "input" })
  view.focus()
}

export function pictures(place) {
  return StateField.define({
    create: (state) => ({ fine: new Set(), shown: draw(state, new Set(), place) }),
    update(value, transaction) {
      const more = transaction.effects.filter((effect) => effect.is(decided)).map((effect) => effect.value)
      if (!transaction.docChanged && !more.length) return value
      const fine = more.length ? new Set([...value.fine, ...more]) : value.fine
      return { fine, shown: draw(transaction.state, fine, place) }
    },
    provide: (self) => EditorView.decorations.from(self, (value) => value.shown),
  })
}

function draw(state, fine, place) {
  const lines = [...state.doc.toString().matchAll(PICTURE)].map((found) => {
    const widget = new Shown(found[2], !found[1].trim() && !fine.has(found[2]), place)
    return Decoration.widget({ widget, block: true, side: 1 }).range(found.index + found[0].length)
  })
  return Decoration.set(lines)
}
