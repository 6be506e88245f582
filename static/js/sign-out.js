// Before somebody signs out: what is only on this device is sent; what can't be sent is shown, and goes only when they
// say so. Where the browser has no storage, or the server can't be asked, signing out is the plain form that it is.

import { askDevice, DeviceCopies } from "./device-copy.js";
import { firstWords, readable, typed } from "./form-words.js";
import { dayAndClock } from "./state-line.js";

const form = document.querySelector("form[data-sign-out]");
const looked = look();
let mayGo = false;

form.addEventListener("submit", async (event) => {
  if (mayGo) return;
  event.preventDefault();
  const { copies, left } = await looked;
  if (left.length && !isTicked()) return;
  for (const copy of left) copies.erase(copy.slot);
  mayGo = true;
  setTimeout(() => form.requestSubmit(event.submitter)); // ignored while this very event is still going on
});

async function look() {
  const device = await askDevice(form.dataset.device);
  const copies = device.state === "in" ? await DeviceCopies.open(device).catch(() => null) : null;
  const left = [];
  for (const copy of (await copies?.all()) ?? []) {
    if (await send(copy, device.token)) copies.erase(copy.slot);
    else left.push(copy);
  }
  if (left.length) show(left);
  return { copies, left };
}

// True once the server has the words. A save that rests on an older version is refused there, and stays here.
async function send({ content, base }, token) {
  if (!content?.autosave) return false; // what others would read at once waits for its own page
  const body = new URLSearchParams([...content.words, ["form_key", content.form_key], ["version", base]]);
  try {
    const answer = await fetch(content.autosave, {
      method: "POST",
      body,
      headers: { Accept: "application/json", "X-CSRFToken": token },
      redirect: "error",
      signal: AbortSignal.timeout(15_000),
    });
    return answer.ok && ["saved", "nothing"].includes((await answer.json()).state);
  } catch {
    return false;
  }
}

function show(left) {
  const notice = document.querySelector("template[data-left-behind]").content.cloneNode(true);
  const list = notice.querySelector("ul");
  const item = list.firstElementChild;
  list.replaceChildren(...left.map((copy) => filled(item.cloneNode(true), copy)));
  form.prepend(notice);
}

function filled(item, { content, at }) {
  const link = item.querySelector("a");
  for (const part of item.querySelectorAll(`[data-if="${content ? "unreadable" : "readable"}"]`)) part.remove();
  if (content) {
    link.href = content.page;
    link.querySelector("bdi").textContent = firstWords(content.words);
    item.querySelector('[data-slot="all"]').append(readable(form, typed(content.words)));
  }
  item.querySelector("time").textContent = dayAndClock(at);
  return item;
}

function isTicked() {
  const box = form.querySelector("[data-throw-away]");
  form.querySelector("[data-not-ticked]").hidden = box.checked;
  if (!box.checked) box.focus();
  return box.checked;
}
