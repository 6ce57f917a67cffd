// From what a table says to what the chart library is told. Pure: no page is looked at.
import { bandsOf, levelsOf, lineOf, NOTE_HEIGHT, notesOf } from "./lines.js"
import { barOf, whiskersOf } from "./bars.js"

const SCALE = 48 // pixels of the numbers beside the axis, about
const NARROW = 560 // pixels: below this names stand above the chart, not at the ends of lines

export function optionFor(told, colours, width) {
  const isLine = told.kind === "line"
  const hasEnds = isLine && told.columns.length > 1 && width >= NARROW
  const right = hasEnds ? 8 + endWidth(told) : 16
  const levels = levelsOf(told, width - right - SCALE)
  return {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily: colours.font, color: colours.text },
    grid: {
      left: 4,
      right,
      top: 16 + (told.columns.length > 1 && !hasEnds ? 28 : 0) + NOTE_HEIGHT * (1 + Math.max(-1, ...levels.values())),
      bottom: 4,
      outerBoundsMode: "same",
      outerBoundsContain: told.along ? "all" : "axisLabel",
    },
    legend: legendFor(told, colours, hasEnds),
    tooltip: tooltipFor(told, colours),
    ...axesFor(told, colours, width),
    series: isLine ? linesOf(told, colours, hasEnds, levels) : barsOf(told, colours),
  }
}

function linesOf(told, colours, hasEnds, levels) {
  const lines = told.columns.flatMap((column, at) => [...bandsOf(told, at, colours), lineOf(told, at, colours, hasEnds)])
  const notes = notesOf(told, colours, levels)
  if (notes) lines.at(-1).markLine = notes
  return lines
}

function barsOf(told, colours) {
  return told.columns.flatMap((column, at) => [barOf(told, at, colours), ...whiskersOf(told, at, colours)])
}

function legendFor(told, colours, hasEnds) {
  if (told.columns.length < 2 || hasEnds) return { show: false }
  return {
    type: "scroll",
    top: 0,
    left: 0,
    data: told.columns.map((column) => column.name),
    selectedMode: false,
    itemWidth: 18,
    textStyle: { color: colours.text, width: 160, overflow: "truncate" },
    pageTextStyle: { color: colours.muted },
    pageIconColor: colours.text,
  }
}

// The words of the cells themselves, so that no number is rounded in a second way. Drawn in the picture, not as HTML.
function tooltipFor(told, colours) {
  return {
    renderMode: "richText",
    trigger: "axis",
    confine: true,
    axisPointer: { type: told.kind === "line" ? "line" : "shadow", lineStyle: { color: colours["line-strong"] } },
    backgroundColor: colours.raised,
    borderColor: colours["line-strong"],
    textStyle: { color: colours.text, fontFamily: colours.font, fontSize: 13 },
    formatter: (points) => {
      const row = told.rows[points[0].dataIndex]
      return [row.name, ...told.columns.map((column, at) => `${column.name}: ${row.cells[at].words}`)].join("\n")
    },
  }
}

function axesFor(told, colours, width) {
  const label = { color: colours.muted, fontSize: 12, hideOverlap: true }
  const scale = told.kind === "line" ? told.scale : "name" // bars stand side by side, whatever lies between them
  const along = {
    type: { date: "time", number: "value", name: "category" }[scale],
    name: told.along,
    nameLocation: "middle",
    nameGap: 24,
    nameTextStyle: { color: colours.muted, fontSize: 12 },
    axisLine: { lineStyle: { color: colours["line-strong"] } },
    axisTick: { show: false },
    splitLine: { show: false },
    splitNumber: Math.max(2, Math.min(8, Math.floor(width / 110))),
    axisLabel: scale === "date" ? { ...label, formatter: dayLabel(told) } : label,
    ...(scale === "name" ? { data: told.rows.map((row) => row.name) } : { min: scale === "number" ? 0 : "dataMin", max: "dataMax" }),
  }
  const up = {
    type: "value",
    splitNumber: 4,
    axisLabel: { ...label, formatter: (value) => short.format(value) },
    splitLine: { lineStyle: { color: colours.line } },
    minInterval: told.rows.every((row) => row.cells.every((cell) => Number.isInteger(cell.value ?? 0))) ? 1 : undefined,
  }
  if (told.kind !== "rows") return { xAxis: along, yAxis: up }
  along.axisLabel = { ...label, hideOverlap: false, width: Math.round(width / 3), overflow: "truncate" }
  return { xAxis: up, yAxis: { ...along, inverse: true } }
}

const language = document.documentElement.lang || "en"
const short = new Intl.NumberFormat(language, { notation: "compact", maximumFractionDigits: 1 })

function dayLabel(told) {
  const days = told.rows.map((row) => Date.parse(row.x))
  const span = Math.max(...days) - Math.min(...days)
  const parts = span > 320 * 864e5 ? { year: "numeric", month: "short" } : span > 2 * 864e5 ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }
  const format = new Intl.DateTimeFormat(language, { timeZone: "UTC", ...parts })
  return (at) => format.format(at)
}

// Names at the ends of lines need about so many pixels; Han characters are as wide as they are high.
function endWidth(told) {
  const widest = Math.max(...told.columns.map((column) => [...column.name].reduce((sum, one) => sum + (one > "\u2e80" ? 12 : 6.6), 0)))
  return Math.min(180, Math.ceil(widest) + 12)
}
