# Runs the code $1 as shell/exec.bash runs a line, with a pipe for standard error, but with fewer processes: two forks and a `cat`. The
# code runs in a subshell of this shell, and standard output is handed over as it is: only our own records go there.
# shellcheck disable=SC2034 # what $0 is
BASH_ARGV0=bash
exec 7>&1
exec 6< <(
  (eval "$1") 2>&1 1>&7 3>&- 7>&-
  printf '%s\n' "$?" >&3
)
exec cat <&6 >&2 3>&- 6<&- 7>&-
