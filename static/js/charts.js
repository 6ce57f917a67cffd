// Draws a chart from the table beside it: the table is what is read, the chart shows the same numbers once more.
//
//   <table id="views" class="table" data-chart="line" data-chart-x="date">
//     <caption>Views a day</caption>
//     <thead><tr><th scope="col">Day</th>
//       <th scope="col" data-colour="2">Spring</th>
//       <th scope="col" data-colour="2" data-dashed>Spring, projected</th>
//       <th scope="col" data-undrawn>Change</th></tr></thead>
//     <tbody><tr><th scope="row" data-x="2026-11-01" data-note="Launch">1 Nov</th>
//       <td data-value="1204.5" data-low="1100" data-high="1300">~1,205</td>
//       <td>–</td>
//       <td>+3 %</td></tr></tbody>
//   </table>
//   <div class="chart" data-chart-of="views"></div>
//
// data-chart     "line", "bar" (upright groups) or "rows" (bars lying down, for long names); with data-stacked the bars
//                of a row stand on one another.
// data-chart-x   "date" (data-x="YYYY-MM-DD" or an RFC 3339 instant), "number" (days since launch) or, without it, names.
//                Where data-x is missing, what the cell says is taken.
// data-chart-along  what numbers along the axis are, in words.
// data-colour    1 to 6, of the chart colours; else columns get them in their order. A campaign keeps its own everywhere.
// data-dashed    a line that is no measurement: a projection, a median.
// data-undrawn   on a column head or on a row (<tr>): stands in the table only (a total, a change, another unit).
// data-value     the number, with a full stop. A cell without it is missing, and is drawn as missing: a gap, or a dash.
// data-low/-high its interval: a band around a line, a whisker on a bar. Both or neither.
// data-note      on a row head of a line chart: what happened then, as an upright line with these words.
//
// The chart goes into the element with `data-chart-of`, which takes its place from `.chart` (`.chart--tall`, `--low`).
// Without script that element stays empty and takes no room. It is one picture to a screen reader, named by the caption
// and by `data-chart-words` (a sentence on what to see, if the page has one), which sends its listener to the table.
// Fresh HTML that a script puts into the page is drawn after `dispatchEvent(new Event("charts:draw", {bubbles: true}))`
// on any of it. Charts follow the theme, the width of their place, and print in the colours of the light theme.
import { optionFor } from "./charts/drawing.js"
import { readTable } from "./charts/reading.js"
import { coloursOf } from "./charts/colours.js"
import { start } from "./charts/engine.js"

const drawn = new Map() // by place: its chart

function drawAll() {
  for (const [place, chart] of drawn) {
    if (place.isConnected) continue
    widths.unobserve(place)
    chart.dispose()
    drawn.delete(place)
  }
  document.querySelectorAll("[data-chart-of]").forEach(draw)
}

function draw(place) {
  const table = document.getElementById(place.dataset.chartOf)
  const told = table && readTable(table)
  place.hidden = !told?.rows.length
  if (place.hidden || !place.clientWidth) return
  place.setAttribute("role", "img") // which gives it its height
  if (!drawn.has(place)) {
    drawn.set(place, start(place))
    widths.observe(place)
  }
  const chart = drawn.get(place)
  chart.resize({ width: place.clientWidth, height: place.clientHeight })
  chart.setOption(optionFor(told, coloursOf(place), place.clientWidth), { notMerge: true })
  place.setAttribute("aria-label", [told.title, table.dataset.chartWords].filter(Boolean).join(". "))
}

const widths = new ResizeObserver((changes) => {
  for (const { target } of changes) if (drawn.get(target)?.getWidth() !== target.clientWidth) draw(target)
})

drawAll()
document.addEventListener("charts:draw", drawAll)
document.addEventListener("toggle", drawAll, true) // a fold was opened
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll)
matchMedia("print").addEventListener("change", drawAll)
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-theme"] })
