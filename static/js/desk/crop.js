// Choosing a part of a picture: drag it, drag its corner, or arrow keys. Improves four number fields.
import { onElements } from "./shared.js"

const LEAST = 1 // percent

onElements("[data-crop]", (stage) => {
  const image = stage.querySelector("img")
  const form = stage.parentElement.querySelector("form")
  const field = (name) => form.elements[name]
  const frame = Object.assign(document.createElement("button"), { type: "button", className: "crop" })
  const corner = Object.assign(document.createElement("span"), { className: "crop__corner" })
  frame.setAttribute("aria-label", stage.dataset.label)
  frame.append(corner)
  stage.append(frame)
  let ratio = 0 // of the pixels; 0 is free

  const read = () => ["x", "y", "width", "height"].map((name) => Number(field(name).value) || 0)
  const draw = () => {
    const [x, y, width, height] = read()
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = image
    Object.assign(frame.style, {
      left: `${offsetLeft + (offsetWidth * x) / 100}px`,
      top: `${offsetTop + (offsetHeight * y) / 100}px`,
      width: `${(offsetWidth * width) / 100}px`,
      height: `${(offsetHeight * height) / 100}px`,
    })
  }
  const put = (x, y, width, height) => {
    let wide = Math.min(100, Math.max(LEAST, width))
    let high = Math.min(100, Math.max(LEAST, height))
    if (ratio) {
      const shape = (image.width || 1) / (image.height || 1)
      high = (wide * shape) / ratio
      if (high > 100) [wide, high] = [(100 * ratio) / shape, 100]
    }
    const values = { x: Math.min(Math.max(0, x), 100 - wide), y: Math.min(Math.max(0, y), 100 - high), width: wide, height: high }
    for (const [name, value] of Object.entries(values)) field(name).value = Math.round(value * 10) / 10
    draw()
  }

  let from = null
  frame.addEventListener("pointerdown", (event) => {
    frame.setPointerCapture(event.pointerId)
    from = { at: [event.clientX, event.clientY], box: read(), resizes: event.target === corner }
  })
  frame.addEventListener("pointermove", (event) => {
    if (!from) return
    const right = ((event.clientX - from.at[0]) / image.offsetWidth) * 100
    const down = ((event.clientY - from.at[1]) / image.offsetHeight) * 100
    const [x, y, width, height] = from.box
    if (from.resizes) put(x, y, width + right, height + down)
    else put(x + right, y + down, width, height)
  })
  frame.addEventListener("pointerup", () => (from = null))
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
  frame.addEventListener("keydown", (event) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    const [x, y, width, height] = read()
    if (event.shiftKey) put(x, y, width + step[0], height + step[1])
    else put(x + step[0], y + step[1], width, height)
  })
  for (const name of ["x", "y", "width", "height"]) field(name).addEventListener("input", draw)
  document.querySelector("[data-ratios]")?.addEventListener("click", (event) => {
    if (event.target.dataset.ratio === undefined) return
    ratio = Number(event.target.dataset.ratio)
    for (const one of event.currentTarget.children) one.setAttribute("aria-pressed", String(one === event.target))
    put(...read())
  })
  new ResizeObserver(draw).observe(image)
  draw()
})
