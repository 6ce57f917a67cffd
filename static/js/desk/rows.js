// A table of rows to choose from: J and K go from row to row, X chooses one (with Shift: all between), Enter opens it.
// The bar of acts counts what is chosen and waits until something is.
export function startRows() {
  for (const form of document.querySelectorAll("[data-rows]")) start(form)
}

function start(form) {
  const rows = [...form.querySelectorAll("[data-row]")]
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"))
  const all = form.querySelector("[data-all]")
  const everything = form.querySelector("[name=everything]")
  let at = -1
  let last = -1

  const count = () => {
    const chosen = boxes.filter((box) => box.checked).length
    const output = form.querySelector("[data-count]")
    output.textContent = chosen === 1 ? output.dataset.one : output.dataset.many.replace("{count}", chosen)
    form.classList.toggle("bulk--idle", !chosen && !everything?.checked)
    rows.forEach((row, place) => row.classList.toggle("row--chosen", boxes[place].checked))
    if (!all) return
    all.checked = chosen === boxes.length
    all.indeterminate = chosen > 0 && chosen < boxes.length
  }
  const choose = (place, { range, checked }) => {
    const [from, to] = range && last >= 0 ? [Math.min(last, place), Math.max(last, place)] : [place, place]
    for (let one = from; one <= to; one += 1) boxes[one].checked = checked
    last = place
    count()
  }
  const go = (step) => {
    rows[at]?.classList.remove("row--here")
    at = Math.min(rows.length - 1, Math.max(0, at + step))
    rows[at].classList.add("row--here")
    const link = rows[at].querySelector("a")
    link.focus()
    link.scrollIntoView({ block: "nearest" })
  }

  all?.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked
    count()
  })
  everything?.addEventListener("change", count)
  boxes.forEach((box, place) => {
    box.addEventListener("click", (event) => choose(place, { range: event.shiftKey, checked: box.checked }))
  })
  rows.forEach((row, place) => {
    row.addEventListener("focusin", () => {
      rows[at]?.classList.remove("row--here")
      at = place
    })
  })
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const typing = event.target.closest?.("textarea, select, dialog, [contenteditable], input:not([type=checkbox])")
    if (typing) return
    const key = event.key.toLowerCase()
    if (key === "j") go(1)
    else if (key === "k") go(-1)
    else if (key === "x" && rows[at]) choose(at, { range: event.shiftKey, checked: !boxes[at].checked })
    else return
    event.preventDefault()
  })
  count()
}
