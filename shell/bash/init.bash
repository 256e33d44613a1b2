# Init code runs at the top level, so that what it declares is global, and guarded: nothing in it ends or changes the shell.
# Only text that is evaluated at the top level can do that; the functions here prepare and end it.

# Stops the init code where it stands: ${:?} unwinds to the `.` that reads it, which no builtin but `exit` does as well.
__devshell_exit() {
  __devshell_init_status=$1 __devshell_init_line=${BASH_LINENO[1]}
  { : "${__devshell_nothing:?}"; } 2>/dev/null
}

# What the guarded text runs first. The file that `trap` was printed to is read here: a function does not see all traps.
__devshell_guard() {
  local REPLY __devshell_on=${__devshell_flags//[!aefkuvxCET]/}
  __devshell_pwd=$PWD __devshell_oldpwd=${OLDPWD-} __devshell_ifs=${IFS+=$IFS} __devshell_init_status=-
  builtin read -r -d '' <"$__devshell_scratch"
  __devshell_traps=$REPLY
  __devshell_print builtin declare -f exit exec set trap
  __devshell_own_functions=$REPLY
  __devshell_options='\builtin set +aefkuvxCET +o pipefail'
  [[ ! $__devshell_on ]] || __devshell_options+=" -$__devshell_on"
  case :$SHELLOPTS: in *:pipefail:*) __devshell_options+=' -o pipefail' ;; esac
  case :$SHELLOPTS: in *:posix:*) __devshell_options+=' -o posix' ;; esac
  # shellcheck disable=SC2016
  __devshell_undo='__devshell_do leave_init; \builtin trap - DEBUG ERR RETURN INT QUIT TERM HUP ALRM TSTP TTIN TTOU WINCH USR1 USR2 PIPE CONT CHLD URG; \eval "$__devshell_traps"; __devshell_do left_init; \eval "$__devshell_options"'
}

# In posix mode no function may be called `exit`: so that is off by now.
__devshell_forbid_exit() {
  exit() {
    local __devshell_found=$?
    if ((BASH_SUBSHELL)); then
      builtin exit "${1-$__devshell_found}"
    fi
    __devshell_exit "${1-$__devshell_found}"
  }
  exec() {
    if ((BASH_SUBSHELL)); then
      builtin exec "$@"
    elif (($#)); then
      builtin printf 'devshell: init cannot replace the shell: exec %s\n' "$*" >&2
      __devshell_exit 126
    fi
  }
  # Before 4.4 `||` does not reach into the file that is read.
  ((__devshell_version >= 404)) || eval 'set() { builtin set "$@"; builtin set +e; }'
}

# The guarded text, once with the terminal (at the start) and once without. `||` keeps `set -e` from having any effect; `builtin .` would
# not pass that on.
__devshell_undo='' __devshell_init_status=- __devshell_init_line=0 __devshell_extglob='' __devshell_own_functions='' __devshell_aliased='' __devshell_traps='' __devshell_options='' __devshell_ifs='' __devshell_pwd='' __devshell_oldpwd=''
# shellcheck disable=SC2016
__devshell_init_shown='{ \builtin trap; \builtin printf "\\0"; } 1<>"$__devshell_scratch"; __devshell_do guard; case :$SHELLOPTS: in *:posix:*) \builtin set +o posix ;; esac; __devshell_do forbid_exit; \. "$__devshell_session/init.bash" || __devshell_do init_failed; \eval "$__devshell_undo"'
# shellcheck disable=SC2016
__devshell_init_hidden='{ \eval "$__devshell_init_shown"; } </dev/null >|"$__devshell_session/init.log" 2>&1'

# Writes the init code where it is read from; the braces make it one command, so that a syntax error runs none of it.
__devshell_write_init() {
  builtin shopt -q extglob || { __devshell_extglob=off && builtin shopt -s extglob; }
  builtin printf '{ __devshell_do init_parsed; %s\n__devshell_do init_ended\n}\n' "$__devshell_init" >|"$__devshell_session/init.bash"
}

# Reached only if nothing stopped the code: so it was the last line that ran last.
__devshell_init_ended() {
  local __devshell_status=$__devshell_found __devshell_rest=$__devshell_init
  while [[ $__devshell_rest == *[[:space:]] ]]; do __devshell_rest=${__devshell_rest%?}; done
  __devshell_rest=${__devshell_rest//[!$'\n']/}
  __devshell_init_line=$((${#__devshell_rest} + 1))
  return "$__devshell_status"
}

# Extended patterns are a syntax error unless they are on while the code is read.
__devshell_init_parsed() {
  [[ ! $__devshell_extglob ]] || builtin shopt -u extglob
  __devshell_extglob=''
}

__devshell_init_failed() {
  [[ $__devshell_init_status != - ]] || __devshell_init_status=$__devshell_found
}

# What the guarded text runs last; if Ctrl-C came between, the next prompt runs it. The traps as bash prints them are evaluated next:
# so no alias or function may stand for `trap` meanwhile.
__devshell_leave_init() {
  __devshell_undo=''
  __devshell_init_parsed
  builtin export -n __devshell_init_status __devshell_init_line
  builtin unset -f exit exec set trap
  if [[ $__devshell_ifs ]]; then IFS=${__devshell_ifs#=}; else builtin unset -v IFS; fi
  if [[ $PWD != "$__devshell_pwd" ]]; then
    builtin cd -- "$__devshell_pwd" >>/dev/null && OLDPWD=$__devshell_oldpwd
  fi
  [[ $__devshell_init_status != - ]] || __devshell_init_status=0
  __devshell_aliased=''
  ! builtin shopt -q expand_aliases || __devshell_aliased=1
  builtin shopt -u expand_aliases
}

__devshell_left_init() {
  builtin eval "$__devshell_own_functions"
  [[ ! $__devshell_aliased ]] || builtin shopt -s expand_aliases
}
