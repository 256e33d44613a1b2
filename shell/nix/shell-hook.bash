# Runs the shellHook of a Nix development shell. $1 is a file of definitions. Says on standard output what is exported, defined and
# aliased before the hook and after it, as records KIND NUL NAME NUL TEXT NUL; what the hook prints goes to standard error.
# The second part is missing where the hook ends its shell; the exit status is 97 where it has a syntax error.

exec {__devshell_out}>&1 1>&2

__devshell_state() {
  builtin local line name
  while IFS= builtin read -r line; do
    [[ $line =~ ^declare\ -[A-Za-z]*x[A-Za-z]*\ ([A-Za-z_][A-Za-z0-9_]*)(=|$) ]] || continue
    name=${BASH_REMATCH[1]}
    # A line of a value may look like a declaration.
    if [[ -n ${!name+x} && ${!name@a} == *x* ]]; then builtin printf 'variable\0%s\0%s\0' "$name" "${!name}"; fi
  done < <(builtin declare -px)
  while builtin read -r line line name; do
    [[ $name == __devshell_* ]] && continue
    builtin printf 'function\0%s\0' "$name"
    builtin declare -f -- "$name"
    builtin printf '\0'
  done < <(builtin declare -F)
  for name in "${!BASH_ALIASES[@]}"; do builtin printf 'alias\0%s\0%s\0' "$name" "${BASH_ALIASES[$name]}"; done
  builtin printf 'end\0\0\0'
}

# shellcheck disable=SC1090 # The definitions are what this is for.
builtin source "$1"
set --
unset name line
# The commands before a syntax error must not run either.
builtin eval "__devshell_hook() { :; ${shellHook-}
}" || exit 97
unset -f __devshell_hook
__devshell_state >&"$__devshell_out"
# shellcheck disable=SC2016 # Expanded there: `return` ends the hook and nothing else.
builtin source <(builtin printf '%s\n' 'builtin eval "${shellHook-}"')
builtin set +eux
__devshell_state >&"$__devshell_out"
trap - EXIT
