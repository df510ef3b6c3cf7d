// How a download is getting on: bytes of all files of a model, and the pace of this call.

/** State of a {@link pull}. */
export interface PullProgress {
  /** "download"; "verify" while what an earlier call left is read; "wait" while another process downloads the file. */
  readonly stage: "download" | "verify" | "wait";
  /** The file at hand, its path in the repository. */
  readonly file: string;
  /** Bytes that are there, of all files that were missing when the call began. */
  readonly received: number;
  /** Bytes of all files that were missing when the call began. */
  readonly total: number;
  /** Mean of this call, over what it received itself. */
  readonly bytesPerSecond: number;
  /** Null before anything was received. */
  readonly secondsLeft: number | null;
}

/** Adds up the files of one call. */
export class ProgressMeter {
  readonly #total: number;
  readonly #listener: ((progress: PullProgress) => void) | undefined;
  readonly #now: () => number;
  #finished = 0;
  /** Bytes that came over the wire, and the milliseconds they took. */
  #fetched = 0;
  #milliseconds = 0;

  /** @param now  milliseconds, monotonic. */
  constructor(total: number, listener: ((progress: PullProgress) => void) | undefined, now = () => performance.now()) {
    this.#total = total;
    this.#listener = listener;
    this.#now = now;
  }

  /** Begins a file; call what it returns with each new state of it. */
  begin(file: string): (stage: PullProgress["stage"], bytes: number) => void {
    let before = { bytes: 0, at: this.#now() };
    return (stage, bytes) => {
      const at = this.#now();
      if (stage === "download" && bytes > before.bytes) {
        this.#fetched += bytes - before.bytes;
        this.#milliseconds += at - before.at;
      }
      before = { bytes, at };
      const received = this.#finished + bytes;
      const bytesPerSecond = this.#milliseconds === 0 ? 0 : (1000 * this.#fetched) / this.#milliseconds;
      const secondsLeft = bytesPerSecond === 0 ? null : (this.#total - received) / bytesPerSecond;
      this.#listener?.({ stage, file, received, total: this.#total, bytesPerSecond, secondsLeft });
    };
  }

  /** A file is there. */
  end(bytes: number): void {
    this.#finished += bytes;
  }
}
