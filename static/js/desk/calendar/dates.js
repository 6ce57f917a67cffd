// Days as "2026-12-01" and wall times as "2026-12-01T09:30": plain words, never the zone of this browser.
const DAY = 86_400_000

export function daysBetween(from, to) {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY)
}

export function addDays(day, count) {
  return new Date(Date.parse(day) + count * DAY).toISOString().slice(0, 10)
}

// The same time of day, some days on.
export function shifted(wall, count) {
  return addDays(wall.slice(0, 10), count) + wall.slice(10)
}

// "Tuesday 24 November, 09:30", as the language of the page says it.
export function spoken(wall) {
  const form = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "UTC" }
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang
  return new Intl.DateTimeFormat(language, form).format(new Date(`${wall}:00Z`))
}
