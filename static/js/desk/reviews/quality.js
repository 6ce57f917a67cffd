// What to look at in the text that is being written: asked again when the writer pauses, one request at a time.
const PAUSE = 1500
const panel = document.querySelector("[data-quality]")
const form = document.getElementById("post-form")
const SENT = /^(kind|language|title|summary|body|cover|cover_number|cover_alt|files-\d+-(media_id|alt))$/

function typed() {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (SENT.test(name) && typeof value === "string") fields.append(name, value)
  return fields
}

function start() {
  const found = panel.querySelector("[data-quality-found]")
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? form.elements.csrf_token?.value ?? ""
  let timer = 0
  let isAsking = false
  let isStale = false

  async function ask() {
    if (isAsking) {
      isStale = true
      return
    }
    isAsking = true
    isStale = false
    try {
      const answer = await fetch(panel.dataset.quality, { method: "POST", body: typed(), headers: { "X-CSRFToken": token } })
      if (answer.ok || answer.status === 422) found.innerHTML = await answer.text()
    } catch {
      // No connection: what was found last stays, and the next pause asks again.
    }
    isAsking = false
    if (isStale) wait()
  }

  function wait() {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  }

  form.addEventListener("input", wait)
  form.addEventListener("change", wait)
  panel.addEventListener("click", jump)
  wait()
}

/** Go to the words in the field that holds them. */
function jump(event) {
  const link = event.target.closest("a[data-jump]")
  if (!link) return
  event.preventDefault()
  for (const name of ["title", "summary", "body"]) {
    const field = form.elements[name]
    const place = field && locate(field.value, link.dataset.jump)
    if (!place) continue
    const [from, to] = place
    const asked = new CustomEvent("editor:select", { bubbles: true, cancelable: true, detail: { from, to } })
    if (!field.dispatchEvent(asked)) return // the editor in its place went there
    field.focus()
    field.setSelectionRange(from, to)
    return
  }
}

/** Where words that a reader sees stand in Markdown: its marks, and the addresses of links, are passed over. */
function locate(source, words) {
  const wanted = words.replace(/[\s*_`~[\]]/g, "")
  const places = []
  let seen = ""
  for (let at = 0; at < source.length; at += 1) {
    const address = source[at] === "]" && source.slice(at).match(/^\]\([^)\s]*\)/)
    if (address) at += address[0].length - 1
    else if (!/[\s*_`~[\]]/.test(source[at])) {
      seen += source[at]
      places.push(at)
    }
  }
  const found = wanted ? seen.indexOf(wanted) : -1
  return found < 0 ? null : [places[found], places[found + wanted.length - 1] + 1]
}

if (panel && form) start()
