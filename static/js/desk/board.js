// The board: cards go to another lane by pointer or by keys (M, arrows, Enter), where that is an act. The act is an
// ordinary form, so that the answer says what was done, what was refused, and how to undo it.
import { toast } from "./toast.js"

export function startBoard() {
  const board = document.querySelector("[data-board]")
  const form = document.querySelector("[data-board-form]")
  if (!board || !form) return
  let held = null
  let lane = null

  const lanes = [...board.querySelectorAll("[data-lane]")]
  const acts = (card) => Object.fromEntries(card.dataset.acts.trim().split(" ").filter(Boolean).map((one) => one.split(":")))
  const mark = (target) => {
    for (const one of lanes) one.classList.toggle("lane--target", one === target)
  }
  const take = (card) => {
    held = card
    card.classList.add("ticket--held")
    const open = acts(card)
    for (const one of lanes) one.classList.toggle("lane--closed", !(one.dataset.lane in open))
  }
  const letGo = () => {
    held?.classList.remove("ticket--held")
    for (const one of lanes) one.classList.remove("lane--closed", "lane--target")
    held = lane = null
  }
  const drop = async (card, target) => {
    const act = acts(card)[target.dataset.lane]
    if (!act) return
    const wall = act === "schedule" ? await askWhen() : ""
    if (wall === null) return toast(board.dataset.left)
    form.elements.act.value = act
    form.elements.post_id.value = card.dataset.card
    form.elements.wall.value = wall
    form.submit()
  }

  for (const card of board.querySelectorAll("[data-card]")) card.draggable = Boolean(card.dataset.acts.trim())
  board.addEventListener("dragstart", (event) => {
    const card = event.target.closest("[data-card]")
    if (!card) return
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", card.dataset.card)
    take(card)
  })
  board.addEventListener("dragover", (event) => {
    const target = held && event.target.closest("[data-lane]")
    if (!target || !(target.dataset.lane in acts(held))) return mark(null)
    event.preventDefault()
    mark(target)
  })
  board.addEventListener("drop", (event) => {
    const target = held && event.target.closest("[data-lane]")
    if (!target) return
    event.preventDefault()
    const card = held
    letGo()
    drop(card, target)
  })
  board.addEventListener("dragend", letGo)

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest?.("[data-card]")
    if (!card || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target.closest("input")) return
    if (!held) {
      if (event.key.toLowerCase() !== "m" || !card.dataset.acts.trim()) return
      event.preventDefault()
      take(card)
      lane = lanes.indexOf(card.closest("[data-lane]"))
      return toast(board.dataset.moving.replace("{title}", card.querySelector(".ticket__title").textContent))
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step) {
      const open = acts(held)
      let next = lane + step
      while (lanes[next] && !(lanes[next].dataset.lane in open)) next += step
      if (lanes[next]) lane = next
      mark(lanes[lane])
      toast(lanes[lane].dataset.named)
    } else if (event.key === "Enter") {
      const [moved, target] = [held, lanes[lane]]
      letGo()
      drop(moved, target)
    } else if (event.key === "Escape") {
      letGo()
      toast(board.dataset.left)
    } else return
    event.preventDefault()
  })
}

// The time to publish at, or null when it was left.
function askWhen() {
  const dialog = document.querySelector("[data-board-ask]")
  dialog.returnValue = ""
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "plan" ? dialog.querySelector("input").value : null), { once: true })
  })
}
