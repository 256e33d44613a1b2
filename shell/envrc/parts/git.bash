# What depends on the branch that is checked out.

# Whether this is a git repository; on the branch $1; on one that the pattern $2 matches, after -r.
__envrc_on_git_branch() {
  local __envrc_directory __envrc_branch
  if ! has git; then
    log_error 'on_git_branch needs git, which could not be found on your system'
    return 1
  fi
  if ! __envrc_directory=$(git rev-parse --absolute-git-dir 2>/dev/null); then
    log_error 'on_git_branch could not locate the .git directory corresponding to the current working directory'
    return 1
  fi
  [[ ${1-} ]] || return 0
  if [[ $1 == -r && ! ${2-} ]]; then
    log_error "on_git_branch: missing regexp pattern after \`-r\` flag"
    return 1
  fi
  watch_file "$__envrc_directory/HEAD"
  __envrc_branch=$(git branch --show-current)
  if [[ $1 == -r ]]; then
    [[ $__envrc_branch =~ $2 ]]
  else
    [[ $__envrc_branch == "$1" ]]
  fi
}
