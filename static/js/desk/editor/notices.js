// A sentence above the text, said politely, that stays until it is put away or the next one comes.
import { say } from "./words.js"

export function tell(place, sentence) {
  if (!place.notices) return
  place.notices.setAttribute("role", "status")
  const line = document.createElement("p")
  line.className = "editor__notice"
  line.textContent = sentence
  const close = document.createElement("button")
  close.type = "button"
  close.className = "editor__away"
  close.setAttribute("aria-label", say(place, "close"))
  close.textContent = "×"
  close.addEventListener("click", () => line.remove())
  line.append(close)
  place.notices.replaceChildren(line)
}
