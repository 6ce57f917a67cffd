// Bars and their whiskers, upright or lying down. A missing value is a dash at the foot of its bar.
const colourOf = (column, colours) => colours[`chart-${column.colour}`]

export function barOf(told, at, colours) {
  const column = told.columns[at]
  return {
    name: column.name,
    type: "bar",
    stack: told.isStacked ? "all" : undefined,
    color: colourOf(column, colours),
    barMaxWidth: 28,
    barGap: "12%",
    itemStyle: { borderColor: colours.surface, borderWidth: told.isStacked ? 1 : 0 },
    emphasis: { disabled: true },
    data: told.rows.map((row) => (row.cells[at].value === null ? missing(told, colours) : row.cells[at].value)),
  }
}

const missing = (told, colours) => ({
  value: 0,
  label: {
    show: !told.isStacked,
    formatter: "–",
    position: told.kind === "rows" ? "right" : "top",
    color: colours.muted,
  },
})

// Whiskers stand in the middle of their bar, which the same layout gives as the bars were given.
export function whiskersOf(told, at, colours) {
  if (told.isStacked || !told.rows.some((row) => row.cells[at].low !== null)) return []
  const groups = told.columns.length
  return [
    {
      type: "custom",
      silent: true,
      z: 4,
      encode: told.kind === "rows" ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
      data: told.rows.map((row, index) => [index, row.cells[at].low, row.cells[at].high]),
      renderItem: (_params, api) => {
        if (Number.isNaN(api.value(1)) || api.value(1) === null) return null
        const places = api.barLayout({ count: groups, barMaxWidth: 28, barGap: "12%" })
        return whisker(api, places[at].offsetCenter, told.kind === "rows", colours)
      },
    },
  ]
}

function whisker(api, offset, isLying, colours) {
  const end = (value) => {
    const [x, y] = api.coord(isLying ? [value, api.value(0)] : [api.value(0), value])
    return isLying ? [x, y + offset] : [x + offset, y]
  }
  const [ax, ay] = end(api.value(1))
  const [bx, by] = end(api.value(2))
  const line = (x1, y1, x2, y2) => ({
    type: "line",
    shape: { x1, y1, x2, y2 },
    style: { stroke: colours.text, lineWidth: 1.5 },
  })
  const tick = (x, y) => (isLying ? line(x, y - 4, x, y + 4) : line(x - 4, y, x + 4, y))
  return { type: "group", children: [line(ax, ay, bx, by), tick(ax, ay), tick(bx, by)] }
}
