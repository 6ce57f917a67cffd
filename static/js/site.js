import { startDeeds } from "./deeds.js"
import { startEmbeds } from "./embed.js"
import { startMe } from "./me.js"
import { startPlayers } from "./player.js"
import { startShare } from "./share.js"
import { startSidenotes } from "./sidenotes.js"
import { startTalk } from "./talk.js"
import { startThemeSwitch } from "./theme-switch.js"
import { startTimes } from "./times.js"
import { startVisit } from "./visit.js"

startThemeSwitch()
startMe()
startShare()
startPlayers()
startSidenotes()
startEmbeds()
startVisit()
startDeeds()
startTalk()
startTimes()
