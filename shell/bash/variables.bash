# Variables. Each is one word, NAME=VALUE, or NAME where it is unset, in parallel arrays:
#   names   in the order of the script
#   set     what devshell last set; '' for new
#   orig    what stood there before devshell did; ~NAME=VALUE where that was not exported
#   denied  what the environment wants but the user does not: only where that is so
# `exact` tells that `set` is all that the last environment wanted.
# The text `glance`, evaluated, puts the words of all names as they stand into `joined`, each with a unit separator behind it: all can be
# compared at once, with what stood there when devshell was done (`left`). Only a value that holds the separator and behind it the
# next name could be taken for another.
__devshell_names=() __devshell_set=() __devshell_orig=() __devshell_denied=() __devshell_seen=() __devshell_now=() __devshell_glance='' __devshell_left='' __devshell_exact=''

# Puts the words of all names, as they stand, into `now`.
__devshell_look() {
  local __devshell_joined __devshell_name
  if local IFS=$'\037'; then
    builtin eval "$__devshell_glance"
    # shellcheck disable=SC2206 # it is to be split, and `set -f` is on
    __devshell_now=($__devshell_joined)
    ((${#__devshell_now[@]} != ${#__devshell_names[@]})) || return 0
  fi
  # IFS is readonly, or a value holds the separator.
  __devshell_now=()
  for __devshell_name in "${__devshell_names[@]}"; do
    __devshell_now+=("$__devshell_name${!__devshell_name+=${!__devshell_name}}")
  done
}

# Whether the user has changed none of our variables.
__devshell_are_ours() {
  local __devshell_joined
  builtin eval "$__devshell_glance"
  builtin [ "$__devshell_joined" = "$__devshell_left" ]
}

# Gives back what is no longer wanted, and brings the arrays into the order of the new names.
__devshell_drop_variables() {
  builtin [ "$__devshell_glance" != "$__devshell_new_glance" ] || return 0
  if ((${#__devshell_names[@]})); then __devshell_align_variables; fi
  __devshell_names=("${__devshell_new_names[@]}") __devshell_glance=$__devshell_new_glance
}

__devshell_align_variables() {
  local __devshell_j
  local -a __devshell_words
  __devshell_old=("${__devshell_names[@]}") __devshell_new=("${__devshell_new_names[@]}")
  __devshell_align
  if ((${#__devshell_gone[@]})); then
    __devshell_look
    for __devshell_j in "${__devshell_gone[@]}"; do
      if [[ ${__devshell_now[__devshell_j]} == "${__devshell_set[__devshell_j]}" ]]; then
        __devshell_words+=("${__devshell_orig[__devshell_j]}")
      elif [[ ${__devshell_now[__devshell_j]} == "${__devshell_orig[__devshell_j]#\~}" ]]; then
        ((__devshell_removed += 1))
      else
        __devshell_kept+=,${__devshell_names[__devshell_j]}
      fi
    done
    ((__devshell_removed += ${#__devshell_words[@]}))
    __devshell_give_back "${__devshell_words[@]}"
    __devshell_count_moved "${__devshell_new_list_names[@]}"
  fi
  __devshell_fresh_variables=("${__devshell_fresh[@]}")
  __devshell_rearrange __devshell_set __devshell_orig
}

# Makes each of these words true.
__devshell_give_back() {
  local __devshell_word
  case $* in
    *[=~]*) ;;
    *)
      (($# == 0)) || builtin unset -v "$@"
      return
      ;;
  esac
  for __devshell_word; do
    case $__devshell_word in
      '~'*) builtin export -n "${__devshell_word#\~}" ;;
      *=*) builtin export "${__devshell_word?}" ;;
      *) builtin unset -v "$__devshell_word" ;;
    esac
  done
}

__devshell_set_variables() {
  if ((${#__devshell_set[@]} == 0)); then
    __devshell_set_first
  elif ((${#__devshell_fresh_variables[@]} == 0)) && __devshell_are_ours; then
    [[ $__devshell_renewing$__devshell_exact == 11 ]] || __devshell_count_changed
    ((__devshell_new_count)) || return 0
    ((__devshell_changed += __devshell_new_count))
    __devshell_set=("${__devshell_new_variables[@]}")
    __devshell_give_all
  else
    __devshell_set_others
  fi
  builtin printf -v __devshell_left '%s\037' "${__devshell_set[@]}"
}

# All at once, where devshell has set none yet.
__devshell_set_first() {
  local __devshell_i
  __devshell_look
  __devshell_orig=("${__devshell_now[@]}") __devshell_set=("${__devshell_new_variables[@]}")
  ((__devshell_added += ${#__devshell_set[@]}))
  case ${__devshell_orig[*]} in
    *=*) for __devshell_i in "${!__devshell_orig[@]}"; do __devshell_mark_unexported; done ;;
  esac
  __devshell_unmark_integers "${!__devshell_orig[@]}"
  __devshell_exact=1
  __devshell_give_all
}

# How many of our variables change: what the script says holds only for what the last environment wanted.
__devshell_count_changed() {
  local __devshell_word __devshell_i=0 __devshell_marks=''
  __devshell_exact=1
  for __devshell_word in "${__devshell_new_variables[@]}"; do
    [[ $__devshell_word == "${__devshell_set[__devshell_i++]}" ]] || __devshell_marks+=.
  done
  __devshell_new_count=${#__devshell_marks}
}

# Those without a value are to be unset; exporting only marks them.
__devshell_give_all() {
  builtin export "${__devshell_set[@]}" || __devshell_check_variables
  ((${#__devshell_new_unset[@]} == 0)) || builtin unset -v "${__devshell_new_unset[@]}" || __devshell_check_variables
}

# One by one, where the user has changed some, or some are new.
__devshell_set_others() {
  __devshell_set_each
  __devshell_exact=''
  ((${#__devshell_denied[@]})) || builtin [ "${__devshell_set[*]}" != "${__devshell_new_variables[*]}" ] || __devshell_exact=1
}

__devshell_set_each() {
  local __devshell_i
  local -a __devshell_words
  __devshell_look
  for __devshell_i in "${__devshell_fresh_variables[@]}"; do
    __devshell_orig[__devshell_i]=${__devshell_now[__devshell_i]}
    __devshell_mark_unexported
    __devshell_set[__devshell_i]=${__devshell_new_variables[__devshell_i]} __devshell_now[__devshell_i]=${__devshell_new_variables[__devshell_i]}
    __devshell_words+=("${__devshell_new_variables[__devshell_i]}")
  done
  __devshell_unmark_integers "${__devshell_fresh_variables[@]}"
  ((__devshell_added += ${#__devshell_words[@]}))
  for __devshell_i in "${!__devshell_names[@]}"; do
    [[ ${__devshell_now[__devshell_i]} != "${__devshell_new_variables[__devshell_i]}" ]] || continue
    if [[ ${__devshell_now[__devshell_i]} == "${__devshell_set[__devshell_i]}" ]]; then
      __devshell_words+=("${__devshell_new_variables[__devshell_i]}") __devshell_set[__devshell_i]=${__devshell_new_variables[__devshell_i]}
      ((__devshell_changed += 1))
    else
      __devshell_kept+=,${__devshell_names[__devshell_i]} __devshell_denied[__devshell_i]=${__devshell_new_variables[__devshell_i]}
    fi
  done
  ((${#__devshell_words[@]})) || return 0
  builtin export "${__devshell_words[@]}" || __devshell_check_variables
  for __devshell_i in "${__devshell_words[@]}"; do
    case $__devshell_i in
      *=*) ;;
      *) builtin unset -v "$__devshell_i" || __devshell_check_variables ;;
    esac
  done
}

# Marks the original of this variable if it was not exported.
__devshell_mark_unexported() {
  case ${__devshell_orig[__devshell_i]} in
    *=*) __devshell_is_exported "${__devshell_names[__devshell_i]}" || __devshell_orig[__devshell_i]="~${__devshell_orig[__devshell_i]}" ;;
  esac
}

# Where the user has declared a variable as an integer, a value would be evaluated when it is set, and that can run commands.
# Unset, it is one like any other; what holds no number cannot have been declared so, and a number is nothing to evaluate.
__devshell_unmark_integers() {
  local __devshell_i
  local -a __devshell_words
  for __devshell_i; do
    case ${__devshell_new_variables[__devshell_i]#*=} in
      *[!0-9]*) ;;
      *) continue ;;
    esac
    case ${__devshell_orig[__devshell_i]} in
      *=*[!0-9-]*) ;;
      *) __devshell_words+=("${__devshell_names[__devshell_i]}") ;;
    esac
  done
  ((${#__devshell_words[@]} == 0)) || builtin unset -v "${__devshell_words[@]}" 2>/dev/null || :
}

# Something could not be set, since it is readonly: that stays the user's.
__devshell_check_variables() {
  local __devshell_i
  __devshell_exact=''
  __devshell_look
  for __devshell_i in "${!__devshell_names[@]}"; do
    [[ ${__devshell_now[__devshell_i]} != "${__devshell_set[__devshell_i]}" && ! ${__devshell_denied[__devshell_i]+x} ]] || continue
    [[ ${__devshell_set[__devshell_i]} == "${__devshell_new_variables[__devshell_i]}" ]] || continue
    __devshell_set[__devshell_i]=${__devshell_now[__devshell_i]}
    __devshell_denied[__devshell_i]=${__devshell_new_variables[__devshell_i]}
    __devshell_kept+=,${__devshell_names[__devshell_i]}
    # `export` marks even what it cannot set.
    [[ ${__devshell_orig[__devshell_i]} != "~${__devshell_now[__devshell_i]}" ]] || builtin export -n "${__devshell_names[__devshell_i]}"
    if [[ ${__devshell_orig[__devshell_i]#\~} == "${__devshell_now[__devshell_i]}" ]] && ((__devshell_added)); then
      ((__devshell_added -= 1))
    else
      ((__devshell_changed -= 1))
    fi
  done
}
