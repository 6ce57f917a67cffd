// Tailoring: while one types, the server counts by the network's own rule and draws how it will look. What was typed and
// not saved survives a reload, as long as nobody saved another version meanwhile.
import { onElements, token } from "../shared.js"

const PAUSE = 250

onElements("[data-tailor]", (form) => {
  const version = form.querySelector("[name=version]").value
  const key = `parley-variant ${form.getAttribute("action")} ${version}`
  let timer
  let running

  const look = async () => {
    running?.abort()
    running = new AbortController()
    try {
      const answer = await fetch(form.dataset.tailor, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        body: new URLSearchParams(new FormData(form)),
        signal: running.signal,
      })
      if (!answer.ok) throw new Error(answer.statusText)
      show(form, await answer.json())
    } catch (error) {
      if (error.name !== "AbortError") for (const place of form.querySelectorAll("[data-count]")) place.textContent = form.dataset.failed
    }
  }

  form.addEventListener("input", () => {
    sessionStorage.setItem(key, JSON.stringify(written(form).map((one) => one.value)))
    clearTimeout(timer)
    timer = setTimeout(look, PAUSE)
  })
  form.addEventListener("submit", () => sessionStorage.removeItem(key))
  for (const text of form.querySelectorAll("[data-text]")) {
    const caret = text.closest("fieldset").querySelector("[data-caret]")
    const note = () => caret && (caret.value = points(text.value.slice(0, text.selectionStart)))
    for (const event of ["keyup", "click", "blur"]) text.addEventListener(event, note)
  }
  if (restore(form, sessionStorage.getItem(key))) look()
})

// The server counts in code points, and a browser in halves of some.
function points(text) {
  return [...text].length
}

// Title and summary where the network has them, and the texts, in the order of the page.
function written(form) {
  return [...form.querySelectorAll("[name=title], [name=summary], [data-text]")]
}

function restore(form, kept) {
  const texts = kept ? JSON.parse(kept) : []
  const fields = written(form)
  if (texts.length !== fields.length || fields.every((one, place) => one.value === texts[place])) return false
  fields.forEach((one, place) => {
    one.value = texts[place]
  })
  return true
}

function show(form, told) {
  const places = [...form.querySelectorAll("[data-count]")]
  told.counts.forEach((count, place) => {
    if (!places[place]) return
    places[place].textContent = count.words
    places[place].classList.toggle("count--near", count.state === "near")
    places[place].classList.toggle("count--over", count.state === "over")
  })
  const preview = document.querySelector("[data-preview]")
  if (preview) preview.innerHTML = told.html // our own page, from our own server
}
