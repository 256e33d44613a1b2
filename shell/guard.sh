#!/bin/sh
# Outlives a devshell that is killed outright (kill -9, out of memory): puts the terminal back, ends the process groups that
# devshell started, and removes its directories. Reads lines on standard input; their end without `bye` is the sign.
# At the start it is asked to run `stty` as well: from here that costs devshell no process of its own.
# $1: `terminal` if descriptor 3 is the user's terminal, else `none`.
# $2: `report` if the settings of the terminal and its size are to be told first.

trap '' HUP INT QUIT TERM TSTP TTIN TTOU PIPE
cd / || exit
if [ "${2-}" = report ]; then
  stty -g <&3 && stty size <&3
fi

settings=
screen=
groups=' '
directories='
'

while IFS=' ' read -r word rest; do
  case $word in
    raw) if stty raw -echo <&3 2>/dev/null; then echo raw; else echo; fi ;;
    tty) settings=$rest ;;
    screen) screen=$rest ;;
    group)
      case $rest in
        '' | *[!0-9]* | 0 | 1) ;;
        *) groups="$groups$rest " ;;
      esac
      ;;
    ungroup)
      case $groups in
        *" $rest "*) groups="${groups%%" $rest "*} ${groups#*" $rest "}" ;;
      esac
      ;;
    remove)
      # A session's, the one that holds its socket where the first would make too long a path, or one that a build works in.
      case $rest//${rest##*/} in
        *[!/]*/sessions/[!/.]*//* | /*//devshell-??????) directories="$directories$rest
" ;;
      esac
      ;;
    keep)
      case $directories in
        *"
$rest
"*) directories="${directories%%"
$rest
"*}
${directories#*"
$rest
"}" ;;
      esac
      ;;
    bye) exit 0 ;;
  esac
done

if [ "$1" = terminal ]; then
  # The terminal may be gone, or may be stopped: neither may keep us from the rest.
  (
    [ -z "$screen" ] || printf '%b' "$screen" >&3
    # Not where they are no longer ours: a shell that waited for devshell goes on, and edits a line with settings of its own. It hears of
    # the end when we do; looking at once, we would see ours, and set others a moment after it has set its own.
    if [ -n "$settings" ]; then
      sleep 0.1
      now=$(stty -a <&3)
      case $now in *-opost*) case $now in *-isig*) stty "$settings" <&3 ;; esac ;; esac
    fi
  ) 2>/dev/null &
fi

for signal in TERM KILL; do
  for group in $groups; do
    kill -s "$signal" -- "-$group" 2>/dev/null
  done
  tries=0
  while [ "$signal" = TERM ] && [ "$tries" -lt 10 ]; do
    alive=
    for group in $groups; do
      kill -s 0 -- "-$group" 2>/dev/null && alive=yes
    done
    [ -n "$alive" ] || break
    tries=$((tries + 1))
    sleep 0.1
  done
done

printf '%s' "$directories" | while IFS= read -r directory; do
  case $directory in
    *..*) ;;
    /*) rm -rf -- "$directory" ;;
  esac
done
