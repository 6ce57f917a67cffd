// What the tools open: a list of more tools, small forms, and the sheet of keys. Escape closes, the tool has the focus again.
export function startMenus(place) {
  const all = [...place.around.querySelectorAll("[data-opened-by]")]
  const of = (name) => all.find((one) => one.dataset.openedBy === name)
  const tool = (name) => place.tools.querySelector(`[data-do="${name}"]`)
  let opener = null

  const close = (menu, { focus = false } = {}) => {
    if (menu.hidden || menu.matches("dialog")) return
    menu.hidden = true
    opener?.setAttribute("aria-expanded", "false")
    if (focus) opener?.focus()
  }
  const open = (name, by = name) => {
    const menu = of(name)
    if (menu.matches("dialog")) return menu.showModal()
    for (const one of all) close(one)
    opener = tool(by) ?? tool("plus")
    opener.setAttribute("aria-expanded", "true")
    menu.hidden = false
    putBelow(menu, opener)
    menu.querySelector("[role=menuitem], input")?.focus()
    return menu
  }

  for (const menu of all) {
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.stopPropagation()
        close(menu, { focus: true })
      }
      if (menu.getAttribute("role") === "menu") step(event, menu, close)
    })
    const leave = () => (menu.matches("dialog") ? menu.close() : close(menu, { focus: true }))
    menu.querySelector("[data-close]")?.addEventListener("click", leave)
  }
  document.addEventListener("pointerdown", (event) => {
    if (!event.target.closest("[data-opened-by], .tool")) for (const menu of all) close(menu)
  })
  return { open, of, closeAll: () => all.forEach((menu) => close(menu)) }
}

function putBelow(menu, opener) {
  const { left, bottom } = opener.getBoundingClientRect()
  menu.style.top = `${bottom + 6}px`
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - menu.offsetWidth - 8))}px`
  menu.style.maxHeight = `${Math.max(160, innerHeight - bottom - 16)}px`
}

function step(event, menu, close) {
  const items = [...menu.querySelectorAll("[role=menuitem]")]
  const here = items.indexOf(document.activeElement)
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key]
  if (to !== undefined) {
    event.preventDefault()
    items[(to + items.length) % items.length].focus()
  } else if (event.key === "Tab") {
    close(menu, { focus: true })
  }
}
