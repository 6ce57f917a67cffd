// Lines, their bands, and notes on the time axis. Each line has a mark and a dash of its own besides its colour, so that
// they stay apart in grey.
const MARKS = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"]
const DASHES = ["solid", [8, 3], [3, 3], [10, 3, 2, 3], [14, 4], [2, 4]]
const NOTE_WIDTH = 120 // pixels of the words of a note
const NOTE_LEVELS = 2 // words above one another
export const NOTE_HEIGHT = 16
const MOST_MARKED = 32 // points of a line: beyond, only those that stand alone get a mark

const xOf = (told, row) => (told.scale === "number" ? Number(row.x) : row.x)
const colourOf = (column, colours) => colours[`chart-${column.colour}`]

export function lineOf(told, at, colours, hasEnds) {
  const column = told.columns[at]
  const colour = colourOf(column, colours)
  const values = told.rows.map((row) => row.cells[at].value)
  const isMarked = told.rows.length <= MOST_MARKED && !column.isDashed
  return {
    name: column.name,
    type: "line",
    symbol: MARKS[(column.colour - 1) % MARKS.length],
    showAllSymbol: true,
    connectNulls: false,
    color: colour,
    lineStyle: { width: 2, type: column.isDashed ? [2, 4] : DASHES[(column.colour - 1) % DASHES.length] },
    data: told.rows.map((row, index) => ({
      value: [xOf(told, row), values[index]],
      symbolSize: isMarked || isAlone(values, index) ? 7 : 0,
    })),
    endLabel: { show: hasEnds, formatter: column.name, color: colours.text, fontSize: 12, lineHeight: 16, width: 170, overflow: "truncate" },
    labelLayout: { moveOverlap: "shiftY" },
    emphasis: { disabled: true },
    z: 3,
  }
}

// A band is two lines without ink, one on the other; the space between them is filled.
export function bandsOf(told, at, colours) {
  const column = told.columns[at]
  if (!told.rows.some((row) => row.cells[at].low !== null)) return []
  const edge = (value, area) => ({
    type: "line",
    stack: `band ${at}`,
    stackStrategy: "all",
    symbol: "none",
    silent: true,
    lineStyle: { opacity: 0 },
    areaStyle: area ? { color: colourOf(column, colours), opacity: 0.16 } : undefined,
    data: told.rows.map((row) => [xOf(told, row), value(row.cells[at])]),
    emphasis: { disabled: true },
    z: 1,
  })
  return [edge((cell) => cell.low, false), edge((cell) => (cell.low === null ? null : cell.high - cell.low), true)]
}

// On which level the words of each note stand: above those of one that is close. Where even that leaves no room, a note has
// them in the table alone, and its level is -1.
export function levelsOf(told, width) {
  const ends = Array(NOTE_LEVELS).fill(-Infinity)
  const levels = new Map()
  told.rows.forEach((row, index) => {
    if (!row.note) return
    const at = (width * index) / told.rows.length
    const level = ends.findIndex((end) => at - end >= NOTE_WIDTH)
    if (level >= 0) ends[level] = at
    levels.set(row, level)
  })
  return levels
}

export function notesOf(told, colours, levels) {
  if (!levels.size) return null
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: colours["line-strong"], type: "solid", width: 1 },
    label: { formatter: "{b}", position: "end", color: colours.muted, fontSize: 12, width: NOTE_WIDTH, overflow: "truncate" },
    data: [...levels].map(([row, level]) => ({
      name: row.note,
      xAxis: xOf(told, row),
      label: { show: level >= 0, distance: 5 + level * NOTE_HEIGHT },
    })),
  }
}

const isAlone = (values, at) => (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null
