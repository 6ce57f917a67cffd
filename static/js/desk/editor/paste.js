// What happens to a paste: files are uploaded, an address on chosen words links them, formatted text becomes Markdown,
// and what is too large is refused with a sentence instead of freezing the page.
import { EditorView } from "@codemirror/view"
import { toMarkdown } from "./clean.js"
import { linkTo } from "./insert.js"
import { tell } from "./notices.js"
import { uploadAll } from "./upload.js"
import { say } from "./words.js"

const LONGEST = 100_000 // characters of one post, as in cms/core/markup.py
const MOST = 5 // MB of one paste
const FORMATTED = /<(h[1-6]|strong|b|em|i|u|s|del|strike|a|ul|ol|table|img|blockquote|pre|hr)[\s>]|mso-list|font-weight|font-style|line-through/i

export function pasting(source, place) {
  const isMarkdown = source.dataset.editor !== "html"
  return EditorView.domEventHandlers({
    paste(event, view) {
      const data = event.clipboardData
      const text = data.getData("text/plain").replace(/\r\n?/g, "\n")
      const html = isMarkdown ? data.getData("text/html") : ""
      const files = [...data.files]
      const act =
        refused(text, html, place) ??
        uploaded(view, source, files, html, place) ??
        linked(view, text, isMarkdown) ??
        converted(html, text, view, place)
      if (act === undefined && fits(view, text)) return false
      event.preventDefault()
      if (act === undefined) tell(place, say(place, "tooLong"))
      else act()
      return true
    },
  })
}

function refused(text, html, place) {
  const size = (text.length + html.length) / 1_000_000
  if (size <= MOST) return undefined
  return () => tell(place, say(place, "tooLarge", { size: size.toFixed(1), most: MOST }))
}

// A copied picture comes with a piece of HTML around its address; a copied page or document has words.
function uploaded(view, source, files, html, place) {
  const url = source.dataset.editorUpload
  if (!files.length || !url || (html && hasWords(html))) return undefined
  return () => uploadAll(view, files, view.state.selection.main.head, place, url)
}

function hasWords(html) {
  return /\S/.test(html.replace(/<(style|script)[\s\S]*?<\/\1>|<!--[\s\S]*?-->|<[^>]*>|&nbsp;/gi, ""))
}

function linked(view, text, isMarkdown) {
  const { from, to, empty } = view.state.selection.main
  if (empty || !isMarkdown || !/^https?:\/\/[^\s<>]+$/.test(text.trim())) return undefined
  const words = view.state.sliceDoc(from, to)
  if (words.includes("\n") || /^https?:/.test(words)) return undefined
  const insert = linkTo(text.trim(), words)
  return () => view.dispatch({ changes: { from, to, insert }, selection: { anchor: from + insert.length }, userEvent: "input.paste" })
}

function converted(html, text, view, place) {
  if (!html || !FORMATTED.test(html)) return undefined
  const { markdown, pictures, isInvolved } = toMarkdown(html)
  return () => {
    const insert = isInvolved ? text : markdown
    if (!fits(view, insert)) return tell(place, say(place, "tooLong"))
    view.dispatch(view.state.replaceSelection(insert), { userEvent: "input.paste", scrollIntoView: true })
    if (isInvolved) tell(place, say(place, "plainInstead"))
    else if (pictures) tell(place, say(place, "dataPictures", { count: pictures }))
  }
}

function fits(view, text) {
  const { from, to } = view.state.selection.main
  return view.state.doc.length - (to - from) + text.length <= LONGEST
}
