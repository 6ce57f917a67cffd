// Choosing the point of a picture that stays visible: click, drag, or arrow keys. Improves two number fields.

for (const stage of document.querySelectorAll("[data-focal]")) {
  const image = stage.querySelector("img")
  const fields = ["focal_x", "focal_y"].map((name) => document.querySelector(`input[name="${name}"]`))
  if (image && fields.every(Boolean)) choose(stage, image, fields)
}

function choose(stage, image, [left, top]) {
  const mark = document.createElement("button")
  mark.type = "button"
  mark.className = "stage__mark"
  mark.setAttribute("aria-label", stage.dataset.focal)
  stage.append(mark)

  const place = () => {
    const { offsetLeft, offsetTop, offsetWidth, offsetHeight } = image
    mark.style.left = `${offsetLeft + (offsetWidth * left.valueAsNumber) / 100}px`
    mark.style.top = `${offsetTop + (offsetHeight * top.valueAsNumber) / 100}px`
  }
  const put = (x, y) => {
    left.value = percent(x)
    top.value = percent(y)
    place()
  }
  const point = (event) => {
    const box = image.getBoundingClientRect()
    put(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100)
  }
  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

  image.addEventListener("click", point)
  mark.addEventListener("pointerdown", (event) => mark.setPointerCapture(event.pointerId))
  mark.addEventListener("pointermove", (event) => mark.hasPointerCapture(event.pointerId) && point(event))
  mark.addEventListener("keydown", (event) => {
    const step = steps[event.key]
    if (!step) return
    event.preventDefault()
    const far = event.shiftKey ? 10 : 1
    put(left.valueAsNumber + step[0] * far, top.valueAsNumber + step[1] * far)
  })
  for (const one of [left, top]) one.addEventListener("input", place)
  new ResizeObserver(place).observe(image)
  place()
}

function percent(value) {
  return Math.round(Math.min(100, Math.max(0, value || 0)))
}
