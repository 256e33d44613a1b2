# What the user's shell gets of this one beside variables.

__envrc_functions=() __envrc_aliases=() __envrc_completions=()

# The alias $1 for the text $2.
export_alias() {
  if (($# != 2)) || [[ ! $1 ]]; then
    log_error "export_alias: give a name and a text: export_alias ll 'ls -l'"
    return 1
  fi
  __envrc_aliases+=("$1" "$2")
}

# Functions that are defined here, as they stand at the end.
export_function() {
  local __envrc_name
  for __envrc_name; do
    if ! declare -F -- "$__envrc_name" >/dev/null; then
      log_error "export_function: there is no function $__envrc_name"
      return 1
    fi
    __envrc_functions+=("$__envrc_name")
  done
}

# The completions of commands, as `complete` has set them here, with the functions that they use.
export_completion() {
  local __envrc_name
  for __envrc_name; do
    if ! complete -p -- "$__envrc_name" &>/dev/null; then
      log_error "export_completion: $__envrc_name has no completion: set it with complete"
      return 1
    fi
    __envrc_completions+=("$__envrc_name")
  done
}

# Writes all of it down.
__envrc_write_exports() {
  ((${#__envrc_aliases[@]} + ${#__envrc_functions[@]} + ${#__envrc_completions[@]})) || return 0
  builtin printf '\035exports\n' >&58
  ((${#__envrc_aliases[@]} == 0)) || builtin printf '%s\0' "${__envrc_aliases[@]}" >"$__envrc_scratch/aliases"
  ((${#__envrc_functions[@]} == 0)) || builtin printf '%s\0' "${__envrc_functions[@]}" >"$__envrc_scratch/exported"
  ((${#__envrc_completions[@]} == 0)) || builtin complete -p -- "${__envrc_completions[@]}" >"$__envrc_scratch/completions"
  # Completion functions call others: so all that there are.
  ((${#__envrc_functions[@]} + ${#__envrc_completions[@]} == 0)) || __envrc_write_functions >"$__envrc_scratch/functions"
}

__envrc_write_functions() {
  local __envrc_name
  while builtin read -r _ _ __envrc_name; do
    case $__envrc_name in
      __envrc_*) ;;
      *)
        builtin printf '%s\0' "$__envrc_name"
        builtin declare -f -- "$__envrc_name"
        builtin printf '\0'
        ;;
    esac
  done < <(builtin declare -F)
}
