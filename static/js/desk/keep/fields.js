// What a form holds, as plain data: a name to its text, or to a list of texts. Proofs, versions and files stay out.
const LEFT_OUT = new Set(["csrf_token", "tab", "version", "wish", "publish"])

export function readFields(form) {
  const fields = {}
  for (const [name, value] of new FormData(form)) {
    if (LEFT_OUT.has(name) || typeof value !== "string") continue
    const text = value.replaceAll("\r\n", "\n")
    if (!(name in fields)) fields[name] = text
    else fields[name] = [].concat(fields[name], text)
  }
  return fields
}

// An empty field and one that is not there say the same.
export function isSame(one, other) {
  if (!one || !other) return false
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => spelled(one[name]) === spelled(other[name]))
}

function spelled(value) {
  return [].concat(value ?? "").join("\u001f").replaceAll("\r\n", "\n")
}
