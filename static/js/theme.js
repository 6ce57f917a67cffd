// Runs before the first paint so that a chosen theme never flashes. Everything else waits for site.js.
const root = document.documentElement
root.classList.add("js")
try {
  const chosen = localStorage.getItem("theme")
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen
} catch {
  // Storage may be closed to us; then the theme follows the device.
}
