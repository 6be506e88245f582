// On a narrow screen the questions of an entry come one at a time: Back, Next question, "2 of 3".
//
// All fields stay in the one form, shown or not, so saving always saves everything. Without this script, and on a wide
// screen, the questions stand below each other. The browser's own Back leads to the question before.

const NARROW = matchMedia("(max-width: 47.99em)");

class OneQuestion {
  #form;
  #questions;
  #atTheEnd;
  #progress;
  #buttons;
  #at = 0;

  constructor(holder) {
    this.#form = holder.closest("form");
    this.#questions = [...holder.querySelectorAll("[data-question]")];
    this.#atTheEnd = this.#form.querySelectorAll("[data-at-the-end]");
    const steps = holder.querySelector("template[data-steps]").content.cloneNode(true);
    this.#progress = steps.querySelector("[data-progress]");
    this.#buttons = steps.querySelector("[data-steps-buttons]");
    holder.prepend(this.#progress);
    holder.append(this.#buttons);
  }

  start() {
    this.#buttons.addEventListener("click", (event) => this.#press(event.target.closest("[data-do]")?.dataset.do));
    NARROW.addEventListener("change", () => this.#lay());
    addEventListener("popstate", (event) => this.#cameBack(event.state));
    document.addEventListener("click", (event) => this.#follow(event));
    const wrong = this.#questions.findIndex((question) => question.matches(".has-error") || question.querySelector(".has-error"));
    this.#at = wrong >= 0 ? wrong : this.#known(history.state);
    this.#lay();
  }

  get #last() {
    return this.#questions.length - 1;
  }

  #press(deed) {
    if (deed === "next" || deed === "finish") this.#go(this.#at + 1);
    if (deed === "back") this.#go(this.#at - 1);
  }

  // The page of an entry may have become another address since it was opened: its first save by itself gives it one.
  #go(to) {
    history.replaceState({ question: this.#at }, "");
    history.pushState({ question: to }, "", this.#form.getAttribute("action"));
    this.#show(to);
  }

  #cameBack(state) {
    if (state === null && location.hash) return; // somebody followed a link within the page
    history.replaceState(state, "", this.#form.getAttribute("action"));
    this.#show(this.#known(state));
  }

  #known(state) {
    return Math.min(Math.max(Number(state?.question) || 0, 0), this.#last);
  }

  // A link of the error summary leads to its question.
  #follow(event) {
    const link = event.target.closest?.('a[href^="#"]');
    const field = link && document.getElementById(link.hash.slice(1));
    const at = this.#questions.findIndex((question) => question.contains(field));
    if (!NARROW.matches || !field || at < 0) return;
    event.preventDefault();
    this.#at = at;
    this.#lay();
    field.focus();
  }

  #show(at) {
    this.#at = at;
    this.#lay();
    if (!NARROW.matches) return;
    const question = this.#questions[at];
    const field = question.matches("[data-finish]") ? null : question.querySelector("textarea");
    if (!field) question.tabIndex = -1;
    (field ?? question).focus({ preventScroll: true });
    this.#progress.scrollIntoView({ block: "start" });
  }

  #lay() {
    const isOne = NARROW.matches;
    const isLast = this.#at === this.#last;
    this.#questions.forEach((question, place) => (question.hidden = isOne && place !== this.#at));
    this.#atTheEnd.forEach((part) => (part.hidden = isOne && !isLast));
    this.#progress.hidden = this.#buttons.hidden = !isOne;
    this.#say("at", this.#at + 1);
    this.#say("all", this.#last);
    this.#progress.querySelector("[data-say=question]").hidden = isLast;
    this.#progress.querySelector("[data-say=finish]").hidden = !isLast;
    this.#offer("next", this.#at < this.#last - 1);
    this.#offer("finish", this.#at === this.#last - 1);
    this.#offer("back", this.#at > 0);
    this.#offer("stop", !isLast);
  }

  #say(slot, text) {
    this.#progress.querySelector(`[data-slot=${slot}]`).textContent = text;
  }

  #offer(deed, isOffered) {
    this.#buttons.querySelector(`[data-do=${deed}]`).hidden = !isOffered;
  }
}

for (const holder of document.querySelectorAll("[data-one-question]")) {
  if (holder.querySelectorAll("[data-question]").length > 2) new OneQuestion(holder).start();
}
