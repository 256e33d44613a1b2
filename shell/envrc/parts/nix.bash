# Environments of Nix, and of what is like it.

# Those that Nix sets for one shell alone: a directory that is gone when that shell ends.
__envrc_passing='NIX_BUILD_TOP NIX_ATTRS_JSON_FILE NIX_ATTRS_SH_FILE TMP TMPDIR TEMP TEMPDIR terminfo'

# That of `nix-shell` with these arguments; without any, of shell.nix or default.nix.
__envrc_use_nix() {
  local -A __envrc_before=()
  (($#)) || watch_file shell.nix default.nix
  __envrc_note_passing
  direnv_load nix-shell --show-trace "$@" --run "$(join_args "$direnv" dump)" || return
  __envrc_restore_passing
}

# That of `nix develop` with these arguments; a profile keeps it from being collected.
__envrc_use_flake() {
  local __envrc_directory __envrc_code __envrc_flake=${1-.}
  local -A __envrc_before=()
  __envrc_flake=${__envrc_flake%%#*}
  __envrc_flake=${__envrc_flake#path:}
  [[ ! -d ${__envrc_flake:-.} ]] || watch_file "${__envrc_flake:-.}/flake.nix" "${__envrc_flake:-.}/flake.lock"
  watch_file flake.nix flake.lock
  __envrc_directory=$(direnv_layout_dir)
  mkdir -p "$__envrc_directory" || return
  __envrc_code=$(__envrc_nix print-dev-env --profile "$__envrc_directory/flake-profile" "$@") || return
  __envrc_note_passing
  eval "$__envrc_code"
  case ${NIX_BUILD_TOP-} in
    */nix-shell.*) rm -rf -- "$NIX_BUILD_TOP" ;;
  esac
  __envrc_restore_passing
  __envrc_nix profile wipe-history --profile "$__envrc_directory/flake-profile" || :
}

__envrc_note_passing() {
  local __envrc_name
  for __envrc_name in $__envrc_passing; do
    [[ ! ${!__envrc_name+set} ]] || __envrc_before[$__envrc_name]=${!__envrc_name}
  done
}

__envrc_restore_passing() {
  local __envrc_name
  for __envrc_name in $__envrc_passing; do
    if [[ ${__envrc_before[$__envrc_name]+set} ]]; then
      export "$__envrc_name=${__envrc_before[$__envrc_name]}"
    else
      unset -v "$__envrc_name"
    fi
  done
}

__envrc_nix() {
  nix --extra-experimental-features 'nix-command flakes' "$@"
}

# That of `flox activate`.
__envrc_use_flox() {
  local __envrc_directory=.flox __envrc_i
  for ((__envrc_i = 1; __envrc_i <= $#; __envrc_i++)); do
    case ${!__envrc_i} in
      --dir=*) __envrc_directory=${!__envrc_i#*=}/.flox ;;
      --dir | -d)
        if ((__envrc_i == $#)); then
          log_error 'use flox: --dir flag requires a path argument'
          return 1
        fi
        __envrc_i=$((__envrc_i + 1))
        __envrc_directory=${!__envrc_i}/.flox
        ;;
    esac
  done
  if [[ ! -d $__envrc_directory ]]; then
    log_error "use flox: \`.flox\` directory not found at $__envrc_directory. Did you run \`flox init\` in this directory?"
    return 1
  fi
  [[ ! -d $__envrc_directory/env ]] || watch_dir "$__envrc_directory/env"
  watch_file "$__envrc_directory/env.json" "$__envrc_directory/env.lock"
  direnv_load flox activate "$@" -- "$direnv" dump
}

# That of `guix shell`, by way of the channels where they are fixed.
__envrc_use_guix() {
  local __envrc_code
  watch_file guix.scm manifest.scm channels.scm
  if [[ -f channels.scm ]]; then
    log_status 'Using Guix version from channels.scm'
    __envrc_code=$(guix time-machine -C channels.scm -- shell "$@" --search-paths) || return
  else
    __envrc_code=$(guix shell "$@" --search-paths) || return
  fi
  eval "$__envrc_code"
}
