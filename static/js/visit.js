// What a visit tells: that a page was opened, then how long it was in sight and how far it was read. Nothing is kept
// in the browser, and nothing is said of a page that names no subject. What is counted: /what-we-count
const IDLE = 30_000 // without a sign of life nobody reads
const MOST = 62 // deltas of one view; the server refuses more
const LONGEST = 3600

let seen = "" // the subject, once the page was in sight

// What a reader did: "share:copy", "download:2026/plan.pdf", "outbound:example.org".
export function tell(fact) {
  if (seen) send({ k: "fact", s: seen, v: number(), f: fact })
}

export function startVisit() {
  const { subject } = document.querySelector("#content")?.dataset ?? {}
  if (!subject || !navigator.sendBeacon) return
  const click = takeClick()
  const begin = () => { // a tab in the background, or a page made in advance, was not opened yet
    if (document.hidden || document.prerendering) return
    document.removeEventListener("visibilitychange", begin)
    document.removeEventListener("prerenderingchange", begin)
    visit(subject, click)
  }
  document.addEventListener("visibilitychange", begin)
  document.addEventListener("prerenderingchange", begin)
  begin()
}

function visit(subject, click) {
  let id, sequence, since, last, total, sent, depth, deepest, inSight

  const open = (more) => {
    id = number()
    sequence = total = sent = depth = deepest = 0
    since = last = performance.now()
    inSight = true
    look()
    say({ k: "view", ...more })
    seen = subject
  }
  const say = (more) => send({ s: subject, v: id, ...more })
  const look = () => {
    const { scrollHeight } = document.documentElement
    deepest = Math.max(deepest, Math.min(100, Math.round(((scrollY + innerHeight) / scrollHeight) * 100)))
  }
  const settle = (now) => {
    total += Math.max(0, Math.min(now, last + IDLE) - since)
    since = now
  }
  const live = () => {
    if (!inSight) return
    const now = performance.now()
    if (now - last > IDLE) settle(now)
    last = now
    look()
  }
  const hide = () => {
    if (inSight) settle(performance.now())
    inSight = false
    const seconds = Math.min(Math.round(total / 1000), LONGEST) - sent
    if ((seconds < 1 && deepest === depth) || sequence >= MOST) return
    say({ k: "read", n: sequence++, t: Math.max(0, seconds), d: deepest })
    sent += Math.max(0, seconds)
    depth = deepest
  }

  open({ ...(click && { c: click }), ...origin() })
  for (const sign of ["scroll", "pointerdown", "pointermove", "keydown"]) addEventListener(sign, live, { passive: true })
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return hide()
    inSight = true
    since = last = performance.now()
  })
  addEventListener("pagehide", hide)
  addEventListener("pageshow", (event) => { if (event.persisted) open({}) })
}

const send = (said) => navigator.sendBeacon("/e", new URLSearchParams(said))

// 64 bits: the hour, then chance. What happens in one hour so lies together in the store, where a batch is looked up and
// written among millions. Nothing finer than the hour: how wrong a clock goes tells one computer from others.
function number() {
  const hour = Math.floor(Date.now() / 3_600_000).toString(16).padStart(5, "0").slice(-5)
  const chance = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(16).padStart(8, "0")).join("")
  return hour + chance.slice(5)
}

// The click id is used once and leaves the address, so that whoever gets the address gets no id.
function takeClick() {
  const { pathname, search, hash } = location
  const found = /[?&]pcid=([\w-]+)/.exec(search)
  if (!found) return ""
  const rest = search.replace(/([?&])pcid=[^&]*&?/, "$1").replace(/[?&]$/, "")
  history.replaceState(history.state, "", pathname + rest + hash)
  return found[1]
}

function origin() {
  const said = {}
  const asked = new URLSearchParams(location.search)
  const utm = ["source", "medium", "campaign", "content", "term"].map((name) => (asked.get(`utm_${name}`) ?? "").slice(0, 70))
  if (utm.some(Boolean)) said.u = utm.join("|")
  if (document.referrer.startsWith(`${location.origin}/`)) said.i = 1 // from another page of ours
  else if (document.referrer) said.r = document.referrer.slice(0, 300)
  return said
}
