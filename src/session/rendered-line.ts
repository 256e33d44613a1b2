// The line as it is shown, rendered once: output asks for it with every chunk.

import type { Palette, StyledText } from '../terminal/styled-text.ts';
import { renderText, visible } from '../terminal/styled-text.ts';

export class RenderedLine {
  readonly #palette: Palette;
  #line: StyledText = [];
  #form: 'row' | 'title' = 'row';
  #rendered: { readonly text: string; readonly columns: number } | undefined;

  constructor(palette: Palette) {
    this.#palette = palette;
  }

  get line(): StyledText {
    return this.#line;
  }

  set(line: StyledText): void {
    this.#line = line;
    this.#rendered = undefined;
  }

  setForm(form: 'row' | 'title'): void {
    this.#form = form;
    this.#rendered = undefined;
  }

  /** As text for a terminal of so many columns. */
  text(columns: number): string {
    if (this.#rendered?.columns !== columns) this.#rendered = { text: this.#render(columns), columns };
    return this.#rendered.text;
  }

  #render(columns: number): string {
    if (this.#form === 'title') return visible(this.#line.map((segment) => segment.text).join(''));
    return renderText(this.#line, columns - 1, this.#palette);
  }
}
