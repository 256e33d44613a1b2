# Lists such as PATH are merged element by element, in place: what the user did to them stays as it is. In parallel arrays:
#   list_names  in the order of the script
#   list_set    the value that devshell left: '' unset, =VALUE
#   list_orig   what the user would have without devshell: '' unset, =VALUE exported, ~VALUE not exported; with a ! in front
#               once the user has edited the list, so that it can no longer be made anew from that
#   list_last   what the last environment wanted: ":front::back:", or '' for new
# While at work a list is kept as ":a:b:", so that every element stands between two colons:
#   L  the list itself
#   T  the user's own list, as it would be without devshell
#   N  what the environment wants in the list
#   O  what is not to be placed: it stands where it should, or the user took it out

__devshell_list_names=() __devshell_list_set=() __devshell_list_orig=() __devshell_list_last=() __devshell_list_seen=() __devshell_past=''
__devshell_list_known=''
__devshell_name='' __devshell_original='' __devshell_was='' __devshell_want='' __devshell_front='' __devshell_back='' __devshell_L='' __devshell_T='' __devshell_N=''

__devshell_drop_lists() {
  local __devshell_i __devshell_wanted
  builtin printf -v __devshell_wanted '%s\n' "${__devshell_new_list_names[@]}"
  builtin [ "$__devshell_wanted" != "$__devshell_list_known" ] || return 0
  __devshell_list_known=$__devshell_wanted __devshell_old=("${__devshell_list_names[@]}") __devshell_new=("${__devshell_new_list_names[@]}")
  __devshell_align || return 0
  for __devshell_i in "${__devshell_gone[@]}"; do __devshell_drop_list; done
  ((${#__devshell_gone[@]} == 0)) || __devshell_count_moved "${__devshell_new_names[@]}"
  __devshell_rearrange __devshell_list_set __devshell_list_orig __devshell_list_last
  __devshell_list_names=("${__devshell_new_list_names[@]}")
}

__devshell_drop_list() {
  local __devshell_name=${__devshell_list_names[__devshell_i]} __devshell_was=${__devshell_list_last[__devshell_i]}
  local __devshell_original=${__devshell_list_orig[__devshell_i]} __devshell_L __devshell_T __devshell_N __devshell_now
  [[ $__devshell_name != PATH || ! ${_OLD_VIRTUAL_PATH+x} ]] || __devshell_drop_saved_path
  __devshell_now=${!__devshell_name+=${!__devshell_name}} REPLY=$__devshell_original
  ((__devshell_removed += 1))
  if [[ $__devshell_now != "${__devshell_list_set[__devshell_i]}" || $__devshell_original == '!'* ]]; then
    [[ $__devshell_now ]] || return 0
    __devshell_undo_list
    __devshell_own_value
  fi
  case $REPLY in
    '') __devshell_give_back "$__devshell_name" ;;
    =*) __devshell_give_back "$__devshell_name$REPLY" ;;
    *) __devshell_give_back "~$__devshell_name=${REPLY#?}" ;;
  esac
}

__devshell_set_lists() {
  local __devshell_i
  for __devshell_i in "${!__devshell_list_names[@]}"; do __devshell_renew_list || __devshell_set_list; done
  __devshell_list_last=("${__devshell_new_lists[@]}")
}

# The usual case: the list is as devshell left it, and none of ours stands in the user's own. Fails, with nothing done, in any other.
__devshell_renew_list() {
  local __devshell_now
  __devshell_name=${__devshell_list_names[__devshell_i]} __devshell_original=${__devshell_list_orig[__devshell_i]}
  __devshell_was=${__devshell_list_last[__devshell_i]} __devshell_want=${__devshell_new_lists[__devshell_i]}
  __devshell_now=${!__devshell_name+=${!__devshell_name}}
  [[ $__devshell_was && $__devshell_now == "${__devshell_list_set[__devshell_i]}" && $__devshell_original != '!'* ]] || return 1
  [[ $__devshell_want != "$__devshell_was" ]] || return 0
  [[ $__devshell_name != PATH || ! ${_OLD_VIRTUAL_PATH+x} ]] || return 1
  __devshell_front=${__devshell_want%%::*}: __devshell_back=:${__devshell_want#*::} __devshell_N=$__devshell_front${__devshell_want#*::}
  __devshell_L=:${__devshell_original#?}:
  [[ ${__devshell_original#?} ]] || __devshell_wrap "$__devshell_original"
  __devshell_T=$__devshell_L
  __devshell_put_around || return 1
  __devshell_now=${__devshell_L#:}
  builtin export "$__devshell_name=${__devshell_now%:}"
  __devshell_list_set[__devshell_i]=${!__devshell_name+=${!__devshell_name}}
  __devshell_forget
  if [[ ${__devshell_list_set[__devshell_i]} == "=${__devshell_now%:}" ]]; then
    ((__devshell_changed += 1))
  else
    __devshell_kept+=,$__devshell_name
  fi
}

__devshell_set_list() {
  local __devshell_name=${__devshell_list_names[__devshell_i]} __devshell_was=${__devshell_list_last[__devshell_i]}
  local __devshell_original=${__devshell_list_orig[__devshell_i]} __devshell_want=${__devshell_new_lists[__devshell_i]}
  local __devshell_front=${__devshell_want%%::*}: __devshell_back=:${__devshell_want#*::} __devshell_now __devshell_start
  local __devshell_L __devshell_T=: __devshell_O=: __devshell_N=$__devshell_front${__devshell_want#*::} __devshell_edited=''
  [[ $__devshell_name != PATH || ! ${_OLD_VIRTUAL_PATH+x} || $__devshell_want == "$__devshell_was" ]] || __devshell_set_saved_path
  __devshell_now=${!__devshell_name+=${!__devshell_name}}
  if [[ ! $__devshell_was ]]; then
    __devshell_own_list
    __devshell_wrap "$__devshell_now"
  elif [[ $__devshell_now == "${__devshell_list_set[__devshell_i]}" && $__devshell_original != '!'* ]]; then
    [[ $__devshell_want != "$__devshell_was" ]] || return 0
    __devshell_wrap "$__devshell_original"
    __devshell_T=$__devshell_L
  elif [[ $__devshell_want == "$__devshell_was" ]]; then
    __devshell_wrap "$__devshell_now"
    __devshell_keep_missing
    return
  else
    __devshell_edit
    __devshell_edited=1
  fi
  __devshell_start=$__devshell_L
  if [[ $__devshell_edited ]] || ! __devshell_put_around; then __devshell_place; fi
  [[ ! $__devshell_was ]] || __devshell_forget

  # A list that the user has unset, and to which nothing new comes, stays unset.
  if [[ $__devshell_now || $__devshell_L != "$__devshell_start" ]]; then
    __devshell_unwrap
    builtin export "$__devshell_name$__devshell_now"
  fi
  __devshell_list_set[__devshell_i]=${!__devshell_name+=${!__devshell_name}}
  if [[ ${__devshell_list_set[__devshell_i]} != "$__devshell_now" ]]; then
    __devshell_kept+=,$__devshell_name
  elif [[ $__devshell_was ]]; then
    ((__devshell_changed += 1))
  else
    ((__devshell_added += 1))
  fi
  __devshell_keep_missing
}

# A virtual environment that the user has activated keeps the PATH it found, and puts that back whole: it must not bring back what was
# ours then. Only the copy is edited here.
__devshell_set_saved_path() {
  local __devshell_now="=$_OLD_VIRTUAL_PATH" __devshell_L __devshell_T=: __devshell_O=:
  local -a __devshell_list_orig
  if [[ $__devshell_was ]]; then __devshell_edit; else __devshell_wrap "$__devshell_now"; fi
  __devshell_place
  __devshell_unwrap
  _OLD_VIRTUAL_PATH=${__devshell_now#=}
}

__devshell_drop_saved_path() {
  local __devshell_now="=$_OLD_VIRTUAL_PATH" __devshell_L __devshell_T __devshell_N
  __devshell_undo_list
  __devshell_unwrap
  _OLD_VIRTUAL_PATH=${__devshell_now#=}
}

# Remembers the user's list before devshell first sets it.
__devshell_own_list() {
  __devshell_list_orig[__devshell_i]=$__devshell_now
  [[ ! $__devshell_now ]] || __devshell_is_exported "$__devshell_name" || __devshell_list_orig[__devshell_i]="~${__devshell_now#=}"
}

# Names the list as kept if something is wanted in it that the user took out.
__devshell_keep_missing() {
  local __devshell_rest=${__devshell_N#:}
  case ,$__devshell_kept, in *",$__devshell_name,"*) return ;; esac
  while [[ $__devshell_rest ]]; do
    if [[ $__devshell_L != *":${__devshell_rest%%:*}:"* ]]; then
      __devshell_kept+=,$__devshell_name
      return
    fi
    __devshell_rest=${__devshell_rest#*:}
  done
}
