# Environments of conda.

# Activates the one that $1 names: a name, a path that begins with . or /, or a .yml file. $2: the conda to use.
__envrc_layout_anaconda() {
  local REPLY __envrc_conda=${2-} __envrc_name='' __envrc_at='' __envrc_config='' __envrc_code
  [[ $__envrc_conda ]] || __envrc_conda=$(command -v conda) || {
    log_error 'layout anaconda: there is no conda'
    return 1
  }
  realpath.dirname "$__envrc_conda"
  PATH_add "$REPLY"
  case ${1-} in
    *.yml) __envrc_config=$1 ;;
    ./* | .)
      realpath.absolute "$1"
      __envrc_at=$REPLY
      ;;
    /*) __envrc_at=$1 ;;
    '') __envrc_config=environment.yml ;;
    *) __envrc_name=$1 ;;
  esac
  [[ ! $__envrc_config ]] || __envrc_conda_name || return
  [[ $__envrc_at ]] || __envrc_conda_find
  [[ -d $__envrc_at ]] || __envrc_conda_create || return
  [[ $__envrc_at ]] || __envrc_conda_find
  __envrc_code=$("$__envrc_conda" shell.bash activate "$__envrc_at") || return
  eval "$__envrc_code"
}

# The name that the file gives its environment.
__envrc_conda_name() {
  watch_file "$__envrc_config"
  if [[ ! -e $__envrc_config ]]; then
    log_error "Unable to find config '$__envrc_config'"
    return 1
  fi
  __envrc_name=$(command sed -n 's/^name:[[:space:]]*//p' "$__envrc_config")
  if [[ ! $__envrc_name ]]; then
    log_error "Unable to find 'name' in '$__envrc_config'"
    return 1
  fi
}

# Where the environment of that name lies, if it has been made.
__envrc_conda_find() {
  local __envrc_line
  while read -r __envrc_line; do
    [[ $__envrc_line != "$__envrc_name"[[:space:]]* ]] || __envrc_at=${__envrc_line##* }
  done < <("$__envrc_conda" env list)
}

__envrc_conda_create() {
  watch_file environment.yml
  if [[ $__envrc_config ]]; then
    "$__envrc_conda" env create --file "$__envrc_config"
  elif [[ $__envrc_name && -e environment.yml ]]; then
    "$__envrc_conda" env create --file environment.yml --name "$__envrc_name"
  elif [[ $__envrc_name ]]; then
    "$__envrc_conda" create -y --name "$__envrc_name"
  elif [[ -e environment.yml ]]; then
    "$__envrc_conda" env create --file environment.yml --prefix "$__envrc_at"
  else
    "$__envrc_conda" create -y --prefix "$__envrc_at"
  fi
}
