// Colours and type of a place, as the style sheet and the theme have them there. A token like `light-dark(…)` only
// becomes a colour where it is used, so one element asks for each in turn.
const TOKENS = ["chart-1", "chart-2", "chart-3", "chart-4", "chart-5", "chart-6", "text", "muted", "line", "line-strong", "surface", "raised"]

export function coloursOf(place) {
  const probe = document.createElement("i")
  probe.hidden = true
  place.append(probe)
  const found = { font: getComputedStyle(place).fontFamily }
  for (const token of TOKENS) {
    probe.style.color = `var(--${token})`
    found[token] = getComputedStyle(probe).color
  }
  probe.remove()
  return found
}
