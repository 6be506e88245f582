// Acts once somebody has paused, and at the latest after a while of going on without one.

export class Pause {
  #times;
  #act;
  #timer = 0;
  #since = 0;

  constructor(times, act) {
    this.#times = times;
    this.#act = act;
  }

  poke() {
    this.#since ||= Date.now();
    clearTimeout(this.#timer);
    const left = this.#since + this.#times.atLatest - Date.now();
    this.#timer = setTimeout(() => this.now(), Math.max(0, Math.min(this.#times.pause, left)));
  }

  now() {
    this.cancel();
    return this.#act();
  }

  cancel() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#since = 0;
  }
}
