# Variables. Each is one word, NAME=VALUE, or NAME where it is unset, in parallel arrays:
#   names  in the order of the script
#   set    what devshell last set
#   orig   what stood there before devshell did; ~NAME=VALUE where that was not exported
#   last   what the last environment wanted
# The text `look` puts the words of all names, as they stand, into `now`.

__devshell_names=() __devshell_set=() __devshell_orig=() __devshell_last=() __devshell_seen=() __devshell_now=() __devshell_look=''

# Gives back what is no longer wanted, and brings the arrays into the order of the new names.
__devshell_drop_variables() {
  local __devshell_i __devshell_j
  local -a __devshell_next_set __devshell_next_orig __devshell_next_last __devshell_words
  __devshell_old=("${__devshell_names[@]}") __devshell_new=("${__devshell_new_names[@]}") __devshell_seen=()
  __devshell_align || return 0
  if ((${#__devshell_gone[@]})); then
    builtin eval "$__devshell_look"
    for __devshell_j in "${__devshell_gone[@]}"; do __devshell_drop_variable; done
    __devshell_give_back "${__devshell_words[@]}"
  fi
  for __devshell_i in "${!__devshell_at[@]}"; do
    __devshell_j=${__devshell_at[__devshell_i]}
    __devshell_next_set[__devshell_i]=${__devshell_set[__devshell_j]} __devshell_next_orig[__devshell_i]=${__devshell_orig[__devshell_j]} __devshell_next_last[__devshell_i]=${__devshell_last[__devshell_j]}
  done
  __devshell_names=("${__devshell_new_names[@]}") __devshell_set=() __devshell_orig=() __devshell_last=()
  for __devshell_i in "${!__devshell_at[@]}"; do
    __devshell_set[__devshell_i]=${__devshell_next_set[__devshell_i]} __devshell_orig[__devshell_i]=${__devshell_next_orig[__devshell_i]} __devshell_last[__devshell_i]=${__devshell_next_last[__devshell_i]}
  done
}

__devshell_drop_variable() {
  if [[ ${__devshell_now[__devshell_j]} == "${__devshell_set[__devshell_j]}" ]]; then
    __devshell_words+=("${__devshell_orig[__devshell_j]}")
  elif [[ ${__devshell_now[__devshell_j]} != "${__devshell_orig[__devshell_j]#\~}" ]]; then
    __devshell_kept+=,${__devshell_names[__devshell_j]}
    return
  fi
  ((__devshell_removed += 1))
}

# Makes each of these words true.
__devshell_give_back() {
  local __devshell_word
  local -a __devshell_unset
  for __devshell_word; do
    case $__devshell_word in
      '~'*) builtin export -n "${__devshell_word#\~}" ;;
      *=*) builtin export "$__devshell_word" ;;
      *) __devshell_unset+=("$__devshell_word") ;;
    esac
  done
  ((${#__devshell_unset[@]} == 0)) || builtin unset -v "${__devshell_unset[@]}"
}
