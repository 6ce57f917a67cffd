// Behind an @: who may be meant. Arrow keys choose, Enter or Tab takes, Escape leaves it as it is.
import { askJSON } from "../shared.js"

export function completePeople(form, text) {
  const list = Object.assign(document.createElement("ul"), { className: "suggested", id: "note-people", hidden: true })
  list.setAttribute("role", "listbox")
  text.after(list)
  text.setAttribute("aria-autocomplete", "list")
  text.setAttribute("aria-haspopup", "listbox")
  text.setAttribute("aria-controls", list.id)
  let at = 0
  let asked = 0

  const hide = () => {
    list.hidden = true
    text.removeAttribute("aria-activedescendant")
  }
  const mark = (next) => {
    const all = [...list.children]
    at = (next + all.length) % all.length
    all.forEach((one, number) => one.setAttribute("aria-selected", String(number === at)))
    text.setAttribute("aria-activedescendant", all[at].id)
  }
  const begun = () => /(?:^|[^A-Za-z0-9._%+/@-])@([\p{L}\p{N}_-]{1,30})$/u.exec(text.value.slice(0, text.selectionStart))?.[1]
  const take = (handle) => {
    const word = begun()
    if (word === undefined) return
    const end = text.selectionStart
    text.setRangeText(`${handle} `, end - word.length, end, "end")
    text.dispatchEvent(new Event("input", { bubbles: true }))
    hide()
  }

  text.addEventListener("input", async () => {
    const word = begun()
    const mine = ++asked
    if (!word) return hide()
    const { people = [] } = await askJSON(`${form.dataset.people}?q=${encodeURIComponent(word)}`)
    if (mine !== asked || begun() !== word) return
    if (!people.length) return hide()
    list.replaceChildren(...people.map((person, number) => option(person, number, take)))
    list.hidden = false
    mark(0)
  })
  text.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return
    if (event.key === "ArrowDown") mark(at + 1)
    else if (event.key === "ArrowUp") mark(at - 1)
    else if (event.key === "Escape") hide()
    else if ((event.key === "Enter" && !event.metaKey && !event.ctrlKey) || event.key === "Tab") take(list.children[at].dataset.handle)
    else return
    event.preventDefault()
    event.stopPropagation()
  })
  text.addEventListener("blur", hide)
}

function option({ handle, name }, number, take) {
  const one = Object.assign(document.createElement("li"), { className: "suggested__one", id: `note-person-${number}` })
  one.setAttribute("role", "option")
  one.dataset.handle = handle
  const words = Object.assign(document.createElement("span"), { textContent: name })
  const at = Object.assign(document.createElement("span"), { className: "suggested__handle", textContent: `@${handle}` })
  one.append(words, at)
  one.addEventListener("mousedown", (event) => {
    event.preventDefault() // the field keeps the focus
    take(handle)
  })
  return one
}
