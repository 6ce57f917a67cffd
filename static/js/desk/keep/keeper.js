// Keeps what a form holds: here a moment after each edit, and at the server a moment later. One request at a time; what
// is typed while one is under way goes with the next. It never writes into the form.
import { isSame } from "./fields.js"

const PAUSE = 500
const LONGEST_PAUSE = 4000 // for somebody who types without one
const LOCAL_PAUSE = 200
const BEAT = 10_000
const HIDDEN_BEAT = 60_000
const IDLE_AFTER = 120_000
const RETRIES = [1000, 2000, 5000, 10_000, 20_000, 30_000]

export class Keeper {
  // read() gives the fields; line sends; store keeps a copy here; tell(state, detail) says how it stands.
  constructor({ read, line, store, tell, tab, base, saved, replaces = [], remember = () => {}, isHidden = () => false }) {
    Object.assign(this, { read, line, store, tell, tab, base, saved, replaces, remember, isHidden })
    this.kept = saved
    this.stored = saved
    this.failures = 0
    this.isStopped = false
    this.touchedAt = Date.now()
  }

  start() {
    if (!isSame(this.read(), this.kept)) this.edited()
    this.beat(0)
  }

  edited() {
    if (this.isStopped) return
    this.touchedAt = Date.now()
    this.waitingSince ??= Date.now()
    const longest = Math.max(0, this.waitingSince + LONGEST_PAUSE - Date.now())
    this.later("localTimer", Math.min(LOCAL_PAUSE, longest), () => this.storeHere())
    if (this.isRefused || (this.failures && this.timer)) return
    this.later("timer", Math.min(PAUSE, longest), () => this.flush())
  }

  get isDirty() {
    return !isSame(this.read(), this.saved)
  }

  // Nothing that is typed is only on the screen.
  get isSafe() {
    const now = this.read()
    return isSame(now, this.kept) || isSame(now, this.stored)
  }

  async storeHere() {
    const fields = this.read()
    if (isSame(fields, this.stored)) return
    const copy = { tab: this.tab.id, base: this.base, sequence: this.tab.sequence + 1, fields, at: Date.now() }
    this.isStoring = this.store.put(copy)
    if (await this.isStoring) this.stored = fields
    else this.tell("unstored")
  }

  async flush() {
    this.timer = clearTimeout(this.timer)
    if (this.isStopped) return
    if (this.sending) {
      this.isWanted = true
      return
    }
    const fields = this.read()
    this.waitingSince = null
    if (isSame(fields, this.kept)) return
    const message = this.carrying(fields)
    await this.exchange(message, () => {
      this.kept = fields
      this.replaces = []
      this.tell(message.is_clean ? "same" : "kept", Date.now())
    })
  }

  // Says that somebody is here, and hears who else is.
  beat(after = this.isHidden() ? HIDDEN_BEAT : BEAT) {
    this.later("beatTimer", after, async () => {
      if (!this.sending && !this.isRefused && !this.isStopped && !this.failures) await this.exchange({})
      this.beat()
    })
  }

  async exchange(message, done = () => {}) {
    this.sending = this.line.send({ tab: this.tab.id, base: this.base, is_idle: this.isIdle, ...message })
    const answer = await this.sending
    this.sending = null
    if (answer.status === 200) this.id = answer.data.id
    if (this.isStopped) return
    if (answer.status === 200) {
      const wasCut = this.failures > 0
      this.failures = 0
      done()
      this.tell("answer", answer.data)
      if (wasCut && isSame(this.read(), this.kept)) this.tell("kept", Date.now())
    } else this.fail(answer)
    const isLeft = this.isWanted || (answer.status === 200 && !isSame(this.read(), this.kept))
    this.isWanted = false
    if (isLeft && !this.failures && !this.isRefused && !this.timer) this.later("timer", PAUSE, () => this.flush())
  }

  fail({ status, data }) {
    if (status === 403 || status === 404) {
      this.isRefused = true
      this.tell("refused")
    } else if (status === 413 || status === 422) {
      this.tell("large", data?.detail)
    } else {
      this.failures += 1
      this.tell(status === 401 ? "out" : "cut")
      const wait = RETRIES[Math.min(this.failures, RETRIES.length) - 1]
      this.later("timer", wait, () => this.retry())
    }
  }

  // Also called when the network is back or the tab is looked at again.
  async retry() {
    if (this.sending || this.isStopped || this.isRefused) return
    this.timer = clearTimeout(this.timer)
    if (isSame(this.read(), this.kept)) await this.exchange({})
    else await this.flush()
  }

  get isIdle() {
    return this.isHidden() || Date.now() - this.touchedAt > IDLE_AFTER
  }

  // The page is hidden or goes: what is not kept yet leaves with it, in one last message.
  leave({ isGoing }) {
    if (this.isStopped || this.isRefused) return
    this.storeHere()
    const fields = this.read()
    const isNew = !isSame(fields, this.kept)
    const message = { tab: this.tab.id, base: this.base, is_idle: true, is_leaving: isGoing }
    if (isNew) Object.assign(message, this.carrying(fields))
    if (isNew || isGoing) this.line.farewell(message)
  }

  // The form is on its way. Its sequence is newer than anything that is still under way, which is old from here on.
  submitted() {
    this.storeHere()
    const mark = `${this.tab.id}.${this.next()}`
    this.stop()
    return mark
  }

  stop() {
    this.isStopped = true
    for (const timer of ["timer", "localTimer", "beatTimer"]) this[timer] = clearTimeout(this[timer])
  }

  carrying(fields) {
    const isClean = isSame(fields, this.saved)
    return { sequence: this.next(), fields: isClean ? null : fields, is_clean: isClean, replaces: this.replaces }
  }

  next() {
    this.tab.sequence += 1
    this.remember(this.tab)
    return this.tab.sequence
  }

  later(name, wait, act) {
    clearTimeout(this[name])
    this[name] = setTimeout(act, wait)
  }
}
