import { tell } from "./visit.js"

// Links in the page that are more than reading on: to another site (its name alone is told), to a file, to a mail.
export function startDeeds() {
  for (const press of ["click", "auxclick"]) addEventListener(press, notice, { capture: true, passive: true })
}

function notice({ target, isTrusted, button }) {
  const link = isTrusted && button < 2 && target.closest?.("#content a[href]")
  const fact = link && factOf(link)
  if (fact) tell(fact)
}

function factOf(link) {
  const { protocol, host, hostname, pathname } = link
  if (protocol === "mailto:") return link.closest(".share") && "share:mail"
  if (!/^https?:$/.test(protocol)) return
  if (host !== location.host) return `outbound:${hostname.replace(/^www\./, "")}`
  const [, file] = /^\/media\/(.+)/.exec(pathname) ?? []
  if (file && (link.hasAttribute("download") || !/\.(avif|gif|jpe?g|png|svg|webp)$/.test(file))) return `download:${file}`
}
