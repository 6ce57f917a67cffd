// Writing a note: counted while it is typed, completed at an @, its link shown as a card, pictures dropped on it.
// The same form is a page, and a dialog that `n` opens anywhere on the desk. Without script it is a plain form.
import { upload } from "./upload.js"
import { onElements, openSheet, token } from "./shared.js"
import { completePeople } from "./note/people.js"
import { showCard } from "./note/card.js"

const KEPT = "parley-note"

onElements("[data-composer]", enliven)

document.addEventListener("keydown", (event) => {
  if (event.key !== "n" || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return
  const link = document.querySelector('a[href$="/desk/notes/new"]')
  if (!link || isTyping(event.target) || document.querySelector("dialog[open]")) return
  event.preventDefault()
  openComposer(link.href)
})

async function openComposer(address) {
  const answer = await fetch(`${address}?part=1`).catch(() => null)
  if (!answer?.ok) return location.assign(address)
  const sheet = openSheet(document.querySelector('a[href$="/desk/notes/new"]').textContent.trim())
  put(sheet.body, await answer.text())
}

function put(place, html) {
  place.innerHTML = html // our own page, from our own server
  ;(place.querySelector("[data-focus]") ?? place.querySelector("[data-first]"))?.focus()
}

function enliven(form) {
  const text = form.querySelector("[data-first]")
  form.classList.add("composer--alive")
  keep(form, text)
  count(form, text)
  completePeople(form, text)
  showCard(form, text)
  pictures(form)
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || event.isComposing) return
    event.preventDefault()
    form.requestSubmit(form.querySelector("[data-main]"))
  })
  form.addEventListener("submit", (event) => send(event, form))
}

// The words of a new note survive a reload and a closed dialog.
function keep(form, text) {
  if (form.dataset.composer !== "new") return
  if (!text.value) text.value = sessionStorage.getItem(KEPT) ?? ""
  text.addEventListener("input", () => sessionStorage.setItem(KEPT, text.value))
}

function count(form, text) {
  const place = form.querySelector("[data-count]")
  const most = Number(form.dataset.goodLength)
  const parts = new Intl.Segmenter(undefined, { granularity: "grapheme" })
  const show = () => {
    let left = most
    for (const _one of parts.segment(text.value.trim())) left -= 1
    place.textContent = left < 0 ? `${-left} ${form.dataset.over}` : left < most ? `${left} ${form.dataset.left}` : ""
    place.classList.toggle("composer__count--over", left < 0)
  }
  text.addEventListener("input", show)
  show()
}

function pictures(form) {
  const places = [...form.querySelectorAll("[data-picture]")]
  const said = form.querySelector("[data-said]")
  const number = (place) => place.querySelector('input[name$="-media_id"]')
  const free = () => places.find((place) => !number(place).value)
  const chooser = Object.assign(document.createElement("input"), { type: "file", accept: "image/*", multiple: true })

  const fill = (place, file) => {
    number(place).value = file?.id ?? ""
    place.querySelector('input[name$="-alt"]').value = file?.alt ?? ""
    const image = file && Object.assign(new Image(), { src: file.thumb ?? file.src, alt: "" })
    place.querySelector("[data-thumb]").replaceChildren(...(image ? [image] : []))
    place.classList.toggle("composer__picture--empty", !file)
  }
  const take = async (files) => {
    for (const file of files) {
      if (!free()) break
      said.textContent = `${file.name} …`
      const done = await upload(form.dataset.uploads, file, { onProgress: (share) => (said.textContent = `${file.name} ${Math.round(share * 100)} %`) })
      said.textContent = done.message ?? ""
      const place = free()
      if (!done.id || done.kind !== "image" || !place) continue
      fill(place, done)
      place.querySelector('input[name$="-alt"]').focus()
    }
  }

  form.querySelector("[data-add-picture]").addEventListener("click", () => chooser.click())
  chooser.addEventListener("change", () => take([...chooser.files]).then(() => (chooser.value = "")))
  form.addEventListener("picked", ({ detail }) => free() && fill(free(), detail))
  form.addEventListener("click", (event) => {
    const place = event.target.closest("[data-remove-picture]")?.closest("[data-picture]")
    if (place) fill(place, null)
  })
  form.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])].filter((file) => file.type.startsWith("image/"))
    if (files.length) event.preventDefault()
    take(files)
  })
  form.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return
    event.preventDefault()
    form.classList.add("composer--over")
  })
  form.addEventListener("dragleave", () => form.classList.remove("composer--over"))
  form.addEventListener("drop", (event) => {
    form.classList.remove("composer--over")
    if (!event.dataTransfer.files.length) return
    event.preventDefault()
    take([...event.dataTransfer.files])
  })
}

async function send(event, form) {
  if (!form.elements.part) return form.dataset.composer === "new" && sessionStorage.removeItem(KEPT)
  event.preventDefault()
  const said = form.querySelector("[data-said]")
  const body = new FormData(form, event.submitter) // first: a disabled button says nothing
  const buttons = [...form.querySelectorAll("button[name=act]")]
  for (const button of buttons) button.disabled = true
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": token() } }).catch(() => null)
  for (const button of buttons) button.disabled = false
  if (answer?.status === 201) return done(form, await answer.json())
  const html = answer && [409, 422].includes(answer.status) ? await answer.text() : ""
  if (html.includes("data-composer")) put(form.parentElement, html)
  else said.textContent = form.dataset.failed
}

function done(form, { message, url }) {
  sessionStorage.removeItem(KEPT)
  const link = Object.assign(document.createElement("a"), { href: url, textContent: message, className: "button" })
  const said = Object.assign(document.createElement("p"), { className: "composer__done", role: "status" })
  said.append(link)
  form.replaceWith(said)
  link.focus()
}

function isTyping(element) {
  return element.isContentEditable || element.closest?.("input, textarea, select, [contenteditable], .cm-editor")
}
