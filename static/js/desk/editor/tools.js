// The bar above the text: one stop for Tab, arrow keys from tool to tool, and what each tool does.
import { redo, undo } from "@codemirror/commands"
import { openSearchPanel } from "@codemirror/search"
import { bullets, heading, numbers, quote, tasks } from "./blocks.js"
import { askEmbed, askLink, askTable } from "./asking.js"
import { toggleFull } from "./full.js"
import { toggleInline } from "./inline.js"
import { callout, codeblock, divider, foldout, footnote, pullquote } from "./insert.js"
import { startMenus } from "./menus.js"

const isMac = /Mac|iPhone|iPad/.test(navigator.platform)

export function startTools(view, source, place) {
  if (!place.tools) return
  const menus = startMenus(place)
  const acts = actsOf(view, source, place, menus)
  const act = (name) => {
    const [kind, detail] = name.split(":")
    menus.closeAll()
    acts[kind]?.(view, detail)
  }
  place.around.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do
    if (name) act(name)
  })
  place.around.addEventListener("keydown", (event) => shortcut(event, act, place))
  document.addEventListener("keydown", (event) => everywhere(event, act, source))
  rove(place.tools)
  for (const one of place.around.querySelectorAll("[data-keys]")) nameKeys(one)
  for (const one of place.around.querySelectorAll("[data-keys-shown]")) one.textContent = shown(one.textContent)
}

function actsOf(view, source, place, menus) {
  const back = (command) => () => {
    command(view)
    view.focus()
  }
  return {
    bold: back(toggleInline("bold")),
    italic: back(toggleInline("italic")),
    strike: back(toggleInline("strike")),
    mark: back(toggleInline("mark")),
    code: back(toggleInline("code")),
    h2: back(heading(2)),
    h3: back(heading(3)),
    h4: back(heading(4)),
    bullets: back(bullets),
    numbers: back(numbers),
    tasks: back(tasks),
    quote: back(quote),
    pullquote: pullquote(place),
    codeblock,
    footnote,
    divider,
    foldout: foldout(place),
    callout: (_view, kind) => callout(place, kind)(view),
    undo: back(undo),
    redo: back(redo),
    find: () => openSearchPanel(view),
    full: () => toggleFull(view),
    plus: () => menus.open("plus"),
    help: () => menus.open("help"),
    link: () => askLink(view, menus, place),
    table: () => askTable(view, menus, place),
    embed: () => askEmbed(view, menus),
    picture: () => place.around.querySelector("[data-editor-files]")?.click(),
  }
}

// Shortcuts that are not about characters; those are in keys.js.
function shortcut(event, act, place) {
  const mod = isMac ? event.metaKey : event.ctrlKey
  const done = (run) => {
    event.preventDefault()
    event.stopPropagation()
    run()
  }
  if (mod && !event.shiftKey && !event.altKey && event.key === "k") done(() => act("link"))
  else if (mod && event.altKey && event.code === "KeyF") done(() => act("full"))
  else if (event.altKey && event.key === "F10") done(() => place.tools.querySelector('[tabindex="0"]')?.focus())
}

// Saving works from everywhere on the page; the sheet of keys opens where no words are typed.
function everywhere(event, act, source) {
  if (event.defaultPrevented || event.isComposing) return
  const mod = isMac ? event.metaKey : event.ctrlKey
  if (mod && !event.shiftKey && !event.altKey && event.key === "s") {
    const save = source.form?.querySelector("[data-save]")
    if (!save) return
    event.preventDefault()
    source.form.requestSubmit(save)
  } else if (event.key === "?" && !event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) {
    event.preventDefault()
    act("help")
  }
}

function rove(tools) {
  const all = () => [...tools.querySelectorAll(".tool")].filter((one) => one.offsetParent !== null)
  all()[0].tabIndex = 0
  const go = (tool) => {
    for (const one of all()) one.tabIndex = one === tool ? 0 : -1
    tool.focus()
  }
  tools.addEventListener("focusin", (event) => {
    if (!event.target.matches(".tool")) return
    for (const one of all()) one.tabIndex = one === event.target ? 0 : -1
  })
  tools.addEventListener("keydown", (event) => {
    const list = all()
    const here = list.indexOf(document.activeElement)
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: list.length - 1 }[event.key]
    if (to === undefined || here < 0) return
    event.preventDefault()
    go(list[(to + list.length) % list.length])
  })
}

function nameKeys(tool) {
  const keys = tool.dataset.keys
  if (tool.title) tool.title = tool.title.replace(keys, shown(keys))
  const spelled = tool.querySelector(".menu__keys")
  if (spelled) spelled.textContent = shown(keys)
}

function shown(keys) {
  const names = isMac ? { "Mod+": "⌘", "Shift+": "⇧", "Alt+": "⌥" } : { "Mod+": "Ctrl+" }
  return Object.entries(names).reduce((text, [name, sign]) => text.replaceAll(name, sign), keys)
}
