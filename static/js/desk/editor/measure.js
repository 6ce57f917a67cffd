// How long a text is: each Han, kana or hangul character counts one, each Latin word counts one. The same rule as
// cms/core/text.py; a test holds the two together.
const IDEOGRAPHS = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}\\u3040-\\u30ff\\uac00-\\ud7af"
const IDEOGRAPH = new RegExp(`[${IDEOGRAPHS}]`, "gu")
const LETTER = `(?:(?![${IDEOGRAPHS}])[\\p{L}\\p{N}_])`
const WORD = new RegExp(`${LETTER}+(?:['\u2019-]${LETTER}+)*`, "gu")
const HAN_PER_MINUTE = 400
const WORDS_PER_MINUTE = 230

export function measure(text) {
  const han = text.match(IDEOGRAPH)?.length ?? 0
  const words = text.match(WORD)?.length ?? 0
  const minutes = Math.max(1, evenly(han / HAN_PER_MINUTE + words / WORDS_PER_MINUTE))
  return { han, words, count: han + words, characters: [...text.replace(/\s+/g, "")].length, minutes }
}

// Python rounds halves to the even number.
function evenly(number) {
  const whole = Math.round(number)
  return number % 1 === 0.5 && whole % 2 === 1 ? whole - 1 : whole
}

// The words that readers will see of a Markdown text: without signs, addresses, code blocks and HTML.
export function words(text) {
  return text
    .replace(/^(```|~~~)[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, " ")
    .replace(/<!--[\s\S]*?-->|<\/?[a-z][^>\n]*>/gi, " ")
    .replace(/^\/\/\/+ *(?:[a-z]+)? *\|? */gm, "")
    .replace(/^\[\^[^\]\n]+\]: */gm, "")
    .replace(/\[\^[^\]\n]+\]/g, "")
    .replace(/^\[[^\]\n]+\]: *\S+.*$/gm, "")
    .replace(/!\[[^\]\n]*\]\([^)\n]*\)/g, " ")
    .replace(/\[([^\]\n]*)\]\([^)\n]*\)/g, "$1")
    .replace(/^\s*(?:[-*+]|\d+[.)]) +(?:\[[ xX]\] +)?/gm, "")
    .replace(/^[|:\s-]*-{3,}[|:\s-]*$/gm, "")
    .replace(/[*~=`#>|]+/g, " ")
}
