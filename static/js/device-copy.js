// Copies of unsaved text on this device, readable only while the person who wrote them is signed in.
//
// Each copy is encrypted (AES-GCM) under a key that the server gives to the signed-in page and that is stored nowhere
// here. A copy belongs to one person, one form and one tab, so that two tabs never write over each other's.
// docs/decisions/0008 says what this protects from, and what not.

const PREFIX = "alongside.draft.";
const TAB = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
const LOCK = "alongside.tab.";

// Held as long as this page is somebody's: other tabs see that the copies of this one are no leftovers.
let letGo = () => {};
navigator.locks?.request(LOCK + TAB, () => new Promise((resolve) => (letGo = resolve)));

// From now on the copies of this tab are for whoever opens their form next.
export function leaveCopies() {
  letGo();
}

// What the server says of this device: {state: "in", person, key, token}, {state: "signed_out"} or {state: "unknown"}.
export async function askDevice(address) {
  try {
    const answer = await fetch(address, {
      headers: { Accept: "application/json" },
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(15_000),
    });
    if (answer.status === 401) return { state: "signed_out" };
    return answer.ok ? { state: "in", ...(await answer.json()) } : { state: "unknown" };
  } catch {
    return { state: "unknown" };
  }
}


export class DeviceCopies {
  #key;
  #turn = 0;

  constructor(person, key) {
    this.person = person;
    this.#key = key;
  }

  // Throws where the browser has no WebCrypto (a page without https).
  static async open({ person, key }) {
    const imported = await crypto.subtle.importKey("raw", bytesOf(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    return new DeviceCopies(person, imported);
  }

  // Resolves to "kept", "refused" (no room, or no storage) or "overtaken" (a later call has the newer text).
  async keep(name, content, base) {
    const turn = ++this.#turn;
    const slot = this.#slotOf(name);
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(content));
    const data = await crypto.subtle.encrypt(this.#cipher(slot, iv), this.#key, plain);
    if (turn !== this.#turn) return "overtaken";
    const copy = { iv: base64(iv), data: base64(new Uint8Array(data)), base, at: new Date().toISOString(), tab: TAB };
    return this.putBack(slot, JSON.stringify(copy)) ? "kept" : "refused";
  }

  // This tab's copy of the form; a copy that is being made at the moment is not stored any more.
  eraseOwn(name) {
    this.#turn += 1;
    this.erase(this.#slotOf(name));
  }

  // Returns what was there, for `putBack`.
  erase(slot) {
    try {
      const stored = localStorage.getItem(slot);
      localStorage.removeItem(slot);
      return stored;
    } catch {
      return null;
    }
  }

  putBack(slot, stored) {
    try {
      localStorage.setItem(slot, stored);
      return true;
    } catch {
      return false;
    }
  }

  // This person's copies, newest first; `content` is null when a copy can't be opened any more.
  async all() {
    const found = slots(`${PREFIX}${this.person}.`).map((slot) => this.#read(slot));
    return (await Promise.all(found)).sort((one, other) => other.at - one.at);
  }

  // Those that no open tab is still at work on.
  async leftovers() {
    const locks = (await navigator.locks?.query())?.held ?? [];
    const open = new Set([TAB, ...locks.map((lock) => lock.name.replace(LOCK, ""))]);
    return (await this.all()).filter((copy) => !open.has(copy.tab));
  }

  async #read(slot) {
    const [name, tab] = slot.slice(PREFIX.length + this.person.length + 1).split(".");
    const copy = { slot, name, tab, at: new Date(0), base: "", content: null };
    try {
      const { iv, data, base, at } = JSON.parse(localStorage.getItem(slot));
      Object.assign(copy, { base, at: new Date(at) });
      const plain = await crypto.subtle.decrypt(this.#cipher(slot, bytesOf(iv)), this.#key, bytesOf(data));
      copy.content = JSON.parse(new TextDecoder().decode(plain));
    } catch {
      // Spoilt, or written under a key that the server no longer has: the page says so.
    }
    return copy;
  }

  #slotOf(name) {
    return `${PREFIX}${this.person}.${name}.${TAB}`;
  }

  #cipher(slot, iv) {
    return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(slot) };
  }
}

function slots(prefix) {
  try {
    return Object.keys(localStorage).filter((slot) => slot.startsWith(prefix));
  } catch {
    return [];
  }
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function base64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
