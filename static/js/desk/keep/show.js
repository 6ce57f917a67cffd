// What a person sees of it: one quiet line, who else is here, and a note when there is something to decide.
export class Show {
  constructor(words) {
    this.words = words
    this.state = document.querySelector("[data-keep-state]")
    this.notes = document.querySelector("[data-keep-notes]")
    this.here = document.querySelector("[data-keep-here]")
    this.clock = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "medium" })
    this.minute = new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" })
    this.day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" })
  }

  say(kind, values = {}) {
    if (!this.state) return
    const words = fill(this.words[kind], values)
    this.state.dataset.keepState = kind
    if (this.state.textContent !== words) this.state.textContent = words
  }

  when(at) {
    const date = new Date(at)
    return (date.toDateString() === new Date().toDateString() ? this.minute : this.day).format(date)
  }

  // One note of a kind at a time. Each act is [words, what it does] or [words, address, opens elsewhere].
  note(kind, words, acts = [], tone = "warn", values = {}) {
    if (!this.notes) return
    const sentence = fill(words, values)
    if (this.notes.querySelector(`[data-note="${kind}"]`)?.firstChild.textContent === sentence) return
    this.forget(kind)
    const note = element("div", `notice notice--${tone} keep-note`)
    note.dataset.note = kind
    note.append(element("p", "", sentence))
    const row = element("p", "cluster")
    for (const [words, act, isElsewhere] of acts) row.append(typeof act === "string" ? link(words, act, isElsewhere) : button(words, act))
    if (acts.length) note.append(row)
    this.notes.append(note)
  }

  forget(kind) {
    this.notes?.querySelector(`[data-note="${kind}"]`)?.remove()
  }

  people(rows) {
    if (!this.here) return
    const told = JSON.stringify(rows)
    if (told === this.told) return
    this.told = told
    this.here.replaceChildren(...rows.map((row) => this.person(row)))
  }

  person({ name, state, since, has_unsaved: hasUnsaved, is_me: isMe, url }) {
    const one = element("li", `here__one here__one--${state}`)
    const who = isMe ? this.words.me : name
    const face = element("span", `here__face${hasUnsaved ? " here__face--unsaved" : ""}`, [...name][0] ?? "?")
    face.setAttribute("aria-hidden", "true")
    const text = element("span", "here__words")
    text.append(element("span", "here__name", who), element("span", "here__state", fill(this.words[`is_${state}`], { time: this.when(since) })))
    one.append(face, text)
    if (url) one.append(link(this.words.read, url))
    return one
  }
}

export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "")
}

function element(name, className, text = "") {
  const made = document.createElement(name)
  if (className) made.className = className
  made.textContent = text
  return made
}

function button(words, act) {
  const made = element("button", "button button--quiet button--small", words)
  made.type = "button"
  made.addEventListener("click", act)
  return made
}

function link(words, url, isElsewhere = false) {
  const made = element("a", "button button--quiet button--small", words)
  made.href = url
  if (isElsewhere) made.target = "_blank"
  return made
}
