// One file to the library, with progress: gives what the server says of it, or `{ message }`.
import { token } from "./shared.js"

export function upload(address, file, { alt = "", onProgress = () => {} } = {}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const form = new FormData()
    form.append("file", file)
    form.append("alt", alt)
    request.open("POST", address)
    request.setRequestHeader("X-CSRFToken", token())
    request.setRequestHeader("Accept", "application/json")
    request.responseType = "json"
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total))
    request.addEventListener("loadend", () => {
      const said = request.response ?? {}
      if (request.status === 200 || request.status === 201) return resolve(said)
      resolve({ message: said.message ?? said.detail ?? `${file.name}: ${request.status || "✕"}` })
    })
    request.send(form)
  })
}
