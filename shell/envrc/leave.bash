# How an evaluation is followed, how it ends, and what is left of it.

__envrc_leaving='' __envrc_level=$BASH_SUBSHELL

# `exit` in the file: the environment is taken there. By then a trap on EXIT may be the file's own, and runs as well.
exit() {
  local __envrc_status=$?
  [[ $BASH_SUBSHELL == "$__envrc_level" && ! $__envrc_leaving ]] || builtin exit "${1-$__envrc_status}"
  __envrc_leaving=1
  [[ ${1-$__envrc_status} != 0 ]] || __envrc_leave 0
  builtin exit "${1-$__envrc_status}"
}

# Whatever ends the shell otherwise. After a failure nothing is wanted of it.
__envrc_exit_trap() {
  [[ $? != 0 || $__envrc_leaving ]] || __envrc_leave 0
}

# The environment counts as the trap of the file leaves it; as it was before, if the trap itself ends the shell.
__envrc_leave() {
  local __envrc_their=''
  __envrc_dump "$1"
  builtin trap -p EXIT >|"$__envrc_scratch/trap"
  IFS='' builtin read -r -d '' __envrc_their <"$__envrc_scratch/trap" || :
  case $__envrc_their in
    '' | *__envrc_exit_trap*) return 0 ;;
  esac
  builtin trap - EXIT
  # `trap -- TEXT EXIT`, as bash quotes it.
  eval "set -- \"\$1\" ${__envrc_their#trap -- }"
  __envrc_return "$1" || :
  eval "$2"
  __envrc_dump "$1"
}

__envrc_return() { return "$1"; }

# Writes the environment down and says that it is whole.
__envrc_dump() {
  local -
  set +o xtrace +o errexit +o nounset +o posix
  builtin export -p >|"$__envrc_scratch/environment" && __envrc_write_exports
  builtin printf '\035left\037%s\n' "$1" >&58
}

# `use`, `layout` or `direnv_load` failed and nothing in the file deals with it: what follows would be half an environment.
__envrc_unhandled() {
  builtin printf '\035unhandled\n' >&58
  builtin exit 1
}

# Scripts set PS4 (what Nix prints does), and some switch the trace off: this brings it back.
__envrc_retrace() {
  PS4=$__envrc_ps4
  builtin set -x
  builtin printf '\035retraced\n' >&58
}

# Before each command, where the trace is known to get lost otherwise.
__envrc_guard() {
  [[ $-$PS4 == *x*"$__envrc_ps4" ]] || __envrc_retrace
}
