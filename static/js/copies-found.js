// The notice about words that were kept on this device and never saved. Nothing is put into the form unasked, and each
// of the two answers can be taken back within the page.

import { fill, readable, wordsOf } from "./form-words.js";
import { dayAndClock } from "./state-line.js";

// `copy` as DeviceCopies reads it. `isOlder`: the entry was saved somewhere else after the copy was made.
export function showCopy(form, copies, copy, { isOlder = false } = {}) {
  if (copy.content === null) return place(form, unreadableNotice(form, copies, copy));
  const notice = fromTemplate("copy-found");
  const belongsElsewhere = copy.content.page !== pageOf(form);
  choose(notice, { older: isOlder, current: !isOlder, elsewhere: belongsElsewhere, here: !belongsElsewhere });
  notice.querySelector('[data-slot="at"]').textContent = dayAndClock(copy.at);
  notice.querySelector('[data-slot="kept"]').append(readable(form, copy.content.words));
  notice.querySelector('[data-slot="in-form"]')?.append(readable(form, wordsOf(form)));
  notice.querySelector('[data-slot="page"]')?.setAttribute("href", copy.content.page);
  on(notice, "restore", () => restore(form, copies, copy, notice, isOlder));
  on(notice, "drop", () => drop(form, copies, copy, notice));
  place(form, notice);
}

// Where a form like this one is found again: its own address, with the questions it asks.
export function pageOf(form) {
  return form.getAttribute("action");
}

// The entry was saved in another tab while nothing was changed here.
export function showSavedElsewhere(form) {
  if (form.querySelector("[data-says-saved-elsewhere]")) return;
  const notice = fromTemplate("saved-in-other-tab");
  notice.dataset.saysSavedElsewhere = "";
  on(notice, "load", () => location.reload());
  place(form, notice);
}

function restore(form, copies, copy, notice, isOlder) {
  const before = { words: wordsOf(form), key: form.elements.form_key?.value, name: form.dataset.name };
  const isWhole = fill(form, copy.content.words);
  if (copy.name.startsWith("new-") && form.elements.form_key) {
    form.elements.form_key.value = copy.content.form_key; // sent twice, it is still one entry
    form.dataset.name = copy.name;
  }
  const done = fromTemplate("copy-restored");
  choose(done, { whole: isWhole, partly: !isWhole });
  if (isWhole) form.dispatchEvent(new CustomEvent("copy-restored", { detail: { slot: copy.slot } }));
  on(done, "put-back", () => {
    fill(form, before.words);
    if (form.elements.form_key) form.elements.form_key.value = before.key;
    form.dataset.name = before.name;
    form.dispatchEvent(new CustomEvent("copy-put-back", { detail: { slot: copy.slot } }));
    done.remove();
    showCopy(form, copies, copy, { isOlder });
  });
  swap(notice, done);
}

function drop(form, copies, copy, notice) {
  const stored = copies.erase(copy.slot);
  const done = fromTemplate("copy-dropped");
  on(done, "bring-back", () => {
    copies.putBack(copy.slot, stored);
    swap(done, notice);
  });
  swap(notice, done);
}

function unreadableNotice(form, copies, copy) {
  const notice = fromTemplate("copy-unreadable");
  on(notice, "drop", () => {
    copies.erase(copy.slot);
    notice.remove();
  });
  return notice;
}

function fromTemplate(name) {
  return document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
}

function choose(notice, facts) {
  for (const part of notice.querySelectorAll("[data-if]")) if (!facts[part.dataset.if]) part.remove();
}

function on(notice, what, act) {
  notice.querySelector(`[data-do="${what}"]`)?.addEventListener("click", act);
}

function place(form, notice) {
  notice.tabIndex = -1;
  form.prepend(notice);
}

function swap(old, fresh) {
  fresh.tabIndex = -1;
  old.replaceWith(fresh);
  fresh.focus();
}
