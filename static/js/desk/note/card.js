// The page that the text links first, as readers will see it; asked for when typing pauses, and quietly left out.
import { askJSON } from "../shared.js"

const PAUSE = 600
const PATIENCE = 25 // times the card is asked after

export function showCard(form, text) {
  const place = form.querySelector("[data-card]")
  const wanted = form.elements.with_card
  let address = /https?:\/\/[^\s<>]+/i.exec(text.value)?.[0]
  let timer = 0
  let asked = 0

  const look = async () => {
    const now = /https?:\/\/[^\s<>]+/i.exec(text.value)?.[0]
    if (now === address && place.childElementCount) return
    address = now
    const mine = ++asked
    place.replaceChildren()
    if (!now || !wanted.checked) return
    let card = await askJSON(form.dataset.cards, { text: now })
    for (let turn = 0; card.state === "waiting" && turn < PATIENCE && mine === asked; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 800))
      card = await askJSON(`${form.dataset.cards}/${card.id}`)
    }
    if (mine === asked && card.state === "ready") place.replaceChildren(row(card))
  }
  const row = (card) => {
    const all = Object.assign(document.createElement("div"), { className: "composer__card-row" })
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button button--plain button--small", textContent: "✕" })
    remove.setAttribute("aria-label", wanted.labels[0].textContent)
    remove.addEventListener("click", () => {
      wanted.checked = false
      place.replaceChildren()
      text.focus()
    })
    all.append(drawn(card), remove)
    return all
  }

  text.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(look, PAUSE)
  })
  wanted.addEventListener("change", () => {
    address = undefined
    look()
  })
  if (!place.childElementCount) {
    address = undefined
    look()
  }
}

function drawn(card) {
  const link = Object.assign(document.createElement("a"), { className: `link-card${card.picture ? " link-card--pictured" : ""}`, href: card.url, rel: "noopener nofollow", target: "_blank" })
  if (card.picture) {
    const frame = Object.assign(document.createElement("span"), { className: "link-card__picture" })
    frame.append(Object.assign(new Image(), { src: card.picture, alt: "" }))
    link.append(frame)
  }
  const words = Object.assign(document.createElement("span"), { className: "link-card__text" })
  for (const [name, said] of [["site", card.site], ["title", card.title], ["about", card.description]]) {
    if (said) words.append(Object.assign(document.createElement("span"), { className: `link-card__${name}`, textContent: said }))
  }
  link.append(words)
  return link
}
