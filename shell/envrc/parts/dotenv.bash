# dotenv files, by the grammar that direnv gives them: KEY=value or KEY: value, `export`, quotes, several lines, expansion, comments.

__envrc_dotenv_line=$'^[[:space:]]*(#.*|(export[[:space:]]+)?([[:alnum:]_.]+)([[:space:]]*=[[:space:]]*|:[[:space:]]+)(\'.*\'|".*"|[^[:space:]#]+)?[[:space:]]*(#.*)?)?$'

# Exports what the file $2 (.env; a directory stands for the .env in it) says; $1: required or optional.
__envrc_dotenv() {
  local REPLY __envrc_file=${2:-.env} __envrc_name
  local -a __envrc_assignments=() __envrc_names=()
  local -A __envrc_values=()
  [[ ! -d $__envrc_file ]] || __envrc_file=$__envrc_file/.env
  realpath.absolute "$__envrc_file"
  __envrc_file=$REPLY
  watch_file "$__envrc_file"
  if [[ ! -f $__envrc_file ]]; then
    [[ $1 != optional ]] || return 0
    log_error ".env at $__envrc_file not found"
    return 1
  fi
  __envrc_dotenv_read "$__envrc_file" || return 2
  for __envrc_name in "${__envrc_names[@]+"${__envrc_names[@]}"}"; do
    __envrc_assignments+=("$__envrc_name=${__envrc_values[$__envrc_name]}")
  done
  ((${#__envrc_assignments[@]} == 0)) || export "${__envrc_assignments[@]}"
}

# The file $1 into `values`, and its names in order into `names`.
__envrc_dotenv_read() {
  local -
  set +xe
  local LC_ALL=C __envrc_line __envrc_open='' __envrc_begun='' __envrc_number=0 __envrc_rest
  local PWD=${1%/*}
  while IFS='' read -r __envrc_line || [[ $__envrc_line ]]; do
    ((__envrc_number += 1))
    __envrc_line=${__envrc_line%$'\r'}
    if [[ $__envrc_open ]]; then
      __envrc_begun+=$'\n'$__envrc_line
      __envrc_rest=${__envrc_line%"${__envrc_line##*[![:space:]]}"}
      if [[ $__envrc_rest == *"$__envrc_open" ]]; then
        __envrc_open=''
        ! [[ $__envrc_begun =~ $__envrc_dotenv_line ]] || __envrc_dotenv_take "${BASH_REMATCH[3]}" "${BASH_REMATCH[5]}"
      fi
      continue
    fi
    if __envrc_dotenv_opens "$__envrc_line"; then
      __envrc_begun=$__envrc_line
      continue
    fi
    if ! [[ $__envrc_line =~ $__envrc_dotenv_line ]]; then
      log_error "$1:$__envrc_number: not a dotenv line: $__envrc_line"
      return 1
    fi
    [[ ! ${BASH_REMATCH[3]} ]] || __envrc_dotenv_take "${BASH_REMATCH[3]}" "${BASH_REMATCH[5]}"
  done <"$1"
  [[ ! $__envrc_open ]] || {
    log_error "$1:$__envrc_number: a $__envrc_open is never closed"
    return 1
  }
}

# Whether the value on this line opens a quote and does not close it; which, into `open`.
__envrc_dotenv_opens() {
  local __envrc_value=${1#*[=:]} __envrc_quote __envrc_quotes
  [[ $1 == [!=:]*[=:]* ]] || return 1
  __envrc_value=${__envrc_value#"${__envrc_value%%[! $'\t']*}"}
  __envrc_quote=${__envrc_value:0:1}
  [[ $__envrc_quote == [\'\"] ]] || return 1
  __envrc_quotes=${__envrc_value//[!$__envrc_quote]/}
  [[ ${#__envrc_quotes} == 1 ]] || return 1
  __envrc_open=$__envrc_quote
}

# The value $2 as it stands in the file, for the name $1.
__envrc_dotenv_take() {
  local REPLY=$2
  case $2 in
    "'"*"'") [[ ${#2} == 1 ]] || REPLY=${2:1:${#2}-2} ;;
    '"'*'"')
      if ((${#2} > 1)); then
        REPLY=${2:1:${#2}-2}
        REPLY=${REPLY//'\n'/$'\n'}
        REPLY=${REPLY//'\r'/$'\r'}
        __envrc_dotenv_unescape
        __envrc_dotenv_expand
      fi
      ;;
    ?) ;;
    *) __envrc_dotenv_expand ;;
  esac
  [[ ${__envrc_values[$1]+set} ]] || __envrc_names+=("$1")
  __envrc_values[$1]=$REPLY
}

# A backslash before anything but $ goes.
__envrc_dotenv_unescape() {
  local __envrc_rest=$REPLY
  REPLY=''
  while [[ $__envrc_rest == *\\* ]]; do
    REPLY+=${__envrc_rest%%\\*}
    __envrc_rest=${__envrc_rest#*\\}
    [[ $__envrc_rest && ${__envrc_rest:0:1} != '$' ]] || REPLY+=\\
    REPLY+=${__envrc_rest:0:1}
    __envrc_rest=${__envrc_rest:1}
  done
  REPLY+=$__envrc_rest
}

# $NAME, ${NAME} and ${NAME:-default}: from the lines above, then from the environment.
__envrc_dotenv_expand() {
  local __envrc_rest=$REPLY __envrc_name
  REPLY=''
  while [[ $__envrc_rest == *'$'* ]]; do
    REPLY+=${__envrc_rest%%'$'*}
    __envrc_rest=${__envrc_rest#*'$'}
    if [[ $__envrc_rest == '{'*'}'* ]]; then
      __envrc_name=${__envrc_rest%%'}'*}
      __envrc_rest=${__envrc_rest#*'}'}
      __envrc_dotenv_value "${__envrc_name#'{'}"
    elif [[ $__envrc_rest =~ ^([*#\$@!?0-9-]|[A-Za-z_][A-Za-z0-9_]*) ]]; then
      __envrc_rest=${__envrc_rest:${#BASH_REMATCH[1]}}
      __envrc_dotenv_value "${BASH_REMATCH[1]}"
    elif [[ $__envrc_rest == '{'* ]]; then
      __envrc_rest=${__envrc_rest:1}
    else
      REPLY+='$'
    fi
  done
  REPLY+=$__envrc_rest
}

# Appends the value of $1, a name that may have a default.
__envrc_dotenv_value() {
  local __envrc_key=${1%%:-*} __envrc_found=''
  if [[ $__envrc_key && ${__envrc_values[$__envrc_key]+set} ]]; then
    REPLY+=${__envrc_values[$__envrc_key]}
    return
  fi
  if [[ $__envrc_key == PWD ]]; then
    __envrc_found=$PWD
  elif [[ $__envrc_key =~ ^[A-Za-z_][A-Za-z0-9_]*$ && ${!__envrc_key-} && ${!__envrc_key@a} == *x* ]]; then
    __envrc_found=${!__envrc_key}
  fi
  if [[ ! $__envrc_found && $1 == *:-* ]]; then __envrc_found=${1#*:-}; fi
  REPLY+=$__envrc_found
}
