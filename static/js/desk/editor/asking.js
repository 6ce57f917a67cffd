// Small forms that ask for an address or a size before something is put into the text.
import { insertBlock, link, table } from "./insert.js"
import { say } from "./words.js"

export function askLink(view, menus, place) {
  const { from, to } = view.state.selection.main
  const chosen = view.state.sliceDoc(from, to)
  const isAddress = /^https?:\/\/\S+$/.test(chosen)
  ask(view, menus, "link", { address: isAddress ? chosen : "", words: isAddress ? "" : chosen }, ({ address, words }) =>
    link(view, complete(address), words, say(place, "link")),
  )
}

export function askTable(view, menus, place) {
  ask(view, menus, "table", {}, ({ columns, rows }) =>
    table(view, place, within(columns, 1, 12), within(rows, 1, 60)),
  )
}

export function askEmbed(view, menus) {
  ask(view, menus, "embed", { address: "" }, ({ address }) => insertBlock(view, `${complete(address)}\n\n{chosen}`))
}

function ask(view, menus, name, values, act) {
  const menu = menus.open(name)
  const fields = [...menu.querySelectorAll("[data-name]")]
  for (const one of fields) if (one.dataset.name in values) one.value = values[one.dataset.name]
  fields[0].select()
  const done = () => {
    const answers = Object.fromEntries(fields.map((one) => [one.dataset.name, one.value.trim()]))
    if ("address" in answers && !answers.address) return fields[0].focus()
    menus.closeAll()
    act(answers)
    view.focus()
  }
  menu.querySelector("[data-done]").onclick = done
  menu.onkeydown = (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input")) return
    event.preventDefault()
    done()
  }
}

function complete(address) {
  return /^([a-z][a-z+.-]*:|[/#?])/i.test(address) ? address : `https://${address}`
}

function within(text, least, most) {
  return Math.min(most, Math.max(least, Number.parseInt(text, 10) || least))
}
