# direnv in the same shell puts whole values back when it loads or leaves a directory: what that undoes of ours is done again.
# Our line stands at the front of PROMPT_COMMAND; this is put directly behind `_direnv_hook`, so that the next prompt is right.

__devshell_diff='' __devshell_behind_direnv='{ __devshell_do direnv && :; } 2>/dev/null'

__devshell_direnv() {
  __devshell_reassert
  return "$__devshell_found"
}

# Before direnv's hook runs: remembers what stands there, since only what direnv does shall be mended.
__devshell_watch_direnv() {
  local __devshell_j __devshell_key
  __devshell_reassert
  [[ ${DIRENV_DIFF-} || ${PROMPT_COMMAND[*]-} == *_direnv_hook* ]] || return 0
  __devshell_follow_direnv
  for ((__devshell_j = 0; __devshell_j < __devshell_count; __devshell_j++)); do
    __devshell_key=${__devshell_keys[__devshell_j]}
    __devshell_seen[__devshell_j]=${!__devshell_key+=${!__devshell_key}}
  done
}

# Puts our part behind each `_direnv_hook` that has none yet.
__devshell_follow_direnv() {
  local __devshell_k __devshell_text
  [[ $__devshell_missing != *prompt* ]] || return 0
  for __devshell_k in "${!PROMPT_COMMAND[@]}"; do
    __devshell_text=${PROMPT_COMMAND[__devshell_k]}
    case $__devshell_text in
      *'_direnv_hook;{ __devshell_do direnv'*) continue ;;
      *_direnv_hook*) __devshell_text="${__devshell_text%%_direnv_hook*}_direnv_hook;$__devshell_behind_direnv${__devshell_text#*_direnv_hook}" ;;
      *) continue ;;
    esac
    # Assigning to the element 0 would make an array of a string.
    if ((__devshell_k)); then
      PROMPT_COMMAND[__devshell_k]=$__devshell_text
    else
      builtin printf -v PROMPT_COMMAND %s "$__devshell_text"
    fi
  done
}

__devshell_reassert() {
  local __devshell_now=${DIRENV_DIFF+=${DIRENV_DIFF}}
  builtin [ "$__devshell_now" != "$__devshell_diff" ] || return 0
  __devshell_diff=$__devshell_now
  __devshell_plainly __devshell_reassert_all
}

__devshell_reassert_all() {
  local __devshell_j __devshell_key __devshell_now __devshell_before __devshell_mine
  for ((__devshell_j = 0; __devshell_j < __devshell_count; __devshell_j++)); do
    __devshell_key=${__devshell_keys[__devshell_j]} __devshell_mine=${__devshell_set[__devshell_j]}
    __devshell_now=${!__devshell_key+=${!__devshell_key}}
    __devshell_before=${__devshell_seen[__devshell_j]-$__devshell_mine}
    case ${__devshell_last[__devshell_j]} in
      :*) __devshell_reassert_list "$__devshell_before" ;;
      *)
        # What direnv sets for a directory is the user's; what it takes away on leaving is not.
        if [[ $__devshell_now != "$__devshell_mine" && $__devshell_before == "$__devshell_mine" && ! ($__devshell_now && $__devshell_diff) ]]; then
          __devshell_restore "$__devshell_key" "$__devshell_mine"
        elif [[ $__devshell_now == "$__devshell_mine" && $__devshell_now != "${__devshell_last[__devshell_j]}" ]]; then
          __devshell_restore "$__devshell_key" "${__devshell_last[__devshell_j]}"
          __devshell_set[__devshell_j]=${__devshell_last[__devshell_j]}
        fi
        ;;
    esac
  done
}
