// The line below the text says how long it is. It waits until typing pauses.
import { EditorView } from "@codemirror/view"
import { StateEffect } from "@codemirror/state"
import { measure, words } from "./measure.js"
import { room, say } from "./words.js"

export function startCount(view, source) {
  const output = source.form?.querySelector("[data-editor-count]")
  if (!output) return
  const place = room(source)
  const isMarkdown = source.dataset.editor !== "html"
  const show = () => {
    const text = view.state.doc.toString()
    output.textContent = spelled(measure(isMarkdown ? words(text) : text.replace(/<[^>]*>/g, " ")), place)
  }
  let timer = 0
  view.dispatch({
    effects: StateEffect.appendConfig.of(
      EditorView.updateListener.of((change) => {
        if (!change.docChanged) return
        clearTimeout(timer)
        timer = setTimeout(show, 250)
      }),
    ),
  })
  show()
}

// Mostly Latin: words and characters; mostly Han: characters are the words.
function spelled({ count, words: latin, han, characters, minutes }, place) {
  const number = new Intl.NumberFormat(document.documentElement.lang)
  const parts = [say(place, han > latin ? "han" : "words", { count: number.format(count) })]
  if (han <= latin) parts.push(say(place, "characters", { count: number.format(characters) }))
  parts.push(say(place, "minutes", { count: number.format(minutes) }))
  return parts.join(" · ")
}
