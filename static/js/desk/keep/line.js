// The line to the server. An answer is always `{status, data}`; no connection is status 0.
const LARGEST_FAREWELL = 60_000 // bytes; browsers refuse more from a page that goes away

export class Line {
  constructor(url, form) {
    this.url = url
    this.form = form
  }

  // What the server knows, and a fresh proof for forms that outlived theirs.
  async ask(tab) {
    const answer = await this.call(`${this.url}?tab=${encodeURIComponent(tab)}`, {})
    if (answer.status === 200) renew(answer.data.csrf)
    return answer
  }

  async send(message) {
    const answer = await this.post(this.url, message)
    if (answer.status !== 400) return answer
    const asked = await this.ask(message.tab) // the proof was of a session that is over
    return asked.status === 200 ? this.post(this.url, message) : asked
  }

  post(url, message, more = {}) {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.form.elements.csrf_token?.value ?? "" }
    return this.call(url, { method: "POST", headers, body: JSON.stringify(message), ...more })
  }

  farewell(message) {
    const whole = JSON.stringify(message)
    const isSmall = new Blob([whole]).size < LARGEST_FAREWELL
    const { fields, ...rest } = message
    this.post(this.url, isSmall ? message : rest, { keepalive: true })
  }

  async call(url, options) {
    try {
      const headers = { Accept: "application/json", ...options.headers }
      const answer = await fetch(url, { credentials: "same-origin", redirect: "error", ...options, headers })
      return { status: answer.status, data: await answer.json().catch(() => null) }
    } catch {
      return { status: 0, data: null }
    }
  }
}

function renew(token) {
  for (const input of document.querySelectorAll('input[name="csrf_token"]')) input.value = token
  document.querySelector('meta[name="csrf-token"]')?.setAttribute("content", token)
}
