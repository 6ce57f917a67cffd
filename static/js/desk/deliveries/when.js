// Choosing a time: only what the choice needs is shown. Without script everything stands there.
import { onElements } from "../shared.js"

onElements("[data-when]", (form) => follow(form, "choose", (field) => field.name.endsWith("when")))
onElements("[data-again]", (box) => follow(box, "again", (field) => /(verdict|when)$/.test(field.name)))

function follow(place, name, concerns) {
  const radios = [...place.querySelectorAll("input[type=radio]")].filter(concerns)
  const show = () => {
    const chosen = radios.filter((one) => one.checked).map((one) => one.value)
    for (const one of radios) place.classList.toggle(`${name}--${one.value}`, chosen.includes(one.value))
  }
  place.addEventListener("change", show)
  show()
}
