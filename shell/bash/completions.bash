# How arguments of commands are completed, in parallel arrays in the order of the script: names, `given` (what the last environment
# wanted), `last` (the same as bash prints it, '' for new) and `orig` (what was there before, likewise; '' for nothing).

__devshell_completions=() __devshell_completion_last=() __devshell_completion_orig=() __devshell_completion_given=()

# Few, so one by one.
__devshell_merge_completions() {
  local __devshell_i __devshell_was __devshell_want
  __devshell_old=("${__devshell_completions[@]}") __devshell_new=("${__devshell_new_completions[@]}")
  if __devshell_align; then
    for __devshell_i in "${__devshell_gone[@]}"; do __devshell_drop_completion; done
    __devshell_rearrange __devshell_completion_last __devshell_completion_orig __devshell_completion_given
    __devshell_completions=("${__devshell_new_completions[@]}")
  fi
  for __devshell_i in "${!__devshell_completions[@]}"; do
    __devshell_was=${__devshell_completion_last[__devshell_i]} __devshell_want=${__devshell_new_specs[__devshell_i]}
    __devshell_print_completion "${__devshell_completions[__devshell_i]}"
    if [[ ! $__devshell_was ]]; then
      __devshell_completion_orig[__devshell_i]=$REPLY
      ((__devshell_added += 1))
    elif [[ $REPLY != "$__devshell_was" ]]; then
      __devshell_kept+=",completion ${__devshell_completions[__devshell_i]}"
      continue
    elif [[ ${__devshell_completion_given[__devshell_i]} == "$__devshell_want" ]]; then
      continue
    else
      ((__devshell_changed += 1))
    fi
    builtin eval "builtin complete $__devshell_want -- \"\${__devshell_completions[__devshell_i]}\""
    # As bash prints it, which is not always as it was given.
    __devshell_print_completion "${__devshell_completions[__devshell_i]}"
    __devshell_completion_last[__devshell_i]=$REPLY __devshell_completion_given[__devshell_i]=$__devshell_want
  done
}

# The command that sets the completion of $1 as it is, or '' where there is none, into REPLY.
__devshell_print_completion() {
  __devshell_print builtin complete -p -- "$1"
}

__devshell_drop_completion() {
  local __devshell_name=${__devshell_old[__devshell_i]}
  __devshell_print_completion "$__devshell_name"
  if [[ $REPLY != "${__devshell_completion_last[__devshell_i]}" && $REPLY != "${__devshell_completion_orig[__devshell_i]}" ]]; then
    __devshell_kept+=",completion $__devshell_name"
    return
  fi
  ((__devshell_removed += 1))
  if [[ ${__devshell_completion_orig[__devshell_i]} ]]; then
    builtin eval "builtin ${__devshell_completion_orig[__devshell_i]}"
  else
    builtin complete -r -- "$__devshell_name"
  fi
}
