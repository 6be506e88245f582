// The line under a form that says in words what is safe, and where. The words come from a template in the page.

export class StateLine {
  #line;
  #words;
  #said = "";

  constructor(form) {
    this.#line = form.querySelector("[data-autosave-state]");
    this.#words = form.querySelector("template[data-autosave-words]").content;
  }

  // `at` is a time as the reader says it; `isKept` chooses between the sentences for kept and for unkept text.
  show(state, { at = clock(new Date()), isKept = true, signIn = "" } = {}) {
    const source = this.#words.querySelector(`[data-state="${state}"]`);
    const words = source.cloneNode(true);
    for (const part of words.querySelectorAll(`[data-if="${isKept ? "unkept" : "kept"}"]`)) part.remove();
    for (const slot of words.querySelectorAll('[data-slot="at"]')) slot.textContent = at;
    for (const link of words.querySelectorAll('[data-slot="sign-in"]')) link.href = signIn;
    this.#speakUpFor(`${state}${isKept}`, state === "saving");
    this.#line.className = `autosave ${source.dataset.look ?? ""}`.trim();
    this.#line.dataset.now = state;
    this.#line.replaceChildren(...words.childNodes);
  }

  clear() {
    this.#said = "";
    this.#line.replaceChildren();
  }

  // A screen reader hears of a new state once; "saving" and the same state again stay silent.
  #speakUpFor(what, isPassing) {
    this.#line.setAttribute("aria-live", isPassing || what === this.#said ? "off" : "polite");
    if (!isPassing) this.#said = what;
  }
}

export function clock(moment) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(moment);
}

export function dayAndClock(moment) {
  return new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(moment);
}
