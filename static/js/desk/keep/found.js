// Which kept texts are news: typed, not saved, and not being typed in another open tab right now.
import { isSame } from "./fields.js"

// rows: what the server has of this person's tabs; copies: what this browser has; open: names of open tabs, or null.
export function candidates({ rows, copies, open, saved, tab }) {
  const here = new Map(copies.map((copy) => [copy.tab, copy]))
  const there = new Map(rows.map((row) => [row.tab, row]))
  const texts = []
  const obsolete = []
  const stale = []
  for (const id of new Set([...here.keys(), ...there.keys()])) {
    const [copy, row] = [here.get(id), there.get(id)]
    const isNewerHere = copy && !(row && row.sequence >= copy.sequence)
    if (copy && !isNewerHere && !row.fields) obsolete.push(id) // saved, or discarded
    const text = isNewerHere ? { ...copy, id: row?.id, isLocal: true } : row?.fields && { ...row, at: Date.parse(row.kept_at) }
    if (!text) continue
    const isElsewhere = row?.is_open && !(open && copy) // in another browser, as far as the server has heard
    const isOpen = open?.has(id) || isElsewhere
    if (id !== tab && isOpen) continue
    if (!isSame(text.fields, saved)) texts.push(text)
    else if (copy) obsolete.push(id)
    if (isSame(text.fields, saved) && row?.fields) stale.push(row.id) // kept, and saved since under another name
  }
  return { texts: texts.sort((one, other) => other.at - one.at), obsolete, stale }
}
