// Word and WPS write lists as paragraphs whose style says `mso-list:l0 level2 lfo1`, with the sign as text in front.
const ITEM = /mso-list:\s*l(\d+)\s+level(\d+)/i
const NUMBERED = /^[(（]?(\d+|[a-z]|[ivx]+|[一二三四五六七八九十]+)[.)、）．]/i

export function rebuildLists(body) {
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const level = levelOf(paragraph)
    if (!level || /^H\d$/.test(paragraph.tagName)) {
      takeSign(paragraph)
      continue
    }
    place(paragraph, level)
  }
}

// Google Docs puts a list beside the item it belongs to, and a paragraph into each item.
export function nestLists(body) {
  for (const list of body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) {
    const before = list.previousElementSibling
    if (before?.tagName === "LI") before.append(list)
  }
  for (const paragraph of body.querySelectorAll("li > p:only-of-type")) paragraph.replaceWith(...paragraph.childNodes)
}

function levelOf(paragraph) {
  return Number(ITEM.exec(paragraph.dataset.style ?? "")?.[2] ?? 0)
}

// A list grows when the paragraph before it was made into one.
function place(paragraph, level) {
  const sign = takeSign(paragraph)
  const name = NUMBERED.test(sign) ? "ol" : "ul"
  const document = paragraph.ownerDocument
  const item = document.createElement("li")
  item.append(...paragraph.childNodes)
  let list = previousList(paragraph, name, level)
  if (!list) {
    list = document.createElement(name)
    list.dataset.rebuilt = ""
    paragraph.before(list)
  }
  for (let depth = 1; depth < level; depth++) list = inner(list, name)
  list.append(item)
  paragraph.remove()
}

function previousList(paragraph, name, level) {
  const before = paragraph.previousElementSibling
  const isOurs = before?.matches("[data-rebuilt]")
  return isOurs && (level > 1 || before.tagName.toLowerCase() === name) ? before : null
}

function inner(list, name) {
  const last = list.lastElementChild ?? list.appendChild(list.ownerDocument.createElement("li"))
  const found = last.querySelector(":scope > ul, :scope > ol")
  return found ?? last.appendChild(list.ownerDocument.createElement(name))
}

function takeSign(paragraph) {
  const sign = [...paragraph.querySelectorAll("span")].find((one) => /mso-list:\s*ignore/i.test(one.dataset.style ?? ""))
  const text = sign?.textContent.trim() ?? ""
  sign?.remove()
  return text
}
