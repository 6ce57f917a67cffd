// Footnotes beside the line that calls them, where there is room. The list at the end stays for everybody else.
export function startSidenotes() {
  const body = document.querySelector("[data-notes]")
  const calls = [...(body?.querySelectorAll("a.footnote-ref") ?? [])]
  const room = matchMedia("(min-width: 80rem)")
  if (!calls.length) return
  const notes = calls.map((call) => makeNote(body, call)).filter(Boolean)
  const place = () => room.matches && settle(body, notes)
  body.closest("article").classList.add("has-sidenotes")
  place()
  new ResizeObserver(place).observe(body)
}

function makeNote(body, call) {
  const source = document.getElementById(decodeURIComponent(call.hash.slice(1)))
  if (!source) return null
  const note = document.createElement("small")
  note.className = "sidenote"
  note.append(`${call.textContent} `, ...[...source.cloneNode(true).childNodes])
  note.querySelectorAll(".footnote-backref").forEach((link) => link.remove())
  note.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"))
  body.append(note)
  return { call, note }
}

function settle(body, notes) {
  const top = body.getBoundingClientRect().top
  let free = 0
  for (const { call, note } of notes) {
    const wanted = call.getBoundingClientRect().top - top - 4
    const at = Math.max(wanted, free)
    note.style.top = `${at}px`
    free = at + note.offsetHeight + 16
  }
}
