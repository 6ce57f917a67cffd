import "./desk/focal.js"
import { startThemeSwitch } from "./theme-switch.js"

startThemeSwitch()

// What went wrong is read first.
document.querySelector("[data-focus]")?.focus()
