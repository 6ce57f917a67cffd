// Public pages are the same for everybody. Who is signed in arrives here, and only when a hint says someone is.
export async function startMe() {
  const place = document.querySelector("[data-me]")
  if (!place || !/(?:^|; )parley_in=/.test(document.cookie)) return
  const prefix = /^\/(en|zh)(?=\/|$)/.exec(location.pathname)?.[0] ?? ""
  try {
    const answer = await fetch(`${prefix}/me/bar`, { headers: { Accept: "text/html" }, credentials: "same-origin" })
    if (answer.ok && answer.status !== 204) place.innerHTML = await answer.text()
  } catch {
    // The link to sign in stays, which is true enough without a connection.
  }
}
