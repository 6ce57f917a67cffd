// CodeMirror brings its own styles in a <style> element, which our content security policy refuses. Style sheets made
// by script are allowed, so its rules are adopted instead, in a layer below our own, which then always win.
import { StyleModule } from "style-mod"

const adopted = new WeakMap()

StyleModule.mount = (root, modules) => {
  const place = root.adoptedStyleSheets ? root : root.ownerDocument
  const known = adopted.get(place) ?? new Set()
  adopted.set(place, known)
  for (const module of [modules].flat()) {
    if (known.has(module)) continue
    known.add(module)
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(`@layer base { ${module.getRules()} }`)
    place.adoptedStyleSheets = [...place.adoptedStyleSheets, sheet]
  }
}
