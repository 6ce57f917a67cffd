import { tell } from "./visit.js"

// Share by the device's own sheet, or copy the address. No network knows about it.
export function startShare() {
  for (const button of document.querySelectorAll("[data-share]")) {
    button.addEventListener("click", () => share(button))
  }
}

async function share(button) {
  const { share: url, title, done } = button.dataset
  if (navigator.share && matchMedia("(pointer: coarse)").matches) {
    await navigator.share({ url, title }).then(() => tell("share:device"), () => {})
    return
  }
  const word = button.querySelector("span")
  const before = word.textContent
  await navigator.clipboard.writeText(url)
  tell("share:copy")
  word.textContent = done
  setTimeout(() => { word.textContent = before }, 4000)
}
