// While someone writes, says in words what might point to a real person. It never stops them, and nothing is sent anywhere.
//
//   <textarea id="text" data-identifying data-names='["Desmond Achebe"]'></textarea>
//   {% include "components/identifying.html" with field_id="text" %}
//
// The region carries every word that is shown, so that they are translated with the page.
import { find } from "./identifying.js";

const PAUSE_MS = 1200;
const MOST_SHOWN = 5;

function namesOf(field) {
  try {
    const names = JSON.parse(field.dataset.names ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

// One sentence for each different detail: “943 476 5919” (looks like an NHS number).
function sentences(found, region) {
  const told = found.map(({ kind, text }) => {
    const words = { "{text}": text, "{kind}": region.getAttribute(`data-${kind.replace("_", "-")}`) };
    return region.dataset.item.replace(/\{text\}|\{kind\}/g, (place) => words[place]);
  });
  return [...new Set(told)].slice(0, MOST_SHOWN);
}

function show(found, region) {
  const text = found.length ? [region.dataset.intro, sentences(found, region).join("; ")].join(" ") : "";
  region.hidden = !text;
  if (region.textContent !== text) region.textContent = text; // said once, not after every pause
}

function watch(field) {
  const region = document.querySelector(`[data-identifying-for="${CSS.escape(field.id)}"]`);
  if (!region) return;
  const names = namesOf(field);
  const look = () => show(find(field.value, { thisYear: new Date().getFullYear(), names }), region);
  let pause;
  field.addEventListener("input", () => {
    clearTimeout(pause);
    region.ariaLive = "polite"; // what stood there when the page opened is not read out
    pause = setTimeout(look, PAUSE_MS);
  });
  look();
}

document.querySelectorAll("[data-identifying]").forEach(watch);
