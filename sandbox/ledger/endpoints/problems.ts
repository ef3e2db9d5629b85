/** Everything that is wrong with one document; Xero tells all of it at once. */
export class Problems {
  readonly document: string[] = [];
  readonly warnings: string[] = [];
  readonly #lines = new Map<number, string[]>();

  add(message: string): void {
    if (!this.document.includes(message)) this.document.push(message);
  }

  /** On the line and on the document. */
  line(index: number, message: string): void {
    this.lineOnly(index, message);
    this.add(message);
  }

  /** On the line alone: clients must walk Elements recursively (facts/xero.md section 4, Common). */
  lineOnly(index: number, message: string): void {
    const messages = this.#lines.get(index) ?? [];
    messages.push(message);
    this.#lines.set(index, messages);
  }

  ofLine(index: number): readonly string[] {
    return this.#lines.get(index) ?? [];
  }

  get isEmpty(): boolean {
    return this.document.length === 0 && this.#lines.size === 0;
  }
}
