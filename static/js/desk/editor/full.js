// Writing with nothing else on the screen. Escape leaves.
const root = document.documentElement

export function toggleFull(view) {
  const on = root.classList.toggle("is-full")
  for (const button of document.querySelectorAll('[data-do="full"]')) button.setAttribute("aria-pressed", String(on))
  if (on) document.addEventListener("keydown", leaveOnEscape)
  else document.removeEventListener("keydown", leaveOnEscape)
  view.requestMeasure()
  view.focus()
}

function leaveOnEscape(event) {
  if (event.key !== "Escape" || event.isComposing || event.defaultPrevented) return
  root.classList.remove("is-full")
  for (const button of document.querySelectorAll('[data-do="full"]')) button.setAttribute("aria-pressed", "false")
  document.removeEventListener("keydown", leaveOnEscape)
}
