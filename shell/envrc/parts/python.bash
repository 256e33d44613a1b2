# Virtual environments of Python.

# The one that belongs to the interpreter $1 (python), made if it is not there; the rest goes to what makes it.
__envrc_layout_python() {
  local REPLY __envrc_python=${1:-python} __envrc_old __envrc_version='' __envrc_module=''
  __envrc_old=$(direnv_layout_dir)/virtualenv
  unset PYTHONHOME
  if [[ -d $__envrc_old && $__envrc_python == python ]]; then
    VIRTUAL_ENV=$__envrc_old
  else
    # shellcheck disable=SC2086 # `python -I`, say, is meant as two words
    read -r __envrc_version __envrc_module < <($__envrc_python -c "$__envrc_python_asks") || :
    if [[ ! $__envrc_version ]]; then
      log_error "Could not find python's version"
      return 1
    fi
    if [[ ${VIRTUAL_ENV-} ]]; then
      realpath.absolute "$VIRTUAL_ENV"
      VIRTUAL_ENV=$REPLY
    else
      VIRTUAL_ENV=$(direnv_layout_dir)/python-$__envrc_version
    fi
    __envrc_make_venv "${@:2}" || return
  fi
  export VIRTUAL_ENV
  PATH_add "$VIRTUAL_ENV/bin"
}

# Its version, and which module makes virtual environments.
__envrc_python_asks='
import sys
module = ""
for name in ("venv", "virtualenv"):
    try:
        __import__(name)
        module = name
        break
    except Exception:
        pass
print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], module))
'

__envrc_make_venv() {
  if [[ ! $__envrc_module ]]; then
    log_error 'Error: neither venv nor virtualenv are available.'
    return 1
  fi
  # shellcheck disable=SC2086
  [[ -d $VIRTUAL_ENV ]] || $__envrc_python -m "$__envrc_module" "$@" "$VIRTUAL_ENV" || return
  # Only now: what the evaluation itself makes is no change.
  watch_file "$VIRTUAL_ENV/pyvenv.cfg"
}

# The one that pipenv keeps for the Pipfile here.
__envrc_layout_pipenv() {
  : "${PIPENV_PIPFILE:=Pipfile}"
  watch_file "$PIPENV_PIPFILE"
  if [[ ! -f $PIPENV_PIPFILE ]]; then
    log_error "No Pipfile found.  Use \`pipenv\` to create a \`$PIPENV_PIPFILE\` first."
    exit 2
  fi
  VIRTUAL_ENV=$(pipenv --venv 2>/dev/null) || :
  if [[ ! $VIRTUAL_ENV || ! -d $VIRTUAL_ENV ]]; then
    pipenv install --dev || return
    VIRTUAL_ENV=$(pipenv --venv) || return
  fi
  export VIRTUAL_ENV PIPENV_ACTIVE=1
  PATH_add "$VIRTUAL_ENV/bin"
}

# Virtual environments for versions that pyenv has installed; the first one comes first.
__envrc_layout_pyenv() {
  local __envrc_i __envrc_root __envrc_name
  unset PYENV_VERSION
  __envrc_root=$(pyenv root) || return
  for ((__envrc_i = $#; __envrc_i > 0; __envrc_i--)); do
    __envrc_name=${!__envrc_i}
    if [[ ! -x $__envrc_root/versions/$__envrc_name/bin/python ]]; then
      log_error "pyenv: version '$__envrc_name' not installed"
      return 1
    fi
    if layout_python "$__envrc_root/versions/$__envrc_name/bin/python"; then
      PYENV_VERSION=$__envrc_name${PYENV_VERSION:+:$PYENV_VERSION}
    fi
  done
  [[ ${PYENV_VERSION-} ]] && export PYENV_VERSION
}
