// Ctrl or ⌘ and K: go anywhere, find a post or a campaign by its name, begin something. An editable combobox with a list (ARIA), which
// leaves Enter and the arrow keys to an input method while it composes. Also P, which begins a post.
const WAIT = 120

export function startPalette() {
  const dialog = document.querySelector("[data-palette]")
  if (!dialog) return
  const input = dialog.querySelector("input")
  const list = dialog.querySelector("[role=listbox]")
  const said = dialog.querySelector("[data-found]")
  const places = readPlaces()
  let options = []
  let chosen = 0
  let asked = 0
  let timer

  const show = (found) => {
    options = found
    list.replaceChildren(...found.map((one, place) => drawn(one, place)))
    said.textContent = found.length ? "" : said.dataset.nothing
    choose(0)
  }
  const choose = (place) => {
    chosen = Math.max(0, Math.min(options.length - 1, place))
    ;[...list.children].forEach((one, number) => one.setAttribute("aria-selected", String(number === chosen)))
    const here = list.children[chosen]
    if (here) input.setAttribute("aria-activedescendant", here.id)
    else input.removeAttribute("aria-activedescendant")
    here?.scrollIntoView({ block: "nearest" })
  }
  const look = async () => {
    const words = input.value.trim()
    const near = places.filter((one) => one.label.toLowerCase().includes(words.toLowerCase()))
    show(near)
    const number = (asked += 1)
    if (!words) return
    const posts = await find(dialog.dataset.find, words)
    if (number === asked) show([...near, ...posts])
  }
  const open = () => {
    if (dialog.open) return
    input.value = ""
    dialog.showModal()
    look()
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat) return
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      if (event.target.closest?.(".cm-editor")) return // there it makes a link
      event.preventDefault()
      open()
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
      const link = event.key === "p" && document.querySelector('[data-new="post"]')
      if (!link) return
      event.preventDefault()
      link.click()
    }
  })
  for (const button of document.querySelectorAll("[data-open-palette]")) button.addEventListener("click", open)
  input.addEventListener("input", () => {
    clearTimeout(timer)
    timer = setTimeout(look, WAIT)
  })
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return
    if (event.key === "ArrowDown") choose((chosen + 1) % (options.length || 1))
    else if (event.key === "ArrowUp") choose((chosen - 1 + options.length) % (options.length || 1))
    else if (event.key === "Enter") options[chosen]?.go()
    else return
    event.preventDefault()
  })
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]")
    if (option) options[[...list.children].indexOf(option)].go()
  })
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close()
  })

  function drawn(one, place) {
    const option = document.createElement("li")
    option.id = `palette-${place}`
    option.className = "palette__option"
    option.setAttribute("role", "option")
    const words = document.createElement("span")
    words.textContent = one.label
    if (one.language) words.lang = one.language
    const kind = document.createElement("span")
    kind.className = "palette__kind"
    kind.textContent = one.kind
    option.append(words, kind)
    return option
  }

  function readPlaces() {
    const links = [...document.querySelectorAll("[data-new], .rail__nav .rail__place[href]")]
    return links.map((link) => ({
      label: link.dataset.label ?? link.textContent.trim(),
      kind: link.dataset.new ? dialog.dataset.act : dialog.dataset.place,
      go: () => {
        dialog.close()
        link.click()
      },
    }))
  }

  async function find(url, words) {
    try {
      const answer = await fetch(`${url}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } })
      if (!answer.ok) return []
      const { posts } = await answer.json()
      return posts.map((one) => ({
        label: one.title,
        language: one.language,
        kind: one.kind ?? dialog.dataset.post,
        go: () => location.assign(one.url),
      }))
    } catch {
      return [] // without a connection the places are still there
    }
  }
}

function isTyping(element) {
  return Boolean(element.closest?.("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]"))
}
