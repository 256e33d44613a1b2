# What changed in the environment of this process, as text for a shell.

# Read from within a function.
declare -gA __envrc_noted=()

# Remembers the variables as they are.
__envrc_note_variables() {
  local __envrc_name
  while read -r __envrc_name; do
    __envrc_noted[$__envrc_name]=${!__envrc_name-}
  done < <(builtin compgen -e)
}

# Prints, for the shell $1, what sets and unsets all that is different now.
__envrc_print_difference() {
  local __envrc_name
  local -A __envrc_now=()
  local -a __envrc_set=() __envrc_gone=()
  while read -r __envrc_name; do
    __envrc_now[$__envrc_name]=1
    __envrc_counts "$__envrc_name" || continue
    [[ ${__envrc_noted[$__envrc_name]+set} && ${__envrc_noted[$__envrc_name]} == "${!__envrc_name-}" ]] || __envrc_set+=("$__envrc_name")
  done < <(builtin compgen -e)
  for __envrc_name in "${!__envrc_noted[@]}"; do
    [[ ${__envrc_now[$__envrc_name]-} ]] || ! __envrc_counts "$__envrc_name" || __envrc_gone+=("$__envrc_name")
  done
  if [[ ${1##*/} == json ]]; then
    __envrc_print_json
    return
  fi
  for __envrc_name in "${__envrc_gone[@]+"${__envrc_gone[@]}"}"; do __envrc_print_unset "$1" "$__envrc_name"; done
  for __envrc_name in "${__envrc_set[@]+"${__envrc_set[@]}"}"; do __envrc_print_export "$1" "$__envrc_name" "${!__envrc_name-}"; done
}

__envrc_print_json() {
  local __envrc_name __envrc_separator=''
  __envrc_part json
  printf '{'
  for __envrc_name in "${__envrc_gone[@]+"${__envrc_gone[@]}"}"; do
    printf '%s\n  "%s": null' "$__envrc_separator" "$__envrc_name"
    __envrc_separator=,
  done
  for __envrc_name in "${__envrc_set[@]+"${__envrc_set[@]}"}"; do
    printf '%s\n  "%s": %s' "$__envrc_separator" "$__envrc_name" "$(__envrc_json_string "${!__envrc_name-}")"
    __envrc_separator=,
  done
  printf '\n}\n'
}

# What sets $2 to $3 in the shell $1.
__envrc_print_export() {
  local __envrc_text
  case ${1##*/} in
    bash | zsh | -bash | -zsh | '') printf 'export %s=%q;' "$2" "$3" ;;
    fish)
      __envrc_text=${3//\\/\\\\}
      printf "set -x -g %s '%s';" "$2" "${__envrc_text//\'/\\\'}"
      ;;
    json)
      __envrc_part json
      printf '{\n  "%s": %s\n}\n' "$2" "$(__envrc_json_string "$3")"
      ;;
    *) __envrc_fail "unknown target shell '$1'" ;;
  esac
}

__envrc_print_unset() {
  case ${1##*/} in
    fish) printf 'set -e -g %s;' "$2" ;;
    *) printf 'unset %s;' "$2" ;;
  esac
}
