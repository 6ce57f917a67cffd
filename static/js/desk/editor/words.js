// The words of an editor, in the language of the page, and the parts of the page around it.
export function room(source) {
  const around = source.closest("[data-editor-room]")
  return {
    around: around ?? source.parentElement,
    tools: around?.querySelector("[data-editor-tools]") ?? null,
    notices: around?.querySelector("[data-editor-notices]") ?? null,
    words: JSON.parse(around?.dataset.words ?? "{}"),
  }
}

// `say(place, "uploaded", {name})`: one of the sentences, with its blanks filled.
export function say(place, key, values = {}) {
  return (place.words[key] ?? key).replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "")
}

export function searchPhrases({ words }) {
  return {
    Find: words.find,
    Replace: words.replaceWith,
    next: words.next,
    previous: words.previous,
    all: words.all,
    "match case": words.matchCase,
    regexp: words.regexp,
    "by word": words.byWord,
    replace: words.replace,
    "replace all": words.replaceAll,
    close: words.close,
    "current match": words.currentMatch,
    "on line": words.onLine,
    "replaced match on line $": words.replacedMatch,
    "replaced $ matches": words.replacedMatches,
  }
}
