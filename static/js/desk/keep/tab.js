// Every sitting at a form has a name of its own, kept in this tab, so that two tabs never write over each other. A lock
// says which of them are open; where the browser has no locks, the server's "last seen" has to do.

export async function claimTab(place, isFresh) {
  const known = isFresh ? null : lastTab(place)
  if (known && (await hold(known.id))) return known
  const made = { id: crypto.randomUUID?.() ?? random(), sequence: 0 }
  await hold(made.id)
  remember(place, made)
  return made
}

export function remember(place, tab) {
  try {
    sessionStorage.setItem(place, JSON.stringify(tab))
  } catch {
    // Without storage a reload is a new sitting; its text is still found by its owner.
  }
}

// Names of sittings that are open in this browser; null when the browser cannot tell.
export async function openTabs() {
  if (!navigator.locks) return null
  const { held } = await navigator.locks.query()
  return new Set(held.filter(({ name }) => name.startsWith("keep:")).map(({ name }) => name.slice(5)))
}

// What this tab was called when it was last here.
export function lastTab(place) {
  try {
    return JSON.parse(sessionStorage.getItem(place))
  } catch {
    return null
  }
}

// A duplicated tab brings a copy of the name along; the lock tells it that the name is taken. A page that is only just
// going away lets go of it in a moment.
const PATIENCE = 700
let letGo = () => {}

export function release() {
  letGo()
}

async function hold(id) {
  if (!navigator.locks) return true
  const held = new Promise((resolve) => { letGo = resolve })
  return new Promise((resolve) => {
    navigator.locks
      .request(`keep:${id}`, { signal: AbortSignal.timeout(PATIENCE) }, () => {
        resolve(true)
        return held // until the page goes
      })
      .catch(() => resolve(false))
  })
}

function random() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")
}
