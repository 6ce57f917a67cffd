// What scripts of the desk share: the token of unsafe requests, JSON, dialogs, and elements that come later.

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? document.querySelector('input[name="csrf_token"]')?.value ?? ""
}

// Ask our own server; gives the JSON of the answer with its `status`, or `{ status: 0 }` when there is no network.
export async function askJSON(address, fields) {
  const options = { headers: { Accept: "application/json", "X-CSRFToken": token() } }
  if (fields) Object.assign(options, { method: "POST", body: new URLSearchParams(fields) })
  try {
    const answer = await fetch(address, options)
    return { ...(await answer.json()), status: answer.status }
  } catch {
    return { status: 0 }
  }
}

// Call `enliven(element)` once for each that there is, and for each that comes.
export function onElements(selector, enliven) {
  const seen = new WeakSet()
  const look = () => {
    for (const element of document.querySelectorAll(selector)) {
      if (seen.has(element)) continue
      seen.add(element)
      enliven(element)
    }
  }
  look()
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true })
}

// A dialog over the page. `body` is where things go; Escape and the button close it, and the focus goes back.
export function openSheet(title) {
  const sheet = document.createElement("dialog")
  sheet.className = "sheet"
  sheet.setAttribute("aria-label", title)
  const head = Object.assign(document.createElement("div"), { className: "sheet__head" })
  const words = Object.assign(document.createElement("h2"), { className: "sheet__title", textContent: title })
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button button--plain button--small", textContent: "✕" })
  close.setAttribute("aria-label", document.querySelector("[data-close]")?.dataset.close ?? "✕")
  const body = document.createElement("div")
  const before = document.activeElement
  head.append(words, close)
  sheet.append(head, body)
  close.addEventListener("click", () => sheet.close())
  sheet.addEventListener("close", () => {
    sheet.remove()
    before?.focus?.()
  })
  document.body.append(sheet)
  sheet.showModal()
  return { sheet, body, close: () => sheet.close() }
}
