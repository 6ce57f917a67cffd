// The real page of what is typed, beside the text. Asked for when typing pauses, one request at a time; the page stays
// where it was scrolled to, because only its content is exchanged. No script runs in it.
import { say } from "./words.js"

const PAUSE = 400 // ms

export function startPreview(source, place) {
  const around = document.querySelector("[data-preview-room]")
  const url = source.dataset.editorPreview
  if (!around || !url) return
  const frame = around.querySelector("iframe")
  const state = around.querySelector("[data-preview-state]")
  const { form } = source
  let timer = 0
  let isAsking = false
  let isStale = true

  const ask = async () => {
    if (around.hidden || isAsking || !isStale) return
    isAsking = true
    isStale = false
    if (!frame.srcdoc) state.textContent = say(place, "previewBegins")
    try {
      const answer = await fetch(url, { method: "POST", body: fieldsOf(form), headers: { "X-CSRFToken": token() } })
      const text = await answer.text()
      if (answer.ok) show(frame, text)
      state.textContent = answer.ok ? "" : answer.status === 422 ? text : say(place, "previewFailed")
    } catch {
      isStale = true // the network is away; the next edit asks again
      state.textContent = say(place, "previewFailed")
      return
    } finally {
      isAsking = false
    }
    if (isStale) later()
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  }
  const changed = () => {
    isStale = true
    later()
  }
  form.addEventListener("input", changed)
  form.addEventListener("change", changed)
  new MutationObserver(ask).observe(around, { attributeFilter: ["hidden"] })
  ask()
}

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? ""
}

function fieldsOf(form) {
  const fields = new FormData(form)
  for (const [name, value] of [...fields]) if (typeof value !== "string") fields.delete(name)
  for (const name of ["csrf_token", "tab", "version"]) fields.delete(name)
  return fields
}

function show(frame, html) {
  const page = new DOMParser().parseFromString(html, "text/html")
  const inside = frame.contentDocument
  const main = inside?.querySelector("main")
  const next = page.querySelector("main")
  if (!main || !next || !frame.srcdoc) return begin(frame, page)
  main.replaceChildren(...inside.importNode(next, true).childNodes)
}

function begin(frame, page) {
  for (const script of page.querySelectorAll("script")) script.remove()
  const { theme } = document.documentElement.dataset
  if (theme) page.documentElement.dataset.theme = theme
  frame.addEventListener("load", () => stayHere(frame), { once: true })
  frame.srcdoc = `<!doctype html>${page.documentElement.outerHTML}`
}

// Links within the page work, others lead away from what is being written.
function stayHere(frame) {
  frame.contentDocument?.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]")
    if (!link) return
    event.preventDefault()
    const name = /#(.+)$/.exec(link.getAttribute("href"))?.[1]
    if (name) frame.contentDocument.getElementById(decodeURIComponent(name))?.scrollIntoView()
  })
}
