// Times are written by the server with the clock and zone they were set in. Here the reader's own clock is added, and a
// count of what is left until a moment; without script both stand in words.
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export function startTimes(root = document) {
  const locale = document.documentElement.lang || "en"
  for (const time of root.querySelectorAll("time[data-local]")) addOwn(time, locale)
  const counts = [...root.querySelectorAll("[data-countdown]")]
  if (counts.length === 0) return
  const show = () => counts.forEach(count)
  show()
  setInterval(show, 30_000)
}

function addOwn(time, locale) {
  const at = new Date(time.dateTime)
  if (Number.isNaN(at.getTime())) return
  const words = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(at)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (!time.textContent.includes(zone)) time.title = `${words} (${zone})`
}

function count(place) {
  const left = new Date(place.dataset.countdown) - Date.now()
  const out = place.querySelector("[data-left]")
  out.textContent = left > 0 ? inWords(left, place.dataset) : place.dataset.over
}

function inWords(left, words) {
  const days = Math.floor(left / DAY)
  const hours = Math.floor((left % DAY) / HOUR)
  const minutes = Math.floor((left % HOUR) / MINUTE)
  const parts = days > 0 ? [[days, words.days], [hours, words.hours]] : [[hours, words.hours], [minutes, words.minutes]]
  return parts.filter(([number], place) => number > 0 || place === 1).map(([number, word]) => word.replace("{n}", number)).join(" ")
}
