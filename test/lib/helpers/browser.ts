// A real browser, told what to do over its debugging pipe; without a driver of its own.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** Whether there is a `chromium`, e.g. after `apt-get install chromium`. */
export function hasChromium(): boolean {
  try {
    execFileSync("chromium", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** A headless Chromium with a profile of its own. */
export class Browser {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #listeners: ((answer: Answer) => void)[] = [];
  #last = 0;

  private constructor(size: readonly [number, number]) {
    this.#profile = mkdtempSync(join(tmpdir(), "corrsynth-browser-"));
    const options = ["--headless=new", "--no-sandbox", "--disable-gpu", `--window-size=${size.join(",")}`];
    this.#child = spawn("chromium", [...options, `--user-data-dir=${this.#profile}`, "--remote-debugging-pipe"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      detached: true, // a group of its own, so that all of its processes end before its profile goes
    });
    let pending = "";
    (this.#child.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
      const parts = (pending + chunk).split("\0");
      pending = parts.pop()!;
      for (const part of parts) this.#take(JSON.parse(part) as Answer);
    });
  }

  static start(size: readonly [width: number, height: number] = [1200, 900]): Browser {
    return new Browser(size);
  }

  #take(answer: Answer): void {
    if (answer.id === undefined) for (const listener of this.#listeners) listener(answer);
    else this.#waiting.get(answer.id)?.(answer);
  }

  async send(method: string, params: object = {}, sessionId?: string): Promise<Readonly<Record<string, unknown>>> {
    const id = ++this.#last;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Opens an address in a tab of its own. */
  async open(url: string): Promise<Tab> {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const tab = new Tab(this, sessionId as string);
    this.#listeners.push((answer) => {
      if (answer.sessionId === sessionId) tab.hear(answer.method ?? "", answer.params ?? {});
    });
    for (const domain of ["Runtime", "Log", "Page", "Network"]) await this.send(`${domain}.enable`, {}, tab.id);
    await this.send("Page.navigate", { url }, tab.id);
    return tab;
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    process.kill(-this.#child.pid!, "SIGKILL");
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** A tab of a browser. */
export class Tab {
  readonly #browser: Browser;
  readonly id: string;
  /** What the console said, exceptions and refusals of the content security policy included. */
  readonly log: string[] = [];
  /** Addresses that were asked for. */
  readonly requests: string[] = [];

  constructor(browser: Browser, id: string) {
    this.#browser = browser;
    this.id = id;
  }

  hear(method: string, params: Readonly<Record<string, unknown>>): void {
    if (method === "Runtime.exceptionThrown" || method === "Log.entryAdded") this.log.push(JSON.stringify(params));
    if (method === "Network.requestWillBeSent") this.requests.push((params.request as { url: string }).url);
  }

  /** The value of an expression in the page; promises are waited for. */
  async evaluate<Value>(expression: string): Promise<Value> {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#browser.send("Runtime.evaluate", options, this.id);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: Value }).value;
  }

  /** Waits until an expression holds in the page. */
  async until(expression: string): Promise<void> {
    for (let i = 0; i < 600; i++) {
      if (await this.evaluate<boolean>(`Boolean(${expression})`)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Never came true: ${expression}\n${this.log.join("\n")}`);
  }

  /** Presses a key, or types a character. */
  async key(key: string, modifiers = 0): Promise<void> {
    const text = key.length === 1 ? { text: key } : {};
    await this.#browser.send("Input.dispatchKeyEvent", { type: "keyDown", key, modifiers, ...text }, this.id);
    await this.#browser.send("Input.dispatchKeyEvent", { type: "keyUp", key, modifiers }, this.id);
  }

  /** The page as a PNG. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.#browser.send("Page.captureScreenshot", { format: "png" }, this.id);
    return Buffer.from(data as string, "base64");
  }

  /** Shows the page as it is on a narrow or a dark screen. */
  async emulate({ width, height = 900, dark }: { width: number; height?: number; dark: boolean }): Promise<void> {
    const size = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.#browser.send("Emulation.setDeviceMetricsOverride", size, this.id);
    const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
    await this.#browser.send("Emulation.setEmulatedMedia", { features }, this.id);
  }
}
