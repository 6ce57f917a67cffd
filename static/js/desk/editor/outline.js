// The headings of the text, beside it; a click goes there.
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language"
import { StateEffect } from "@codemirror/state"
import { EditorView } from "@codemirror/view"
import { room, say } from "./words.js"

const PARSED_FOR = 50 // ms

export function startOutline(view, source) {
  const place = document.querySelector("[data-outline]")
  if (!place || source.dataset.editor === "html" || source.name !== "body") return
  let timer = 0
  const draw = () => {
    if (!place.hidden) place.replaceChildren(list(view, headings(view.state), say(room(source), "noHeadings")))
  }
  view.dispatch({
    effects: StateEffect.appendConfig.of(
      EditorView.updateListener.of((change) => {
        if (!change.docChanged) return
        clearTimeout(timer)
        timer = setTimeout(draw, 300)
      }),
    ),
  })
  new MutationObserver(draw).observe(place, { attributeFilter: ["hidden"] })
  draw()
}

function headings(state) {
  const found = []
  const tree = ensureSyntaxTree(state, state.doc.length, PARSED_FOR) ?? syntaxTree(state)
  tree.iterate({
    enter(node) {
      const level = /^(?:ATX|Setext)Heading(\d)$/.exec(node.name)?.[1]
      if (level) found.push({ level: Math.max(2, Number(level)), at: node.from, text: bare(state.sliceDoc(node.from, node.to)) })
      return !level
    },
  })
  return found
}

function bare(text) {
  return text.split("\n")[0].replace(/^#+\s*|\s*#+\s*$|[*_`~=]+/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
}

function list(view, found, nothing) {
  if (!found.length) {
    const said = document.createElement("p")
    said.className = "quiet"
    said.textContent = nothing
    return said
  }
  const all = document.createElement("ol")
  all.className = "text-outline__list"
  for (const heading of found) {
    const line = document.createElement("li")
    const button = document.createElement("button")
    button.type = "button"
    button.className = `text-outline__one text-outline__one--${Math.min(heading.level, 4)}`
    button.textContent = heading.text || "…"
    button.addEventListener("click", () => go(view, heading.at))
    line.append(button)
    all.append(line)
  }
  return all
}

function go(view, at) {
  document.querySelector('[data-view="text"]')?.click()
  view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "start", yMargin: 80 }) })
  view.focus()
}
