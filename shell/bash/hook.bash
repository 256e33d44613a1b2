# When an environment is applied: at the prompt, at the key, and before the next command (SIGURG). And what the session is told.
# Builtins only, no fork, and nothing that bash 3.2 lacks.

# shellcheck source=merge.bash
. "${BASH_SOURCE[0]%/*}/merge.bash"
# shellcheck source=direnv.bash
. "${BASH_SOURCE[0]%/*}/direnv.bash"
# shellcheck source=init.bash
. "${BASH_SOURCE[0]%/*}/init.bash"

__devshell_version=$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))
__devshell_tty=/dev/tty __devshell_out=([010]=1 [0x10]=/dev/null)
__devshell_next='' __devshell_missing='' __devshell_started='' __devshell_provided=''
# Arrays, since these are assigned under the user's options, and `set -a` exports no array.
__devshell_turns=(0) __devshell_pipes=(0) __devshell_step=() __devshell_status=(0) __devshell_arg=('')
# Without a nonce nobody listens.
[[ $__devshell_nonce ]] || __devshell_tty=/dev/null
# The marks of a prompt behind a command that succeeded, where no input waits and where some does.
__devshell_prompted=($'\033]7717;'"$__devshell_nonce"$';prompt;0;0\a' $'\033]7717;'"$__devshell_nonce"$';prompt;0;1\a')
# An interactive bash keeps its terminal open as 255, closed in all programs. Whether input waits, bash 3.2 cannot see without reading.
__devshell_slow=(1)
[[ ! $__devshell_nonce || ! -t 255 || ! /dev/fd/255 -ef /dev/fd/2 ]] || ((__devshell_version < 400)) || ! : >&255 || __devshell_slow=('')

# Our line in PROMPT_COMMAND. It is parsed at each prompt, so it is short. The function succeeds where all is done and the last command had
# succeeded: then $?, $_ and PIPESTATUS are as they were. Otherwise `for` puts them back: its third expression runs after the last command
# and is none itself, `&& :` keeps $? without setting off `set -e` or a trap on ERR, and the last argument keeps $_. What is left to be
# evaluated is a step before that one, since what init code declares is global only outside of any function. To open /dev/null for the
# trace of `set -x` costs as much as all the rest: so that is done only where `x` is in $-, which makes 0x10 of 010.
# shellcheck disable=SC2016
{
  __devshell_line='{ __devshell_prompt "${PIPESTATUS[@]}" "$?" "$_"||for ((;__devshell_turns--;__devshell_pipes));do "${__devshell_step[@]}"&&: "$_";done;} >&"${__devshell_out[0${-//[!x]/}10]}"'
  __devshell_on_signal='{ __devshell_do urg "$_" && \eval "$__devshell_next"; __devshell_do report; : "$__devshell_arg"; } 2>/dev/null'
  __devshell_on_key='{ __devshell_do key "$_" && \eval "$__devshell_next"; __devshell_do report; : "$__devshell_arg"; } 2>/dev/null'
}

# Runs __devshell_$1 under options of its own, and never inside itself: a signal may come at any time. `local -` gives the options back
# even if Ctrl-C ends the function, but bash 3.2 lacks it, and up to 5.0 it switches expand_aliases on.
__devshell_do() {
  local __devshell_found=$? __devshell_flags=$-
  [[ ! ${__devshell_busy-} ]] || return 1
  local __devshell_busy=1 REPLY
  ((__devshell_version < 501)) || local -
  builtin set -f +aekuvxCET
  "__devshell_$1" "${2-}"
  __devshell_found=$?
  ((__devshell_version >= 501)) || __devshell_give_back_flags
  return "$__devshell_found"
}

__devshell_give_back_flags() {
  builtin set +f
  __devshell_flags=${__devshell_flags//[!aefkuvxCET]/}
  [[ ! $__devshell_flags ]] || builtin set "-$__devshell_flags"
}

# At each prompt, as cheap as it can be, for it is paid for at each: where the last command succeeded and there is nothing to do, it runs
# under the user's own options, so it must stand any of them, and calls no function: each costs as much as three commands.
# $@ are the elements of PIPESTATUS, $? and $_. Fails if something is left to be evaluated, or to be put back as it was.
__devshell_prompt() {
  # shellcheck disable=SC2128 # its only element
  if [[ $#$1$2$__devshell_undo${DIRENV_DIFF-}$__devshell_diff$__devshell_slow == 300 && ! -f $__devshell_file && ${PROMPT_COMMAND[*]-} != *_direnv_hook* ]]; then
    ((__devshell_version < 400)) || builtin read -r -t 0
    builtin printf %s "${__devshell_prompted[!$?]}" >&255 && return
    __devshell_slow[0]=1
  fi
  __devshell_keep "$@"
  __devshell_do prompt_work 2>/dev/null
  return 1
}

# Remembers what the prompt found; $@ as above. To set PIPESTATUS, its elements must be assigned one by one.
__devshell_keep() {
  local __devshell_k=0
  (($# > 2)) || builtin set -- "$1" "$@"
  __devshell_pipes[0]="PIPESTATUS[0]=$1" __devshell_turns[0]=1
  while (($# > 3)); do
    builtin shift
    ((__devshell_k += 1))
    __devshell_pipes[0]+=",PIPESTATUS[$__devshell_k]=$1"
  done
  __devshell_status[0]=$2 __devshell_step=(__devshell_leave "$3")
}

__devshell_leave() {
  # shellcheck disable=SC2128 # its only element
  return "$__devshell_status"
}

__devshell_prompt_work() {
  if __devshell_enter "${__devshell_step[1]}" "$__devshell_file"; then
    __devshell_turns[0]=2 __devshell_step=(builtin eval "{ __devshell_do prompt_step; $__devshell_next; __devshell_do prompt_end; } 2>/dev/null")
  else
    __devshell_prompt_end
  fi
}

__devshell_prompt_step() {
  # shellcheck disable=SC2128 # its only element
  __devshell_step=(__devshell_leave "$__devshell_arg")
}

__devshell_prompt_end() {
  [[ ! ${DIRENV_DIFF+=}$__devshell_diff && ${PROMPT_COMMAND[*]-} != *_direnv_hook* ]] || __devshell_watch_direnv
  REPLY='?'
  ((__devshell_version < 400)) || if builtin read -r -t 0; then REPLY=1; else REPLY=0; fi
  # shellcheck disable=SC2128 # its only element
  __devshell_tell "prompt;$__devshell_status;$REPLY"
}

# Inside a function, a hook behind ours say, locals may stand for what is to be set; then the next prompt applies.
__devshell_urg() {
  ((${#FUNCNAME[@]} == 2 && BASH_SUBSHELL == 0)) && [[ ! $__devshell_undo ]] || return 1
  # Sent because no prompt is told of any more: if our line is there, a command runs that reads a line like a prompt.
  [[ ! -f $__devshell_session/unheard ]] || case ${PROMPT_COMMAND[*]-} in *__devshell_prompt*) return 1 ;; esac
  __devshell_install
  __devshell_enter "$1" "$__devshell_file"
}

# With nothing pending, the key applies what was held back for it.
__devshell_key() {
  local __devshell_from=$__devshell_session/held-env.sh __devshell_at_key=1
  [[ ! -f $__devshell_file ]] || __devshell_from=$__devshell_file
  __devshell_install
  __devshell_enter "$1" "$__devshell_from"
}

# Applies what is ready in the file $2; succeeds if there is text left to be evaluated. $1 is the user's $_.
__devshell_enter() {
  __devshell_arg[0]=$1
  if [[ $__devshell_undo ]]; then
    # shellcheck disable=SC2016
    __devshell_init_status=130 __devshell_next='\eval "$__devshell_undo"'
    return
  fi
  [[ -f $2 ]] && __devshell_load "$2" || return 1
  __devshell_next=$__devshell_init_hidden
}

# Applies the file $1 if it is new; succeeds if there is init code to run.
__devshell_load() {
  local __devshell_applied=$__devshell_generation
  __devshell_apply "$1"
  ((__devshell_generation > __devshell_applied)) || return 1
  __devshell_init_status=0 __devshell_init_line=0
  [[ $__devshell_init ]] || return 1
  __devshell_init_status=-
  __devshell_write_init
}

__devshell_report() {
  [[ ! $__devshell_report && $__devshell_started ]] || __devshell_tell ''
}

# Tells what is to be told, and $1 behind it, all in one piece. To the terminal itself: the shell's output may be anywhere. Where it must be
# opened, that is done each time, so that no program inherits it.
__devshell_tell() {
  local __devshell_from=$'\033]7717;'$__devshell_nonce\; __devshell_said=''
  [[ ! $__devshell_report ]] || __devshell_said="${__devshell_from}applied;$__devshell_report;$__devshell_init_status;$__devshell_init_line"$'\a'
  [[ $__devshell_started ]] || __devshell_said+="${__devshell_from}started;bash;${BASH_VERSION%%[!0-9.]*};${__devshell_missing#,}"$'\a'
  [[ ! $1 ]] || __devshell_said+=$__devshell_from$1$'\a'
  __devshell_report='' __devshell_started=1
  # shellcheck disable=SC2128 # its only element
  { [[ ! $__devshell_slow ]] && builtin printf %s "$__devshell_said" >&255; } || builtin printf %s "$__devshell_said" >>"$__devshell_tty" || :
}

# Puts our line into PROMPT_COMMAND if it is not there: a .bashrc that is read again may have dropped it. `;` behind the line is safe
# before anything; direnv looks for one in front of its own part.
__devshell_install() {
  # A shell started from this one knows nothing of the line.
  builtin export -n PROMPT_COMMAND
  case ${PROMPT_COMMAND[*]-} in
    *__devshell_prompt*) ;;
    *) builtin printf -v PROMPT_COMMAND %s "$__devshell_line${PROMPT_COMMAND:+;$PROMPT_COMMAND}" || __devshell_missing+=,prompt ;;
  esac
}

# Each keymap by itself: a binding holds for one only.
__devshell_bind() {
  local __devshell_map
  [[ $__devshell_keybind ]] || return 0
  for __devshell_map in emacs-standard vi-insert vi-command; do
    builtin bind -m "$__devshell_map" -x "\"$__devshell_keybind\": $__devshell_on_key" || __devshell_missing+=,key
  done
}

# A trap that the user has set stays the user's: then the next prompt applies.
__devshell_trap() {
  __devshell_print builtin trap -p URG
  if [[ $REPLY ]]; then
    __devshell_missing+=,signal
  else
    # shellcheck disable=SC2064 # it is to expand now
    builtin trap "$__devshell_on_signal" URG
  fi
}

# What rcfile.bash runs behind ~/.bashrc.
__devshell_start() {
  {
    __devshell_install
    __devshell_bind
    __devshell_trap
  } 2>/dev/null
  __devshell_diff=${DIRENV_DIFF+=${DIRENV_DIFF}}
  ! builtin type devshell >/dev/null 2>&1 || __devshell_provided=1
  __devshell_load "$__devshell_session/shell-env.sh" 2>/dev/null
}

# Started by its path, devshell may be on no PATH; the commands that the status line names are to work all the same. What comes to PATH
# later goes first.
__devshell_provide() {
  [[ ! $__devshell_provided ]] && ! builtin declare -F devshell >/dev/null || return 0
  devshell() {
    if builtin type -P devshell >/dev/null 2>&1; then
      builtin command devshell "$@"
    else
      "${__devshell_scripts%/*/*}/bin/devshell" "$@"
    fi
  }
}
