// Makes every `<textarea data-editor>` into the editor. `data-editor` is "markdown" or "html" (no formatting tools).
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands"
import { indentUnit } from "@codemirror/language"
import { search, searchKeymap } from "@codemirror/search"
import { EditorState } from "@codemirror/state"
import { dropCursor, EditorView, keymap, panels, placeholder } from "@codemirror/view"
import "./policy.js"
import { startCount } from "./count.js"
import { dialect } from "./dialect.js"
import { formattingKeys, tabKeys } from "./keys.js"
import { lineLooks } from "./lines.js"
import { startOutline } from "./outline.js"
import { startPreview } from "./preview.js"
import { pasting } from "./paste.js"
import { pictures } from "./pictures.js"
import { follow, writeThrough } from "./source.js"
import { startTools } from "./tools.js"
import { startChoosing, uploads } from "./upload.js"
import { room, searchPhrases } from "./words.js"

export function startEditors() {
  for (const source of document.querySelectorAll("textarea[data-editor]")) start(source)
}

function start(source) {
  const place = room(source)
  const view = new EditorView({ state: EditorState.create({ doc: source.value, extensions: extensions(source, place) }) })
  takeOver(source, view)
  follow(source, view)
  startTools(view, source, place)
  startCount(view, source)
  startOutline(view, source)
  startPreview(source, place)
  startChoosing(view, source, place)
  source.editor = view
}

function extensions(source, place) {
  const isMarkdown = source.dataset.editor !== "html"
  const bar = document.createElement("div")
  const around = document.createElement("div") // CodeMirror fixes the position of what it is given, so this one sticks
  around.className = "editor__search"
  around.append(bar)
  place.tools?.after(around)
  return [
    history(),
    dropCursor(),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of(described(source)),
    placeholder(source.placeholder),
    search({ top: true }),
    panels({ topContainer: bar }),
    EditorState.phrases.of(searchPhrases(place)),
    isMarkdown ? writing(source, place) : [],
    pasting(source, place),
    keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]),
    writeThrough(source),
    EditorState.readOnly.of(source.readOnly || source.disabled),
  ]
}

function writing(source, place) {
  return [
    dialect(),
    lineLooks,
    indentUnit.of("    "), // what our renderer takes for a list inside a list
    keymap.of(formattingKeys),
    keymap.of(tabKeys),
    pictures(place),
    uploads(source, place),
  ]
}

function described(source) {
  const label = source.labels?.[0]
  if (label && !label.id) label.id = `${source.id}-label`
  const about = source.getAttribute("aria-describedby")
  return {
    ...(label ? { "aria-labelledby": label.id } : {}),
    ...(about ? { "aria-describedby": about } : {}),
    ...(source.dataset.editorLanguage ? { lang: source.dataset.editorLanguage } : {}),
    "aria-multiline": "true",
    autocapitalize: "sentences",
    autocorrect: "on",
    spellcheck: "true",
  }
}

// The editor takes the place, the name and the id of the text area; links to a field with an error lead to it.
function takeOver(source, view) {
  const label = source.labels?.[0]
  const { id } = source
  const had = document.activeElement === source
  source.after(view.dom)
  source.hidden = true
  source.id = `${id}-source`
  view.contentDOM.id = id
  label?.addEventListener("click", () => view.focus())
  followLanguage(source, view)
  if (had) view.focus()
}

function followLanguage(source, view) {
  const chosen = source.form?.elements.language
  chosen?.addEventListener?.("change", () => view.contentDOM.setAttribute("lang", chosen.value))
}
