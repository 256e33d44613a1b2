# The operations on one list; see lists.bash for L, T, N and O.

# No element of a list looks like these.
__devshell_front_mark=$'\n<' __devshell_back_mark=$'\n>'

# L from a value: '' unset, or its text behind =, ~ or !=. Some lists mean more than nothing where they are unset.
__devshell_wrap() {
  local __devshell_value=${1#!}
  if [[ ${__devshell_value#?} ]]; then
    __devshell_L=:${__devshell_value#?}:
    return
  fi
  case $__devshell_name in
    MANPATH | INFOPATH | TERMINFO_DIRS) __devshell_L=:: ;;
    XDG_DATA_DIRS) __devshell_L=:/usr/local/share:/usr/share: ;;
    XDG_CONFIG_DIRS) __devshell_L=:/etc/xdg: ;;
    *) __devshell_L=: ;;
  esac
}

# The value of L, into now.
__devshell_unwrap() {
  __devshell_now=${__devshell_L#:}
  __devshell_now="=${__devshell_now%:}"
}

# Takes all of $1 out of L; fails if it was not there.
__devshell_take() {
  [[ $__devshell_L == *":$1:"* ]] || return 1
  while [[ $__devshell_L == *":$1:"* ]]; do
    __devshell_L="${__devshell_L%%":$1:"*}:${__devshell_L#*":$1:"}"
  done
}

# Puts $1 into L, before or after $3.
__devshell_put() {
  case $2 in
    before) __devshell_L="${__devshell_L%%":$3:"*}:$1:$3:${__devshell_L#*":$3:"}" ;;
    after) __devshell_L="${__devshell_L%%":$3:"*}:$3:$1:${__devshell_L#*":$3:"}" ;;
  esac
}

# Puts our front before and our back behind the user's own list, the usual case; fails where one of ours stands in it as well.
__devshell_put_around() {
  local __devshell_rest=${__devshell_N#:}
  while [[ $__devshell_rest ]]; do
    [[ $__devshell_L != *":${__devshell_rest%%:*}:"* ]] || return 1
    __devshell_rest=${__devshell_rest#*:}
  done
  __devshell_L=$__devshell_front${__devshell_L#:}
  __devshell_L=${__devshell_L%:}$__devshell_back
}

# Puts all of N into L that O does not hold: beside its neighbours in N, where ours were marked, or at the front (at the back).
__devshell_place() {
  local __devshell_rest=$__devshell_front __devshell_x __devshell_near=''
  while [[ $__devshell_rest == :?* ]]; do
    __devshell_rest=${__devshell_rest%:}
    __devshell_x=${__devshell_rest##*:}
    __devshell_rest=${__devshell_rest%"$__devshell_x"}
    if [[ $__devshell_O == *":$__devshell_x:"* ]]; then
      [[ $__devshell_L != *":$__devshell_x:"* ]] || __devshell_near=$__devshell_x
      continue
    fi
    __devshell_take "$__devshell_x"
    if [[ $__devshell_near ]]; then
      __devshell_put "$__devshell_x" before "$__devshell_near"
    elif __devshell_last_placed "$__devshell_rest"; then
      __devshell_put "$__devshell_x" after "$REPLY"
    elif [[ $__devshell_L == *":$__devshell_front_mark:"* ]]; then
      __devshell_put "$__devshell_x" after "$__devshell_front_mark"
    else
      __devshell_L=":$__devshell_x$__devshell_L"
    fi
    __devshell_near=$__devshell_x
  done

  __devshell_rest=$__devshell_back __devshell_near=''
  while [[ $__devshell_rest == :?* ]]; do
    __devshell_rest=${__devshell_rest#:}
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#"$__devshell_x"}
    if [[ $__devshell_O == *":$__devshell_x:"* ]]; then
      [[ $__devshell_L != *":$__devshell_x:"* ]] || __devshell_near=$__devshell_x
      continue
    fi
    __devshell_take "$__devshell_x"
    if [[ $__devshell_near ]]; then
      __devshell_put "$__devshell_x" after "$__devshell_near"
    elif __devshell_first_placed "$__devshell_rest"; then
      __devshell_put "$__devshell_x" before "$REPLY"
    elif [[ $__devshell_L == *":$__devshell_back_mark:"* ]]; then
      __devshell_put "$__devshell_x" before "$__devshell_back_mark"
    else
      __devshell_L="$__devshell_L$__devshell_x:"
    fi
    __devshell_near=$__devshell_x
  done
  __devshell_take "$__devshell_front_mark" || :
  __devshell_take "$__devshell_back_mark" || :
}

# The last element of the list $1 that stands in L already, into REPLY.
__devshell_last_placed() {
  local __devshell_before=$1
  while [[ $__devshell_before == :?* ]]; do
    __devshell_before=${__devshell_before%:}
    REPLY=${__devshell_before##*:}
    [[ $__devshell_O != *":$REPLY:"* || $__devshell_L != *":$REPLY:"* ]] || return 0
    __devshell_before=${__devshell_before%"$REPLY"}
  done
  return 1
}

# The first element of the list $1 that stands in L already, into REPLY.
__devshell_first_placed() {
  local __devshell_after=$1
  while [[ $__devshell_after == :?* ]]; do
    __devshell_after=${__devshell_after#:}
    REPLY=${__devshell_after%%:*}
    [[ $__devshell_O != *":$REPLY:"* || $__devshell_L != *":$REPLY:"* ]] || return 0
    __devshell_after=${__devshell_after#"$REPLY"}
  done
  return 1
}

# Makes T the user's own list, and L the list as it is, without what is no longer wanted in it.
__devshell_edit() {
  local __devshell_wanted=$__devshell_N __devshell_mine __devshell_rest __devshell_x __devshell_gone=:
  __devshell_undo_list
  __devshell_T=$__devshell_L __devshell_N=$__devshell_wanted
  __devshell_own_value
  __devshell_list_orig[__devshell_i]="!$REPLY"

  __devshell_mine=${__devshell_was%%::*}:${__devshell_was#*::}
  __devshell_O=$__devshell_mine
  __devshell_wrap "$__devshell_now"
  __devshell_mark_places
  __devshell_reorder
  __devshell_rest=${__devshell_mine#:}
  while [[ $__devshell_rest ]]; do
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#*:}
    [[ $__devshell_N == *":$__devshell_x:"* ]] || ! __devshell_take "$__devshell_x" || __devshell_gone+=$__devshell_x:
  done
  __devshell_put_back "$__devshell_gone"
}

# Marks in L where the first of our front and the last of our back stand: if none of them stays, what is new comes there.
__devshell_mark_places() {
  local __devshell_rest=${__devshell_L#:} __devshell_x __devshell_first='' __devshell_last=''
  while [[ $__devshell_rest ]]; do
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#*:}
    [[ $__devshell_x ]] || continue
    case ${__devshell_was%%::*}: in *":$__devshell_x:"*) __devshell_first=${__devshell_first:-$__devshell_x} ;; esac
    case :${__devshell_was#*::} in *":$__devshell_x:"*) __devshell_last=$__devshell_x ;; esac
  done
  [[ ! $__devshell_first ]] || __devshell_put "$__devshell_front_mark" before "$__devshell_first"
  [[ ! $__devshell_last ]] || __devshell_put "$__devshell_back_mark" after "$__devshell_last"
}

# What stays in the list, but in another order or at the other end, is placed anew.
__devshell_reorder() {
  local __devshell_rest __devshell_new __devshell_x
  __devshell_common "${__devshell_was%%::*}:" "$__devshell_N"
  __devshell_rest=$REPLY
  __devshell_common ":${__devshell_was#*::}" "$__devshell_N"
  __devshell_rest+=$REPLY
  __devshell_common "$__devshell_front" "$__devshell_mine"
  __devshell_new=$REPLY
  __devshell_common "$__devshell_back" "$__devshell_mine"
  [[ $__devshell_rest != "$__devshell_new$REPLY" ]] || return 0
  while [[ $__devshell_rest ]]; do
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#*:}
    if [[ $__devshell_x ]] && __devshell_take "$__devshell_x"; then
      __devshell_O="${__devshell_O%%":$__devshell_x:"*}:${__devshell_O#*":$__devshell_x:"}"
    fi
  done
}

# The elements of the list $1 that the list $2 has too, into REPLY.
__devshell_common() {
  local __devshell_rest=${1#:}
  REPLY=:
  while [[ $__devshell_rest ]]; do
    [[ $2 != *":${__devshell_rest%%:*}:"* ]] || REPLY+=${__devshell_rest%%:*}:
    __devshell_rest=${__devshell_rest#*:}
  done
}

# Makes L what the user's list would be without the old entry, and T what that was before the user's latest edits.
__devshell_undo_list() {
  local __devshell_rest __devshell_x __devshell_gone=:
  __devshell_N=:
  __devshell_wrap "$__devshell_original"
  __devshell_T=$__devshell_L
  __devshell_wrap "$__devshell_now"
  __devshell_rest=${__devshell_was%%::*}:${__devshell_was#*::}
  __devshell_rest=${__devshell_rest#:}
  while [[ $__devshell_rest ]]; do
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#*:}
    ! __devshell_take "$__devshell_x" || __devshell_gone+=$__devshell_x:
  done
  __devshell_put_back "$__devshell_gone"
}

# Puts those of the list $1 that are the user's own back beside their old neighbours.
__devshell_put_back() {
  local __devshell_gone=${1#:} __devshell_x __devshell_rest __devshell_y
  while [[ $__devshell_gone ]]; do
    __devshell_x=${__devshell_gone%%:*}
    __devshell_gone=${__devshell_gone#*:}
    [[ $__devshell_T == *":$__devshell_x:"* ]] || continue
    __devshell_rest=${__devshell_T%%":$__devshell_x:"*}
    while [[ $__devshell_rest ]]; do
      __devshell_y=${__devshell_rest##*:}
      __devshell_rest=${__devshell_rest%:*}
      ! __devshell_is_theirs "$__devshell_y" || { __devshell_put "$__devshell_x" after "$__devshell_y" && continue 2; }
    done
    __devshell_rest=${__devshell_T#*":$__devshell_x:"}
    while [[ $__devshell_rest ]]; do
      __devshell_y=${__devshell_rest%%:*}
      __devshell_rest=${__devshell_rest#*:}
      ! __devshell_is_theirs "$__devshell_y" || { __devshell_put "$__devshell_x" before "$__devshell_y" && continue 2; }
    done
    __devshell_L+=$__devshell_x:
  done
}

# Whether $1 stands in L, and not as one of ours.
__devshell_is_theirs() {
  [[ $1 && $__devshell_L == *":$1:"* && $__devshell_N != *":$1:"* ]]
}

# The value of the user's own list L, in the manner of the original that it replaces, into REPLY.
__devshell_own_value() {
  local __devshell_now __devshell_own=$__devshell_L
  __devshell_unwrap
  REPLY=$__devshell_now
  case ${__devshell_original#!} in
    '~'*) REPLY="~${REPLY#=}" ;;
    '')
      __devshell_wrap ''
      [[ $__devshell_own != "$__devshell_L" ]] || REPLY=''
      __devshell_L=$__devshell_own
      ;;
  esac
}

# Remembers what leaves the list for good, for direnv may bring it back.
__devshell_forget() {
  local __devshell_rest __devshell_x
  __devshell_rest=${__devshell_was%%::*}:${__devshell_was#*::}
  __devshell_rest=${__devshell_rest#:}
  while [[ $__devshell_rest ]]; do
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#*:}
    case :$__devshell_N:$__devshell_T:$__devshell_past in
      *":$__devshell_x:"* | *$'\n'"$__devshell_name=$__devshell_x"$'\n'*) ;;
      *) __devshell_past+=$'\n'$__devshell_name=$__devshell_x$'\n' ;;
    esac
  done
}

# Does again what direnv undid in the list of this entry: $1 is what stood there before. Ours that the user had taken out stays out.
__devshell_reassert_list() {
  local __devshell_name=${__devshell_list_names[__devshell_i]} __devshell_want=${__devshell_list_last[__devshell_i]} __devshell_now
  local __devshell_front=${__devshell_want%%::*}: __devshell_back=:${__devshell_want#*::} __devshell_rest __devshell_x
  local __devshell_L __devshell_O=: __devshell_N=$__devshell_front${__devshell_want#*::} __devshell_start __devshell_before
  __devshell_now=${!__devshell_name+=${!__devshell_name}}
  __devshell_wrap "$1"
  __devshell_before=$__devshell_L
  __devshell_wrap "$__devshell_now"
  __devshell_start=$__devshell_L
  __devshell_rest=$__devshell_past
  while [[ $__devshell_rest == *$'\n'"$__devshell_name="* ]]; do
    __devshell_rest=${__devshell_rest#*$'\n'"$__devshell_name="}
    __devshell_x=${__devshell_rest%%$'\n'*}
    [[ $__devshell_before$__devshell_N == *":$__devshell_x:"* ]] || __devshell_take "$__devshell_x"
  done
  __devshell_rest=${__devshell_N#:}
  while [[ $__devshell_rest ]]; do
    __devshell_x=${__devshell_rest%%:*}
    __devshell_rest=${__devshell_rest#*:}
    [[ $__devshell_L != *":$__devshell_x:"* && $__devshell_before == *":$__devshell_x:"* ]] || __devshell_O+=$__devshell_x:
  done
  __devshell_place
  [[ $__devshell_L != "$__devshell_start" ]] || return 0
  __devshell_unwrap
  builtin export "$__devshell_name$__devshell_now"
}
