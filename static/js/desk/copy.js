// A field that holds an address or a text to be used elsewhere gets a button that copies it. Without script it is a field to select from.
export function startCopying() {
  for (const field of document.querySelectorAll(":is(input, textarea)[data-copy]")) {
    field.addEventListener("focus", () => field.select())
    if (field.dataset.copy) field.replaceWith(withButton(field))
  }
}

function withButton(field) {
  const pair = document.createElement("span")
  pair.className = "copyable"
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button button--quiet button--small"
  button.textContent = field.dataset.copy
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value)
    button.textContent = field.dataset.copied
    setTimeout(() => { button.textContent = field.dataset.copy }, 3000)
  })
  pair.append(field.cloneNode(true), button)
  pair.firstChild.addEventListener("focus", (event) => event.target.select())
  return pair
}
