// A function as bash prints it.

/** The body of `NAME () \n{ \n    BODY\n}`, the form of `declare -f`; with a redirection behind the brace the whole stays one command. */
export function functionBody(declared: string): string {
  const whole = declared.slice(declared.indexOf('\n') + 1).trimEnd();
  return whole.endsWith('\n}') ? whole.slice(whole.indexOf('\n') + 1, -2) : whole;
}
