# What the session's bash reads instead of ~/.bashrc: that file, and behind it the project's environment.
# The leading backslashes keep aliases out that a system-wide bashrc may have made.

__devshell_nonce=${DEVSHELL_NONCE-} __devshell_scripts=${DEVSHELL_SHELL_DIR-}
\builtin unset -v DEVSHELL_NONCE DEVSHELL_SHELL_DIR
__devshell_session=${DEVSHELL_SESSION-} __devshell_file=${DEVSHELL_RELOAD_FILE-} __devshell_keybind=${DEVSHELL_RELOAD_KEYBIND-'\e\C-r'}
__devshell_scratch=$__devshell_session/scratch

# Our files are for nobody else to read. The mask cannot be asked for without a fork but through a file.
\builtin umask -p >|"$__devshell_session/umask"
\builtin umask 077
: >|"$__devshell_scratch"
: >|"$__devshell_session/merged"
: >|"$__devshell_session/init.bash"
: >|"$__devshell_session/init.log"
\builtin . "$__devshell_session/umask"

\builtin shopt -u expand_aliases
# shellcheck source=hook.bash
. "$__devshell_scripts/hook.bash"
\builtin shopt -s expand_aliases

# One command, so that all of it is read before ~/.bashrc can change how it is read, or what goes into the history.
{
  # shellcheck source=/dev/null
  ! [[ -e ~/.bashrc ]] || \. ~/.bashrc || :
  __devshell_do start && \eval "$__devshell_init_shown"
  __devshell_do provide
  __devshell_do report
}
