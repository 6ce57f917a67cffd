// Passages of the text under review: choose one to speak about, see where others spoke, go to the place.
const text = document.querySelector("[data-review-text]")
const box = document.querySelector("[data-passage]")
const AROUND = 60

/** The words of an element as they are quoted, and where each of its characters stands. */
function flatten(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const places = []
  let words = ""
  let block = null
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const own = node.parentElement.closest("p, li, h1, h2, h3, h4, h5, h6, td, th, dd, dt, figcaption, blockquote, div")
    if (own !== block && words && !words.endsWith(" ")) {
      words += " "
      places.push([node, 0])
    }
    block = own
    for (let at = 0; at < node.data.length; at += 1) {
      const one = /\s/.test(node.data[at]) ? " " : node.data[at]
      if (one === " " && (words === "" || words.endsWith(" "))) continue
      words += one
      places.push([node, at])
    }
  }
  return { words, places }
}

const flat = (words) => words.split(/\s+/).filter(Boolean).join(" ")

function common(one, other) {
  let count = 0
  while (count < one.length && count < other.length && one[count] === other[count]) count += 1
  return count
}

const backwards = (words) => [...words].reverse().join("")

/** Where a quote stands; of several places, the one that its surroundings fit best. */
function locate(root, { quote, prefix = "", suffix = "" }) {
  const { words, places } = flatten(root)
  const wanted = flat(quote)
  let best = null
  for (let at = words.indexOf(wanted); wanted && at >= 0; at = words.indexOf(wanted, at + 1)) {
    const before = words.slice(0, at).trimEnd()
    const after = words.slice(at + wanted.length).trimStart()
    const fit = common(backwards(before), backwards(prefix.trimEnd())) + common(after, suffix.trimStart())
    if (best === null || fit > best.fit) best = { at, fit }
  }
  if (best === null) return null
  const range = document.createRange()
  range.setStart(...places[best.at])
  const [node, offset] = places[best.at + wanted.length - 1]
  range.setEnd(node, offset + 1)
  return range
}

const meant = (link) => ({ quote: link.dataset.jump, prefix: link.dataset.prefix, suffix: link.dataset.suffix })

function mark(name, links) {
  if (!("highlights" in CSS)) return
  const ranges = [...links].map((link) => locate(text, meant(link))).filter(Boolean)
  CSS.highlights.set(name, new Highlight(...ranges))
}

function jump(event) {
  const link = event.target.closest("a[data-jump]")
  const range = link && locate(text, meant(link))
  if (!range) return
  event.preventDefault()
  range.startContainer.parentElement.scrollIntoView({ block: "center" })
  if ("highlights" in CSS) CSS.highlights.set("passage-here", new Highlight(range))
}

/** A button beside what is selected; it fills the form below in. */
function offer() {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button review-text__offer"
  button.textContent = box.dataset.label
  button.hidden = true
  document.body.append(button)
  let chosen = null
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection()
    const range = selection.rangeCount ? selection.getRangeAt(0) : null
    const isOurs = range && !range.collapsed && text.contains(range.commonAncestorContainer)
    chosen = isOurs && flat(selection.toString()) ? range.cloneRange() : null
    button.hidden = chosen === null
    if (chosen === null) return
    const place = chosen.getBoundingClientRect()
    button.style.insetBlockStart = `${place.bottom + window.scrollY + 8}px`
    button.style.insetInlineStart = `${Math.max(8, place.left + window.scrollX)}px`
  })
  button.addEventListener("pointerdown", (event) => event.preventDefault())
  button.addEventListener("click", () => {
    const quote = flat(chosen.toString())
    const before = document.createRange()
    before.setStart(text, 0)
    before.setEnd(chosen.startContainer, chosen.startOffset)
    const after = document.createRange()
    after.setStart(chosen.endContainer, chosen.endOffset)
    after.setEndAfter(text)
    const form = box.querySelector("form")
    form.elements.quote.value = quote
    form.elements.prefix.value = flat(before.toString()).slice(-AROUND)
    form.elements.suffix.value = flat(after.toString()).slice(0, AROUND)
    form.elements.suggestion.value = ""
    box.open = true
    button.hidden = true
    box.scrollIntoView({ block: "nearest" })
    form.elements.words.focus()
  })
}

if (text) {
  mark("passage-comment", document.querySelectorAll("a[data-passage-mark]"))
  mark("passage-claim", document.querySelectorAll("a[data-claim-mark]"))
  document.addEventListener("click", jump)
  if (box) offer()
}
