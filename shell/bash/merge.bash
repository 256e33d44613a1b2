# The three-way merge: what devshell last set, what stands there now, what the new environment wants.
# Builtins only, no fork, and nothing that bash 3.2 lacks.
#
# Everything devshell sets is one entry of parallel arrays, in the order of src/script/bash.ts:
#   keys  NAME, or behind the first __devshell_count of them: NAME() for a function, alias NAME for an alias
#   last  what the last environment wanted: '' unset, =VALUE, ":front::back:" for a list; a function's or an alias's text
#   set   what then stood there: '' unset, =VALUE; a definition as bash prints it
#   orig  what stands there without devshell: '' unset, =VALUE exported, ~VALUE not exported; with a ! in front
#         where the user has edited the list, so that it can no longer be made anew from its original
# Locals are prefixed as well: an environment may set a variable of any other name.

__devshell_generation=0 __devshell_count=0 __devshell_init='' __devshell_past='' __devshell_report=''
__devshell_keys=() __devshell_last=() __devshell_set=() __devshell_orig=() __devshell_seen=()

# Applies the environment that the file $1 states, unless it is applied already.
__devshell_apply() {
  local __devshell_new_generation='' __devshell_new_count=0 __devshell_new_init=''
  local -a __devshell_new_keys __devshell_new_values
  __devshell_plainly builtin . "$1"
}

# Runs $@ where comparisons are exact and evaluated text is free of the user's aliases.
__devshell_plainly() {
  local __devshell_option __devshell_shopt=''
  for __devshell_option in expand_aliases nocasematch; do
    ! builtin shopt -q "$__devshell_option" || __devshell_shopt+=" $__devshell_option"
  done
  builtin shopt -u expand_aliases nocasematch
  "$@"
  for __devshell_option in expand_aliases nocasematch; do
    case $__devshell_shopt in *" $__devshell_option"*) builtin shopt -s "$__devshell_option" ;; esac
  done
}

# The last line of every environment file calls this; called from anywhere else it does nothing.
__devshell_merge() {
  [[ ${__devshell_busy-} && ${__devshell_new_generation-} ]] || return 0
  local __devshell_added=0 __devshell_changed=0 __devshell_removed=0 __devshell_kept='' __devshell_exported=''
  local -a __devshell_next_last __devshell_next_set __devshell_next_orig
  local __devshell_i=0 __devshell_j=0 __devshell_known __devshell_interrupt
  builtin printf -v __devshell_known '\n%s' "${__devshell_keys[@]}"
  __devshell_known+=$'\n'

  # Ctrl-C would leave half an environment.
  __devshell_print builtin trap -p INT
  __devshell_interrupt=$REPLY
  builtin trap '' INT
  __devshell_merge_variables
  __devshell_merge_definitions
  for (( ; __devshell_j < ${#__devshell_keys[@]}; __devshell_j++)); do __devshell_drop; done
  __devshell_keys=("${__devshell_new_keys[@]}")
  __devshell_last=("${__devshell_next_last[@]}")
  __devshell_set=("${__devshell_next_set[@]}")
  __devshell_orig=("${__devshell_next_orig[@]}")
  __devshell_seen=()
  __devshell_count=$__devshell_new_count
  __devshell_generation=$__devshell_new_generation
  builtin trap - INT
  builtin eval "$__devshell_interrupt"

  case $__devshell_init:$__devshell_new_init in
    "$__devshell_new_init:$__devshell_init") ;;
    :*) ((__devshell_added++)) ;;
    *:) ((__devshell_removed++)) ;;
    *) ((__devshell_changed++)) ;;
  esac
  __devshell_init=$__devshell_new_init
  __devshell_report="$__devshell_generation;$__devshell_added;$__devshell_changed;$__devshell_removed;${__devshell_kept#,}"
}

# Goes on to the old entry of this key, dropping those in between: both sides are in the same order. Fails if there is none.
__devshell_find() {
  [[ ${__devshell_keys[__devshell_j]-} != "$1" ]] || return 0
  [[ $__devshell_known == *$'\n'"$1"$'\n'* ]] || return 1
  while [[ ${__devshell_keys[__devshell_j]-$1} != "$1" ]]; do
    __devshell_drop
    ((++__devshell_j))
  done
}

__devshell_merge_variables() {
  local __devshell_key __devshell_want __devshell_now __devshell_was
  for (( ; __devshell_i < __devshell_new_count; __devshell_i++)); do
    __devshell_key=${__devshell_new_keys[__devshell_i]} __devshell_want=${__devshell_new_values[__devshell_i]}
    __devshell_was=new
    if [[ ${__devshell_keys[__devshell_j]-} == "$__devshell_key" ]] || __devshell_find "$__devshell_key"; then
      __devshell_was=variable
      case ${__devshell_last[__devshell_j]} in :*) __devshell_was=list ;; esac
    fi
    __devshell_next_last[__devshell_i]=$__devshell_want
    case $__devshell_was:$__devshell_want in
      variable::* | list: | list:=*)
        __devshell_drop
        ((__devshell_removed--, __devshell_j++))
        __devshell_was=other
        ;;
    esac
    __devshell_now=${!__devshell_key+=${!__devshell_key}}
    case $__devshell_was in
      new | other) __devshell_take_over ;;
      *) __devshell_next_orig[__devshell_i]=${__devshell_orig[__devshell_j]} ;;
    esac

    case $__devshell_want in
      :*) __devshell_merge_list ;;
      *)
        __devshell_next_set[__devshell_i]=$__devshell_now
        if [[ $__devshell_was == variable && $__devshell_now != "${__devshell_set[__devshell_j]}" ]]; then
          __devshell_next_set[__devshell_i]=${__devshell_set[__devshell_j]}
          [[ $__devshell_now == "$__devshell_want" ]] || __devshell_kept+=,$__devshell_key
        elif [[ $__devshell_was != variable || $__devshell_now != "$__devshell_want" ]]; then
          if [[ $__devshell_want ]]; then
            builtin export "$__devshell_key$__devshell_want"
          else
            builtin unset -v "$__devshell_key"
          fi
          __devshell_settle "$__devshell_want"
        fi
        ;;
    esac
    case $__devshell_was in variable | list) ((__devshell_j++)) ;; esac
  done
}

# Remembers what stands there before devshell sets it for the first time.
__devshell_take_over() {
  __devshell_next_orig[__devshell_i]=$__devshell_now
  [[ $__devshell_now ]] || return
  if [[ ! $__devshell_exported ]]; then
    __devshell_print builtin compgen -e
    __devshell_exported=$'\n'$REPLY
  fi
  [[ $__devshell_exported == *$'\n'"$__devshell_key"$'\n'* ]] || __devshell_next_orig[__devshell_i]="~${__devshell_now#=}"
}

# Counts what was just set, if it really stands there: it may be readonly.
__devshell_settle() {
  __devshell_now=${!__devshell_key+=${!__devshell_key}}
  __devshell_next_set[__devshell_i]=$__devshell_now
  if [[ $__devshell_now != "$1" ]]; then
    __devshell_kept+=,$__devshell_key
  elif [[ $__devshell_was == new ]]; then
    ((__devshell_added++))
  else
    ((__devshell_changed++))
  fi
}

__devshell_merge_definitions() {
  local __devshell_key __devshell_now __devshell_from=$__devshell_i __devshell_extglob=0
  local -a __devshell_held __devshell_stood
  ((${#__devshell_new_keys[@]} > __devshell_from)) || return 0
  __devshell_definitions "${__devshell_new_keys[@]:__devshell_from}"
  __devshell_stood=("${__devshell_held[@]}")
  # A body may use extended patterns, which are a syntax error without this.
  builtin shopt -q extglob || { __devshell_extglob=1 && builtin shopt -s extglob; }
  for (( ; __devshell_i < ${#__devshell_new_keys[@]}; __devshell_i++)); do
    __devshell_key=${__devshell_new_keys[__devshell_i]} __devshell_now=${__devshell_stood[__devshell_i - __devshell_from]}
    if ! __devshell_find "$__devshell_key"; then
      __devshell_next_orig[__devshell_i]=$__devshell_now
      ! __devshell_define || ((__devshell_added++))
      continue
    fi
    __devshell_next_orig[__devshell_i]=${__devshell_orig[__devshell_j]}
    __devshell_next_last[__devshell_i]=${__devshell_last[__devshell_j]}
    __devshell_next_set[__devshell_i]=${__devshell_set[__devshell_j]}
    if [[ $__devshell_now != "${__devshell_set[__devshell_j]}" ]]; then
      __devshell_kept+=,$__devshell_key
    elif [[ ${__devshell_last[__devshell_j]} != "${__devshell_new_values[__devshell_i]}" ]]; then
      ! __devshell_define || ((__devshell_changed++))
    fi
    ((__devshell_j++))
  done
  ((__devshell_extglob)) && builtin shopt -u extglob

  # What was defined is compared by what bash makes of it.
  __devshell_definitions "${__devshell_new_keys[@]:__devshell_from}"
  for ((__devshell_i = __devshell_from; __devshell_i < ${#__devshell_new_keys[@]}; __devshell_i++)); do
    [[ ${__devshell_next_set[__devshell_i]-} ]] || __devshell_next_set[__devshell_i]=${__devshell_held[__devshell_i - __devshell_from]}
  done
}

# Defines the function or alias of this entry; fails where that name is not to be had.
__devshell_define() {
  __devshell_next_last[__devshell_i]=${__devshell_new_values[__devshell_i]} __devshell_next_set[__devshell_i]=''
  # shellcheck disable=SC2139 # the alias is to expand now
  case $__devshell_key in
    *'()') builtin eval "${__devshell_key%??} ()"$' {\n'"${__devshell_new_values[__devshell_i]}"$'\n}' ;;
    *) builtin alias -- "${__devshell_key#alias }=${__devshell_new_values[__devshell_i]}" ;;
  esac || {
    __devshell_kept+=,$__devshell_key
    return 1
  }
}

# Undoes the old entry, unless the user has changed it since.
__devshell_drop() {
  local __devshell_key=${__devshell_keys[__devshell_j]} __devshell_now __devshell_theirs
  local -a __devshell_held
  __devshell_theirs=${__devshell_orig[__devshell_j]}
  case $__devshell_key in
    *'()' | 'alias '*)
      __devshell_definitions "$__devshell_key"
      __devshell_now=${__devshell_held[0]}
      ;;
    *) __devshell_now=${!__devshell_key+=${!__devshell_key}} ;;
  esac
  case ${__devshell_last[__devshell_j]} in
    :*)
      if ((__devshell_j < __devshell_count)) && [[ ! $__devshell_now == "${__devshell_set[__devshell_j]}" || $__devshell_theirs == !* ]]; then
        __devshell_drop_edited_list
        return
      fi
      ;;
  esac
  if [[ $__devshell_now == "${__devshell_set[__devshell_j]}" ]]; then
    __devshell_restore "$__devshell_key" "$__devshell_theirs"
    ((__devshell_removed++))
  elif [[ $__devshell_now == "${__devshell_theirs/#\~/=}" ]]; then
    ((__devshell_removed++))
  else
    __devshell_kept+=,$__devshell_key
  fi
}

# Gives the name of the key $1 back what it held without devshell.
__devshell_restore() {
  case $1 in
    *'()') if [[ $2 ]]; then builtin eval "$2"; else builtin unset -f "${1%??}"; fi ;;
    'alias '*) if [[ $2 ]]; then builtin eval "builtin alias -- $2"; else builtin unalias -- "${1#alias }"; fi ;;
    *)
      case $2 in
        '') builtin unset -v "$1" ;;
        =*) builtin export "$1$2" ;;
        *) builtin export -n "$1=${2#?}" ;;
      esac
      ;;
  esac
}

# What the command prints, into REPLY. The file stays open to nobody; not truncating it saves 0.1 ms on ext4.
__devshell_print() {
  {
    "$@"
    builtin printf '\0'
  } 1<>"$__devshell_scratch"
  builtin read -r -d '' <"$__devshell_scratch"
}

# What bash holds for each of these functions and aliases, into __devshell_held.
__devshell_definitions() {
  local REPLY __devshell_name __devshell_at=0
  for __devshell_name; do
    case $__devshell_name in
      *'()') builtin declare -f -- "${__devshell_name%??}" ;;
      *) builtin alias -- "${__devshell_name#alias }" ;;
    esac
    builtin printf '\0'
  done 1<>"$__devshell_scratch"
  __devshell_held=()
  for __devshell_name; do
    builtin read -r -d ''
    # Only posix mode leaves the word out.
    case $__devshell_name in 'alias '*) REPLY=${REPLY#alias } ;; esac
    __devshell_held[__devshell_at++]=$REPLY
  done <"$__devshell_scratch"
}
