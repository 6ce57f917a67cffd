// Players of other sites, loaded when a reader asks. Until then nothing is requested there; without script there is a link.
const words = document.querySelector("main")?.dataset ?? {}

export function startEmbeds() {
  for (const figure of document.querySelectorAll("figure[data-embed]")) offer(figure)
}

function offer(figure) {
  const name = figure.querySelector(".embed-name")?.textContent ?? ""
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button"
  button.textContent = fill(words.embedLoad, name)
  const about = document.createElement("p")
  about.className = "embed-about"
  about.textContent = fill(words.embedAbout, name)
  figure.append(button, about)
  button.addEventListener("click", () => figure.replaceChildren(player(figure, name)))
}

function player(figure, name) {
  const frame = document.createElement("iframe")
  frame.className = "embed__player"
  frame.title = name
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-presentation")
  frame.allow = "fullscreen; picture-in-picture; encrypted-media"
  frame.src = figure.dataset.embed
  return frame
}

function fill(sentence, name) {
  return (sentence ?? "{name}").replace("{name}", name)
}
