# One of several installed versions of a program.

# Prints the highest version (X.Y.Z) among the directories in $1 named $2 and a version that begins with $3.
__envrc_semver_search() {
  local __envrc_directory __envrc_version __envrc_best='' __envrc_any=''
  for __envrc_directory in "${1:-.}"/"${2-}${3-}"*; do
    [[ -d $__envrc_directory && ! -L $__envrc_directory ]] || continue
    __envrc_version=${__envrc_directory##*/}
    __envrc_version=${__envrc_version#"${2-}"}
    if [[ ! $__envrc_any ]] || __envrc_is_newer "$__envrc_version" "$__envrc_best"; then
      __envrc_best=$__envrc_version __envrc_any=1
    fi
  done
  [[ ! $__envrc_any ]] || printf '%s\n' "$__envrc_best"
}

# Whether the version $1 is above $2, number by number; equal ones go by their text.
__envrc_is_newer() {
  local __envrc_i __envrc_left __envrc_right
  local -a __envrc_a __envrc_b
  IFS=. read -r -a __envrc_a <<<"$1"
  IFS=. read -r -a __envrc_b <<<"$2"
  for __envrc_i in 0 1 2; do
    __envrc_left=${__envrc_a[__envrc_i]-} __envrc_right=${__envrc_b[__envrc_i]-}
    __envrc_left=${__envrc_left%%[!0-9]*} __envrc_right=${__envrc_right%%[!0-9]*}
    if ((10#0$__envrc_left != 10#0$__envrc_right)); then
      ((10#0$__envrc_left > 10#0$__envrc_right))
      return
    fi
  done
  [[ $1 < $2 ]]
}

# Node in the version $1, or in that of .nvmrc or .node-version, from $NODE_VERSIONS.
__envrc_use_node() {
  local __envrc_wanted=${1-} __envrc_via='' __envrc_file __envrc_home_of
  local __envrc_prefix=${NODE_VERSION_PREFIX-node-v}
  if [[ ! ${NODE_VERSIONS-} || ! -d $NODE_VERSIONS ]]; then
    log_error "You must specify a \$NODE_VERSIONS environment variable and the directory specified must exist!"
    return 1
  fi
  for __envrc_file in .nvmrc .node-version; do
    [[ ! $__envrc_wanted ]] || break
    watch_file "$__envrc_file"
    if [[ -f $__envrc_file ]]; then
      read -r __envrc_wanted <"$__envrc_file" || :
      __envrc_via=" (via $__envrc_file)"
    fi
  done
  __envrc_wanted=${__envrc_wanted#v}
  if [[ ! $__envrc_wanted ]]; then
    log_error 'I do not know which NodeJS version to load because one has not been specified!'
    return 1
  fi
  __envrc_home_of=$NODE_VERSIONS/$__envrc_prefix$(semver_search "$NODE_VERSIONS" "$__envrc_prefix" "$__envrc_wanted")
  if [[ ! -d $__envrc_home_of || $__envrc_home_of == "$NODE_VERSIONS/$__envrc_prefix" ]]; then
    log_error "Unable to find NodeJS version ($__envrc_wanted) in ($NODE_VERSIONS)!"
    return 1
  fi
  if [[ ! -x $__envrc_home_of/bin/node ]]; then
    log_error "Unable to load NodeJS binary (node) for version ($__envrc_wanted) in ($NODE_VERSIONS)!"
    return 1
  fi
  load_prefix "$__envrc_home_of"
  log_status "Successfully loaded NodeJS $(node --version), from prefix ($__envrc_home_of)$__envrc_via"
}

# Node as nodenv has it installed, and the project's own programs.
__envrc_use_nodenv() {
  local __envrc_versions
  __envrc_versions=$(nodenv root)/versions
  if [[ ! -e $__envrc_versions/${1-} ]]; then
    log_error "nodenv: version '${1-}' not installed.  Use \`nodenv install ${1-}\` to install it first."
    return 1
  fi
  NODE_VERSIONS=$__envrc_versions NODE_VERSION_PREFIX='' use_node "$1"
  layout_node
}

# Julia in the version $1 from $JULIA_VERSIONS.
__envrc_use_julia() {
  local __envrc_prefix=${JULIA_VERSION_PREFIX-julia-} __envrc_home_of
  if [[ ! ${JULIA_VERSIONS-} || ! ${1-} ]]; then
    log_error "Must specify the \$JULIA_VERSIONS environment variable and a Julia version!"
    return 1
  fi
  __envrc_home_of=$JULIA_VERSIONS/$__envrc_prefix$1
  if [[ ! -d $__envrc_home_of ]]; then
    __envrc_home_of=$JULIA_VERSIONS/$__envrc_prefix$(semver_search "$JULIA_VERSIONS" "$__envrc_prefix" "$1")
  fi
  if [[ ! -d $__envrc_home_of || $__envrc_home_of == "$JULIA_VERSIONS/$__envrc_prefix" ]]; then
    log_error "Unable to find Julia version ($1) in ($JULIA_VERSIONS)!"
    return 1
  fi
  if [[ ! -x $__envrc_home_of/bin/julia ]]; then
    log_error "Unable to load Julia binary (julia) for version ($1) in ($JULIA_VERSIONS)!"
    return 1
  fi
  PATH_add "$__envrc_home_of/bin"
  MANPATH_add "$__envrc_home_of/share/man"
  log_status "Successfully loaded $(julia --version), from prefix ($__envrc_home_of)"
}

__envrc_use_rbenv() {
  local __envrc_code
  __envrc_code=$(rbenv init - bash) || return
  eval "$__envrc_code"
}

# rvm itself, which is a function, and then what it is called for.
__envrc_rvm() {
  local __envrc_file
  if [[ ${rvm_scripts_path-} ]]; then
    __envrc_file=$rvm_scripts_path/rvm
  elif [[ ${rvm_path-} ]]; then
    __envrc_file=$rvm_path/scripts/rvm
  else
    __envrc_file=${HOME-}/.rvm/scripts/rvm
  fi
  if [[ ! -f $__envrc_file ]]; then
    log_error "rvm: there is no $__envrc_file"
    return 1
  fi
  unset -f rvm
  # shellcheck source=/dev/null
  source "$__envrc_file"
  rvm "$@"
}
