// Sound and film recorded in the page and put into the form's own file input, so that the form sends it like any file.
// Without this script, or where a browser cannot record, the input is simply there. The words stand in the page's template.

import { askDevice } from "./device-copy.js";

const TYPES = {
  sound: ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"],
  film: ['video/webm;codecs="vp8,opus"', 'video/webm;codecs="vp9,opus"', "video/mp4"],
};
const PICTURE = { facingMode: "user", width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const RATES = { audioBitsPerSecond: 64_000, videoBitsPerSecond: 1_500_000 };
const PROBLEMS = { NotAllowedError: "not-allowed", NotFoundError: "not-found", NotReadableError: "in-use" };

/** What the browser can record of this kind, or undefined. */
function recordable(kind) {
  return TYPES[kind].find((type) => MediaRecorder.isTypeSupported(type));
}

/** Microphone, and for film the camera. A film for signing needs no sound: without a microphone it is filmed all the same. */
async function opened(kind) {
  const { mediaDevices } = navigator;
  if (kind === "sound") return mediaDevices.getUserMedia({ audio: true });
  try {
    return await mediaDevices.getUserMedia({ audio: true, video: PICTURE });
  } catch (problem) {
    if (problem.name !== "NotFoundError") throw problem;
    return mediaDevices.getUserMedia({ video: PICTURE });
  }
}

/** "2 minutes 5 seconds", in the language of the page. */
function inWords(milliseconds) {
  const all = Math.floor(milliseconds / 1000);
  const say = (number, unit) =>
    new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit, unitDisplay: "long" }).format(number);
  const minutes = Math.floor(all / 60);
  return minutes ? `${say(minutes, "minute")} ${say(all % 60, "second")}` : say(all, "second");
}

class Recorder {
  #chunks = [];
  #bytes = 0;
  #elapsed = 0;
  #since = null;
  #address = null;

  constructor(holder) {
    this.holder = holder;
    this.input = holder.querySelector("input[type=file]");
    this.form = this.input.form;
    this.words = holder.querySelector("template").content;
    this.panel = this.words.querySelector("[data-panel]").cloneNode(true);
    this.input.closest("[data-recorder] > *").after(this.panel);
    this.#show("idle");
    this.panel.addEventListener("click", ({ target }) => this.#do(target.closest("[data-do]")));
    this.input.addEventListener("change", (event) => event.isTrusted && this.#chosen());
    this.form.addEventListener("submit", (event) => this.state === "held" && this.#send(event));
    addEventListener("beforeunload", (event) => ["recording", "paused", "held"].includes(this.state) && event.preventDefault());
    setInterval(() => this.#tick(), 500);
  }

  #part(name) {
    return this.panel.querySelector(`[data-${name}]`);
  }

  /** Move to a state: its buttons are seen, its sentence is said, and the focus does not fall out of the page. */
  #show(state, saying = state) {
    const hadFocus = this.panel.contains(document.activeElement);
    this.state = state;
    this.holder.dataset.state = state;
    for (const one of this.panel.querySelectorAll("[data-in]")) {
      const { kind } = one.dataset;
      one.hidden = !one.dataset.in.split(" ").includes(state) || (kind !== undefined && kind !== this.kind);
    }
    this.#part("sign-in").hidden = saying !== "signed-out";
    this.#part("status").textContent = this.words.querySelector(`[data-say="${saying}"]`)?.textContent ?? "";
    if (hadFocus) this.panel.querySelector("button:not([hidden])")?.focus();
  }

  #do(button) {
    const deeds = {
      sound: () => this.#begin("sound"),
      film: () => this.#begin("film"),
      pause: () => this.#pause(),
      resume: () => this.#resume(),
      stop: () => this.recorder.stop(),
      play: () => this.#player().play(),
      discard: () => this.#discard(),
    };
    deeds[button?.dataset.do]?.();
  }

  async #begin(kind) {
    if (!recordable(kind)) return this.#show("idle", "cannot");
    this.kind = kind;
    this.#show("asking");
    try {
      this.stream = await opened(kind);
      this.recorder = new MediaRecorder(this.stream, { mimeType: recordable(kind), ...RATES });
    } catch (problem) {
      this.#release();
      return this.#show("idle", PROBLEMS[problem.name] ?? "failed");
    }
    [this.#chunks, this.#bytes, this.#elapsed, this.#since] = [[], 0, 0, performance.now()];
    this.recorder.addEventListener("dataavailable", ({ data }) => this.#keep(data));
    this.recorder.addEventListener("stop", () => this.#finish());
    this.recorder.start(1000);
    if (kind === "film") this.#part("live").srcObject = this.stream;
    this.#show("recording");
    this.#tick();
  }

  #keep(data) {
    this.#chunks.push(data);
    this.#bytes += data.size;
    const isFull = this.#bytes > 0.97 * Number(this.holder.dataset[`most${this.kind}`]);
    if (isFull && this.recorder.state !== "inactive") this.recorder.stop();
  }

  #pause() {
    this.recorder.pause();
    this.#elapsed += performance.now() - this.#since;
    this.#since = null;
    this.#show("paused");
  }

  #resume() {
    this.recorder.resume();
    this.#since = performance.now();
    this.#show("recording");
  }

  #tick() {
    if (this.state !== "recording") return;
    this.#part("elapsed").textContent = inWords(this.#elapsed + performance.now() - this.#since);
  }

  #release() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.#part("live").srcObject = null;
  }

  /** What was recorded goes into the input; also when a device was unplugged or the file became as large as it may be. */
  #finish() {
    this.#release();
    const type = this.recorder.mimeType.split(";")[0];
    const when = new Date().toISOString().slice(0, 16).replace(/[T:]/g, "-");
    const file = new File(this.#chunks, `${this.kind}-${when}.${type.split("/")[1]}`, { type });
    this.#chunks = [];
    if (!file.size) return this.#show("idle", "failed");
    this.#put(file);
    this.#address = URL.createObjectURL(file);
    this.#player().src = this.#address;
    this.#show("held");
  }

  #player() {
    return this.panel.querySelector(this.kind === "film" ? "video[controls]" : "audio");
  }

  #put(...files) {
    const holder = new DataTransfer();
    files.forEach((file) => holder.items.add(file));
    this.input.files = holder.files;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #forget() {
    this.#player()?.removeAttribute("src");
    URL.revokeObjectURL(this.#address);
    this.#address = null;
  }

  #discard() {
    this.#forget();
    this.#put();
    this.#show("idle", "discarded");
  }

  /** A file was chosen by hand: it takes the place of a recording. */
  #chosen() {
    if (this.state === "held") this.#forget();
    const isTooLarge = this.input.files[0]?.size > Number(this.holder.dataset.mostfilm);
    if (!["recording", "paused"].includes(this.state)) this.#show("idle", isTooLarge ? "too-large" : "idle");
  }

  /** Send the form with the recording, stay on the page until it has arrived, and keep the recording if it does not. */
  async #send(event) {
    event.preventDefault();
    this.#show("sending");
    const device = await askDevice(this.holder.dataset.device);
    if (device.state === "signed_out") return this.#show("held", "signed-out");
    if (device.token) this.form.elements.csrfmiddlewaretoken.value = device.token; // signing in again made a new one
    const target = event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : this.form.action;
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      [this.#part("progress").value, this.#part("progress").max] = [loaded, total];
    });
    request.addEventListener("error", () => this.#show("held", "not-sent"));
    request.addEventListener("load", () => this.#answered(request, target));
    request.open("POST", target);
    request.send(new FormData(this.form, event.submitter));
  }

  #answered(request, target) {
    const isElsewhere = request.responseURL.split("#")[0] !== target.split("#")[0];
    if (request.status < 400 && isElsewhere) {
      this.#show("sent");
      location.assign(request.responseURL);
      return;
    }
    const summary = request.response?.querySelector(".error-summary");
    const version = request.response?.querySelector("main [name=version]")?.value;
    if (version) this.form.elements.version.value = version; // sent once more, it rests on what was saved elsewhere
    document.querySelector(".error-summary")?.remove();
    if (summary) {
      document.querySelector("main h1").before(document.adoptNode(summary));
      summary.focus();
    }
    this.#show("held", summary ? "refused" : "not-sent");
  }
}

if (navigator.mediaDevices?.getUserMedia && "MediaRecorder" in window) {
  for (const holder of document.querySelectorAll("[data-recorder]")) new Recorder(holder);
}
