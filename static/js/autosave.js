// Saves what is typed into a `form[data-autosave]` by itself, and keeps it on this device until the server has it.
//
// One request at a time; the newest text waits behind it. "Saved" is said, and the copy on the device erased, only on
// the server's word. The form works without this script: it is an ordinary form with a button.

import { pageOf, showCopy, showSavedElsewhere } from "./copies-found.js";
import { askDevice, DeviceCopies, leaveCopies } from "./device-copy.js";
import { sameWords, wordsOf } from "./form-words.js";
import { Pause } from "./pause.js";
import { StateLine } from "./state-line.js";

const KEEP_AFTER = { pause: 400, atLatest: 2_000 };
const SAVE_AFTER = { pause: 1_000, atLatest: 10_000 };
const WAITS = [2_000, 4_000, 8_000, 16_000, 30_000];
const PATIENCE = 15_000;
const SLOWEST_BYTES_A_MS = 4; // a long text over a poor connection
const MOST_KEEPALIVE_BYTES = 60_000;
const STAYS = new Set(["elsewhere", "other_person"]); // nothing more is sent by itself

class Autosave {
  #form;
  #line;
  #copies = null;
  #person;
  #saved;
  #kept = null;
  #isRefusedByDevice = false;
  #state = "quiet";
  #inFlight = null;
  #unanswered = null; // what was sent and may have arrived: its answer never came
  #failures = 0;
  #retry = 0;
  #isLeaving = false;
  #isSubmitting = false;
  #isOnlyAsked; // nothing goes to the server before the button is pressed: others read it at once
  #showsBoth = false;
  #otherCopies = new Set();
  #keepSoon = new Pause(KEEP_AFTER, () => this.#keep());
  #saveSoon = new Pause(SAVE_AFTER, () => this.#save());
  #tabs = new BroadcastChannel("alongside-log");
  #people = new BroadcastChannel("alongside");

  constructor(form) {
    this.#form = form;
    this.#line = new StateLine(form);
    this.#isOnlyAsked = "onlyAsked" in form.dataset;
    this.#person = form.querySelector("[data-person]")?.dataset.person;
    this.#saved = form.querySelector("[data-unsaved]") ? null : wordsOf(form);
    this.#showsBoth = Boolean(form.querySelector("[data-both-texts]"));
    if (this.#showsBoth) this.#state = "elsewhere";
  }

  async start() {
    this.#listen();
    await this.#meetServer();
    if (this.#state === "other_person") return;
    await this.#lookForCopies();
    if (this.#isDirty()) this.#typed();
  }

  #listen() {
    this.#form.addEventListener("input", () => this.#typed());
    this.#form.addEventListener("change", () => this.#typed());
    this.#form.addEventListener("focusout", () => this.#keepSoon.now());
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#form.addEventListener("copy-restored", (event) => this.#otherCopies.add(event.detail.slot));
    this.#form.addEventListener("copy-put-back", (event) => this.#otherCopies.delete(event.detail.slot));
    addEventListener("online", () => this.#again());
    addEventListener("focus", () => this.#back());
    addEventListener("pagehide", () => this.#away());
    addEventListener("beforeunload", (event) => this.#warn(event));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#away() : this.#back()));
    this.#tabs.addEventListener("message", ({ data }) => this.#hearOfSave(data));
    this.#people.addEventListener("message", ({ data }) => data.signedIn && this.#lookAround());
  }

  #typed() {
    this.#isLeaving = false;
    if (this.#state === "other_person") return;
    this.#keepSoon.poke();
    if (!this.#retry && this.#state !== "signed_out") this.#saveSoon.poke();
  }

  #isDirty() {
    return !sameWords(wordsOf(this.#form), this.#saved);
  }

  // ---- On this device ----

  async #keep() {
    const words = wordsOf(this.#form);
    if (this.#state === "other_person" || sameWords(words, this.#kept)) return;
    if (sameWords(words, this.#saved)) return this.#eraseOwn();
    if (!this.#copies) await this.#meetServer();
    const result = (await this.#copies?.keep(this.#form.dataset.name, this.#contentOf(words), this.#version)) ?? "refused";
    if (result === "overtaken") return;
    this.#kept = result === "kept" ? words : null;
    const wasRefused = this.#isRefusedByDevice;
    this.#isRefusedByDevice = result === "refused";
    if (wasRefused !== this.#isRefusedByDevice && this.#state !== "saved") this.#sayUnsaved();
    if (this.#isOnlyAsked && ["quiet", "saved"].includes(this.#state)) this.#say(this.#kept ? "waiting" : "nokeep");
  }

  #contentOf(words) {
    const { form_key: key } = this.#form.elements;
    const autosave = this.#isOnlyAsked ? "" : this.#form.dataset.autosave;
    return { words, form_key: key?.value ?? "", autosave, page: pageOf(this.#form) };
  }

  #eraseOwn() {
    this.#kept = null;
    this.#copies?.eraseOwn(this.#form.dataset.name);
  }

  async #lookForCopies() {
    const isNew = this.#form.dataset.name.startsWith("new-");
    const fits = ({ name }) => (isNew ? name.startsWith("new-") : name === this.#form.dataset.name);
    for (const copy of ((await this.#copies?.leftovers()) ?? []).filter(fits)) {
      if (!sameWords(copy.content?.words ?? null, wordsOf(this.#form))) {
        const isOlder = !isNew && Number(copy.base) < Number(this.#version);
        showCopy(this.#form, this.#copies, copy, { isOlder });
      } else if (this.#saved === null) {
        this.#otherCopies.add(copy.slot); // the page has these words, the server not yet
      } else {
        this.#copies.erase(copy.slot);
      }
    }
  }

  // ---- To the server ----

  get #version() {
    return this.#form.elements.version?.value ?? "";
  }

  // One request at a time: whoever asks meanwhile gets the same promise, and the newer text goes after it.
  // `isAsked`: the writer pressed the button, on a page that shows what was saved elsewhere beside their own words.
  #save({ keepalive = false, isAsked = false } = {}) {
    if (this.#inFlight) return this.#inFlight;
    if (((STAYS.has(this.#state) || this.#isOnlyAsked) && !isAsked) || !(this.#isDirty() || this.#unanswered)) {
      return Promise.resolve();
    }
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#saveSoon.cancel();
    this.#inFlight = this.#send(keepalive).finally(() => {
      this.#inFlight = null;
      if (this.#state === "saved" && this.#isDirty()) this.#saveSoon.poke();
    });
    return this.#inFlight;
  }

  // A save whose answer got lost may have been done. It is asked for again in the same words, which the server takes for
  // the same save; only then do the newer words go, resting on its version.
  async #send(keepalive) {
    if (this.#unanswered && !(await this.#deliver(this.#unanswered, keepalive))) return;
    if (this.#isDirty()) await this.#deliver({ words: wordsOf(this.#form), fields: sentBy(this.#form) }, keepalive);
  }

  // True once the server has these words.
  async #deliver(sent, keepalive) {
    if (!["signed_out", "kept", "nokeep"].includes(this.#state)) this.#say("saving");
    let answer = await this.#post(sent, keepalive);
    if (answer.status === 403 && (await this.#meetServer())) answer = await this.#post(sent, keepalive);
    const { status, body } = answer;
    if (status === 0 || status >= 500) this.#unanswered = sent;
    else if (status !== 401 && status !== 403) this.#unanswered = null;
    if (this.#state === "other_person" || (status === 403 && this.#state === "signed_out")) return false;
    const isSaved = status === 200 && body.state === "saved";
    const isNothing = status === 200 && body.state === "nothing";
    if (isSaved) this.#accept(body, sent.words);
    else if (isNothing) this.#acceptNothing(sent.words);
    else await this.#refuse(status, body);
    return isSaved || isNothing;
  }

  async #post({ fields }, keepalive) {
    const body = new URLSearchParams(fields);
    try {
      const answer = await fetch(this.#form.dataset.autosave, {
        method: "POST",
        body,
        keepalive,
        headers: { Accept: "application/json", "X-CSRFToken": this.#form.elements.csrfmiddlewaretoken.value },
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE + body.toString().length / SLOWEST_BYTES_A_MS),
      });
      return { status: answer.status, body: await answer.json().catch(() => ({})) };
    } catch {
      return { status: 0, body: {} };
    }
  }

  #accept(body, words) {
    this.#failures = 0;
    this.#saved = words;
    const nameBefore = this.#form.dataset.name;
    const isUnchanged = sameWords(wordsOf(this.#form), words);
    if (isUnchanged) this.#eraseOwn();
    else this.#kept = null; // the copy rests on an older version now
    if (this.#form.elements.version) this.#form.elements.version.value = body.version;
    if (nameBefore !== body.name) this.#becomeEntry(body, nameBefore, isUnchanged);
    for (const slot of this.#otherCopies) this.#copies?.erase(slot);
    this.#otherCopies.clear();
    this.#say("saved", { at: body.saved_at });
    this.#tabs.postMessage({ name: body.name, version: body.version });
  }

  // A new form is the form of an entry from its first save on.
  async #becomeEntry(body, nameBefore, isUnchanged) {
    Object.assign(this.#form.dataset, { autosave: body.autosave, name: body.name });
    this.#form.setAttribute("action", body.page);
    history.replaceState(history.state, "", body.page); // with the question it is at
    if (isUnchanged) return;
    await this.#keep();
    if (this.#kept) this.#copies?.eraseOwn(nameBefore);
  }

  #acceptNothing(words) {
    this.#saved = words;
    if (sameWords(wordsOf(this.#form), words)) this.#eraseOwn();
    this.#state = "quiet";
    this.#line.clear();
  }

  async #refuse(status, body) {
    await this.#keepSoon.now();
    if (status === 401) return this.#say("signed_out");
    if (status === 409 && body.state === "changed_elsewhere") {
      this.#showsBoth = false; // what this page shows of the other text is older by now
      return this.#say("elsewhere");
    }
    if ([400, 404, 413, 422].includes(status)) return this.#say("refused"); // again would not help: the button tells more
    this.#say(this.#isRefusedByDevice ? "nokeep" : this.#isOnlyAsked ? "waiting" : "kept");
    if (!this.#isOnlyAsked) this.#retry = setTimeout(() => this.#save(), WAITS[Math.min(this.#failures, WAITS.length - 1)]);
    this.#failures += 1;
  }

  #say(state, more = {}) {
    this.#state = state;
    this.#line.show(state, { isKept: !this.#isRefusedByDevice, signIn: this.#form.dataset.signIn, ...more });
  }

  // The device has begun, or ceased, to refuse copies of what is not saved.
  #sayUnsaved() {
    if (["kept", "nokeep", "quiet", "saving", "waiting"].includes(this.#state)) {
      if (this.#isRefusedByDevice) this.#say("nokeep");
      else if (this.#state === "nokeep") this.#say("kept");
    } else this.#say(this.#state);
  }

  // ---- Who sits here ----

  // Asks who is signed in and takes their key and token. True when it is the person whose page this is.
  async #meetServer() {
    const device = await askDevice(this.#form.dataset.device);
    if (device.state === "signed_out" && !STAYS.has(this.#state)) this.#say("signed_out");
    if (device.state !== "in") return false;
    this.#person ??= device.person;
    if (device.person !== this.#person) {
      await this.#makeWayForSomebodyElse();
      return false;
    }
    this.#form.elements.csrfmiddlewaretoken.value = device.token;
    this.#copies ??= await DeviceCopies.open(device).catch(() => null);
    return true;
  }

  // The words stay on this device for the one who wrote them, encrypted; this page forgets them.
  async #makeWayForSomebodyElse() {
    if (this.#copies) await this.#keep();
    this.#state = "other_person";
    this.#saved = this.#kept = null;
    this.#keepSoon.cancel();
    this.#saveSoon.cancel();
    clearTimeout(this.#retry);
    const words = this.#form.querySelector("template[data-other-person]").content.cloneNode(true);
    document.title = words.querySelector("h1").textContent;
    this.#form.reset();
    this.#form.replaceChildren();
    document.querySelector("main").replaceChildren(words);
    leaveCopies();
  }

  // ---- Coming and going ----

  #back() {
    if (!document.hidden) this.#lookAround();
  }

  async #lookAround() {
    if (this.#state === "other_person") return;
    const isSamePerson = await this.#meetServer();
    if (isSamePerson && this.#state === "signed_out") this.#again();
    else if (this.#retry) this.#again();
  }

  #again() {
    if (!STAYS.has(this.#state)) this.#save();
  }

  #away() {
    this.#keepSoon.now();
    const isShort = new URLSearchParams(wordsOf(this.#form)).toString().length < MOST_KEEPALIVE_BYTES;
    if (isShort && !this.#inFlight && !this.#isLeaving && this.#state !== "signed_out") this.#save({ keepalive: true });
  }

  #warn(event) {
    const isSafe = this.#isLeaving || !this.#isDirty() || sameWords(wordsOf(this.#form), this.#kept);
    if (this.#state !== "other_person" && !isSafe) event.preventDefault();
  }

  #hearOfSave({ name, version }) {
    const isAbout = name === this.#form.dataset.name && Number(version) > Number(this.#version);
    if (isAbout && !this.#isDirty()) showSavedElsewhere(this.#form);
  }

  // ---- The button ----

  // What can be saved by itself is saved first, so that no copy stays behind of words that the server has.
  async #submit(event) {
    if (this.#isLeaving) return;
    event.preventDefault();
    if (this.#isSubmitting) return;
    this.#isSubmitting = true;
    const hadFailed = this.#failures > 0;
    this.#saveSoon.cancel();
    await this.#keepSoon.now();
    await this.#inFlight;
    if (navigator.onLine && this.#state !== "signed_out") await this.#save({ isAsked: this.#showsBoth || this.#isOnlyAsked });
    this.#isSubmitting = false;
    if (!navigator.onLine) return this.#say(this.#isRefusedByDevice ? "nokeep" : "kept");
    const hasJustFailed = this.#failures > 0 && !hadFailed;
    if (hasJustFailed || this.#state === "other_person") return;
    this.#isLeaving = true;
    clearTimeout(this.#retry);
    setTimeout(() => this.#form.requestSubmit(event.submitter)); // ignored while this very event is still going on
  }
}

// The words and what goes with them: the version they rest on, the key of the form. The token goes in a header.
function sentBy(form) {
  return [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
