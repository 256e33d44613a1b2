# What the environment depends on: told as it is met, so that every change from then on is seen.

# Each file, whether it is there or not.
watch_file() {
  local -
  set +x
  local REPLY __envrc_path IFS=$'\n'
  local -a __envrc_paths=()
  case "/${*/#\//\/\/}/" in
    *//* | */./* | */../* | */$'\n'* | *$'\n'/*)
      for __envrc_path; do
        realpath.absolute "$__envrc_path"
        __envrc_paths+=("$REPLY")
      done
      ;;
    # All in one, where nothing has to be looked at.
    *) __envrc_paths=("${@/#/${PWD%/}/}") ;;
  esac
  ((${#__envrc_paths[@]})) || return 0
  builtin printf '\035file\037%s\n' "${__envrc_paths[@]}" >&58
  builtin printf '%s\0' "${__envrc_paths[@]}" >>"$__envrc_scratch/watches"
}

# Every file below a directory.
watch_dir() {
  local REPLY
  if [[ ! -e ${1-} ]]; then
    log_error "dir '${1-}' does not exist"
    return 1
  fi
  realpath.absolute "$1"
  builtin printf '\035tree\037%s\n' "$REPLY" >&58
  builtin printf '%s\0' "$REPLY" >>"$__envrc_scratch/watches"
}

# The path of the file $1 here or in the nearest directory above. All the places that were looked at count.
find_up() {
  local REPLY=$PWD
  while :; do
    if [[ -f ${REPLY%/}/$1 ]]; then
      builtin printf '\035tested\037%s\n' "${REPLY%/}/$1" >&58
      printf '%s\n' "${REPLY%/}/$1"
      return 0
    fi
    watch_file "${REPLY%/}/$1"
    [[ $REPLY != / && $REPLY != // ]] || return 1
    realpath.dirname "$REPLY"
  done
}

# Whether all of these variables are exported, and not empty.
env_vars_required() {
  local __envrc_name __envrc_status=0
  for __envrc_name; do
    if [[ ! ${!__envrc_name-} || ${!__envrc_name@a} != *x* ]]; then
      log_error "env var $__envrc_name is required but missing/empty"
      __envrc_status=1
    fi
  done
  return "$__envrc_status"
}

# Ends the evaluation unless the code in this file, an absolute path, may run.
__envrc_admit() {
  [[ ${__envrc_gated-} && ! ${__envrc_approved[$1]-} ]] || return 0
  builtin printf '\035refused\037%s\n' "$1" >&58
  log_error "$(user_rel_path "$1") is not allowed in the form it has"
  exit 1
}

# Files of the project that the user must have seen in the form they have.
require_allowed() {
  local REPLY __envrc_path
  for __envrc_path; do
    case $__envrc_path in
      /*)
        log_error "require_allowed: path must be relative: $__envrc_path"
        exit 1
        ;;
      *..*)
        log_error "require_allowed: path must not contain '..': $__envrc_path"
        exit 1
        ;;
    esac
  done
  watch_file "$@"
  for __envrc_path; do
    realpath.absolute "$__envrc_path"
    builtin printf '\035required\037%s\n' "$REPLY" >&58
    __envrc_admit "$REPLY"
  done
}
