// Small menus made of <details>: a click elsewhere or Escape closes them, and one opens at a time. Narrowing a list by a
// choice needs no further press.
export function startMenus() {
  const menus = () => document.querySelectorAll("details[data-menu][open]")

  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    for (const menu of menus()) {
      menu.open = false
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus()
    }
  })
  document.addEventListener("change", (event) => {
    const form = event.target.matches("select, [type=checkbox]") ? event.target.form : null
    if (form?.matches("[data-sent-by-choice]") && !event.target.closest("[data-menu]")) form.requestSubmit()
  })
}
