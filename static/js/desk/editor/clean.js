// Formatted text from Word, WPS, Google Docs or a page, as clean Markdown. It is parsed as a document of its own, in which
// no script runs and nothing is loaded; only what Markdown can say is taken over.
import { tables, strikethrough } from "@joplin/turndown-plugin-gfm"
import TurndownService from "turndown"
import { nestLists, rebuildLists } from "./lists.js"

const MOST_ELEMENTS = 20_000
const NEVER = "script, style, meta, link, title, object, embed, iframe, svg, math, template, noscript, form, input, button, select, textarea, xml"

export function toMarkdown(html) {
  const body = new DOMParser().parseFromString(lighter(html), "text/html").body
  if (body.getElementsByTagName("*").length > MOST_ELEMENTS) return { isInvolved: true }
  try {
    const pictures = tidy(body)
    const markdown = service().turndown(body)
    return { markdown: markdown.replace(/[ \t]+$/gm, "").replace(/\n{3,}/g, "\n\n"), pictures }
  } catch (problem) {
    if (!(problem instanceof RangeError)) throw problem
    return { isInvolved: true } // nested deeper than the stack
  }
}

// Style sheets and pictures inside the text are most of what a word processor sends; they go before anything is parsed.
// Handlers and styles of single elements would make the browser complain about our policy.
function lighter(html) {
  return html
    .replace(/<style\b[\s\S]*?<\/style>/gi, "")
    .replace(/<xml\b[\s\S]*?<\/xml>/gi, "")
    .replace(/<!--\[if [^\]]*mso[^\]]*\]>[\s\S]*?<!\[endif\]-->/gi, "")
    .replace(/<[a-z][^<>]*>/gi, quiet)
    .replace(/(src\s*=\s*["']?data:)[^"'\s>]*/gi, "$1")
}

// Inside a tag: no handlers, and `style` under another name.
function quiet(tag) {
  return tag
    .replace(/\son[a-z]+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
    .replace(/\sstyle(\s*=)/gi, " data-style$1")
}

function tidy(body) {
  for (const one of body.querySelectorAll(NEVER)) one.remove()
  for (const one of body.querySelectorAll("[data-style]")) dress(one)
  rebuildLists(body)
  nestLists(body)
  for (const one of [...body.querySelectorAll("*")]) if (one.tagName.includes(":")) one.replaceWith(...one.childNodes)
  footnotes(body)
  for (const one of body.querySelectorAll("a")) if (!isPlain(one.getAttribute("href"))) one.replaceWith(...one.childNodes)
  const pictures = dropPictures(body)
  headings(body)
  for (const one of body.querySelectorAll("table")) square(one)
  merge(body)
  spaces(body)
  return pictures
}

// What is said by style becomes an element: bold, italic, struck through; and <b style="font-weight:normal"> says nothing.
function dress(element) {
  const style = element.dataset.style.toLowerCase()
  if (/display:\s*none|mso-hide:\s*all/.test(style)) return element.remove()
  const says = [
    [/font-weight:\s*(bold|[6-9]00)/, "strong"],
    [/font-style:\s*italic/, "em"],
    [/text-decoration[^;]*line-through/, "del"],
  ]
  const isInline = /^(SPAN|FONT|A)$/.test(element.tagName)
  if (/font-weight:\s*(normal|[1-4]00)/.test(style) && /^(B|STRONG)$/.test(element.tagName)) {
    element.replaceWith(...element.childNodes)
  } else if (isInline && element.textContent.trim()) {
    for (const [pattern, name] of says) if (pattern.test(style)) wrap(element, name)
  }
}

function wrap(element, name) {
  const made = element.ownerDocument.createElement(name)
  made.append(...element.childNodes)
  element.append(made)
}

function isPlain(href) {
  return /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test((href ?? "").trim()) && !/[\u0000-\u0020\u007f]/.test(href.trim())
}

// Word's footnotes: links to #_ftn1 in the text, and their texts in div#ftn1 at the end.
function footnotes(body) {
  for (const link of body.querySelectorAll('a[href*="#_ftn"], a[href*="#_edn"]')) {
    const [, isBack, number] = /#_(?:ftn|edn)(ref)?(\d+)/.exec(link.getAttribute("href")) ?? []
    if (!number) continue
    const mark = body.ownerDocument.createElement("x-note")
    if (isBack) link.remove()
    else {
      mark.dataset.number = number
      mark.textContent = number
      link.replaceWith(mark)
    }
  }
  for (const text of body.querySelectorAll('div[id^="ftn"], div[id^="edn"]')) {
    const made = body.ownerDocument.createElement("x-note-text")
    made.dataset.number = /\d+/.exec(text.id)?.[0] ?? ""
    made.textContent = text.textContent.trim().replace(/\s+/g, " ")
    text.replaceWith(made)
  }
}

// Pictures of this site stay; all others are in nobody's library and are counted, so that the writer is told.
function dropPictures(body) {
  let count = 0
  for (const image of body.querySelectorAll("img, picture source")) {
    if (/^\/media\//.test(image.getAttribute("src") ?? "")) continue
    if (image.tagName === "IMG") count++
    image.remove()
  }
  return count
}

// The title of the page is its only first-level heading; in a heading, bold says nothing.
function headings(body) {
  const hasFirst = body.querySelector("h1") !== null
  for (const heading of [...body.querySelectorAll("h1, h2, h3, h4, h5, h6")]) {
    const level = Math.min(4, Number(heading.tagName[1]) + (hasFirst ? 1 : 0))
    const made = body.ownerDocument.createElement(`h${level}`)
    made.append(...heading.childNodes)
    for (const bold of made.querySelectorAll("b, strong")) bold.replaceWith(...bold.childNodes)
    if (made.textContent.trim()) heading.replaceWith(made)
    else heading.remove()
  }
}

// A table of Markdown has one line for each row and a first row of headings.
function square(table) {
  for (const inner of table.querySelectorAll("table")) inner.replaceWith(inner.textContent)
  for (const cell of table.querySelectorAll("td, th")) {
    for (const part of cell.querySelectorAll("p, div, li, ul, ol, br, h2, h3, h4")) part.replaceWith(" ", ...part.childNodes, " ")
    cell.innerHTML = cell.innerHTML.replace(/\s+/g, " ").trim()
  }
  const first = table.querySelector("tr")
  for (const cell of first?.querySelectorAll("td") ?? []) {
    const made = table.ownerDocument.createElement("th")
    made.append(...cell.childNodes)
    cell.replaceWith(made)
  }
}

function merge(body) {
  for (const one of [...body.querySelectorAll("strong, b, em, i, del")]) {
    const next = one.nextSibling
    if (next?.nodeType === 1 && next.tagName === one.tagName) {
      next.prepend(...one.childNodes)
      one.remove()
    }
  }
}

function spaces(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT)
  const comments = []
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.nodeType === 8) comments.push(node)
    else if (!node.parentElement.closest("pre")) node.data = node.data.replace(/[\u00a0\s]+/g, " ")
  }
  for (const one of comments) one.remove()
}

function service() {
  const made = new TurndownService({
    headingStyle: "atx",
    bulletListMarker: "-",
    codeBlockStyle: "fenced",
    emDelimiter: "*",
    hr: "---",
  })
  made.use([tables, strikethrough])
  made.addRule("item", {
    filter: "li",
    replacement(content, node) {
      const { parentNode: list } = node
      const number = [...list.children].indexOf(node)
      const sign = list.tagName === "OL" ? `${(Number(list.getAttribute("start")) || 1) + number}. ` : "- "
      const text = content.trim().replace(/\n{2,}(?=\s*(?:-|\d+\.) )/g, "\n").replace(/\n(?!$)/g, "\n    ")
      return `${sign}${text}${node.nextElementSibling ? "\n" : ""}`
    },
  })
  made.addRule("struck", { filter: ["del", "s", "strike"], replacement: (content) => `~~${content}~~` })
  made.addRule("note", { filter: ["x-note"], replacement: (_content, node) => `[^${node.dataset.number}]` })
  made.addRule("noteText", {
    filter: ["x-note-text"],
    replacement: (_content, node) => `\n\n[^${node.dataset.number}]: ${node.textContent}\n\n`,
  })
  return made
}
