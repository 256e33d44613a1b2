# Evaluates the shell code in the file $1, and says on standard output which variables were exported before and which are after it:
# NAME, NUL, value, NUL ... and an empty name at the end of each. What the code itself prints goes to standard error.
# Only the first part is said where the code has a syntax error or ends the shell.

__devshell_exported() {
  builtin local IFS=$'\n' name
  for name in $(builtin compgen -e); do
    if [[ -n ${!name+x} ]]; then builtin printf '%s\0%s\0' "$name" "${!name}"; fi
  done
  builtin printf '\0'
}

__devshell_code=$(<"$1") || exit
exec 9>&1 1>&2
__devshell_build_top=${NIX_BUILD_TOP-}
__devshell_exported >&9
bash -n <(printf '%s\n' "$__devshell_code") || exit 0
set --
if ((BASH_VERSINFO[0] >= 4)); then
  # shellcheck disable=SC1090 # The code is the very thing that this is for.
  source <(printf '%s\n' "$__devshell_code") 9>&-
else
  eval "$__devshell_code" 9>&-
fi
# What nix prints makes a temporary directory for a build that there is none of.
if [[ ${NIX_BUILD_TOP-} == */nix-shell.* && $NIX_BUILD_TOP != "$__devshell_build_top" && -d $NIX_BUILD_TOP ]]; then
  command rm -rf -- "$NIX_BUILD_TOP"
fi
builtin set +eux
__devshell_exported >&9
