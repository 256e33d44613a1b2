# Runs the line $1 of a build with pipes for standard output and error: node hands over sockets, and whatever opens
# /dev/stderr or /dev/stdout by name cannot do that with a socket. Its exit status goes to descriptor 3 as soon as it has ended,
# although something it left behind may hold the pipes open.
{
  {
    bash -c "$1" 2>&1 1>&5 3>&- 5>&-
    printf '%s\n' "$?" >&3
  } | cat >&2 3>&- 5>&-
} 5>&1 | cat 3>&-
