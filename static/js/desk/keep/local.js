// The copy in this browser: it survives a crash, a lost network and an expired sign-in.
import { createStore, del, entries, set } from "idb-keyval"

const LASTS_FOR = 90 * 24 * 3600 * 1000
let opened

const store = () => (opened ??= createStore("parley-keep", "texts"))

export const local = {
  async put(key, value) {
    try {
      await set(key, value, store())
      return true
    } catch {
      return false // a private window, or a full disk: the server's copy has to do, and the page says so
    }
  },
  async drop(key) {
    await del(key, store()).catch(() => {})
  },
  // Copies whose key begins like this; those that nobody came back to are cleared away on the way.
  async all(prefix) {
    const found = await entries(store()).catch(() => [])
    const now = Date.now()
    for (const [key, copy] of found) if (now - copy.at > LASTS_FOR) await this.drop(key)
    return found.filter(([key, copy]) => key.startsWith(prefix) && now - copy.at <= LASTS_FOR).map(([, copy]) => copy)
  },
}
