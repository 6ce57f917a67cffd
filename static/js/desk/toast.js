// One sentence at the foot of the page, read aloud, with at most one act. It stays while it is pointed at or focused.
const STAYS = 8000
let timer

export function toast(sentence, act) {
  const place = shelf()
  clearTimeout(timer)
  place.replaceChildren()
  const words = document.createElement("span")
  words.textContent = sentence
  place.append(words)
  if (act) {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "toast__act"
    button.textContent = act.label
    button.addEventListener("click", () => {
      place.hidden = true
      act.run()
    })
    place.append(button)
  }
  place.hidden = false
  leaveLater(place)
}

function shelf() {
  const there = document.querySelector(".toast")
  if (there) return there
  const place = document.createElement("div")
  place.className = "toast"
  place.setAttribute("role", "status")
  place.addEventListener("pointerenter", () => clearTimeout(timer))
  place.addEventListener("focusin", () => clearTimeout(timer))
  place.addEventListener("pointerleave", () => leaveLater(place))
  place.addEventListener("focusout", () => leaveLater(place))
  document.body.append(place)
  return place
}

function leaveLater(place) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    place.hidden = true
  }, STAYS)
}
