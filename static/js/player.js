// Speed for audio and video; the rest is the browser's own player.
export function startPlayers() {
  for (const player of document.querySelectorAll("[data-player]")) {
    const media = player.querySelector("audio, video")
    player.querySelector("[data-speed]")?.addEventListener("change", (event) => {
      media.playbackRate = Number(event.target.value)
    })
  }
}
