// Moving by keys: M takes the focused entry, arrows choose a day, Enter drops it, Escape leaves it. Without an entry in
// hand the arrow keys go from entry to entry, and T, [ and ] turn the pages.
import { addDays } from "./dates.js"
import { toast } from "../toast.js"

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }
const PAGES = { t: "today", "[": "before", "]": "after" }

export function keys({ drop, movable, say }) {
  let held = null
  let day = null

  const target = () => document.querySelector(`[data-on="${day}"]`)
  const letGo = () => {
    held?.classList.remove("entry--held")
    target()?.classList.remove("day--target")
    held = day = null
  }
  const take = (entry) => {
    if (!movable(entry)) return toast(say("fixed"))
    held = entry
    day = entry.dataset.day
    entry.classList.add("entry--held")
    target()?.classList.add("day--target")
    toast(say("moving", { title: entry.querySelector(".entry__title").textContent }))
  }
  const step = (count) => {
    const next = addDays(day, count)
    const cell = document.querySelector(`[data-on="${next}"]`)
    if (!cell) return
    target()?.classList.remove("day--target")
    day = next
    cell.classList.add("day--target")
    cell.scrollIntoView({ block: "nearest" })
    toast(cell.dataset.named)
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return
    if (held) {
      if (event.key in STEPS) step(STEPS[event.key])
      else if (event.key === "Enter") {
        const [entry, cell] = [held, target()]
        letGo()
        drop(entry, cell)
      } else if (event.key === "Escape") {
        letGo()
        toast(say("left"))
      } else return
      return event.preventDefault()
    }
    const entry = event.target.closest?.(".days .entry")
    if (entry && event.key.toLowerCase() === "m") {
      event.preventDefault()
      take(entry)
    } else if (event.key in PAGES) {
      document.querySelector(`[data-step="${PAGES[event.key]}"]`)?.click()
    }
  })
  document.addEventListener("focusout", (event) => {
    if (held && held.contains(event.target) && !held.contains(event.relatedTarget)) letGo()
  })
}

function isTyping(element) {
  return element.closest?.("input, textarea, select, [contenteditable]") !== null
}
