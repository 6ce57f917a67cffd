// What stands beside the text: details, publication, outline or the live preview. On a phone it stands in its place.
const KEPT = "desk.view"
const NARROW = matchMedia("(max-width: 75.99rem)")

export function startViews() {
  const bar = document.querySelector("[data-views]")
  const body = bar?.closest(".desk__body")
  if (!bar) return
  const buttons = [...bar.querySelectorAll("[data-view]")]
  const show = (name, { keep = true } = {}) => {
    const wanted = buttons.find((one) => one.dataset.view === name) ? name : "details"
    body.dataset.shown = wanted
    for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.view === wanted))
    for (const [part, selector] of [["outline", "[data-outline]"], ["preview", "[data-preview-room]"]]) {
      document.querySelector(selector).hidden = part !== wanted
    }
    if (keep) remember(wanted)
    bar.dispatchEvent(new CustomEvent("view", { bubbles: true, detail: wanted }))
  }
  bar.addEventListener("click", (event) => {
    const name = event.target.closest("[data-view]")?.dataset.view
    if (name) show(!NARROW.matches && body.dataset.shown === name ? "text" : name)
  })
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.code !== "KeyP") return
    event.preventDefault()
    show(body.dataset.shown === "preview" ? (NARROW.matches ? "text" : "details") : "preview")
  })
  showWhatIsWrong(body, show)
  const first = buttons.some((one) => one.dataset.view === "acts") ? "acts" : "details"
  show(NARROW.matches ? "text" : (remembered() ?? first), { keep: false })
}

// A link to a field with an error, or a field the browser complains about, brings its part into sight.
function showWhatIsWrong(body, show) {
  const reveal = (element) => {
    element?.closest("details")?.setAttribute("open", "")
    if (element?.closest(".details")) show("details", { keep: false })
    else if (NARROW.matches) show("text", { keep: false })
  }
  body.addEventListener("click", (event) => {
    const href = event.target.closest('a[href^="#"]')?.getAttribute("href")
    if (href) reveal(document.getElementById(decodeURIComponent(href.slice(1))))
  })
  body.addEventListener("invalid", (event) => reveal(event.target), true)
}

function remember(name) {
  try {
    localStorage.setItem(KEPT, name)
  } catch {
    // Without storage the choice lasts for this page.
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT)
  } catch {
    return null
  }
}
