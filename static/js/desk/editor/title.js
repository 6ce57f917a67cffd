// A title may run over several lines on the screen, but is one line: Enter goes on to the text.
export function startTitle() {
  const title = document.querySelector(".writing__title textarea")
  if (!title) return
  title.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return
    event.preventDefault()
    document.querySelector(".writing .cm-content")?.focus()
  })
  title.addEventListener("input", () => {
    if (/[\r\n]/.test(title.value)) title.value = title.value.replace(/\s*[\r\n]+\s*/g, " ")
    fit(title)
  })
  fit(title)
}

// For browsers that do not size fields by their content yet.
function fit(title) {
  if (CSS.supports("field-sizing", "content")) return
  title.style.blockSize = "auto"
  title.style.blockSize = `${title.scrollHeight}px`
}
