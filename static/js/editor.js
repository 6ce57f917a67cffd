// Everything a page with an editor loads beside desk.js.
import { startEditors } from "./desk/editor/start.js"
import { startTitle } from "./desk/editor/title.js"
import { startViews } from "./desk/editor/views.js"

startEditors()
startTitle()
startViews()
