// What bash says of itself and of nothing that the user did: taken out of what an evaluation says, in whatever pieces it comes.

/** bash 5.2 says this when `set -e` ends it in a file that a function sources. */
const noise = /^.*pop_var_context: head of shell_variables not a function context\n/gm;
/** bash writes the place, the words and the line end one by one: on a busy machine they come one by one. */
const beginsLikeNoise = /:(?: line)? ?\d+: (?:pop_var_context: .*)?$/;

export class BashNoise {
  #held = '';

  /** What of `text`, and of what was held before, is not noise. Only the end of a line that may become noise is held. */
  pass(text: string): string {
    const all = (this.#held + text).replace(noise, '');
    const at = all.lastIndexOf('\n') + 1;
    const last = all.slice(at);
    this.#held = last.length <= 8192 && beginsLikeNoise.test(last) ? last : '';
    return this.#held === '' ? all : all.slice(0, at);
  }

  /** What is still held, when nothing more comes. */
  rest(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}
