# Lists of directories. The locals are prefixed: the list may have any name.

# Puts directories in front of PATH, in the order given.
PATH_add() {
  path_add PATH "$@"
}

# Puts directories in front of the list $1, in the order given.
path_add() {
  local REPLY __envrc_added='' __envrc_path __envrc_old=${!1-}
  for __envrc_path in "${@:2}"; do
    realpath.absolute "$__envrc_path"
    __envrc_added+=:$REPLY
  done
  __envrc_added=${__envrc_added#:} __envrc_old=${__envrc_old%:}
  export "$1=$__envrc_added${__envrc_old:+${__envrc_added:+:}$__envrc_old}"
}

# In front of MANPATH; an empty end stands for the manual pages of the system.
MANPATH_add() {
  local REPLY
  realpath.absolute "$1"
  export "MANPATH=$REPLY:${MANPATH-}"
}

# Takes what matches any of the patterns out of PATH.
PATH_rm() {
  path_rm PATH "$@"
}

path_rm() {
  local __envrc_kept='' __envrc_path __envrc_pattern __envrc_rest=${!1-}
  __envrc_rest=${__envrc_rest%:}${__envrc_rest:+:}
  while [[ $__envrc_rest ]]; do
    __envrc_path=${__envrc_rest%%:*} __envrc_rest=${__envrc_rest#*:}
    for __envrc_pattern in "${@:2}"; do
      # shellcheck disable=SC2053 # a pattern
      [[ $__envrc_path != +($__envrc_pattern) ]] || continue 2
    done
    __envrc_kept+=:$__envrc_path
  done
  export "$1=${__envrc_kept#:}"
}

# All that a program installed below $1 wants to be found by.
load_prefix() {
  local REPLY
  realpath.absolute "$1"
  set -- "$REPLY"
  MANPATH_add "$1/man"
  MANPATH_add "$1/share/man"
  path_add CPATH "$1/include"
  path_add LD_LIBRARY_PATH "$1/lib"
  path_add LIBRARY_PATH "$1/lib"
  path_add PATH "$1/bin"
  path_add PKG_CONFIG_PATH "$1/lib/pkgconfig"
}

# The highest version of what lies in the directory $1 under names that begin with $2 and the partial version $3.
semver_search() { __envrc_call versions __envrc_semver_search "$@"; }
