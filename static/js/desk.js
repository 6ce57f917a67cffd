import "./desk/crop.js"
import "./desk/focal.js"
import "./desk/library/drop.js"
import "./desk/note.js"
import "./desk/picker.js"
import "./desk/notices.js"
import "./desk/home.js"
import "./desk/order.js"
import { startBoard } from "./desk/board.js"
import { startCopying } from "./desk/copy.js"
import { startCalendar } from "./desk/calendar/index.js"
import "./desk/keep/index.js"
import "./desk/deliveries/live.js"
import "./desk/poll.js"
import "./desk/deliveries/tailor.js"
import "./desk/deliveries/when.js"
import "./desk/reviews/passages.js"
import "./desk/reviews/quality.js"
import { startMenus } from "./desk/menus.js"
import { startPalette } from "./desk/palette.js"
import { startRows } from "./desk/rows.js"
import { startThemeSwitch } from "./theme-switch.js"

startThemeSwitch()
startMenus()
startPalette()
startCalendar()
startRows()
startBoard()
startCopying()

// What went wrong is read first.
document.querySelector("[data-focus]")?.focus()
