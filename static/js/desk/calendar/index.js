// The calendar: entries move to another day by pointer and by keys; the time of day and its zone stay. The server
// draws every state, so that what is shown is what is kept.
import { drag } from "./drag.js"
import { keys } from "./keys.js"
import { daysBetween, shifted, spoken } from "./dates.js"
import { toast } from "../toast.js"

let said = {}

export function startCalendar() {
  const calendar = document.querySelector("[data-calendar]")
  if (!calendar) return
  said = JSON.parse(calendar.dataset.said)
  drag({ drop, movable })
  keys({ drop, movable, say })
}

function movable(entry) {
  return Boolean(entry.dataset.move)
}

function say(name, words = {}) {
  return Object.entries(words).reduce((sentence, [key, word]) => sentence.replace(`{${key}}`, word), said[name])
}

// Bring an entry to a day. It is drawn there at once, and drawn again as the server has it.
async function drop(entry, cell) {
  const { key, move, wall, zone, day } = entry.dataset
  const count = daysBetween(day, cell.dataset.on)
  if (!count) return
  list(cell).append(entry)
  entry.setAttribute("aria-busy", "true")
  const later = shifted(wall, count)
  const answer = await send(move, later, zone)
  await redraw(key)
  if (!answer.ok) return toast(answer.message)
  toast(say("moved", { when: spoken(later) }), {
    label: said.undo,
    run: async () => {
      const undone = await send(move, wall, zone)
      await redraw(key)
      toast(undone.ok ? say("back", { when: spoken(wall) }) : undone.message)
    },
  })
}

function list(cell) {
  const there = cell.querySelector(".day__entries")
  if (there) return there
  const made = document.createElement("ul")
  made.className = "day__entries"
  cell.append(made)
  return made
}

async function send(url, wall, zone) {
  const token = document.querySelector('meta[name="csrf-token"]').content
  try {
    const answer = await fetch(url, {
      method: "POST",
      keepalive: true, // also when the page is left meanwhile
      headers: { Accept: "application/json", "X-CSRFToken": token },
      body: new URLSearchParams({ wall, zone }),
    })
    const told = await answer.json().catch(() => ({}))
    const sentences = (told.errors ?? []).map?.((one) => one.message) ?? []
    return { ok: answer.ok, message: told.message ?? (sentences.join(" ") || told.detail || said.failed) }
  } catch {
    return { ok: false, message: said.failed }
  }
}

async function redraw(key) {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } })
    if (!answer.ok) return
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-calendar]")
    if (fresh) document.querySelector("[data-calendar]").replaceWith(fresh)
  } catch {
    return // the sentence about the failed move says what to do
  }
  document.querySelector(`[data-key="${CSS.escape(key)}"] .entry__link`)?.focus()
}
