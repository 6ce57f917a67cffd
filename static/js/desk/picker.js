// Choosing a file from the library, or uploading one, in a dialog. Any button of the desk can open it:
//
//   <button type="button" data-pick="image" data-pick-into="#cover_number">…</button>
//
// `data-pick` is the kind wanted (image, audio, video, or empty). With `data-pick-into` the number goes into that field,
// which then says `input` and `change`. In any case the button says `picked` (it bubbles), with the file as `detail`:
// {id, kind, src, thumb, width, height, alt, filename, markdown}. Without script the number field is all there is.
import { upload } from "./upload.js"
import { askJSON, openSheet } from "./shared.js"

const CHOICES = "/desk/media/choices"
const UPLOADS = "/desk/media/uploads"

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-pick]")
  if (button) pick(button)
})

// Open the dialog; resolves with the file, or null when it was closed. `kind` as in `data-pick`.
export async function choose(kind = "", title = "") {
  const words = await askJSON("/desk/media/choices/words")
  const { sheet, body, close } = openSheet(title || words.title)
  return new Promise((resolve) => {
    let chosen = null
    sheet.addEventListener("close", () => resolve(chosen))
    fill(body, kind, words, (file) => {
      chosen = file
      close()
    })
  })
}

async function pick(button) {
  const file = await choose(button.dataset.pick, button.textContent.trim())
  if (!file) return
  const field = button.dataset.pickInto && document.querySelector(button.dataset.pickInto)
  if (field) {
    field.value = file.id
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }))
  }
  button.dispatchEvent(new CustomEvent("picked", { bubbles: true, detail: file }))
}

function fill(body, kind, words, take) {
  const search = Object.assign(document.createElement("input"), { type: "search", className: "field__input", placeholder: words.search })
  search.setAttribute("aria-label", words.search)
  const files = Object.assign(document.createElement("input"), { type: "file", className: "field__input", accept: kind ? `${kind}/*` : "" })
  files.setAttribute("aria-label", words.upload)
  const list = Object.assign(document.createElement("ul"), { className: "choices" })
  const said = Object.assign(document.createElement("p"), { className: "quiet" })
  said.setAttribute("aria-live", "polite")
  const more = Object.assign(document.createElement("button"), { type: "button", className: "button button--quiet button--small", textContent: words.more, hidden: true })
  const bar = Object.assign(document.createElement("div"), { className: "choices__bar" })
  bar.append(search, files)
  body.append(bar, said, list, more)

  let before = ""
  let asked = 0
  const load = async (isFresh) => {
    const mine = ++asked
    const query = new URLSearchParams({ kind, q: search.value, before: isFresh ? "" : before })
    const { items = [], next_before: next } = await askJSON(`${CHOICES}?${query}`)
    if (mine !== asked) return
    if (isFresh) list.replaceChildren()
    list.append(...items.map((file) => choice(file, take)))
    said.textContent = list.childElementCount ? "" : words.nothing
    before = next ?? ""
    more.hidden = !next
  }
  let timer = 0
  search.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(() => load(true), 200)
  })
  more.addEventListener("click", () => load(false))
  files.addEventListener("change", async () => {
    const file = files.files[0]
    if (!file) return
    const done = await upload(UPLOADS, file, { onProgress: (share) => (said.textContent = `${file.name} ${Math.round(share * 100)} %`) })
    if (!done.id) return (said.textContent = done.message)
    if (done.kind === "image" && !done.alt) askAlt(body, done, words, take)
    else take(done)
  })
  list.addEventListener("keydown", (event) => move(event, list))
  load(true)
  search.focus()
}

function choice(file, take) {
  const item = document.createElement("li")
  const button = Object.assign(document.createElement("button"), { type: "button", className: "choices__one", title: file.filename })
  if (file.thumb) button.append(Object.assign(new Image(), { src: file.thumb, alt: file.alt || file.filename, loading: "lazy" }))
  button.append(Object.assign(document.createElement("span"), { className: "choices__name", textContent: file.filename || `#${file.id}` }))
  button.addEventListener("click", () => take(file))
  item.append(button)
  return item
}

// A fresh picture is asked what it shows, before it goes anywhere.
function askAlt(body, file, words, take) {
  const form = Object.assign(document.createElement("form"), { className: "form" })
  const label = Object.assign(document.createElement("label"), { className: "field__label", textContent: words.alt })
  const alt = Object.assign(document.createElement("input"), { className: "field__input", name: "alt", maxLength: 1000 })
  const send = Object.assign(document.createElement("button"), { className: "button", textContent: words.use })
  label.append(alt)
  form.append(Object.assign(new Image(), { src: file.src, alt: "", className: "stage__picture" }), label, send)
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    if (alt.value.trim()) await askJSON(`/desk/media/${file.id}/description`, { alt: alt.value })
    take({ ...file, alt: alt.value.trim() })
  })
  body.replaceChildren(form)
  alt.focus()
}

function move(event, list) {
  const all = [...list.querySelectorAll("button")]
  const at = all.indexOf(document.activeElement)
  const columns = Math.max(1, all.findIndex((one, number) => number > 0 && one.offsetTop > all[0].offsetTop))
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key]
  if (!step || at < 0) return
  event.preventDefault()
  all[Math.min(all.length - 1, Math.max(0, at + step))].focus()
}
