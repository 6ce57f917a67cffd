// Nothing that is typed into a `<form data-keep="URL">` is lost: see docs/decisions/0020.
import { Sitting } from "./sitting.js"

for (const form of document.querySelectorAll("form[data-keep]")) new Sitting(form).begin()
