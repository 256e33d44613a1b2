# direnv in the same shell puts whole values back when it loads or leaves a directory: what that undoes of ours is done again.
# Our line stands at the front of PROMPT_COMMAND; this is put directly behind `_direnv_hook`, so that the next prompt is right.

__devshell_diff='' __devshell_behind_direnv='{ __devshell_do direnv && :; } 2>/dev/null'

__devshell_direnv() {
  __devshell_reassert
  return "$__devshell_found"
}

# Before direnv's hook runs: remembers what stands there, since only what direnv does shall be mended.
__devshell_watch_direnv() {
  local __devshell_i __devshell_name
  __devshell_reassert
  [[ ${DIRENV_DIFF-} || ${PROMPT_COMMAND[*]-} == *_direnv_hook* ]] || return 0
  __devshell_follow_direnv
  __devshell_seen=()
  if ! __devshell_are_ours; then
    __devshell_look
    __devshell_seen=("${__devshell_now[@]}")
  fi
  for __devshell_i in "${!__devshell_list_names[@]}"; do
    __devshell_name=${__devshell_list_names[__devshell_i]}
    __devshell_list_seen[__devshell_i]=${!__devshell_name+=${!__devshell_name}}
  done
}

# Puts our part behind each `_direnv_hook` that has none yet.
__devshell_follow_direnv() {
  local __devshell_i __devshell_text
  [[ $__devshell_missing != *prompt* ]] || return 0
  for __devshell_i in "${!PROMPT_COMMAND[@]}"; do
    __devshell_text=${PROMPT_COMMAND[__devshell_i]}
    case $__devshell_text in
      *'_direnv_hook;{ __devshell_do direnv'*) continue ;;
      *_direnv_hook*) __devshell_text="${__devshell_text%%_direnv_hook*}_direnv_hook;$__devshell_behind_direnv${__devshell_text#*_direnv_hook}" ;;
      *) continue ;;
    esac
    # Assigning to the element 0 would make an array of a string.
    if ((__devshell_i)); then
      PROMPT_COMMAND[__devshell_i]=$__devshell_text
    else
      builtin printf -v PROMPT_COMMAND %s "$__devshell_text"
    fi
  done
}

__devshell_reassert() {
  local __devshell_diff_now=${DIRENV_DIFF+=${DIRENV_DIFF}}
  builtin [ "$__devshell_diff_now" != "$__devshell_diff" ] || return 0
  __devshell_diff=$__devshell_diff_now
  __devshell_plainly __devshell_reassert_all
}

__devshell_reassert_all() {
  local __devshell_i
  local -a __devshell_words
  if ((${#__devshell_denied[@]})) || ! __devshell_are_ours; then
    __devshell_look
    for __devshell_i in "${!__devshell_names[@]}"; do __devshell_reassert_variable; done
    __devshell_give_back "${__devshell_words[@]}"
    builtin printf -v __devshell_left '%s\037' "${__devshell_set[@]}"
  fi
  for __devshell_i in "${!__devshell_list_names[@]}"; do
    __devshell_reassert_list "${__devshell_list_seen[__devshell_i]-${__devshell_list_set[__devshell_i]}}"
  done
}

# What direnv sets for a directory is the user's; what it takes away on leaving is not.
__devshell_reassert_variable() {
  local __devshell_there=${__devshell_now[__devshell_i]} __devshell_mine=${__devshell_set[__devshell_i]}
  if [[ $__devshell_there == "$__devshell_mine" ]]; then
    [[ ${__devshell_denied[__devshell_i]+x} ]] || return 0
    __devshell_set[__devshell_i]=${__devshell_denied[__devshell_i]}
    __devshell_words+=("${__devshell_denied[__devshell_i]}")
    builtin unset -v "__devshell_denied[__devshell_i]"
  elif [[ ${__devshell_seen[__devshell_i]-$__devshell_mine} == "$__devshell_mine" ]]; then
    [[ $__devshell_diff && $__devshell_there == *=* ]] || __devshell_words+=("$__devshell_mine")
  fi
}
