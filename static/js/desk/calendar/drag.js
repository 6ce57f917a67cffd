// Moving by pointer: the browser's own drag and drop, from one day's cell to another's. Listens on the document, because
// the calendar is drawn anew after each move.
export function drag({ drop, movable }) {
  let held = null

  document.addEventListener("pointerdown", (event) => {
    const entry = event.target.closest?.(".days .entry")
    if (entry) entry.draggable = movable(entry)
  })
  document.addEventListener("dragstart", (event) => {
    const entry = event.target.closest?.(".days .entry")
    if (!entry) return
    if (!movable(entry)) return event.preventDefault()
    held = entry
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", entry.dataset.key)
    entry.classList.add("entry--held")
  })
  document.addEventListener("dragover", (event) => {
    const cell = held && event.target.closest?.("[data-on]")
    mark(cell)
    if (!cell) return
    event.preventDefault()
    event.dataTransfer.dropEffect = "move"
  })
  document.addEventListener("drop", (event) => {
    const cell = held && event.target.closest?.("[data-on]")
    if (!cell) return
    event.preventDefault()
    drop(held, cell)
  })
  document.addEventListener("dragend", () => {
    held?.classList.remove("entry--held")
    held = null
    mark(null)
  })
}

function mark(cell) {
  for (const one of document.querySelectorAll(".day--target")) if (one !== cell) one.classList.remove("day--target")
  cell?.classList.add("day--target")
}
