// The script that keeps, with a line to the server that answers when the test says so, and a clock that stands still.
import assert from "node:assert/strict"
import { mock, test } from "node:test"

import { candidates } from "../../../static/js/desk/keep/found.js"
import { Keeper } from "../../../static/js/desk/keep/keeper.js"

function sitting({ saved = { body: "Saved" }, form = { body: "Saved" } } = {}) {
  mock.timers.reset()
  mock.timers.enable({ apis: ["setTimeout", "Date"] })
  const sent = []
  const told = []
  const copies = []
  let answer
  const page = { form, sent, told, copies, farewells: [] }
  const line = {
    send(message) {
      sent.push(message)
      return new Promise((resolve) => { answer = resolve })
    },
    farewell: (message) => page.farewells.push(message),
  }
  page.keeper = new Keeper({
    read: () => ({ ...page.form }),
    line,
    store: { put: async (copy) => copies.push(copy) },
    tell: (state) => told.push(state),
    tab: { id: "tab-one-1", sequence: 0 },
    base: 3,
    saved,
  })
  page.type = (body) => {
    page.form = { ...page.form, body }
    page.keeper.edited()
  }
  page.answers = async (status = 200) => {
    answer({ status, data: { id: 7, here: [], latest: null } })
    await settled()
  }
  page.texts = () => sent.filter((one) => one.fields).map((one) => [one.sequence, one.fields.body])
  return page
}

async function settled() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
}

async function pass(milliseconds) {
  mock.timers.tick(milliseconds)
  await settled()
}

test("a text is kept here at once and at the server half a second after the last edit", async () => {
  const page = sitting()
  page.type("Typed")
  await pass(300)
  page.type("Typed on")
  await pass(499)
  assert.deepEqual(page.texts(), [])
  assert.deepEqual(page.copies.map((one) => one.fields.body).at(-1), "Typed on")
  await pass(1)
  assert.deepEqual(page.texts(), [[1, "Typed on"]])
  await page.answers()
  assert.equal(page.told.includes("kept"), true)
})

test("somebody who types without a pause is kept all the same", async () => {
  const page = sitting()
  for (let second = 0; second < 12; second += 1) {
    page.type(`Typed ${second}`)
    await pass(400)
  }
  assert.equal(page.texts().length, 1)
})

test("what is typed while a message is under way goes with the next, and only one is under way", async () => {
  const page = sitting()
  page.type("First")
  await pass(500)
  page.type("First and second")
  await pass(5000)
  assert.deepEqual(page.texts(), [[1, "First"]])
  await page.answers()
  assert.equal(page.form.body, "First and second")
  await pass(500)
  assert.deepEqual(page.texts(), [[1, "First"], [2, "First and second"]])
})

test("a lost network is tried again, longer each time, until the last text is kept", async () => {
  const page = sitting()
  page.type("Typed")
  await pass(500)
  await page.answers(0)
  assert.equal(page.told.at(-1), "cut")
  assert.equal(page.keeper.isSafe, true) // in this browser
  page.type("Typed on")
  await pass(999)
  assert.equal(page.texts().length, 1)
  await pass(1)
  await page.answers(0)
  await pass(1999)
  assert.equal(page.texts().length, 2)
  await pass(1)
  await page.answers(200)
  assert.deepEqual(page.texts().at(-1), [3, "Typed on"])
  assert.equal(page.told.includes("kept"), true)
})

test("a text that is refused for its length stays here and is tried again after the next edit", async () => {
  const page = sitting()
  page.type("Far too long")
  await pass(500)
  await page.answers(413)
  assert.equal(page.told.at(-1), "large")
  await pass(9000)
  assert.equal(page.texts().length, 1)
  page.type("Short")
  await pass(500)
  assert.deepEqual(page.texts().at(-1), [2, "Short"])
})

test("who may not write any more is not asked for again, and the text stays here", async () => {
  const page = sitting()
  page.type("Typed")
  await pass(500)
  await page.answers(403)
  page.type("Typed on")
  await pass(90_000)
  assert.equal(page.texts().length, 1)
  assert.equal(page.copies.at(-1).fields.body, "Typed on")
})

test("a text typed back to what is saved is no unsaved text", async () => {
  const page = sitting()
  page.type("Typed")
  await pass(500)
  await page.answers()
  page.type("Saved")
  await pass(500)
  assert.deepEqual([page.sent.at(-1).fields, page.sent.at(-1).is_clean], [null, true])
})

test("an untouched page sends no text", async () => {
  const page = sitting()
  page.keeper.start()
  await pass(1)
  await page.answers()
  await pass(60_000)
  assert.deepEqual(page.texts(), [])
  assert.equal(page.sent.length, 2)
})

test("a save counts on, so that an autosave under way is old; and the page falls silent", async () => {
  const page = sitting()
  page.type("Typed")
  await pass(500)
  page.type("Typed on")
  assert.equal(page.keeper.submitted(), "tab-one-1.2")
  await page.answers()
  await pass(90_000)
  assert.equal(page.texts().length, 1)
})

test("a page that goes sends what is not kept yet", async () => {
  const page = sitting()
  page.type("Typed")
  page.keeper.leave({ isGoing: true })
  assert.deepEqual(page.farewells.map((one) => [one.fields.body, one.is_leaving]), [["Typed", true]])
})

const row = (tab, sequence, body, more = {}) => ({ tab, sequence, id: 1, base: 3, kept_at: "2026-11-21T12:00:00Z", fields: body && { body }, ...more })
const copy = (tab, sequence, body, at = 0) => ({ tab, sequence, base: 3, at, fields: { body } })
const found = (given) => candidates({ rows: [], copies: [], open: new Set(), saved: { body: "Saved" }, tab: "mine", ...given })

test("the newer of two copies of a sitting is found", () => {
  assert.equal(found({ rows: [row("a", 4, "Server")], copies: [copy("a", 5, "Here")] }).texts[0].fields.body, "Here")
  assert.equal(found({ rows: [row("a", 5, "Server")], copies: [copy("a", 5, "Here")] }).texts[0].fields.body, "Server")
})

test("a copy of what was saved or discarded is cleared away", () => {
  assert.deepEqual(found({ rows: [row("a", 6, null)], copies: [copy("a", 5, "Here")] }), { texts: [], obsolete: ["a"], stale: [] })
  assert.deepEqual(found({ copies: [copy("a", 5, "Saved")] }), { texts: [], obsolete: ["a"], stale: [] })
  assert.deepEqual(found({ rows: [row("a", 5, "Saved")] }), { texts: [], obsolete: [], stale: [1] })
})

test("a text that is being typed in an open tab is left alone", () => {
  assert.deepEqual(found({ copies: [copy("a", 5, "Here")], open: new Set(["a"]) }).texts, [])
  assert.deepEqual(found({ rows: [row("a", 5, "Elsewhere", { is_open: true })] }).texts, [])
  assert.equal(found({ rows: [row("a", 5, "Crashed", { is_open: true })], copies: [copy("a", 5, "Crashed")] }).texts.length, 1)
})

test("the newest comes first", () => {
  const texts = found({ copies: [copy("a", 1, "Old", 1), copy("b", 1, "New", 2)] }).texts
  assert.deepEqual(texts.map((one) => one.fields.body), ["New", "Old"])
})
