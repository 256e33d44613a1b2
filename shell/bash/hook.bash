# When an environment is applied: at the prompt, at the key, and before the next command (SIGURG). And what the session is told.
# Builtins only, no fork, and nothing that bash 3.2 lacks.

# shellcheck source=merge.bash
. "${BASH_SOURCE[0]%/*}/merge.bash"
# shellcheck source=list.bash
. "${BASH_SOURCE[0]%/*}/list.bash"
# shellcheck source=direnv.bash
. "${BASH_SOURCE[0]%/*}/direnv.bash"
# shellcheck source=init.bash
. "${BASH_SOURCE[0]%/*}/init.bash"

__devshell_version=$((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1]))
__devshell_tty=/dev/tty
__devshell_at='' __devshell_arg='' __devshell_status=0 __devshell_pipes=0 __devshell_next='' __devshell_missing='' __devshell_started=''

# Our line in PROMPT_COMMAND. `for` is there because it alone can leave PIPESTATUS as it was (its third expression runs after
# the last command and is none itself); `&& :` keeps $? without setting off `set -e` or a trap on ERR.
# shellcheck disable=SC2016 # all three are evaluated where they are put
{
  __devshell_line='for ((__devshell_turn = 1; __devshell_turn--; __devshell_pipes)); do __devshell_do prompt "$_" && \builtin eval "$__devshell_next"; __devshell_do end "$__devshell_arg" && : "$__devshell_arg"; done 2>/dev/null'
  __devshell_on_signal='{ __devshell_do urg "$_" && \builtin eval "$__devshell_next"; __devshell_do end; : "$__devshell_arg"; } 2>/dev/null'
  __devshell_on_key='{ __devshell_do key "$_" && \builtin eval "$__devshell_next"; __devshell_do end; : "$__devshell_arg"; } 2>/dev/null'
}

# Runs __devshell_$1 under options of its own, and never inside itself: a signal may come at any time.
__devshell_do() {
  local __devshell_found=$? __devshell_piped=("${PIPESTATUS[@]}") __devshell_flags=$-
  [[ ! ${__devshell_busy-} ]] || return 1
  local __devshell_busy=1 REPLY
  ((__devshell_version < 404)) || local -
  builtin set +aefkuvxCET
  "__devshell_$1" "${2-}"
  __devshell_found=$?
  __devshell_flags=${__devshell_flags//[!aefkuvxCET]/}
  ((__devshell_version >= 404)) || [[ ! $__devshell_flags ]] || builtin set "-$__devshell_flags"
  return "$__devshell_found"
}

# Every entry takes note of where it was called from, applies what is ready, and succeeds if there is text left to evaluate.
__devshell_enter() {
  __devshell_at=$1 __devshell_arg=$2 __devshell_next=''
  if [[ $__devshell_undo ]]; then
    __devshell_init_status=130
    __devshell_next=$__devshell_undo
    return
  fi
  [[ -f $3 ]] || return 1
  __devshell_load "$3" || return 1
  __devshell_next=$__devshell_init_hidden
}

# Applies the file $1 if it is new; succeeds if there is init code to run.
__devshell_load() {
  local __devshell_before=$__devshell_generation
  __devshell_apply "$1"
  ((__devshell_generation > __devshell_before)) || return 1
  __devshell_init_status=0
  [[ $__devshell_init ]] || return 1
  __devshell_init_status=-
  __devshell_write_init
}

__devshell_prompt() {
  local __devshell_k
  __devshell_status=$__devshell_found __devshell_pipes=0
  if ((${#__devshell_piped[@]} > 1)); then
    for __devshell_k in "${!__devshell_piped[@]}"; do
      __devshell_pipes+=",PIPESTATUS[$__devshell_k]=${__devshell_piped[__devshell_k]}"
    done
  fi
  __devshell_enter prompt "$1" "$__devshell_file"
}

# A signal inside a function would change what its own locals mean; then the next prompt applies.
__devshell_urg() {
  ((${#FUNCNAME[@]} == 2 && BASH_SUBSHELL == 0)) || return 1
  [[ ! $__devshell_undo ]] || return 1
  __devshell_enter signal "$1" "$__devshell_file"
}

# With nothing pending, the key applies what was held back for it.
__devshell_key() {
  local __devshell_held=$__devshell_session/held-env.sh
  [[ ! -f $__devshell_file ]] || __devshell_held=$__devshell_file
  __devshell_enter key "$1" "$__devshell_held"
}

__devshell_end() {
  local __devshell_ahead='?' __devshell_status_now=0
  [[ ! $__devshell_report ]] || __devshell_mark "applied;$__devshell_report;$__devshell_init_status"
  [[ $__devshell_started ]] || __devshell_mark "started;bash;${BASH_VERSION%%[!0-9.]*};${__devshell_missing#,}"
  __devshell_report='' __devshell_started=1
  case $__devshell_at in
    prompt)
      __devshell_watch_direnv
      # Bash 3.2 cannot look without reading.
      if ((__devshell_version >= 400)); then
        builtin read -r -t 0
        __devshell_ahead=$((!$?))
      fi
      __devshell_mark "prompt;$__devshell_status;$__devshell_ahead"
      __devshell_status_now=$__devshell_status
      ;;
    signal | key) __devshell_install ;;
  esac
  __devshell_at=''
  return "$__devshell_status_now"
}

# The terminal itself: the shell's output may be anywhere. Opened each time, so that no program inherits it.
__devshell_mark() {
  builtin printf '\033]7717;%s;%s\007' "$__devshell_nonce" "$1" >>"$__devshell_tty"
}

# Puts our line into PROMPT_COMMAND if it is not there: a .bashrc that is read again may have dropped it.
__devshell_install() {
  # A shell started from this one knows nothing of the line.
  builtin export -n PROMPT_COMMAND
  case ${PROMPT_COMMAND[*]-} in
    *'__devshell_do prompt'*) ;;
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
  __devshell_diff=${DIRENV_DIFF+=${DIRENV_DIFF}} __devshell_at=start
  __devshell_load "$__devshell_session/shell-env.sh"
}
