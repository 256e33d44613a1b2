# The layouts of languages that need a few lines each.

__envrc_layout_go() {
  local __envrc_directory
  __envrc_directory=$(direnv_layout_dir)/go
  path_add GOPATH "$__envrc_directory"
  PATH_add "$__envrc_directory/bin"
  export GOBIN=$__envrc_directory/bin
}

__envrc_layout_opam() {
  local __envrc_code
  export OPAMSWITCH=$PWD
  __envrc_code=$(opam env "$@") || return
  eval "$__envrc_code"
}

# As perl's local::lib wants it.
__envrc_layout_perl() {
  local __envrc_directory
  __envrc_directory=$(direnv_layout_dir)/perl5
  export LOCAL_LIB_DIR=$__envrc_directory
  export PERL_MB_OPT="--install_base '$__envrc_directory'"
  export PERL_MM_OPT="INSTALL_BASE=$__envrc_directory"
  path_add PERL5LIB "$__envrc_directory/lib/perl5"
  path_add PERL_LOCAL_LIB_ROOT "$__envrc_directory"
  PATH_add "$__envrc_directory/bin"
}

# Gems and the programs that bundler makes go below the project; gems know of Ruby's version since 2.2.
__envrc_layout_ruby() {
  local __envrc_directory __envrc_version
  __envrc_directory=$(direnv_layout_dir)
  if ruby -e 'exit Gem::VERSION > "2.2.0"' 2>/dev/null; then
    export GEM_HOME=$__envrc_directory/ruby
  else
    __envrc_version=$(ruby -e 'puts((defined?(RUBY_ENGINE) ? RUBY_ENGINE : "ruby") + "-" + RUBY_VERSION)') || return
    export GEM_HOME=$__envrc_directory/ruby-$__envrc_version
  fi
  export BUNDLE_BIN=$__envrc_directory/bin
  PATH_add "$GEM_HOME/bin"
  PATH_add "$BUNDLE_BIN"
}
