const SIGNS = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const

/** Whether somebody is at the page: what a page asks by itself would else keep the
 *  session of somebody who left from ending. */
export class Presence {
  private last: number

  constructor(
    target: Pick<EventTarget, 'addEventListener'>,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.last = now()
    for (const sign of SIGNS) target.addEventListener(sign, () => (this.last = this.now()), { capture: true, passive: true })
  }

  /** Whether nobody touched the page for so long. */
  goneFor(ms: number): boolean {
    return this.now() - this.last >= ms
  }
}
