# What everything else stands on: messages, paths as text, strictness, versions.

# The level of direnv whose functions are all here.
__envrc_version=2.37.1
__envrc_loaded=''

# Loads parts/$1.bash once, and calls what it defines: $2 with the rest.
__envrc_call() {
  case " $__envrc_loaded " in
    *" $1 "*) ;;
    *)
      # shellcheck source=/dev/null
      builtin . "$__envrc_home/parts/$1.bash"
      __envrc_loaded+=" $1"
      ;;
  esac
  "${@:2}"
}

# The message $*, unless the user wants none of them.
log_status() {
  local __envrc_line=${DIRENV_LOG_FORMAT-${__envrc_format-envrc: %s}}
  # shellcheck disable=SC2059 # it is the user's format
  [[ ! $__envrc_line ]] || printf "$__envrc_line\n" "$*" >&2
}

log_error() {
  printf 'envrc: %s\n' "$*" >&2
}

# Whether there is a command or a function of this name.
has() {
  type "$1" &>/dev/null
}

# The arguments as one text that bash reads back.
join_args() {
  printf '%q ' "$@"
}

# Where layouts keep what they make; a function, since PWD may change, and since users define it anew.
direnv_layout_dir() {
  printf '%s\n' "${direnv_layout_dir:-$PWD/.direnv}"
}

# The part of $1 before its last name, into REPLY; text only.
realpath.dirname() {
  REPLY=$1
  while [[ $REPLY == ?*/ ]]; do REPLY=${REPLY%/}; done
  case $REPLY in
    '') REPLY=. ;;
    / | //) ;;
    */*)
      REPLY=${REPLY%/*}
      while [[ $REPLY == */ ]]; do REPLY=${REPLY%/}; done
      REPLY=${REPLY:-/}
      ;;
    *) REPLY=. ;;
  esac
}

# The last name of $1, into REPLY.
realpath.basename() {
  REPLY=$1
  while [[ $REPLY == ?*/ ]]; do REPLY=${REPLY%/}; done
  [[ $REPLY == / ]] || REPLY=${REPLY##*/}
}

# One path after the other, each relative to what is before it, and all to PWD; into REPLY, without following any link.
realpath.absolute() {
  REPLY=$PWD
  if [[ $# == 1 && /$1/ != */./* && /$1/ != */../* && /$1/ != *//* ]]; then
    REPLY=${REPLY%/}/$1
    return
  fi
  local -
  set +x
  local __envrc_given __envrc_name
  for __envrc_given; do
    case $__envrc_given in
      // | //[!/]*) REPLY=// ;;
      /*) REPLY=/ ;;
    esac
    __envrc_given+=/
    while [[ $__envrc_given ]]; do
      __envrc_name=${__envrc_given%%/*} __envrc_given=${__envrc_given#*/}
      case $__envrc_name in
        '' | .) ;;
        ..) realpath.dirname "$REPLY" ;;
        *) REPLY=${REPLY%/}/$__envrc_name ;;
      esac
    done
  done
}

# The absolute path of $1, relative to $2 or to the current directory.
expand_path() {
  local REPLY
  realpath.absolute "${2+"$2"}" "${1+"$1"}"
  printf '%s\n' "$REPLY"
}

# The absolute path $1 with ~ for the user's own directory.
user_rel_path() {
  local __envrc_path=${1#-}
  [[ $__envrc_path ]] || return 0
  if [[ ${HOME-} && $__envrc_path == "$HOME"* ]]; then
    __envrc_path="~${__envrc_path#"$HOME"}"
  fi
  printf '%s\n' "$__envrc_path"
}

# Fails, and says so, unless this is at least the level $1 of direnv.
direnv_version() {
  local __envrc_i __envrc_have __envrc_want
  if (($# == 0)); then
    printf '%s\n' "$__envrc_version"
    return
  fi
  if [[ ! ${1#v} =~ ^[0-9]+(\.[0-9]+){0,2}([-+].*)?$ ]]; then
    log_error "$1 is not a valid semver version"
    return 1
  fi
  IFS=. read -r -a __envrc_have <<<"$__envrc_version"
  IFS=.-+ read -r -a __envrc_want <<<"${1#v}"
  for __envrc_i in 0 1 2; do
    if ((10#${__envrc_have[__envrc_i]} > 10#${__envrc_want[__envrc_i]:-0})); then return 0; fi
    if ((10#${__envrc_have[__envrc_i]} < 10#${__envrc_want[__envrc_i]:-0})); then
      log_error "current version $__envrc_version is older than the desired version ${1#v}"
      return 1
    fi
  done
}

# From here on, or for one command, every failure that is not dealt with ends the evaluation.
strict_env() {
  local __envrc_status=0 __envrc_before
  if (($# == 0)); then
    set -o errexit -o nounset -o pipefail
    return
  fi
  __envrc_note_options
  set -o errexit -o nounset -o pipefail
  "$@"
  __envrc_status=$?
  eval "$__envrc_before"
  # A failure under strictness is one that nobody dealt with.
  [[ $__envrc_status == 0 ]] || exit 1
}

# The contrary.
unstrict_env() {
  local __envrc_status=0 __envrc_before
  if (($# == 0)); then
    set +o errexit +o nounset +o pipefail
    return
  fi
  __envrc_note_options
  set +o errexit +o nounset +o pipefail
  "$@"
  __envrc_status=$?
  eval "$__envrc_before"
  return "$__envrc_status"
}

# What brings the three options back, into `before`.
__envrc_note_options() {
  local __envrc_option
  __envrc_before='set'
  for __envrc_option in errexit nounset pipefail; do
    case :$SHELLOPTS: in
      *:$__envrc_option:*) __envrc_before+=" -o $__envrc_option" ;;
      *) __envrc_before+=" +o $__envrc_option" ;;
    esac
  done
}
