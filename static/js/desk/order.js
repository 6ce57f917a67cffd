// Rows in an order: the numbers that a page without script shows become dragging, and two buttons for keyboard and touch.

for (const list of document.querySelectorAll("[data-order]")) {
  list.classList.add("order--live")
  const said = document.createElement("p")
  said.className = "visually-hidden"
  said.setAttribute("role", "status")
  list.after(said)
  let held = null

  const rows = () => [...list.querySelectorAll(":scope > [data-order-row]")]

  const number = () => {
    const all = rows()
    all.forEach((row, place) => {
      row.querySelector("[data-order-place]").value = place + 1
      row.querySelector("[data-order-up]").disabled = place === 0
      row.querySelector("[data-order-down]").disabled = place === all.length - 1
    })
  }

  const changed = (row) => {
    number()
    said.textContent = `${list.dataset.said}: ${rows().indexOf(row) + 1}`
    list.dispatchEvent(new Event("input", { bubbles: true }))
  }

  const tool = (row, name, sign, label, move) => {
    const button = document.createElement("button")
    button.type = "button"
    button.className = "order__tool"
    button.dataset[name] = ""
    button.textContent = sign
    button.setAttribute("aria-label", `${label}: ${row.querySelector("[data-order-place]").getAttribute("aria-label")}`)
    button.addEventListener("click", () => {
      move()
      changed(row)
      ;(button.disabled ? button.parentElement.querySelector(":enabled") : button)?.focus()
    })
    return button
  }

  for (const row of rows()) {
    const place = row.querySelector("[data-order-place]")
    place.tabIndex = -1
    place.setAttribute("aria-hidden", "true")
    const tools = document.createElement("span")
    tools.className = "order__tools"
    tools.append(
      tool(row, "orderUp", "↑", list.dataset.up, () => row.previousElementSibling?.before(row)),
      tool(row, "orderDown", "↓", list.dataset.down, () => row.nextElementSibling?.after(row)),
    )
    place.before(tools)
    row.draggable = true
    row.addEventListener("dragstart", (event) => {
      if (event.target !== row) return
      held = row
      row.classList.add("order__row--held")
      event.dataTransfer.effectAllowed = "move"
    })
    row.addEventListener("dragover", (event) => {
      if (!held || held === row) return
      event.preventDefault()
      const box = row.getBoundingClientRect()
      event.clientY < box.top + box.height / 2 ? row.before(held) : row.after(held)
    })
    row.addEventListener("drop", (event) => event.preventDefault())
    row.addEventListener("dragend", () => {
      row.classList.remove("order__row--held")
      held = null
      changed(row)
    })
  }
  number()
}
