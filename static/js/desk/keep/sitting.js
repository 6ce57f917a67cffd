// One sitting at a form: finds what an earlier one left behind, keeps what is typed in this one, hears of the others.
import { readFields } from "./fields.js"
import { candidates } from "./found.js"
import { Keeper } from "./keeper.js"
import { Line } from "./line.js"
import { local } from "./local.js"
import { Show } from "./show.js"
import { claimTab, lastTab, openTabs, release, remember } from "./tab.js"

export class Sitting {
  constructor(form) {
    const given = form.dataset
    this.form = form
    this.base = Number(given.keepBase)
    this.place = `keep:${given.keepPerson}:${given.keepSubject}`
    this.isTyped = "keepTyped" in given // the page shows what was typed, not what is saved
    this.isNew = given.keepSubject.endsWith(":new")
    this.line = new Line(given.keep, form)
    this.show = new Show(JSON.parse(given.keepWords))
    this.saved = this.isTyped ? null : readFields(form)
    this.isTouched = false
  }

  begin() {
    const begun = this.look()
    document.querySelector("form[data-discards-kept]")?.addEventListener("submit", async (event) => {
      event.preventDefault()
      await begun
      this.discard()
    })
  }

  async look() {
    this.form.addEventListener("input", () => { this.isTouched = true }, { once: true })
    this.form.autocomplete = "off" // browsers bring back what was typed without knowing how old it is; we do know
    const before = lastTab(this.place)?.id
    this.tab = await claimTab(this.place, this.isFresh(before))
    const [asked, copies, open] = await Promise.all([this.line.ask(this.tab.id), local.all(`${this.place}:`), openTabs()])
    const known = asked.status === 200 ? asked.data : null
    const own = known?.mine.find((row) => row.tab === this.tab.id)
    if (own) this.tab.sequence = Math.max(this.tab.sequence, own.sequence)
    if (!this.isTyped && (await this.find({ known, copies, open, before }))) return
    this.keepFrom({ asked, known, open })
  }

  get isReturn() {
    return ["reload", "back_forward"].includes(performance.getEntriesByType("navigation")[0]?.type)
  }

  // The text of another sitting is continued under a new name, and so is every new post that is begun.
  isFresh(before) {
    const { keepAdopts, keepTab } = this.form.dataset
    return keepAdopts ? keepTab !== before : this.isNew && !this.isTyped && !this.isReturn
  }

  // Brings an unsaved text back, or offers it; true when the page is about to be replaced.
  async find({ known, copies, open, before }) {
    const rows = known?.mine ?? []
    const { texts, obsolete, stale } = candidates({ rows, copies, open, saved: this.saved, tab: this.tab.id })
    for (const id of obsolete) local.drop(`${this.place}:${id}`)
    for (const id of stale) this.remove(id)
    const [text] = texts
    if (!text) return false
    const fits = text.base === this.base && !this.isTouched && (!this.isNew || (this.isReturn && text.tab === before))
    if (fits && (await this.restore(text))) return true
    if (text.tab === this.tab.id) this.tab = await claimTab(this.place, true) // what is typed now must not cover it
    this.offer(text)
    return false
  }

  keepFrom({ asked, known, open }) {
    const { keepAdopts, keepTab, keepPerson, keepOwn } = this.form.dataset
    const isTakenOver = keepOwn !== undefined && keepTab !== this.tab.id && !open?.has(keepTab)
    this.keeper = new Keeper({
      read: () => readFields(this.form),
      line: this.line,
      store: { put: (copy) => local.put(`${this.place}:${this.tab.id}`, copy) },
      tell: (state, detail) => this.tell(state, detail),
      tab: this.tab,
      base: this.base,
      saved: this.saved,
      replaces: isTakenOver ? [keepTab] : [],
      remember: (tab) => remember(this.place, tab),
      isHidden: () => document.hidden,
    })
    if (keepAdopts) history.replaceState(null, "", location.pathname)
    this.listen()
    if (known && String(known.me) !== keepPerson) {
      this.show.note("other", this.show.words.other, [], "bad")
      this.keeper.isRefused = true
    }
    if (!known) this.keeper.fail(asked)
    this.keeper.start()
  }

  listen() {
    const { form, keeper } = this
    const edited = () => keeper.edited()
    for (const kind of ["input", "change"]) {
      document.addEventListener(kind, (event) => (event.target.form ?? event.target.closest?.("form")) === form && edited())
    }
    const wake = () => (keeper.failures ? keeper.retry() : keeper.beat(0))
    document.addEventListener("visibilitychange", () => (document.hidden ? keeper.leave({ isGoing: false }) : wake()))
    for (const kind of ["focus", "online"]) addEventListener(kind, wake)
    addEventListener("pagehide", () => {
      keeper.leave({ isGoing: true })
      release()
    })
    addEventListener("pageshow", (event) => event.persisted && location.reload())
    addEventListener("beforeunload", (event) => keeper.isStopped || keeper.isSafe || event.preventDefault())
    addEventListener("submit", (event) => {
      if (event.target !== form || event.defaultPrevented) return
      form.elements.tab.value = keeper.submitted()
      release()
    })
  }

  tell(state, detail) {
    const { show } = this
    const { words } = show
    if (state === "answer") return this.hear(detail)
    show.say(state, { time: show.clock.format(Date.now()) })
    const rescue = [words.download, () => saveAsFile(readFields(this.form))]
    if (state === "out") show.note("out", words.out_note, [[words.sign_in, this.form.dataset.keepSignIn, true]], "bad")
    else if (state === "large") show.note("large", detail || words.large_note, [rescue], "bad")
    else if (state === "refused") show.note("refused", words.refused_note, [rescue], "bad")
    else if (state === "kept" || state === "same") show.forget("large")
    return undefined
  }

  hear({ here, latest }) {
    const { show } = this
    const { keepNumber, keepPage, keepCompare } = this.form.dataset
    show.people(here)
    show.forget("out")
    if (!latest || latest.version <= this.base) return
    const isText = String(latest.number) !== keepNumber
    const words = show.words[isText ? (latest.is_mine ? "newer_mine" : "newer") : "changed"]
    const acts = [[show.words.load, keepPage]]
    if (isText && keepCompare && this.keeper.id) acts.unshift([show.words.compare, `${keepCompare}/${this.keeper.id}`, true])
    show.note("newer", words, acts, "warn", { name: latest.by, time: show.when(latest.at), number: latest.number })
  }

  // The server shows a kept text in the form, whatever the form is made of; a newer copy from here goes there first.
  async restore(text) {
    let { id } = text
    if (text.isLocal) {
      const { tab, base, sequence, fields } = text
      const answer = await this.line.send({ tab, base, sequence, fields, is_idle: true })
      if (answer.status !== 200) return false
      id = answer.data.id
    }
    this.keeper?.stop()
    release()
    location.replace(`${this.form.dataset.keepPage}?draft=${id}`)
    return true
  }

  offer(text) {
    const { words } = this.show
    const { keepCompare } = this.form.dataset
    const rescue = [words.download, () => saveAsFile(text.fields)]
    const resume = async () => (await this.restore(text)) || this.show.note("offer", words.cut, [rescue])
    const acts = [[words.resume, resume]]
    if (text.id && !text.isLocal && keepCompare) acts.push([words.compare, `${keepCompare}/${text.id}`, true])
    acts.push([words.discard, () => this.discardOffered(text)])
    const sentence = text.base === this.base ? words.offer : words.offer_older
    this.show.note("offer", sentence, acts, "warn", { time: this.show.when(text.at) })
  }

  // Throws away what is in the form and shows what is saved; the page then offers a way back.
  async discard() {
    const { keepPage, keepAdopts } = this.form.dataset
    this.keeper.stop()
    await this.keeper.sending // or it would come back
    const ids = [...new Set([Number(keepAdopts) || 0, this.keeper.id ?? 0])].filter(Boolean)
    let gone = ids[0]
    for (const id of ids) {
      const { status, data } = await this.remove(id)
      if (status !== 200 && status !== 404) return this.show.say("cut")
      if (data?.is_discarded) gone = id
    }
    await local.drop(`${this.place}:${this.tab.id}`)
    remember(this.place, null)
    return location.assign(`${keepPage}?discarded=${gone}`)
  }

  async discardOffered(text) {
    const { words } = this.show
    const { status } = text.id ? await this.remove(text.id) : { status: 200 }
    if (status !== 200) return this.show.say("cut")
    await local.drop(`${this.place}:${text.tab}`)
    return this.show.note("offer", words.discarded, [[words.take_back, () => this.takeBack(text)]], "quiet")
  }

  async takeBack(text) {
    const { tab, base, sequence, fields, at } = text
    if (text.isLocal) await local.put(`${this.place}:${tab}`, { tab, base, sequence, fields, at })
    else if ((await this.remove(text.id, "restoration")).status !== 200) return this.show.say("cut")
    return this.offer(text)
  }

  remove(id, act = "removal") {
    return this.line.post(this.form.dataset.keepDiscard.replace("/0/removal", `/${id}/${act}`), {})
  }
}

// The words as a file, when they can be kept nowhere else.
function saveAsFile(fields) {
  const texts = Object.values(fields).flat().filter((text) => text.length > 30)
  const address = URL.createObjectURL(new Blob([texts.join("\n\n")], { type: "text/plain;charset=utf-8" }))
  Object.assign(document.createElement("a"), { href: address, download: "text.txt" }).click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
