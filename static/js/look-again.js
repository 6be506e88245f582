// A page that waits for something looks again by itself and puts what is new in its place, without loading anew: a
// screen reader hears the status, and nobody loses their place. Without scripts the page says `refresh` itself.
const parts = () => [...document.querySelectorAll("[data-part]")];
const waits = () => document.querySelector("[data-looks-again]");

/** Put each part of `found` that has changed into this page. */
function replace(found) {
  for (const part of parts()) {
    const fresh = found.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!fresh) continue;
    if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    if ("looksAgain" in part.dataset && !("looksAgain" in fresh.dataset)) delete part.dataset.looksAgain;
  }
  document.title = found.title;
}

async function look() {
  const pause = Number(waits()?.dataset.looksAgain ?? 0) * 1000;
  if (!pause) return;
  await new Promise((resolve) => setTimeout(resolve, pause));
  try {
    const answer = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.redirected || !found.querySelector("[data-part]")) {
      location.reload();
      return;
    }
    replace(found);
  } catch {
    // Offline for a while: the next look may find it.
  }
  look();
}

look();
