// Files dropped on the library, or chosen on its upload page: each with its own progress, several at once.
import { upload } from "../upload.js"
import { onElements } from "../shared.js"

const AT_ONCE = 2

onElements("[data-drop]", (place) => {
  const list = place.querySelector("[data-uploading]")
  const words = place.dataset
  place.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return
    event.preventDefault()
    place.classList.add("drop--over")
  })
  place.addEventListener("dragleave", (event) => place.contains(event.relatedTarget) || place.classList.remove("drop--over"))
  place.addEventListener("drop", async (event) => {
    place.classList.remove("drop--over")
    if (!event.dataTransfer.files.length) return
    event.preventDefault()
    const waiting = [...event.dataTransfer.files].map((file) => row(list, file, words))
    const taken = []
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(waiting, taken, words)))
    if (taken.length) list.append(next(taken, words))
  })
})

async function work(waiting, taken, words) {
  for (let one = waiting.shift(); one; one = waiting.shift()) {
    const said = await upload(words.uploads, one.file, { onProgress: (share) => (one.bar.value = share) })
    one.bar.remove()
    if (said.id) taken.push(said.id)
    one.state.textContent = said.id ? (said.state === "processing" ? words.done : words.same) : said.message
    one.item.classList.toggle("uploads__one--bad", !said.id)
  }
}

function row(list, file, words) {
  const item = Object.assign(document.createElement("li"), { className: "uploads__one" })
  const name = Object.assign(document.createElement("span"), { className: "uploads__name", textContent: file.name })
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 })
  const state = Object.assign(document.createElement("span"), { className: "uploads__state", textContent: words.waiting })
  bar.setAttribute("aria-label", file.name)
  item.append(name, bar, state)
  list.append(item)
  return { file, item, bar, state }
}

function next(ids, words) {
  const item = document.createElement("li")
  const query = new URLSearchParams(ids.map((id) => ["id", id]))
  item.append(Object.assign(document.createElement("a"), { className: "button", href: `${words.describe}?${query}`, textContent: words.next }))
  return item
}
