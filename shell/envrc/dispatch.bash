# `layout`, `use`, and all that is rarely needed: what does the work lies in parts/, and is read when it is first called.
# The names here are what an .envrc or the user's own library calls, wraps, or defines anew.

# The usual arrangement of a kind of project: layout_$1.
layout() {
  local __envrc_status=0 __envrc_directory
  "layout_$1" "${@:2}"
  __envrc_status=$?
  __envrc_guard
  __envrc_directory=$(direnv_layout_dir)
  if [[ -d $__envrc_directory && ! -f $__envrc_directory/CACHEDIR.TAG ]]; then
    # https://bford.info/cachedir/: so that backups leave it out.
    printf 'Signature: 8a477f597d28d172789f06886806bc55\n# What an .envrc made, and can make again.\n' >|"$__envrc_directory/CACHEDIR.TAG"
  fi
  return "$__envrc_status"
}

# A program, in a version: use_$1.
use() {
  local __envrc_status=0
  log_status "using $*"
  "use_$1" "${@:2}"
  __envrc_status=$?
  __envrc_guard
  return "$__envrc_status"
}

# The environment that the command reaches by calling `direnv dump`.
direnv_load() { __envrc_call dump __envrc_load "$@"; }
direnv_apply_dump() { __envrc_call dump __envrc_apply_dump "$@"; }

on_git_branch() { __envrc_call git __envrc_on_git_branch "$@"; }
rvm() { __envrc_call versions __envrc_rvm "$@"; }

layout_anaconda() { __envrc_call anaconda __envrc_layout_anaconda "$@"; }
layout_go() { __envrc_call languages __envrc_layout_go "$@"; }
layout_julia() { export JULIA_PROJECT=$PWD; }
layout_node() { PATH_add node_modules/.bin; }
layout_opam() { __envrc_call languages __envrc_layout_opam "$@"; }
layout_perl() { __envrc_call languages __envrc_layout_perl "$@"; }
layout_php() { PATH_add vendor/bin; }
layout_pipenv() { __envrc_call python __envrc_layout_pipenv "$@"; }
layout_pyenv() { __envrc_call python __envrc_layout_pyenv "$@"; }
layout_python() { __envrc_call python __envrc_layout_python "$@"; }
layout_python2() { layout_python python2 "$@"; }
layout_python3() { layout_python python3 "$@"; }
layout_ruby() { __envrc_call languages __envrc_layout_ruby "$@"; }

use_flake() { __envrc_call nix __envrc_use_flake "$@"; }
use_flox() { __envrc_call nix __envrc_use_flox "$@"; }
use_guix() { __envrc_call nix __envrc_use_guix "$@"; }
use_julia() { __envrc_call versions __envrc_use_julia "$@"; }
use_nix() { __envrc_call nix __envrc_use_nix "$@"; }
use_node() { __envrc_call versions __envrc_use_node "$@"; }
use_nodenv() { __envrc_call versions __envrc_use_nodenv "$@"; }
use_rbenv() { __envrc_call versions __envrc_use_rbenv "$@"; }
use_vim() { path_add DIRENV_EXTRA_VIMRC "${1:-.vimrc.local}"; }
