// Forms of comments are pages of their own. With script they open below what they are about; without, one goes there.
export function startTalk() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-inline]")
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    const home = link.closest("p")
    const open = home.nextElementSibling
    if (open?.matches("[data-inline-part]")) {
      const isSame = open.dataset.inlinePart === link.href
      open.remove()
      if (isSame) return link.focus()
    }
    try {
      const answer = await fetch(link.href, { headers: { "Parley-Part": "1" }, credentials: "same-origin" })
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status))
      const part = document.createElement("div")
      part.dataset.inlinePart = link.href
      part.innerHTML = await answer.text()
      home.after(part)
      part.querySelector("textarea, button, a, select")?.focus()
    } catch {
      location.href = link.href // without a connection, or signed out meanwhile: the page itself says what is wrong
    }
  })
}
