// A part of a page that is read again every few seconds while somebody looks at it: `data-poll` names its address, which
// answers with the HTML of its inside. Without script the page is loaded again by hand.
const PAUSE = 10_000

for (const place of document.querySelectorAll("[data-poll]")) again(place)

function again(place) {
  setTimeout(() => look(place), PAUSE)
}

async function look(place) {
  if (!place.isConnected) return
  if (!document.hidden && !place.contains(document.activeElement)) {
    try {
      const answer = await fetch(place.dataset.poll, { headers: { Accept: "text/html" } })
      if (answer.ok && !answer.redirected) {
        place.innerHTML = await answer.text()
        place.dispatchEvent(new Event("charts:draw", { bubbles: true }))
      }
    } catch {
      // looked again in a moment
    }
  }
  again(place)
}
