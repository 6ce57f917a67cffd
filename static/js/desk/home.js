// The home page beside its arrangement: shown again half a second after the last change. And what a colour becomes.

const PAUSE = 500

const form = document.querySelector("[data-home-form]")
const button = document.querySelector("[data-home-preview]")

function later(act) {
  let waiting = 0
  return () => {
    clearTimeout(waiting)
    waiting = setTimeout(act, PAUSE)
  }
}

// A new frame each time, so that the way back of the browser does not lead through every preview.
function show() {
  const old = document.querySelector("iframe[name=home-preview]")
  const top = old.contentWindow?.scrollY ?? 0
  const fresh = old.cloneNode()
  fresh.addEventListener("load", () => fresh.contentWindow.scrollTo(0, top))
  old.replaceWith(fresh)
  form.requestSubmit(button)
}

if (form && button) {
  button.hidden = true
  form.addEventListener("input", later(show))
  show()
}

const shown = document.querySelector("[data-colours]")
const accent = document.querySelector("#accent")

if (shown && accent) {
  accent.addEventListener("input", later(async () => {
    const answer = await fetch(`${shown.dataset.colours}?accent=${encodeURIComponent(accent.value)}`).catch(() => null)
    if (!answer?.ok) return
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html")
    shown.replaceChildren(...parsed.body.childNodes)
  }))
}
