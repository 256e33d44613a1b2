# The three-way merge: what devshell last set, what stands there now, what the new environment wants.
# Builtins only, no fork, and nothing that bash 3.2 lacks.
#
# One simple command costs about a microsecond, so hundreds of names are handled by a few commands over whole arrays.
# Locals are prefixed as well: an environment may set a variable of any other name.

# shellcheck source=variables.bash
. "${BASH_SOURCE[0]%/*}/variables.bash"
# shellcheck source=lists.bash
. "${BASH_SOURCE[0]%/*}/lists.bash"
# shellcheck source=list.bash
. "${BASH_SOURCE[0]%/*}/list.bash"
# shellcheck source=definitions.bash
. "${BASH_SOURCE[0]%/*}/definitions.bash"
# shellcheck source=completions.bash
. "${BASH_SOURCE[0]%/*}/completions.bash"

__devshell_generation=0 __devshell_init='' __devshell_report=''

# What one merge works with. A local variable costs as much as a command: so most are none.
__devshell_renewing='' __devshell_added=0 __devshell_changed=0 __devshell_removed=0 __devshell_kept='' __devshell_exported='' __devshell_interrupt=''
__devshell_old=() __devshell_new=() __devshell_at=() __devshell_gone=() __devshell_fresh=() __devshell_fresh_variables=()

# What an environment file assigns: see src/script/bash.ts.
__devshell_new_names=() __devshell_new_variables=() __devshell_new_unset=() __devshell_new_glance='' __devshell_new_list_names=() __devshell_new_lists=()
__devshell_new_functions=() __devshell_new_bodies=() __devshell_new_aliases=() __devshell_new_texts=() __devshell_new_completions=() __devshell_new_specs=()
__devshell_new_init='' __devshell_new_base='' __devshell_new_count='' __devshell_new_redefined=()

# Applies the environment that the file $1 states, unless it is applied already.
__devshell_apply() {
  local __devshell_new_generation=''
  __devshell_plainly builtin . "$1"
}

# Runs $@ where comparisons are exact and evaluated text is free of the user's aliases.
__devshell_plainly() {
  local __devshell_aliases_were=-u __devshell_case_was=-u
  ! builtin shopt -q expand_aliases || __devshell_aliases_were=-s
  ! builtin shopt -q nocasematch || __devshell_case_was=-s
  builtin shopt -u expand_aliases nocasematch
  "$@"
  builtin shopt "$__devshell_aliases_were" expand_aliases
  builtin shopt "$__devshell_case_was" nocasematch
}

# The last line of every environment file calls this; called from anywhere else it does nothing.
__devshell_merge() {
  [[ ${__devshell_busy-} && ${__devshell_new_generation-} ]] || return 0
  __devshell_merge_all ''
}

# Called in an environment file before it states the names, which are those of the generation `new_base`: fails if that is not applied.
__devshell_renew() {
  [[ ${__devshell_busy-} && ${__devshell_new_generation-} && $__devshell_new_base == "$__devshell_generation" ]] || return 1
  __devshell_merge_all 1
}

# $1: the names stay as they are. Each call of a function copies all of it: so what is rarely needed is done elsewhere.
__devshell_merge_all() {
  __devshell_renewing=$1 __devshell_added=0 __devshell_changed=0 __devshell_removed=0 __devshell_kept='' __devshell_exported='' \
    __devshell_fresh_variables=() __devshell_denied=() __devshell_seen=() __devshell_list_seen=()
  # Ctrl-C would leave half an environment. While a key is handled Readline holds it back, and its handler must stay.
  if [[ ! ${__devshell_at_key-} ]]; then
    __devshell_print builtin trap -p INT
    __devshell_interrupt=$REPLY
    builtin trap '' INT
  fi
  [[ $__devshell_renewing ]] || __devshell_drop
  [[ ${#__devshell_new_variables[@]} == 0 ]] || __devshell_set_variables
  __devshell_set_lists
  [[ ${#__devshell_functions[@]}${#__devshell_new_bodies[@]}${#__devshell_aliases[@]}${#__devshell_new_aliases[@]}${#__devshell_completions[@]}${#__devshell_new_completions[@]} == 000000 ]] ||
    __devshell_merge_definitions
  __devshell_generation=$__devshell_new_generation
  if [[ ! ${__devshell_at_key-} ]]; then
    builtin trap - INT
    builtin eval "$__devshell_interrupt"
  fi
  builtin [ "$__devshell_init" = "$__devshell_new_init" ] || __devshell_take_init
  # Whatever only changes its value keeps the original it had. What was new and is kept was not counted.
  [[ $__devshell_added$__devshell_removed$__devshell_kept == 00 ]] || __devshell_record
  __devshell_report="$__devshell_generation;$__devshell_added;$__devshell_changed;$__devshell_removed;${__devshell_kept#,}"
}

# A name may change from the one kind to the other: so all that is gone goes first.
__devshell_drop() {
  __devshell_drop_variables
  __devshell_drop_lists
}

__devshell_merge_definitions() {
  ((${#__devshell_functions[@]} + ${#__devshell_new_bodies[@]} == 0)) || __devshell_merge_functions
  ((${#__devshell_aliases[@]} + ${#__devshell_new_aliases[@]} == 0)) || __devshell_merge_aliases
  ((${#__devshell_completions[@]} + ${#__devshell_new_completions[@]} == 0)) || __devshell_merge_completions
}

__devshell_take_init() {
  if [[ ! $__devshell_init ]]; then
    ((__devshell_added += 1))
  elif [[ ! $__devshell_new_init ]]; then
    ((__devshell_removed += 1))
  else
    ((__devshell_changed += 1))
  fi
  __devshell_init=$__devshell_new_init
}

# Leaves on record what stood there before devshell, for `devshell why` and `devshell diff`: words that end in NUL, each array behind
# its length, the generation at both ends (src/model/merge-record.ts). Opened as in `__devshell_print`.
__devshell_record() {
  local __devshell_i
  local -a __devshell_had_functions __devshell_had_aliases
  for __devshell_i in "${!__devshell_function_orig[@]}"; do
    [[ ! ${__devshell_function_orig[__devshell_i]} ]] || __devshell_had_functions+=("${__devshell_functions[__devshell_i]}" "${__devshell_function_orig[__devshell_i]}")
  done
  for __devshell_i in "${!__devshell_alias_orig[@]}"; do
    [[ ! ${__devshell_alias_orig[__devshell_i]} ]] || __devshell_had_aliases+=("${__devshell_aliases[__devshell_i]}" "${__devshell_alias_orig[__devshell_i]}")
  done
  builtin printf '%s\0' "$__devshell_generation" \
    "${#__devshell_orig[@]}" "${__devshell_orig[@]}" \
    "${#__devshell_list_names[@]}" "${__devshell_list_names[@]}" "${__devshell_list_orig[@]}" \
    "${#__devshell_had_functions[@]}" "${__devshell_had_functions[@]}" \
    "${#__devshell_had_aliases[@]}" "${__devshell_had_aliases[@]}" \
    "$__devshell_generation" 1<>"$__devshell_session/merged"
}

# Where each of the new names stands among the old ones (behind the last for nowhere), into `at`; which of the old are `gone`, which of
# the new `fresh`; nothing in all three if there were none. Both sides are in the order of src/script/entries.ts. Fails if they are equal.
__devshell_align() {
  local __devshell_name __devshell_j=0 __devshell_end=${#__devshell_old[@]} __devshell_known __devshell_wanted
  __devshell_at=() __devshell_gone=() __devshell_fresh=()
  ((__devshell_end)) || return 0
  builtin printf -v __devshell_known '%s\n' "${__devshell_old[@]}"
  builtin printf -v __devshell_wanted '%s\n' "${__devshell_new[@]}"
  builtin [ "$__devshell_known" != "$__devshell_wanted" ] || return 1
  __devshell_known=$'\n'$__devshell_known
  for __devshell_name in "${__devshell_new[@]}"; do
    if [[ ${__devshell_old[__devshell_j]-} != "$__devshell_name" ]]; then
      if [[ $__devshell_known != *$'\n'"$__devshell_name"$'\n'* ]]; then
        __devshell_fresh+=("${#__devshell_at[@]}")
        __devshell_at+=("$__devshell_end")
        continue
      fi
      while [[ ${__devshell_old[__devshell_j]-$__devshell_name} != "$__devshell_name" ]]; do
        __devshell_gone+=("$((__devshell_j++))")
      done
    fi
    __devshell_at+=("$((__devshell_j++))")
  done
  while ((__devshell_j < __devshell_end)); do
    __devshell_gone+=("$((__devshell_j++))")
  done
}

# A name that went from the one kind to the other has changed, and was not removed and added. $@ are the new names of the other kind.
__devshell_count_moved() {
  local __devshell_name __devshell_known
  builtin printf -v __devshell_known '%s\n' "${__devshell_old[@]}"
  for __devshell_name; do
    case $'\n'$__devshell_known in
      *$'\n'"$__devshell_name"$'\n'*)
        case ,$__devshell_kept, in
          *",$__devshell_name,"*) ;;
          *) ((__devshell_removed -= 1, __devshell_added -= 1, __devshell_changed += 1)) ;;
        esac
        ;;
    esac
  done
}

# Brings the arrays into the order of `at`, with '' for what is new. One command each, whatever their length.
__devshell_rearrange() {
  local __devshell_array __devshell_text
  for __devshell_array; do
    __devshell_text=''
    ((${#__devshell_at[@]} == 0)) || builtin printf -v __devshell_text " \"\${${__devshell_array}[%s]}\"" "${__devshell_at[@]}"
    builtin eval "$__devshell_array=($__devshell_text)"
  done
}

# Whether the variable was exported before this merge (or, since it is asked for the first time, is).
__devshell_is_exported() {
  if [[ ! $__devshell_exported ]]; then
    __devshell_print builtin compgen -e
    __devshell_exported=$'\n'$REPLY
  fi
  [[ $__devshell_exported == *$'\n'"$1"$'\n'* ]]
}

# What the command prints, into REPLY. Opened without truncating, which saves 0.1 ms on ext4: the NUL ends what counts.
__devshell_print() {
  {
    "$@"
    builtin printf '\0'
  } 1<>"$__devshell_scratch"
  builtin read -r -d '' <"$__devshell_scratch"
}
