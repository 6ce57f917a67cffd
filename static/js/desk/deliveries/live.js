// What is under way is drawn anew every other second until it is over, unless somebody works in it. `data-live` names the
// places of the page that change; a fresh page without it is the end.
const PAUSE = 2000

const live = document.querySelector("[data-live]")
if (live) setTimeout(look, PAUSE)

async function look() {
  const places = document.querySelector("[data-live]").dataset.live.split(" ")
  if (!document.hidden && !places.some(isUsed)) {
    const fresh = await read()
    if (fresh) {
      for (const id of places) {
        const now = fresh.getElementById(id)
        if (now) document.getElementById(id)?.replaceWith(now)
      }
      if (!document.querySelector("[data-live]")) return
    }
  }
  setTimeout(look, PAUSE)
}

async function read() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } })
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null
  } catch {
    return null // looked again in a moment
  }
}

function isUsed(id) {
  const place = document.getElementById(id)
  return Boolean(place?.contains(document.activeElement) || place?.querySelector("input:checked:not([type=radio])"))
}
