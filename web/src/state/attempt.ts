/** The idempotency key of a request that a person may have to send more than once: the
 *  same key while the same is asked and no answer came, so that it has one effect; a
 *  new one for anything else. */
export class Attempt {
  private asked = ''
  private key = ''

  constructor(private readonly fresh: () => string = () => crypto.randomUUID()) {}

  keyFor(request: unknown): string {
    const asked = JSON.stringify(request) ?? ''
    if (this.key === '' || asked !== this.asked) {
      this.asked = asked
      this.key = this.fresh()
    }
    return this.key
  }

  /** The request had its effect: asking the same again is a new wish. */
  done(): void {
    this.key = ''
  }
}
