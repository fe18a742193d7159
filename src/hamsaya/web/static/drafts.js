// SPDX-License-Identifier: Apache-2.0
// An unfinished report, kept in this browser through a crash, a lost link or the end of a session.
// It is encrypted (AES-GCM) under a key that only its officer's logged-in page is given, so that the next person at a
// shared machine reads nothing; it is removed when it is filed, when its officer logs out, and after three days.
// Where the browser offers no cryptography (a page that is neither HTTPS nor localhost) nothing is kept.

const PREFIX = "hamsaya-draft:";
let left = false;
const LONGEST_MS = 3 * 24 * 3600 * 1000;

export class Draft {
  constructor(name, key) {
    this.name = PREFIX + name;
    this.key = key;
    this.turn = Promise.resolve();
  }

  static async open(name, secret) {
    if (!globalThis.crypto?.subtle || !storage()) return null;
    const raw = Uint8Array.from(atob(secret), (letter) => letter.charCodeAt(0));
    return new Draft(name, await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]));
  }

  async read() {
    try {
      const kept = JSON.parse(storage().getItem(this.name) ?? "null");
      if (!kept || Date.now() - kept.at > LONGEST_MS) return null;
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(kept.iv) }, this.key, bytes(kept.data));
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      this.forget();
      return null;
    }
  }

  // Writes follow one another, so that an older text never lands on a newer one; nothing is written once it was forgotten.
  write(fields) {
    if (left || this.finished) return this.turn;
    this.dropped = false;
    this.turn = this.turn.then(async () => {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.key, new TextEncoder().encode(JSON.stringify(fields)));
      if (!this.dropped && !left) storage().setItem(this.name, JSON.stringify({ at: Date.now(), iv: [...iv], data: [...new Uint8Array(data)] }));
    }).catch(() => {});
    return this.turn;
  }

  // The report was filed: what is typed until the page is gone is no draft of it.
  finish() {
    this.finished = true;
    this.forget();
  }

  forget() {
    this.dropped = true;
    storage()?.removeItem(this.name);
  }
}

export function forgetAll() {
  left = true;
  for (const name of Object.keys(storage() ?? {})) if (name.startsWith(PREFIX)) storage().removeItem(name);
}

function storage() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}

const bytes = (numbers) => new Uint8Array(numbers);

// Loaded on every page: what was not filed is gone when its officer leaves, and after three days.
document.querySelector("form.office")?.addEventListener("submit", forgetAll);
for (const name of Object.keys(storage() ?? {})) {
  if (!name.startsWith(PREFIX)) continue;
  try {
    if (Date.now() - JSON.parse(storage().getItem(name)).at > LONGEST_MS) storage().removeItem(name);
  } catch {
    storage().removeItem(name);
  }
}
