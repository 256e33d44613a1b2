# Evaluates one .envrc. Sourced by the shell that does it, which was given, as plain variables:
#   __envrc_file      the file
#   __envrc_scratch   a private directory, in which the result is left
#   __envrc_home      where this file lies
#   __envrc_options   words: strict, dotenv, guarded
#   __envrc_format    how log_status writes, where direnv.toml says it
#   __envrc_gated     1 where only the code of some files may run: those in the associative array __envrc_approved
# What is sourced, watched, set and run goes to the standard output that it was started with, record by record, while it happens.
# The form of the records: src/build/envrc/records.ts.

((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) || {
  printf 'bash %s is too old to evaluate an .envrc: 4.4 or newer is needed\n' "$BASH_VERSION" >&2
  exit 1
}

: "${__envrc_file:?}" "${__envrc_scratch:?}" "${__envrc_home:?}" "${__envrc_options?}"

# Far from what scripts use by number. The second one is the trace's own: bash closes it when BASH_XTRACEFD is unset.
exec 58>&1 59>&1 1>&2

export DIRENV_IN_ENVRC=1 DEVSHELL_ENVRC=$__envrc_scratch DIRENV_WATCHES=devshell:$__envrc_scratch/watches
direnv=$__envrc_home/bin/direnv
direnv_config_dir=${DIRENV_CONFIG:-${XDG_CONFIG_HOME:-${HOME-}/.config}/direnv}
: "$direnv"
PATH=$__envrc_home/bin${PATH:+:$PATH}

shopt -s gnu_errfmt nullglob extglob
# shellcheck source=core.bash
. "$__envrc_home/core.bash"
# shellcheck source=inputs.bash
. "$__envrc_home/inputs.bash"
# shellcheck source=sources.bash
. "$__envrc_home/sources.bash"
# shellcheck source=paths.bash
. "$__envrc_home/paths.bash"
# shellcheck source=exports.bash
. "$__envrc_home/exports.bash"
# shellcheck source=dispatch.bash
. "$__envrc_home/dispatch.bash"
# shellcheck source=leave.bash
. "$__envrc_home/leave.bash"
[[ ! ${__envrc_gated-} ]] || __envrc_gate_sources

# The user's own libraries, before the file.
__envrc_load_user() {
  local __envrc_library
  printf '\035names\037%s\n' "$direnv_config_dir/lib" >&58
  for __envrc_library in "$direnv_config_dir"/lib/*.sh; do
    watch_file "$__envrc_library"
    # shellcheck source=/dev/null
    builtin . "$__envrc_library"
  done
  watch_file "$direnv_config_dir/direnvrc"
  if [[ -f $direnv_config_dir/direnvrc ]]; then
    # shellcheck source=/dev/null
    builtin . "$direnv_config_dir/direnvrc"
  else
    watch_file "${HOME-}/.direnvrc"
    # shellcheck source=/dev/null
    [[ ! -f ${HOME-}/.direnvrc ]] || builtin . "$HOME/.direnvrc"
  fi
}

# In a function, as with direnv: so `local` works in the file. And it is left by way of `exit` inside of it, so that what
# `declare -x` made local to it is in the environment still.
__envrc_main() {
  if [[ " $__envrc_options " == *' dotenv '* ]]; then
    dotenv "$__envrc_file" || exit 1
  else
    # shellcheck source=/dev/null
    builtin . "$__envrc_file"
    __envrc_parsed "$?" "$__envrc_file"
  fi
  exit 0
}

builtin trap __envrc_exit_trap EXIT
# 2: what is there is wrong, a bad line in a dotenv file, say; what is only missing may be missing.
builtin trap 'case $?/${FUNCNAME-} in */use | */layout | */direnv_load | 2/dotenv | 2/dotenv_if_exists | 2/source_url) __envrc_unhandled ;; esac' ERR
set -o errtrace
__envrc_ps4=$'\036${BASH_SOURCE-}\037$LINENO\037$BASH_SUBSHELL\037$PWD\037'
PS4=$__envrc_ps4 BASH_XTRACEFD=59
if [[ " $__envrc_options " == *' guarded '* ]]; then
  builtin trap __envrc_guard DEBUG
  set -o functrace
fi
[[ " $__envrc_options " != *' strict '* ]] || set -o errexit -o nounset -o pipefail
set -x
__envrc_load_user
__envrc_main
