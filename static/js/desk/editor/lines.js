// Lines that are more than a paragraph wear a class: headings, quotes, code and tables.
import { syntaxTree } from "@codemirror/language"
import { Decoration, ViewPlugin } from "@codemirror/view"

const CLASSES = {
  ATXHeading1: "line-h2",
  ATXHeading2: "line-h2",
  ATXHeading3: "line-h3",
  ATXHeading4: "line-h4",
  Blockquote: "line-quote",
  FencedCode: "line-code",
  CodeBlock: "line-code",
  Table: "line-table",
  BlockFence: "line-fence",
}

export const lineLooks = ViewPlugin.fromClass(
  class {
    constructor(view) {
      this.decorations = dress(view)
    }

    update(change) {
      const grown = syntaxTree(change.state) !== syntaxTree(change.startState)
      if (change.docChanged || change.viewportChanged || grown) this.decorations = dress(change.view)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

function dress(view) {
  const found = new Map()
  for (const { from, to } of view.visibleRanges) {
    syntaxTree(view.state).iterate({
      from,
      to,
      enter(node) {
        const name = CLASSES[node.name]
        if (!name) return
        const end = Math.min(node.to, to)
        for (let at = Math.max(node.from, from); at <= end; ) {
          const line = view.state.doc.lineAt(at)
          found.set(line.from, [...(found.get(line.from) ?? []), name])
          at = line.to + 1
        }
      },
    })
  }
  const marks = [...found].sort(([a], [b]) => a - b)
  return Decoration.set(marks.map(([at, names]) => Decoration.line({ class: [...new Set(names)].join(" ") }).range(at)))
}
