/** The parts of the work, in order. */
export type Stage = 'speech' | 'face' | 'plan' | 'render' | 'finish';

/** How far the work is. */
export type Progress = {
  readonly stage: Stage;
  /** Share of the whole work that is done, 0 to 1. */
  readonly fraction: number;
};

/** Share of the whole work at which each stage begins; measured on a 10 s clip, rendering is the bulk. */
const STAGE_START: Record<Stage, number> = { speech: 0, face: 0.05, plan: 0.36, render: 0.38, finish: 0.98 };
const STAGE_END: Record<Stage, number> = { speech: 0.05, face: 0.36, plan: 0.38, render: 0.98, finish: 1 };

/** Tells the caller how far the work is, and times its stages. */
export class StageClock {
  readonly #report: ((progress: Progress) => void) | undefined;
  readonly #seconds: Record<Stage, number> = { speech: 0, face: 0, plan: 0, render: 0, finish: 0 };
  #stage: Stage = 'speech';
  #entered: number = performance.now();

  constructor({ onProgress }: { readonly onProgress?: ((progress: Progress) => void) | undefined }) {
    this.#report = onProgress;
  }

  enter(stage: Stage): void {
    const now = performance.now();
    this.#seconds[this.#stage] += (now - this.#entered) / 1000;
    this.#stage = stage;
    this.#entered = now;
    this.advance(0);
  }

  /** Share of the present stage that is done, 0 to 1. */
  advance(share: number): void {
    const start = STAGE_START[this.#stage];
    this.#report?.({ stage: this.#stage, fraction: start + share * (STAGE_END[this.#stage] - start) });
  }

  end(): Record<Stage, number> {
    this.advance(1);
    this.#seconds[this.#stage] += (performance.now() - this.#entered) / 1000;
    return this.#seconds;
  }
}
