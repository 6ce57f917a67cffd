import { startMe } from "./me.js"
import { startPlayers } from "./player.js"
import { startShare } from "./share.js"
import { startSidenotes } from "./sidenotes.js"
import { startThemeSwitch } from "./theme-switch.js"

startThemeSwitch()
startMe()
startShare()
startPlayers()
startSidenotes()
