# The environment of another process: written by `direnv dump` there, taken over here.

__envrc_dumps=0

# Runs a command that calls `direnv dump` somewhere inside, and takes over what is different there.
__envrc_load() {
  local __envrc_file=$__envrc_scratch/dump.$BASHPID.$((__envrc_dumps += 1)) __envrc_status=0 __envrc_outer=${DIRENV_DUMP_FILE_PATH-}
  : >|"$__envrc_file" || return 1
  # In one chain, so that under errexit as well what comes after it is done.
  DIRENV_DUMP_FILE_PATH=$__envrc_file "$@" && __envrc_load_dumped "$__envrc_file" || __envrc_status=$?
  # Applied, the dump may have taken these away (`nix-shell --pure` does).
  if [[ $__envrc_outer ]]; then export DIRENV_DUMP_FILE_PATH=$__envrc_outer; else unset DIRENV_DUMP_FILE_PATH; fi
  return "$__envrc_status"
}

__envrc_load_dumped() {
  if [[ ! -s $1 ]]; then
    log_error "Environment not dumped; did you invoke 'direnv dump'?"
    return 1
  fi
  __envrc_apply_dump "$1"
}

# Takes over the environment in a file that `direnv dump` wrote: what differs is set, what is not in it is unset.
__envrc_apply_dump() {
  local __envrc_first='' __envrc_name
  local -a __envrc_changed=() __envrc_gone=() __envrc_names
  local -A __envrc_kept=()
  IFS='' read -r __envrc_first <"$1" || return 1
  if [[ $__envrc_first != '# devshell dump' ]]; then
    log_error "$1 was not written by the direnv dump of this evaluation"
    return 1
  fi
  # Each line of it is `export NAME="value"`, in all the quoting that bash knows.
  eval 'export() { __envrc_compare "$@"; }'
  # shellcheck source=/dev/null
  builtin . "$1"
  builtin unset -f export
  builtin mapfile -t __envrc_names < <(builtin compgen -e)
  for __envrc_name in "${__envrc_names[@]}"; do
    # A shell without PATH is of no use to anybody: nix-shell may have it, but not export it.
    if [[ ! ${__envrc_kept[$__envrc_name]-} && $__envrc_name != PATH ]] && __envrc_counts "$__envrc_name"; then __envrc_gone+=("$__envrc_name"); fi
  done
  ((${#__envrc_gone[@]} == 0)) || unset -v "${__envrc_gone[@]}"
  ((${#__envrc_changed[@]} == 0)) || export "${__envrc_changed[@]}"
}

# Notes that $1, NAME=value, is in the dump, and whether it is news.
__envrc_compare() {
  local -
  set +x
  local __envrc_name=${1%%=*}
  [[ $1 == *=* ]] && __envrc_counts "$__envrc_name" || return 0
  __envrc_kept[$__envrc_name]=1
  [[ ${!__envrc_name+set} && ${!__envrc_name} == "${1#*=}" && ${!__envrc_name@a} == *x* ]] || __envrc_changed+=("$1")
}

# Whether a variable is one that environments are compared by.
__envrc_counts() {
  case $1 in
    DIRENV_CONFIG | DIRENV_BASH | DIRENV_IN_ENVRC | DIRENV_WATCHES | DIRENV_DUMP_FILE_PATH | DEVSHELL_* | COMP_WORDBREAKS | PS1 | OLDPWD | PWD | SHELL | SHELLOPTS | SHLVL | _ | __fish* | BASH_FUNC_*) return 1 ;;
  esac
}

# This process's environment, for __envrc_apply_dump, on standard output.
__envrc_write_dump() {
  local -
  set +x -o posix
  printf '# devshell dump\n'
  builtin export -p
}
