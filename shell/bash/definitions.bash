# Functions and aliases, each kind in parallel arrays in the order of the script: names, `last` (what the last environment wanted,
# '' for new) and `orig` (what was there before, as bash prints it; '' for nothing).

__devshell_functions=() __devshell_function_last=() __devshell_function_orig=() __devshell_places=''
__devshell_aliases=() __devshell_alias_last=() __devshell_alias_orig=()
__devshell_here=${BASH_SOURCE[0]}

# A function is ours while bash knows it to be defined by this file: whoever changes it does so elsewhere.
__devshell_merge_functions() {
  local __devshell_i __devshell_theirs='' __devshell_failed='' __devshell_new_count=0 __devshell_places_were=$__devshell_places
  local -a __devshell_chosen
  __devshell_old=("${__devshell_functions[@]}")
  __devshell_find_theirs
  if [[ ! $__devshell_renewing ]]; then
    __devshell_new=("${__devshell_new_functions[@]}")
    if __devshell_align; then
      for __devshell_i in "${__devshell_gone[@]}"; do __devshell_drop_function; done
      __devshell_rearrange __devshell_function_last __devshell_function_orig
      __devshell_functions=("${__devshell_new_functions[@]}")
      __devshell_take_functions
    fi
  fi
  __devshell_choose_functions
  if ((${#__devshell_chosen[@]})); then
    ((__devshell_added += __devshell_new_count, __devshell_changed += ${#__devshell_chosen[@]} - __devshell_new_count))
    __devshell_define
    __devshell_print_places "${__devshell_functions[@]}"
    __devshell_places=$REPLY
  fi
  if [[ $__devshell_theirs ]]; then __devshell_places=unknown; else __devshell_function_last=("${__devshell_new_bodies[@]}"); fi
}

# Chooses what is to be defined anew. What the script says of that holds where the last environment's functions are all in place.
__devshell_choose_functions() {
  local __devshell_body
  if [[ $__devshell_theirs ]]; then
    for __devshell_i in "${!__devshell_functions[@]}"; do __devshell_choose_function; done
  elif ((${#__devshell_function_last[@]} == 0)); then
    __devshell_new_count=${#__devshell_new_bodies[@]} __devshell_chosen=("${__devshell_new_bodies[@]}")
  elif [[ $__devshell_renewing && $__devshell_places_were != unknown ]]; then
    if ((${#__devshell_new_redefined[@]} == ${#__devshell_new_bodies[@]})); then
      __devshell_chosen=("${__devshell_new_bodies[@]}")
    else
      for __devshell_i in "${__devshell_new_redefined[@]}"; do __devshell_chosen[__devshell_i]=${__devshell_new_bodies[__devshell_i]}; done
    fi
  elif builtin [ "${__devshell_function_last[*]}" != "${__devshell_new_bodies[*]}" ]; then
    __devshell_i=0
    for __devshell_body in "${__devshell_new_bodies[@]}"; do
      [[ $__devshell_body == "${__devshell_function_last[__devshell_i++]}" ]] || __devshell_chosen[__devshell_i - 1]=$__devshell_body
    done
    __devshell_new_count=${#__devshell_fresh[@]}
  fi
}

# Where these functions were defined, one line for each that exists, into REPLY.
__devshell_print_places() {
  builtin shopt -s extdebug
  __devshell_print builtin declare -F -- "$@"
  builtin shopt -u extdebug
}

# Those of our functions that the user has changed or removed, each on a line of its own, into `theirs`.
__devshell_find_theirs() {
  local __devshell_ours=$'\n' __devshell_line
  ((${#__devshell_old[@]})) || return 0
  __devshell_print_places "${__devshell_old[@]}"
  builtin [ "$REPLY" != "$__devshell_places" ] || return 0
  while [[ $REPLY ]]; do
    __devshell_line=${REPLY%%$'\n'*} REPLY=${REPLY#*$'\n'}
    case $__devshell_line in *" $__devshell_here") __devshell_ours+=${__devshell_line%% *}$'\n' ;; esac
  done
  for __devshell_line in "${__devshell_old[@]}"; do
    case $__devshell_ours in
      *$'\n'"$__devshell_line"$'\n'*) ;;
      *) __devshell_theirs+=$'\n'$__devshell_line$'\n' ;;
    esac
  done
}

__devshell_drop_function() {
  local __devshell_name=${__devshell_old[__devshell_i]}
  case $__devshell_theirs in
    *$'\n'"$__devshell_name"$'\n'*)
      __devshell_kept+=",$__devshell_name()"
      return
      ;;
  esac
  ((__devshell_removed += 1))
  if [[ ${__devshell_function_orig[__devshell_i]} ]]; then
    builtin eval "${__devshell_function_orig[__devshell_i]}"
  else
    builtin unset -f "$__devshell_name"
  fi
}

# Remembers the functions that stand where new ones come.
__devshell_take_functions() {
  local __devshell_places
  __devshell_print_places "${__devshell_functions[@]}"
  __devshell_places=$'\n'$REPLY
  [[ $REPLY ]] || return 0
  for __devshell_i in "${!__devshell_functions[@]}"; do
    [[ ! ${__devshell_function_last[__devshell_i]} && $__devshell_places == *$'\n'"${__devshell_functions[__devshell_i]} "* ]] || continue
    __devshell_print builtin declare -f -- "${__devshell_functions[__devshell_i]}"
    __devshell_function_orig[__devshell_i]=$REPLY
  done
}

# Chooses this function to be defined anew, unless it is the user's by now.
__devshell_choose_function() {
  case $__devshell_theirs in
    *$'\n'"${__devshell_functions[__devshell_i]}"$'\n'*) __devshell_kept+=",${__devshell_functions[__devshell_i]}()" ;;
    *)
      [[ ${__devshell_function_last[__devshell_i]} != "${__devshell_new_bodies[__devshell_i]}" ]] || return 0
      [[ ${__devshell_function_last[__devshell_i]} ]] || ((__devshell_new_count += 1))
      __devshell_chosen[__devshell_i]=${__devshell_new_bodies[__devshell_i]} __devshell_function_last[__devshell_i]=${__devshell_new_bodies[__devshell_i]}
      ;;
  esac
}

# Defines what was chosen. Each definition says itself if it failed, for the user's may be readonly.
__devshell_define() {
  local __devshell_code __devshell_extglob=''
  # A body may use extended patterns, which are a syntax error without this.
  builtin shopt -q extglob || { __devshell_extglob=off && builtin shopt -s extglob; }
  builtin printf -v __devshell_code %s "${__devshell_chosen[@]}"
  if ! builtin eval "$__devshell_code"; then
    # A syntax error in one of them.
    __devshell_failed=''
    for __devshell_i in "${!__devshell_chosen[@]}"; do
      builtin eval "${__devshell_chosen[__devshell_i]}" || __devshell_failed+=",${__devshell_functions[__devshell_i]}()"
    done
  fi
  [[ ! $__devshell_extglob ]] || builtin shopt -u extglob
  [[ ! $__devshell_failed ]] || __devshell_forgo_functions
}

# What could not be defined counts as the user's.
__devshell_forgo_functions() {
  __devshell_theirs+=$'\n'
  __devshell_kept+=$__devshell_failed
  while [[ $__devshell_failed ]]; do
    __devshell_failed=${__devshell_failed%,*}
    if ((__devshell_new_count)); then ((__devshell_new_count -= 1, __devshell_added -= 1)); else ((__devshell_changed -= 1)); fi
  done
}

# Few, so one by one.
__devshell_merge_aliases() {
  local __devshell_i __devshell_was __devshell_want
  __devshell_old=("${__devshell_aliases[@]}") __devshell_new=("${__devshell_new_aliases[@]}")
  if __devshell_align; then
    for __devshell_i in "${__devshell_gone[@]}"; do __devshell_drop_alias; done
    __devshell_rearrange __devshell_alias_last __devshell_alias_orig
    __devshell_aliases=("${__devshell_new_aliases[@]}")
  fi
  for __devshell_i in "${!__devshell_aliases[@]}"; do
    __devshell_was=${__devshell_alias_last[__devshell_i]} __devshell_want==${__devshell_new_texts[__devshell_i]}
    __devshell_print_alias "${__devshell_aliases[__devshell_i]}"
    if [[ ! $__devshell_was ]]; then
      __devshell_alias_orig[__devshell_i]=$REPLY
      ((__devshell_added += 1))
    elif [[ $REPLY != "$__devshell_was" ]]; then
      [[ $REPLY == "$__devshell_want" ]] || __devshell_kept+=",alias ${__devshell_aliases[__devshell_i]}"
      continue
    elif [[ $__devshell_was == "$__devshell_want" ]]; then
      continue
    else
      ((__devshell_changed += 1))
    fi
    # shellcheck disable=SC2139 # it is to expand now
    builtin alias -- "${__devshell_aliases[__devshell_i]}$__devshell_want"
    __devshell_alias_last[__devshell_i]=$__devshell_want
  done
}

# =TEXT of the alias $1, or '' where there is none, into REPLY.
__devshell_print_alias() {
  __devshell_print builtin alias -- "$1"
  [[ ! $REPLY ]] || builtin eval "REPLY==${REPLY#*=}"
}

__devshell_drop_alias() {
  local __devshell_name=${__devshell_old[__devshell_i]}
  __devshell_print_alias "$__devshell_name"
  if [[ $REPLY != "${__devshell_alias_last[__devshell_i]}" && $REPLY != "${__devshell_alias_orig[__devshell_i]}" ]]; then
    __devshell_kept+=",alias $__devshell_name"
    return
  fi
  ((__devshell_removed += 1))
  if [[ ${__devshell_alias_orig[__devshell_i]} ]]; then
    builtin alias -- "$__devshell_name${__devshell_alias_orig[__devshell_i]}"
  else
    builtin unalias -- "$__devshell_name"
  fi
}
