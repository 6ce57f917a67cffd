// The bell: while the page is looked at, asks once a minute how much is unread.

const EVERY = 60_000

const bells = document.querySelectorAll("[data-notices]")

async function look() {
  if (document.hidden) return
  const answer = await fetch(bells[0].dataset.notices, { headers: { Accept: "application/json" } }).catch(() => null)
  if (!answer?.ok || answer.redirected) return
  show((await answer.json()).unread)
}

function show(unread) {
  for (const bell of bells) {
    bell.querySelector("[data-notices-count]").hidden = unread === 0
    bell.querySelector("[data-notices-number]").textContent = unread > 99 ? "99+" : unread
  }
}

if (bells.length > 0) {
  setInterval(look, EVERY)
  document.addEventListener("visibilitychange", look)
}
