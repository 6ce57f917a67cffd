// From a table to what is drawn: numbers as numbers, words as they stand in the cells, what is missing as null.

const number = (said) => (said === undefined || said === "" ? null : Number(said))
const words = (cell) => cell.textContent.trim().replace(/\s+/g, " ")

// The columns and rows of a table, or null when it is none to draw.
export function readTable(table) {
  const heads = [...(table.tHead?.rows[0]?.cells ?? [])].slice(1)
  const shown = heads.map((head, at) => ({ head, at })).filter(({ head }) => !("undrawn" in head.dataset))
  const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => !("undrawn" in row.dataset))
  if (!shown.length) return null
  return {
    kind: table.dataset.chart || "line",
    scale: table.dataset.chartX || "name",
    along: table.dataset.chartAlong ?? "",
    isStacked: "stacked" in table.dataset,
    title: table.caption ? words(table.caption) : "",
    columns: shown.map(({ head }, place) => ({
      name: words(head),
      colour: Number(head.dataset.colour || (place % 6) + 1),
      isDashed: "dashed" in head.dataset,
    })),
    rows: rows.map((row) => readRow(row, shown)),
  }
}

function readRow(row, shown) {
  const [head, ...cells] = row.cells
  return {
    x: head.dataset.x ?? words(head),
    name: words(head),
    note: head.dataset.note ?? "",
    cells: shown.map(({ at }) => readCell(cells[at])),
  }
}

function readCell(cell) {
  if (!cell) return { value: null, low: null, high: null, words: "–" }
  const { value, low, high } = cell.dataset
  return { value: number(value), low: number(low), high: number(high), words: words(cell) }
}
