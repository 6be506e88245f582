// What a person has written in a form: a list of [name, value], without the machinery beside it.

const MACHINERY = new Set(["csrfmiddlewaretoken", "version", "form_key", "writer"]);

export function wordsOf(form) {
  return [...new FormData(form)].filter(([name, value]) => !MACHINERY.has(name) && typeof value === "string");
}

// Empty fields and space around the words make no difference: the server trims some of it.
export function sameWords(one, other) {
  return one !== null && other !== null && essence(one) === essence(other);
}

// Puts words into the form. False when some of them have no field on this page.
export function fill(form, words) {
  const waiting = words.map(([name, value]) => ({ name, value, placed: false }));
  const take = (name, fits) => {
    const next = waiting.find((word) => !word.placed && word.name === name && fits(word.value));
    if (next) next.placed = true;
    return next;
  };
  for (const field of fieldsOf(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      field.checked = Boolean(take(field.name, (value) => value === field.value));
    } else if (field.tagName === "SELECT") {
      for (const option of field.options) option.selected = Boolean(take(field.name, (value) => value === option.value));
    } else {
      field.value = take(field.name, () => true)?.value ?? "";
    }
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return waiting.every((word) => word.placed || !word.value.trim());
}

// The words for reading, each under the name of its field.
export function readable(form, words) {
  const list = document.createDocumentFragment();
  for (const [name, value] of words) {
    const field = fieldsOf(form).find((one) => one.name === name && (!isChoice(one) || one.value === value));
    if (!value.trim() || field?.type === "hidden") continue;
    const term = document.createElement("p");
    term.className = "quiet small mb-0";
    term.textContent = labelOf(field);
    const text = document.createElement("p");
    text.className = "log-difference";
    text.dir = "auto";
    text.textContent = spoken(field, value);
    list.append(term, text);
  }
  return list;
}

// What was typed, without days and choices: for a page that has not got the form.
export function typed(words) {
  return words.filter(([name]) => /^(title|answer|body|words|next_step$|tags)/.test(name));
}

// A few words by which its writer knows it again.
export function firstWords(words) {
  const written = words.filter(([, value]) => value.trim() && !/^[\d\s-]*$/.test(value));
  const [, value] = written.find(([name]) => name === "title") ?? written.find(([name]) => /^(answer|body)/.test(name)) ?? written[0] ?? ["", ""];
  const short = value.trim().split(/\s+/).slice(0, 12).join(" ");
  return short.length < value.trim().length ? `${short}…` : short;
}

function essence(words) {
  return JSON.stringify(words.map(([name, value]) => [name, value.replaceAll("\r\n", "\n").trim()]).filter(([, value]) => value));
}

function fieldsOf(form) {
  const written = new Set(["INPUT", "TEXTAREA", "SELECT"]);
  const never = new Set(["submit", "button", "image", "reset", "file"]);
  return [...form.elements].filter(
    (field) => field.name && written.has(field.tagName) && !never.has(field.type) && !MACHINERY.has(field.name),
  );
}

function isChoice(field) {
  return field.type === "checkbox" || field.type === "radio";
}

function labelOf(field) {
  const legend = field?.closest("fieldset")?.querySelector("legend");
  const own = isChoice(field ?? {}) ? null : field?.labels?.[0];
  return [legend, own].map((part) => part?.firstChild?.textContent?.trim()).filter(Boolean).join(": ");
}

function spoken(field, value) {
  if (field && isChoice(field)) return field.labels?.[0]?.textContent.trim() ?? value;
  if (field?.tagName === "SELECT") return [...field.options].find((option) => option.value === value)?.text ?? value;
  return value;
}
