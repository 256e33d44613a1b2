# Other files in the same evaluation.

# The .envrc $1, or the one in the directory $1, run in its own directory.
source_env() {
  local REPLY __envrc_path=${1/#\~/${HOME-}} __envrc_directory
  [[ ! -d $__envrc_path ]] || __envrc_path=$__envrc_path/.envrc
  realpath.absolute "$__envrc_path"
  __envrc_path=$REPLY
  watch_file "$__envrc_path"
  if [[ ! -f $__envrc_path ]]; then
    log_status "referenced $(user_rel_path "$__envrc_path") does not exist"
    return 1
  fi
  __envrc_admit "$__envrc_path"
  realpath.dirname "$__envrc_path"
  __envrc_directory=$REPLY
  pushd . >/dev/null || return 1
  cd "$__envrc_directory" >/dev/null || return 1
  log_status "loading $(user_rel_path "$__envrc_path")"
  # shellcheck source=/dev/null
  builtin . "$__envrc_path"
  __envrc_parsed "$?" "$__envrc_path"
  popd >/dev/null || return 1
}

# What the last command of a file answers says nothing about the file; that it cannot be read does, though bash goes on after it.
__envrc_parsed() {
  [[ $1 != 0 ]] || return 0
  if ! bash --norc -O extglob -n "$2" 2>/dev/null; then
    builtin printf '\035unread\037%s\n' "$2" >&58
    builtin exit 2
  fi
}

source_env_if_exists() {
  watch_file "$1"
  [[ ! -f $1 ]] || source_env "$1"
}

# The nearest $1 (.envrc) in the directories above.
source_up() {
  local __envrc_found
  if __envrc_found=$(cd .. && find_up "${1:-.envrc}"); then
    source_env "$__envrc_found"
  else
    log_error "No ancestor ${1:-.envrc} found"
    return 1
  fi
}

source_up_if_exists() {
  local __envrc_found
  if __envrc_found=$(cd .. && find_up "${1:-.envrc}"); then
    source_env "$__envrc_found"
  fi
}

# Where the content of a URL lies that has the given integrity; without one, what it is.
fetchurl() { __envrc_call fetch __envrc_fetchurl "$@"; }

# Fetches a file whose integrity is known, and evaluates it here.
source_url() {
  local __envrc_fetched
  if [[ ! ${1-} ]]; then
    log_error 'source_url: <url> argument missing'
    return 1
  fi
  if [[ ! ${2-} ]]; then
    log_error "source_url: <integrity-hash> argument missing. Use \`direnv fetchurl $1\` to find out the hash."
    return 1
  fi
  log_status "loading $1 ($2)"
  __envrc_fetched=$(fetchurl "$1" "$2") || return
  # shellcheck source=/dev/null
  builtin . "$__envrc_fetched"
}

dotenv() { __envrc_call dotenv __envrc_dotenv required "$@"; }
dotenv_if_exists() { __envrc_call dotenv __envrc_dotenv optional "$@"; }

# Where not everything may run, functions stand for `source` and `.`. What a file declares at its top level would be local to them,
# so it is made global afterwards.
__envrc_gate_sources() {
  source() {
    local REPLY __envrc_sourced
    [[ ${1-} != -- ]] || shift
    REPLY=${1-}
    __envrc_sourced=$REPLY
    (($# == 0)) || shift
    if [[ $REPLY != */* ]]; then
      REPLY=$(type -P -- "$REPLY") || REPLY=$__envrc_sourced
    fi
    case $REPLY in
      /dev/fd/*) ;;
      *)
        realpath.absolute "$REPLY"
        case $REPLY in
          "$__envrc_scratch"/* | "$__envrc_home"/*) ;;
          *) __envrc_admit "$REPLY" ;;
        esac
        ;;
    esac
    __envrc_source_gated "$@"
  }
  eval '.() { source "$@"; }'
}

# $__envrc_sourced with these arguments: without any, the file would see those of this function.
__envrc_source_gated() {
  # shellcheck source=/dev/null
  builtin . "$__envrc_sourced" "$@"
  # shellcheck disable=SC2319 # that of the file
  set -- "$?"
  eval "$(local -p | command sed 's/^declare --/declare -g --/; s/^declare -\([A-Za-z]\)/declare -g\1/')"
  return "$1"
}
